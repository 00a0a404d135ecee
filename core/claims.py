"""Claims: which posts this process may work on, for how long, and how a stale worker is stopped.

A claim is one conditional update that raises the post's attempt and puts the end of the lease into
`wake_at`. Every write of a worker goes through `held`, which refuses an attempt that is no longer
the current one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import case, func, not_, or_, select, update

from core.clock import Clock
from core.errors import ClipCueError
from core.states import AWAITING, PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Post, PostEvent
from core.unbroken import ended
from core.workers import Worker

LEASE = timedelta(seconds=60)
RENEW_EVERY = LEASE / 4
RENEWAL_ENDS_WITHIN = timedelta(seconds=5)

log = structlog.get_logger()


class Superseded(ClipCueError):
    """Somebody else works on this post now."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to write to a post until the lease ends."""

    post_id: int
    attempt: int


class Claims:
    def __init__(
        self,
        *,
        database: Database,
        worker: Worker,
        clock: Clock,
        renew_every: timedelta = RENEW_EVERY,
    ) -> None:
        self._database = database
        self._worker = worker
        self._clock = clock
        self._renew_every = renew_every

    async def take(self, limit: int) -> list[Claim]:
        """Claim up to `limit` posts whose time has come, the longest waiting first.

        Posts of one account go one after another: an account with a claim under way, or already
        in this batch, has to wait.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            ids = await _due(change, now, limit)
            if not ids:
                return []
            started = await change.scalars(
                select(Post.id).where(Post.id.in_(ids), Post.status == PostStatus.SCHEDULED)
            )
            change.add_all(
                PostEvent(post_id=post_id, at=now, status=PostStatus.PUBLISHING)
                for post_id in started
            )
            begins = Post.status == PostStatus.SCHEDULED
            rows = await change.execute(
                update(Post)
                .where(Post.id.in_(ids))
                .values(
                    status=case((begins, PostStatus.PUBLISHING), else_=Post.status),
                    version=case((begins, Post.version + 1), else_=Post.version),
                    attempt=Post.attempt + 1,
                    claim_owner=self._worker.name,
                    wake_at=now + LEASE,
                )
                .returning(Post.id, Post.attempt)
                .execution_options(synchronize_session=False)
            )
            return [Claim(post_id=post_id, attempt=attempt) for post_id, attempt in rows]

    async def next_wake(self) -> datetime | None:
        """When the next post wants to be looked at; those overdue now wait for a place."""
        async with self._database.reading() as session:
            return await session.scalar(
                select(func.min(Post.wake_at)).where(Post.wake_at > self._clock())
            )

    async def free_dead(self) -> None:
        """End the leases of workers of this machine that are gone."""
        async with self._database.reading() as session:
            owners = await session.scalars(
                select(Post.claim_owner)
                .where(Post.wake_at.is_not(None), Post.claim_owner.is_not(None))
                .distinct()
            )
            gone = [owner for owner in owners if owner and self._worker.is_gone(owner)]
        if not gone:
            return
        async with self._database.transaction() as change:
            await change.execute(
                update(Post)
                .where(Post.claim_owner.in_(gone))
                .values(claim_owner=None, wake_at=self._clock())
            )
        log.warning("freed_claims_of_dead_workers", workers=len(gone))

    async def held(self, change: Transaction, claim: Claim) -> Post:
        """The claimed row, for writing; raises `Superseded` when the claim is no longer ours."""
        post = await change.get(Post, claim.post_id)
        if (
            post is None
            or post.attempt != claim.attempt
            or post.claim_owner != self._worker.name
            or post.status not in AWAITING
        ):
            raise Superseded
        return post

    async def release(self, claim: Claim) -> None:
        """Give the post back as it is, to be taken up at once by whoever comes next."""
        with suppress(Superseded):
            async with self._database.transaction() as change:
                post = await self.held(change, claim)
                post.claim_owner = None
                post.wake_at = self._clock()

    @asynccontextmanager
    async def renewing(self, claim: Claim) -> AsyncIterator[None]:
        """Keep the lease alive while the block runs; end the block with `Superseded` if lost."""
        work = asyncio.current_task()
        lost = False

        async def renew() -> None:
            nonlocal lost
            while True:
                await asyncio.sleep(self._renew_every.total_seconds())
                try:
                    async with self._database.transaction() as change:
                        post = await self.held(change, claim)
                        post.wake_at = self._clock() + LEASE
                except Superseded:
                    lost = True
                    if work:
                        work.cancel()
                    return
                except Exception:  # the lease lasts longer than one failed write
                    log.exception("renewal_failed")

        renewal = asyncio.create_task(renew())
        try:
            yield
        except asyncio.CancelledError:
            if lost and work and work.uncancel() == 0:
                raise Superseded from None
            raise
        finally:
            await ended(renewal, within=RENEWAL_ENDS_WITHIN)


async def _due(change: Transaction, now: datetime, limit: int) -> list[int]:
    """Ids of due posts: of those that publish, the first of each account that has none under way.

    The window keeps one account's hundred posts from filling the batch before others have a turn.
    """
    publishes = Post.status.in_({PostStatus.SCHEDULED, PostStatus.PUBLISHING})
    working = select(Post.account_id).where(
        Post.status == PostStatus.PUBLISHING, Post.claim_owner.is_not(None), Post.wake_at > now
    )
    place = func.row_number().over(
        partition_by=(publishes, Post.account_id), order_by=(Post.wake_at, Post.id)
    )
    due = (
        select(Post.id, Post.wake_at, or_(not_(publishes), place == 1).label("its_turn"))
        .where(Post.wake_at <= now, Post.status.in_(AWAITING))
        .where(or_(not_(publishes), Post.account_id.not_in(working)))
        .subquery()
    )
    return list(
        await change.scalars(
            select(due.c.id).where(due.c.its_turn).order_by(due.c.wake_at, due.c.id).limit(limit)
        )
    )
