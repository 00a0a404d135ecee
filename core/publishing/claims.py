"""Claims: which posts this process may work on, for how long, and how a stale worker is stopped.

A claim is one conditional update that raises the post's attempt and puts the end of the lease into
`wake_at`. Every write of a worker goes through `held`, which refuses an attempt that is no longer
the current one.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, case, func, insert, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.errors import ClipCueError
from core.metrics import Metrics
from core.states import AWAITING, PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Post, PostEvent
from core.together import Together
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
    account_id: int | None = field(default=None, compare=False)
    """Whose post it is, for the log; what identifies the claim are the other two."""


class Claims:
    def __init__(
        self,
        *,
        database: Database,
        worker: Worker,
        clock: Clock,
        metrics: Metrics | None = None,
        renew_every: timedelta = RENEW_EVERY,
    ) -> None:
        self._database = database
        self._worker = worker
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._renew_every = renew_every
        self._at_work: dict[Claim, asyncio.Task[Any]] = {}
        self._renewal: asyncio.Task[None] | None = None
        self._release = Together(self._release_many)

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
            started = await change.execute(
                select(Post.id, Post.wake_at).where(
                    Post.id.in_(ids), Post.status == PostStatus.SCHEDULED
                )
            )
            due = dict(started.all())
            if due:
                await change.execute(
                    insert(PostEvent),
                    [{"post_id": each, "at": now, "status": PostStatus.PUBLISHING} for each in due],
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
                .returning(Post.id, Post.attempt, Post.account_id)
                .execution_options(synchronize_session=False)
            )
            claimed = [
                Claim(post_id=post_id, attempt=attempt, account_id=account_id)
                for post_id, attempt, account_id in rows
            ]
        for wake_at in due.values():
            self._metrics.claimed(self._clock() - (wake_at or now))
        return claimed

    async def overdue(self) -> timedelta:
        """How long the oldest post that may be claimed has been due; nothing where there is none.

        A post that waits for another of its account may not be.
        """
        now = self._clock()
        async with self._database.reading() as session:
            since = await session.scalar(select(func.min(Post.wake_at)).where(*_may_be_taken(now)))
        return now - since if since else timedelta()

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
                .where(Post.status.in_(AWAITING), Post.claim_owner.is_not(None))
                .distinct()
            )
            gone = [owner for owner in owners if owner and self._worker.is_gone(owner)]
        if not gone:
            return
        async with self._database.transaction() as change:
            await change.execute(
                update(Post)
                .where(Post.status.in_(AWAITING), Post.claim_owner.in_(gone))
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

    async def still_held(self, session: AsyncSession, claims: Collection[Claim]) -> set[Claim]:
        """Those of the claims that are ours still, as `held` has it."""
        rows = await session.execute(
            select(Post.id, Post.attempt).where(
                Post.id.in_([claim.post_id for claim in claims]),
                Post.claim_owner == self._worker.name,
                Post.status.in_(AWAITING),
            )
        )
        return {Claim(post_id=post_id, attempt=attempt) for post_id, attempt in rows} & set(claims)

    async def release(self, claim: Claim) -> None:
        """Give the post back as it is, to be taken up at once by whoever comes next."""
        await self._release(claim)

    async def _release_many(self, claims: Sequence[Claim]) -> list[None]:
        async with self._database.transaction() as change:
            ours = await self.still_held(change, claims)
            await _set(change, ours, claim_owner=None, wake_at=self._clock())
        return [None] * len(claims)

    async def release_all(self) -> None:
        """Give back whatever this worker still holds, at the end of a stop.

        A claim that a stop cut off before anybody began with it is not known to anyone else.
        """
        async with self._database.transaction() as change:
            await change.execute(
                update(Post)
                .where(Post.status.in_(AWAITING), Post.claim_owner == self._worker.name)
                .values(claim_owner=None, wake_at=self._clock())
            )

    @asynccontextmanager
    async def renewing(self, claim: Claim) -> AsyncIterator[None]:
        """Keep the lease alive while the block runs; end the block with `Superseded` if lost."""
        work = asyncio.current_task()
        assert work is not None  # noqa: S101 - who awaits has a task
        self._at_work[claim] = work
        if self._renewal is None:
            # In a context of its own: its log lines are not those of the post that came first.
            self._renewal = asyncio.create_task(self._renew(), context=Context())
        try:
            yield
        except asyncio.CancelledError:
            if claim not in self._at_work and work.uncancel() == 0:
                raise Superseded from None
            raise
        finally:
            self._at_work.pop(claim, None)
            if not self._at_work:
                renewal, self._renewal = self._renewal, None
                await ended(renewal, within=RENEWAL_ENDS_WITHIN)

    async def _renew(self) -> None:
        """Renew all leases of this worker at once, again and again; end the work of lost ones."""
        while True:
            await asyncio.sleep(self._renew_every.total_seconds())
            claims = set(self._at_work)
            try:
                async with self._database.transaction() as change:
                    ours = await self.still_held(change, claims)
                    await _set(change, ours, wake_at=self._clock() + LEASE)
            except Exception:  # the lease lasts longer than one failed write
                log.exception("renewal_failed")
                continue
            for claim in claims - ours:
                if work := self._at_work.pop(claim, None):
                    work.cancel()


async def _set(change: Transaction, claims: Collection[Claim], **values: object) -> None:
    """Write to the posts of claims that are known to be held."""
    await change.execute(
        update(Post)
        .where(Post.id.in_([claim.post_id for claim in claims]))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def _due(change: Transaction, now: datetime, limit: int) -> list[int]:
    """Ids of due posts: of those that publish, the first of each account that has none under way.

    The window keeps one account's hundred posts from filling the batch before others have a turn.
    """
    place = func.row_number().over(
        partition_by=(_PUBLISHES, Post.account_id), order_by=(Post.wake_at, Post.id)
    )
    due = (
        select(Post.id, Post.wake_at, or_(not_(_PUBLISHES), place == 1).label("its_turn"))
        .where(*_may_be_taken(now))
        .subquery()
    )
    return list(
        await change.scalars(
            select(due.c.id).where(due.c.its_turn).order_by(due.c.wake_at, due.c.id).limit(limit)
        )
    )


def _may_be_taken(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Due, and if it publishes, none of its account's is under way."""
    working = select(Post.account_id).where(
        Post.status == PostStatus.PUBLISHING, Post.claim_owner.is_not(None), Post.wake_at > now
    )
    return (
        Post.wake_at <= now,
        Post.status.in_(AWAITING),
        or_(not_(_PUBLISHES), Post.account_id.not_in(working)),
    )


_PUBLISHES = Post.status.in_({PostStatus.SCHEDULED, PostStatus.PUBLISHING})
