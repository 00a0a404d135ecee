"""Who is due, and when to look again.

The `posts` table is the schedule. This loop sleeps until the engine rings, claims what is due,
hands each to an attempt, and asks the engine to ring at the next `wake_at`.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from core.engine import WakeEngine
from core.publishing.attempts import Attempts
from core.publishing.claims import Claim, Claims
from core.unbroken import ended

UNDER_WAY = 2_000
"""Posts claimed at the same time; how many of them talk to TikTok is up to `Attempts`."""
PARK_WITHIN = timedelta(seconds=10)
"""What a stop waits for posts under way to be parked; one of them may be renewing its token."""
LOOK_EVERY = timedelta(milliseconds=20)
"""How soon it is noticed that nothing is under way any more."""

log = structlog.get_logger()


class Scheduler:
    def __init__(self, *, claims: Claims, attempts: Attempts, engine: WakeEngine) -> None:
        self._claims = claims
        self._attempts = attempts
        self._engine = engine
        self._bell = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._looking = False
        self._under_way: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin; what a crash left behind is taken up first."""
        self._bell.set()
        self._loop = asyncio.create_task(self._run())
        await self._engine.start(self.ring)

    def ring(self) -> None:
        """Something may be due: look now."""
        self._bell.set()

    async def at_rest(self) -> datetime | None:
        """Wait until nothing is due or under way any more; returns when there will be something."""
        self.ring()
        while self._busy or await self._claims.overdue():  # noqa: ASYNC110 - no one event ends it
            await asyncio.sleep(LOOK_EVERY.total_seconds())
        return await self._claims.next_wake()

    @property
    def _busy(self) -> bool:
        return self._bell.is_set() or self._looking or bool(self._under_way)

    async def stop(self) -> None:
        """Stop claiming and park what is under way: each post is given back as it is."""
        await self._engine.stop()
        if not await ended(self._loop, *self._under_way, within=PARK_WITHIN):
            log.warning("posts_not_parked", posts=len(self._under_way))
        await self._claims.release_all()

    async def _run(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            self._looking = True
            try:
                await self._pump()
            except Exception:
                log.exception("pump_failed")  # the sweep rings again
            finally:
                self._looking = False

    async def _pump(self) -> None:
        await self._claims.free_dead()
        while free := UNDER_WAY - len(self._under_way):
            claimed = await self._claims.take(free)
            if not claimed:
                break
            for claim in claimed:
                self._put_under_way(claim)
        if next_wake := await self._claims.next_wake():
            self._engine.look_at(next_wake)

    def _put_under_way(self, claim: Claim) -> None:
        task = asyncio.create_task(self._attempts.advance(claim))
        self._under_way.add(task)
        task.add_done_callback(partial(self._done, claim))

    def _done(self, claim: Claim, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error(
                "publishing_died",
                post=claim.post_id,
                account=claim.account_id,
                attempt=claim.attempt,
                exc_info=error,
            )
        self.ring()  # a place is free, and this account's next post may go
