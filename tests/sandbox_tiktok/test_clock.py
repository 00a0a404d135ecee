"""The clock that can be put forward, and only forward."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.tiktok.clock import FURTHEST, Clock
from tests.sandbox_tiktok import caller

START = caller.Clock().time
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_it_is_the_real_time_until_it_is_put_forward() -> None:
    real = caller.Clock()
    clock = Clock(real=real)
    assert clock() == START
    await clock.jump(HOUR)
    assert clock() == START + HOUR
    real.forward(60)
    assert clock() == START + timedelta(minutes=61)
    assert await clock.jump(DAY)
    assert (clock(), clock.ahead) == (START + timedelta(minutes=61) + DAY, HOUR + DAY)


async def test_it_never_goes_back_nor_out_of_sight() -> None:
    clock = Clock(real=caller.Clock())
    await clock.jump(HOUR)
    for wrong in (timedelta(), -HOUR):
        with pytest.raises(ValueError, match="only goes forward"):
            await clock.jump(wrong)
    with pytest.raises(ValueError, match="at most"):
        await clock.jump(FURTHEST)
    assert clock.ahead == HOUR
    await clock.jump(FURTHEST - HOUR)


async def test_who_waits_hears_of_a_jump_once_it_has_happened() -> None:
    clock = Clock(real=caller.Clock())
    heard: list[datetime] = []
    clock.on_jump(lambda: heard.append(clock()))
    await clock.jump(HOUR)
    with pytest.raises(ValueError, match="forward"):
        await clock.jump(-HOUR)
    assert heard == [START + HOUR]


async def test_on_its_way_it_stops_at_what_is_due() -> None:
    clock = Clock(real=caller.Clock())
    due = [START + timedelta(minutes=minutes) for minutes in (10, 30, 90)]
    asked_at: list[datetime] = []

    async def next_due() -> datetime | None:
        asked_at.append(clock())
        return next((moment for moment in due if moment > clock()), None)

    clock.stop_at(next_due)
    assert await clock.jump(HOUR)
    assert asked_at == [START, *due[:2]]
    assert clock() == START + HOUR
    asked_at.clear()
    assert await clock.jump(HOUR, asleep=True)
    assert (asked_at, clock()) == ([], START + 2 * HOUR)


async def test_what_takes_too_long_keeps_it_there() -> None:
    clock = Clock(real=caller.Clock(), patience=0.05)
    done = asyncio.Event()

    async def next_due() -> datetime | None:
        if clock() == START:
            return START + HOUR
        await done.wait()
        return None

    clock.stop_at(next_due)
    assert not await clock.jump(DAY)
    assert clock() == START + HOUR
    done.set()
    assert await clock.jump(DAY)
    assert clock() == START + HOUR + DAY


async def test_a_restart_does_not_turn_the_time_back(tmp_path: Path) -> None:
    real = caller.Clock()
    first = Clock(real=real, folder=tmp_path / "new")
    await first.jump(DAY)
    real.forward(60)
    again = Clock(real=real, folder=tmp_path / "new")
    assert again() == first() == START + DAY + timedelta(minutes=1)
    await again.catch_up()
    real.forward(3600)
    once_more = Clock(real=real, folder=tmp_path / "new")
    assert (once_more(), once_more.slow) == (again(), True)
    assert again.ahead == DAY - HOUR / 2


async def test_the_real_time_catches_up_at_half_speed() -> None:
    real = caller.Clock()
    clock = Clock(real=real)
    await clock.jump(HOUR)
    await clock.catch_up()
    assert clock.slow
    assert clock() == START + HOUR
    real.forward(3600)
    assert clock() == START + HOUR * 1.5
    real.forward(3600)
    assert (clock(), clock.ahead, clock.slow) == (START + 2 * HOUR, timedelta(), False)
    real.forward(3600)
    assert clock() == real()


async def test_a_jump_ends_the_catching_up() -> None:
    real = caller.Clock()
    clock = Clock(real=real)
    await clock.jump(HOUR)
    await clock.catch_up()
    real.forward(3600)
    await clock.jump(HOUR)
    assert (clock.ahead, clock.slow) == (HOUR * 1.5, False)


@given(
    st.lists(
        st.one_of(
            st.integers(min_value=0, max_value=10_000),  # seconds that pass
            st.sampled_from(["jump", "catch up"]),
        ),
        max_size=20,
    )
)
async def test_whatever_is_done_it_never_goes_back(steps: list[int | str]) -> None:
    real = caller.Clock()
    clock = Clock(real=real)
    before = clock()
    for step in steps:
        if isinstance(step, int):
            real.forward(step)
        elif step == "jump":
            await clock.jump(HOUR)
        else:
            await clock.catch_up()
        assert before <= clock()
        assert real() <= clock()
        before = clock()
