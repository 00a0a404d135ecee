"""Posts as their creator handles them: draft, edit, agree, retry, cancel, settle.

Everything here checks the owner, and everything that changes a post names the version the creator
was looking at, so that two taps at once do one thing.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import clips, photos, tiktok, verdicts
from core.accounts import accounts
from core.clock import Clock
from core.engine import WakeEngine
from core.errors import Incomplete, WrongState
from core.posts import consent, media, rows, uploads
from core.posts.history import BY_CREATOR, move, record
from core.posts.view import DISCLOSURES, INTERACTIONS, WAITS, PostView, view_of
from core.queue import slots
from core.states import AccountStatus, PostMode, PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account, Post, User
from core.times import Moment

EDITABLE = frozenset(
    {
        *("caption", "privacy", *INTERACTIONS, *DISCLOSURES),
        *("ai_generated", "cover_ms", "account_id", "moment", "time_words", "mode"),
        *("title", "auto_add_music", "cover_photo_id"),  # of photos
    }
)


class Posts:
    """The creator's side of the `posts` table."""

    def __init__(
        self, *, database: Database, clock: Clock, engine: WakeEngine, client: tiktok.Client
    ) -> None:
        self._database = database
        self._clock = clock
        self._engine = engine
        self._client = client

    async def draft(
        self,
        owner_id: int,
        clip_id: int,
        *,
        caption: str,
        moment: Moment | None,
        time_words: str = "",
    ) -> PostView:
        """Open a draft for a clip, for the account that new drafts go to, or the only one.

        `time_words` are what led the caption and was read as its time.
        """
        async with self._database.transaction() as change:
            return await self.draft_within(
                change, owner_id, clip_id, caption=caption, moment=moment, time_words=time_words
            )

    async def draft_within(
        self,
        change: Transaction,
        owner_id: int,
        clip_id: int | None,
        *,
        caption: str,
        moment: Moment | None,
        time_words: str = "",
        batch_id: int | None = None,
    ) -> PostView:
        """The same as part of a larger change; without a clip, for photos to join it."""
        if clip_id is not None:
            await clips.owned(change, owner_id, clip_id)
        post = Post(
            owner_id=owner_id,
            clip_id=clip_id,
            account_id=await _account_of_drafts(change, owner_id),
            batch_id=batch_id,
            status=PostStatus.DRAFT,
            caption=caption,
            time_words=time_words or None,
            created_at=self._clock(),
        )
        rows.set_moment(post, moment)
        change.add(post)
        await change.flush()
        record(change, post, self._clock())
        return await self.view_within(change, post)

    async def get(self, owner_id: int, post_id: int) -> PostView:
        """One post of the creator's; raises `NotFound`."""
        async with self._database.reading() as session:
            return await self.view_within(session, await rows.owned(session, owner_id, post_id))

    async def require_files(self, owner_id: int, post_id: int) -> None:
        """Make sure that what a post is made of is still there; raises `ClipGone`, `NotFound`."""
        async with self._database.reading() as session:
            await media.require(session, await rows.owned(session, owner_id, post_id))

    async def edit(self, owner_id: int, post_id: int, *, version: int, **values: Any) -> PostView:
        """Change a post; `values` are names of `EDITABLE`.

        What was agreed to becomes a draft again, unless the values are what it has already. Raises
        `NotFound` (also for an account that is not theirs), `Outdated`, `WrongState`, `ClipGone`.
        """
        async with self._database.transaction() as change:
            return await self.edit_within(change, owner_id, post_id, version=version, **values)

    async def edit_within(
        self, change: Transaction, owner_id: int, post_id: int, *, version: int, **values: Any
    ) -> PostView:
        """The same as part of a larger change."""
        if unknown := values.keys() - EDITABLE:
            raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
        post = await rows.as_seen(change, owner_id, post_id, version)
        if (account_id := values.get("account_id")) is not None:
            await accounts.owned(change, owner_id, account_id)
            if account_id != post.account_id:
                # The other account may offer other choices.
                values |= {"privacy": None, **dict.fromkeys(INTERACTIONS, False)}
        if (cover := values.get("cover_photo_id")) is not None:
            await photos.require_part(change, post.id, cover)
        if all(_value(post, name) == value for name, value in values.items()):
            return await self.view_within(change, post)
        await self.take_off_within(change, post)
        if {"caption", "moment"} & values.keys():
            values = {"time_words": None} | values
        if "moment" in values:
            rows.set_moment(post, values.pop("moment"))
        for name, value in values.items():
            setattr(post, name, value)
        post.version += 1
        return await self.view_within(change, post)

    async def agree(
        self, owner_id: int, post_id: int, *, version: int, declaration: str, now: bool = False
    ) -> PostView:
        """The creator's express consent: the post will go out at its time, or at once.

        `declaration` is the wording they were shown. Raises `Incomplete`, `Outdated`,
        `WrongState`, `NotFound`, `SlotTaken`.
        """
        async with self._database.transaction() as change:
            agreed = await self.agree_within(
                change, owner_id, post_id, version=version, declaration=declaration, now=now
            )
            await slots.require_free_slot(change, await change.get_one(Post, post_id))
            return agreed

    async def agree_within(
        self,
        change: Transaction,
        owner_id: int,
        post_id: int,
        *,
        version: int,
        declaration: str,
        now: bool = False,
    ) -> PostView:
        """The same as part of a larger change, which has looked after posting slots itself."""
        post = await rows.as_seen(change, owner_id, post_id, version)
        instant = self._clock()
        if post.status is not PostStatus.DRAFT:  # what was agreed to before changes: ask anew
            await self._require_changeable(change, post)
            move(change, post, PostStatus.DRAFT, instant)
        seen = await self.view_within(change, post)
        if missing := seen.missing(instant, needs_time=not now):
            raise Incomplete(missing)
        if now:
            post.zone = post.zone or (await change.get_one(User, owner_id)).zone
            post.wall_time, post.due_at = None, instant
        post.consent = consent.given(seen, instant, declaration, at_once=now)
        post.time_words = None
        await self._schedule(change, post)
        return await self.view_within(change, post)

    async def retry(self, owner_id: int, post_id: int, *, version: int) -> PostView:
        """Try a failed or held post again at once, as it was agreed to.

        A scheduled one too, if its upload is open: then nothing else can be done with it.
        """
        async with self._database.transaction() as change:
            post = await rows.as_seen(change, owner_id, post_id, version)
            if post.status is PostStatus.SCHEDULED and uploads.has_begun(post):
                post.version += 1
                post.wake_at = self._clock()
                await self._engine.wake_at(post.id, post.version, post.wake_at, change)
                return await self.view_within(change, post)
            if post.status not in {PostStatus.FAILED, PostStatus.HELD} or post.consent is None:
                raise WrongState(post.status)
            await media.require(change, post)
            post.wall_time, post.due_at = None, self._clock()
            await self._schedule(change, post)
            return await self.view_within(change, post)

    async def move(self, owner_id: int, post_id: int, *, version: int, to: Moment) -> PostView:
        """Give an agreed post that waits another time; it stays agreed to.

        Raises `NotFound`, `Outdated`, `WrongState`, `ClipGone`, `SlotTaken`.
        """
        async with self._database.transaction() as change:
            post = await rows.as_seen(change, owner_id, post_id, version)
            if post.status not in WAITS:
                raise WrongState(post.status)
            await self._require_changeable(change, post)
            rows.set_moment(post, to)
            await slots.require_free_slot(change, post)
            await self._schedule(change, post, note=f"moved to {to.utc.isoformat()} by the creator")
            return await self.view_within(change, post)

    async def cancel(self, owner_id: int, post_id: int, *, version: int) -> PostView:
        """Call a post off before it can be on TikTok; raises `WrongState` once it is too late."""
        async with self._database.transaction() as change:
            post = await rows.as_seen(change, owner_id, post_id, version)
            await self._require_changeable(change, post)
            post.wake_at = None
            move(change, post, PostStatus.CANCELLED, self._clock())
            return await self.view_within(change, post)

    async def settle(self, owner_id: int, post_id: int, *, version: int, is_live: bool) -> PostView:
        """The creator's own word on a post of which TikTok never told whether it is live.

        If it is not, the post is failed, and a retry uploads it anew. Of a draft for the inbox the
        question is whether it is there.
        """
        async with self._database.transaction() as change:
            post = await rows.as_seen(change, owner_id, post_id, version)
            asked = post.failure_code == verdicts.NEVER_TOLD
            if post.status is not PostStatus.UNCONFIRMED or not asked:
                raise WrongState(post.status)
            now, note = self._clock(), BY_CREATOR
            post.claim_owner = post.wake_at = None
            if is_live and post.mode is PostMode.MEDIA_UPLOAD:
                move(change, post, PostStatus.DELIVERED, now, note)
                post.delivered_at = now
                post.failure_code = None
                if post.publish_id is not None:  # else TikTok cannot be asked what becomes of it
                    post.wake_at = now
                    await self._engine.wake_at(post.id, post.version, now, change)
            elif is_live:
                move(change, post, PostStatus.PUBLISHED, now, note)
                post.published_at = post.sent_at or now
                post.failure_code = None
            else:
                move(change, post, PostStatus.FAILED, now, note)
                post.failure_code = "not_there"
                uploads.forget(post)
            return await self.view_within(change, post)

    async def discard(self, owner_id: int, post_id: int, *, version: int) -> list[str]:
        """Delete a draft, and its clip if no other post needs it; returns that clip's file keys."""
        async with self._database.transaction() as change:
            return await self.discard_within(change, owner_id, post_id, version=version)

    async def discard_within(
        self, change: Transaction, owner_id: int, post_id: int, *, version: int
    ) -> list[str]:
        """The same as part of a larger change."""
        post = await rows.as_seen(change, owner_id, post_id, version)
        if post.status is not PostStatus.DRAFT:
            raise WrongState(post.status)
        return await media.discard(change, post)

    def link(self, post: PostView) -> str | None:
        """Where a published post can be seen; the profile while it has no public address."""
        if post.status is not PostStatus.PUBLISHED or post.account is None:
            return None
        return self._client.post_url(post.account.username, post.tiktok_post_id)

    async def take_off_within(self, change: Transaction, post: Post) -> None:
        """Make a draft of it again; what was agreed to stays noted until they agree anew.

        A draft stays one. Raises `WrongState`, `ClipGone`.
        """
        if post.status is PostStatus.DRAFT:
            return
        await self._require_changeable(change, post)
        post.wake_at = post.failure_code = None
        if post.wall_time is None:
            post.due_at = None
        move(change, post, PostStatus.DRAFT, self._clock())

    async def _schedule(self, change: Transaction, post: Post, *, note: str = "") -> None:
        assert post.due_at is not None  # noqa: S101 - every caller has just made sure of it
        post.wake_at = post.due_at
        post.tries = 0
        post.failure_code = None
        if post.status is PostStatus.SCHEDULED:
            post.version += 1
            record(change, post, self._clock(), note)
        else:
            move(change, post, PostStatus.SCHEDULED, self._clock(), note)
        await self._engine.wake_at(post.id, post.version, post.due_at, change)

    async def _require_changeable(self, change: Transaction, post: Post) -> None:
        """An upload whose end is not known may still become a post: only a retry finds out."""
        size = await media.require(change, post)
        if uploads.is_open(post, size, self._clock()):
            raise WrongState(post.status)
        uploads.forget(post)

    async def view_within(self, session: AsyncSession, post: Post) -> PostView:
        """The row as its creator sees it."""
        return await view_of(session, post, now=self._clock())


async def _account_of_drafts(session: AsyncSession, owner_id: int) -> int | None:
    """Where a new draft goes by itself: the account chosen for that, else the only one."""
    found = await session.scalars(
        select(Account.id).where(
            Account.owner_id == owner_id, Account.status == AccountStatus.CONNECTED
        )
    )
    usable = found.all()
    chosen = (await session.get_one(User, owner_id)).default_account_id
    if chosen in usable:
        return chosen
    return usable[0] if len(usable) == 1 else None


def _value(post: Post, name: str) -> Any:
    return rows.moment_of(post) if name == "moment" else getattr(post, name)
