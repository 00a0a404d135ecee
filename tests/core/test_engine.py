"""The engine inside the process: hints that wake, and the sweep that needs none."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from apscheduler.triggers.interval import IntervalTrigger

from core.engine import EmbeddedEngine, Timer
from core.store.database import Database
from tests.clock import Clock

NEVER = timedelta(hours=1)
SOON = timedelta(milliseconds=50)


class Bell:
    def __init__(self) -> None:
        self.count = 0
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self.count += 1
        self._rung.set()

    async def heard(self, within: float = 2) -> bool:
        try:
            async with asyncio.timeout(within):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


@asynccontextmanager
async def started(
    clock: Clock, *, sweep_every: timedelta = NEVER
) -> AsyncIterator[tuple[EmbeddedEngine, Bell]]:
    engine, bell = EmbeddedEngine(clock=clock, sweep_every=sweep_every), Bell()
    await engine.start(bell.ring)
    try:
        yield engine, bell
    finally:
        await engine.stop()
        await asyncio.sleep(0)


async def test_it_wakes_at_the_hint(clock: Clock) -> None:
    async with started(clock) as (engine, bell):
        engine.look_at(clock() + 2 * SOON)
        assert not await bell.heard(within=SOON.total_seconds())
        assert await bell.heard()
        assert bell.count == 1


async def test_the_earliest_hint_counts(clock: Clock) -> None:
    async with started(clock) as (engine, bell):
        engine.look_at(clock() + NEVER)
        engine.look_at(clock() + SOON)
        engine.look_at(clock() + 2 * NEVER)
        assert await bell.heard()
        engine.look_at(clock() + SOON)  # and after it every hint counts anew
        assert await bell.heard()


async def test_what_is_overdue_wakes_at_once(clock: Clock) -> None:
    async with started(clock) as (engine, bell):
        engine.look_at(clock() - NEVER)
        assert await bell.heard()


async def test_hints_are_on_our_clock(clock: Clock) -> None:
    clock.jump(timedelta(days=400))
    async with started(clock) as (engine, bell):
        engine.look_at(clock() + SOON)
        assert await bell.heard()


async def test_the_sweep_needs_no_hint(clock: Clock) -> None:
    async with started(clock, sweep_every=SOON) as (_, bell):
        assert await bell.heard()
        assert await bell.heard()


async def test_a_hint_of_a_change_counts_once_it_is_durable(
    database: Database, clock: Clock
) -> None:
    async with started(clock) as (engine, bell):
        async with database.transaction() as change:
            await engine.wake_at(1, 1, clock() - SOON, change)
            assert not await bell.heard(within=SOON.total_seconds())
        assert await bell.heard()
        with pytest.raises(KeyError):
            async with database.transaction() as change:
                await engine.wake_at(1, 2, clock() - SOON, change)
                raise KeyError
        assert not await bell.heard(within=SOON.total_seconds())


async def test_after_the_end_it_is_silent(clock: Clock) -> None:
    async with started(clock, sweep_every=SOON) as (engine, bell):
        engine.look_at(clock() + SOON)
        await engine.stop()
        engine.look_at(clock())
        assert not await bell.heard(within=0.2)
        await engine.stop()  # once more does no harm


async def test_before_the_start_a_hint_is_lost_without_harm(clock: Clock) -> None:
    engine = EmbeddedEngine(clock=clock)
    engine.look_at(clock())
    bell = Bell()
    await engine.start(bell.ring)
    try:
        assert not await bell.heard(within=SOON.total_seconds())
        engine.look_at(clock())
        assert await bell.heard()
    finally:
        await engine.stop()


@pytest.mark.parametrize("turns", range(8))
async def test_a_stop_at_any_moment_of_a_wake_up_is_no_error(
    clock: Clock, caplog: pytest.LogCaptureFixture, turns: int
) -> None:
    async with started(clock) as (engine, _):
        engine.look_at(clock())
        for _ in range(turns):
            await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_timer_refuses_what_nobody_would_await() -> None:
    async def never_awaited() -> None: ...

    function: Any = never_awaited  # mypy sees it too
    with pytest.raises(TypeError, match="coroutine function"):
        Timer().call(function, IntervalTrigger(seconds=1))
