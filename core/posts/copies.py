"""Making a post of the same clip or photos again: for another day, or for another account."""

from core import photos
from core.accounts import accounts
from core.clock import Clock
from core.posts import media
from core.posts.history import COPIED, record
from core.posts.rows import as_seen, moment_of, set_moment
from core.posts.view import PostView, view_of
from core.states import AccountStatus, PostStatus
from core.store.database import Database
from core.store.models import Account, Post


class Copies:
    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def duplicate(
        self, owner_id: int, post_id: int, *, version: int, to_account: int | None = None
    ) -> PostView:
        """A draft with a post's clip or photos, mode, texts, cover, and account if connected.

        With `to_account` it goes to that account of theirs instead, and at the same time. What
        TikTok wants a creator to choose anew for each post (privacy, interactions, disclosure) is
        not copied, nor else is the time. The post notes in its history that it was copied. Raises
        `NotFound`, `Outdated`, `ClipGone`.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            post = await as_seen(change, owner_id, post_id, version)
            await media.require(change, post)
            if to_account is not None:
                await accounts.owned(change, owner_id, to_account)
            account_id = to_account or post.account_id
            account = await change.get(Account, account_id) if account_id else None
            if account is not None and account.status is not AccountStatus.CONNECTED:
                account = None
            post.version += 1
            record(change, post, now, COPIED)
            copy = Post(
                owner_id=owner_id,
                clip_id=post.clip_id,
                account_id=account.id if account else None,
                status=PostStatus.DRAFT,
                mode=post.mode,
                caption=post.caption,
                ai_generated=post.ai_generated,
                cover_ms=post.cover_ms,
                title=post.title,
                auto_add_music=post.auto_add_music,
                created_at=now,
            )
            if to_account is not None:
                set_moment(copy, moment_of(post))
            change.add(copy)
            await change.flush()
            copy.cover_photo_id = await photos.copied(change, post, copy)
            record(change, copy, now)
            return await view_of(change, copy, now=now)
