"""Drafts for TikTok inboxes: how many wait there by our count, and their creators' word on one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import verdicts
from core.accounts import accounts
from core.clock import Clock
from core.engine import WakeEngine
from core.errors import WrongState
from core.posts.history import BY_CREATOR, DELETED, move, record
from core.posts.rows import as_seen
from core.posts.view import PostView, view_of
from core.queue.slots import of_the_same
from core.states import PostMode, PostStatus
from core.store.database import Database
from core.store.models import Post

MOST_PENDING = 5
"""Unposted drafts of a creator that TikTok takes within `PENDING_WITHIN` (Upload)."""
PENDING_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A draft that TikTok may count; `publish_id` is empty before TikTok has given it one."""

    post_id: int
    publish_id: str | None
    is_delivered: bool
    """Whether it has been in the inbox."""


async def pending(
    session: AsyncSession, account_id: int, now: datetime, *, without: int | None = None
) -> Sequence[Pending]:
    """Drafts of this TikTok account that are begun and, as far as we know, not posted.

    Whoever of its creators sent them: TikTok knows one account. Uploads that never ended count too,
    and so does what its creator has deleted, for TikTok does not say otherwise. `without` is a post
    that does not count.
    """
    rows = await session.execute(
        select(Post.id, Post.publish_id, Post.status).where(
            of_the_same(account_id),
            Post.mode == PostMode.MEDIA_UPLOAD,
            Post.status != PostStatus.PUBLISHED,
            Post.initialised_at > now - PENDING_WITHIN,
            *([] if without is None else [Post.id != without]),
        )
    )
    return [
        Pending(
            post_id=post_id,
            publish_id=publish_id,
            is_delivered=status is PostStatus.DELIVERED,
        )
        for post_id, publish_id, status in rows
    ]


class Inbox:
    """The creator's side of drafts that are in an inbox, or may go there."""

    def __init__(self, *, database: Database, clock: Clock, engine: WakeEngine) -> None:
        self._database = database
        self._clock = clock
        self._engine = engine

    async def pending(self, owner_id: int, account_id: int) -> int:
        """How many drafts of the creator's account wait, by our count; raises `NotFound`."""
        async with self._database.reading() as session:
            await accounts.owned(session, owner_id, account_id)
            return len(await pending(session, account_id, self._clock()))

    async def settle(
        self, owner_id: int, post_id: int, *, version: int, is_posted: bool
    ) -> PostView:
        """The creator's own word on a draft that is in their inbox: posted, or deleted there.

        A deleted one stays delivered and is asked about no more. Raises `NotFound`, `Outdated`,
        `WrongState`.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            post = await as_seen(change, owner_id, post_id, version)
            if post.status is not PostStatus.DELIVERED:
                raise WrongState(post.status)
            post.claim_owner = post.wake_at = None
            if is_posted:
                move(change, post, PostStatus.PUBLISHED, now, BY_CREATOR)
                post.published_at = now
                post.failure_code = None
                if post.publish_id is not None:  # TikTok is asked for its address
                    post.wake_at = now
                    await self._engine.wake_at(post.id, post.version, now, change)
            elif post.failure_code != verdicts.DRAFT_DELETED:
                post.failure_code = verdicts.DRAFT_DELETED
                post.version += 1
                record(change, post, now, DELETED)
            return await view_of(change, post, now=now)
