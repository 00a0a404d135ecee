"""TikTok's limits of calls a minute are kept before TikTok has to refuse."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.limits import KEPT, PER_MINUTE, WINDOW, Call, LimitReached, Limits
from core.store.database import Database
from core.store.models import TikTokCall
from tests.clock import Clock


@pytest.fixture
def limits(database: Database, clock: Clock) -> Limits:
    return Limits(database=database, clock=clock)


@pytest.fixture
async def other(url: str, clock: Clock) -> AsyncIterator[Limits]:
    """The same limits as a second process, or the next start, sees them."""
    database = Database(url)
    yield Limits(database=database, clock=clock)
    await database.close()


async def rows(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(TikTokCall)) or 0


@pytest.mark.parametrize(
    ("call", "per_minute"), [(Call.INIT, 6), (Call.CREATOR_INFO, 20), (Call.STATUS, 30)]
)
async def test_tiktoks_number_and_no_more(
    limits: Limits, accounts: list[int], call: Call, per_minute: int
) -> None:
    for _ in range(per_minute):
        await limits.require(accounts[0], call)
        await limits.spend(accounts[0], call)
    with pytest.raises(LimitReached):
        await limits.require(accounts[0], call)
    with pytest.raises(LimitReached) as reached:
        await limits.spend(accounts[0], call)
    assert WINDOW - timedelta(seconds=5) < reached.value.wait <= WINDOW


async def test_accounts_and_calls_have_limits_of_their_own(
    limits: Limits, accounts: list[int]
) -> None:
    for _ in range(PER_MINUTE[Call.INIT]):
        await limits.spend(accounts[0], Call.INIT)
    with pytest.raises(LimitReached):
        await limits.spend(accounts[0], Call.INIT)
    await limits.spend(accounts[0], Call.STATUS)
    await limits.spend(accounts[1], Call.INIT)


async def test_room_comes_back_one_by_one(
    limits: Limits, accounts: list[int], clock: Clock
) -> None:
    for _ in range(PER_MINUTE[Call.INIT]):
        await limits.spend(accounts[0], Call.INIT)
        clock.jump(timedelta(seconds=5))
    with pytest.raises(LimitReached) as reached:
        await limits.spend(accounts[0], Call.INIT)
    clock.jump(reached.value.until - clock())
    await limits.spend(accounts[0], Call.INIT)
    with pytest.raises(LimitReached) as reached:
        await limits.spend(accounts[0], Call.INIT)
    assert reached.value.wait < timedelta(seconds=6)


async def test_a_refusal_does_not_prolong_the_wait(
    limits: Limits, accounts: list[int], clock: Clock
) -> None:
    for _ in range(PER_MINUTE[Call.INIT]):
        await limits.spend(accounts[0], Call.INIT)
    for _ in range(3):
        with pytest.raises(LimitReached):
            await limits.spend(accounts[0], Call.INIT)
    clock.jump(WINDOW)
    await limits.spend(accounts[0], Call.INIT)


async def test_a_second_process_and_a_restart_count_what_was_called(
    limits: Limits, other: Limits, accounts: list[int]
) -> None:
    for number in range(PER_MINUTE[Call.INIT]):
        await (limits, other)[number % 2].spend(accounts[0], Call.INIT)
    for each in (limits, other):
        with pytest.raises(LimitReached):
            await each.spend(accounts[0], Call.INIT)


async def test_calls_of_one_moment_are_counted_one_by_one(
    limits: Limits, accounts: list[int], database: Database
) -> None:
    many = PER_MINUTE[Call.INIT] * 3
    spending = [limits.spend(each, Call.INIT) for each in accounts[:2] for _ in range(many)]
    spending += [limits.spend(accounts[0], Call.STATUS)]
    answers = await asyncio.gather(*spending, return_exceptions=True)
    for answered in (answers[:many], answers[many:-1]):
        assert answered.count(None) == PER_MINUTE[Call.INIT]
        refused = [answer for answer in answered if answer is not None]
        assert all(isinstance(answer, LimitReached) for answer in refused)
    assert answers[-1] is None, "another call has a limit of its own"
    assert await rows(database) == 2 * PER_MINUTE[Call.INIT] + 1


async def test_calls_of_long_ago_are_thrown_away(
    limits: Limits, database: Database, accounts: list[int], clock: Clock
) -> None:
    for call in Call:
        await limits.spend(accounts[0], call)
    clock.jump(KEPT + timedelta(seconds=1))
    await limits.spend(accounts[0], Call.STATUS)
    assert await rows(database) == 1
