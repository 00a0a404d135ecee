"""The engine seam: who wakes the scheduler, and the engine that runs inside this process.

An engine only gives hints. They may be lost, early, late or repeated: the claim on the `posts`
table decides what happens, and the sweep finds what every hint has missed.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from inspect import iscoroutinefunction
from typing import Protocol

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from core.clock import Clock
from core.store.commits import Transaction

OnWake = Callable[[], None]

SWEEP_EVERY = timedelta(seconds=20)
"""How late a lost hint, a stepped clock or a suspended machine is noticed at the most."""

_PUMP = "pump"


class WakeEngine(Protocol):
    """What every engine can do."""

    async def start(self, on_wake: OnWake) -> None:
        """From now on call `on_wake` when something may be due."""

    async def wake_at(
        self, post_id: int, version: int, due_at: datetime, transaction: Transaction
    ) -> None:
        """A hint, part of the change that set the time: look at this post then."""

    def look_at(self, instant: datetime) -> None:
        """A hint from the scheduler itself: the next thing to do is at `instant`."""

    async def stop(self) -> None:
        """Call `on_wake` no more."""


class Timer:
    """APScheduler as a timer on this event loop: what it calls is called on the spot.

    Its usual executor would make a task of each call, and report as an error one that a stop cuts
    off. So whoever has to wait for something keeps a task of its own.
    """

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            executors={"default": DebugExecutor()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def call(
        self, function: Callable[[], None], when: BaseTrigger, *, name: str | None = None
    ) -> None:
        """Call `function` as `when` says, in place of an earlier call of that `name`.

        Raises TypeError for a coroutine function: nobody would await what it returns.
        """
        if iscoroutinefunction(function):
            raise TypeError("a timer calls no coroutine function")
        self._scheduler.add_job(function, when, id=name, replace_existing=name is not None)

    def start(self) -> None:
        """Begin to call; the event loop must be running."""
        self._scheduler.start()

    def stop(self) -> None:
        """Call nothing any more; one that does not run is left as it is."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


class EmbeddedEngine:
    """APScheduler as a timer in this process: one timer at the earliest hint, one steady sweep.

    Jobs are kept in memory only, never one per post: the table is the schedule.
    """

    def __init__(self, *, clock: Clock, sweep_every: timedelta = SWEEP_EVERY) -> None:
        self._clock = clock
        self._sweep_every = sweep_every
        self._earliest: datetime | None = None
        self._on_wake: OnWake | None = None
        self._timer = Timer()

    async def start(self, on_wake: OnWake) -> None:
        """Begin to sweep; hints that came before are lost."""
        self._on_wake = on_wake
        self._timer.call(self._wake, IntervalTrigger(seconds=self._sweep_every.total_seconds()))
        self._timer.start()

    async def wake_at(
        self,
        post_id: int,  # noqa: ARG002 - one timer serves all posts
        version: int,  # noqa: ARG002
        due_at: datetime,
        transaction: Transaction,
    ) -> None:
        """Set the timer to `due_at` once the change is committed."""
        transaction.after_commit(lambda: self.look_at(due_at))

    def look_at(self, instant: datetime) -> None:
        """Set the timer to `instant`, unless it rings before that anyway."""
        if self._on_wake is None or (self._earliest and self._earliest <= instant):
            return
        self._earliest = instant
        # The timer runs on the machine's clock, the instant is on ours: they may differ.
        delay = max(instant - self._clock(), timedelta())
        self._timer.call(self._wake, DateTrigger(datetime.now(UTC) + delay), name=_PUMP)

    def _wake(self) -> None:
        self._earliest = None
        if self._on_wake:
            self._on_wake()

    async def stop(self) -> None:
        """Stop timer and sweep; a second stop does nothing."""
        if self._on_wake:
            self._on_wake = None
            self._timer.stop()
