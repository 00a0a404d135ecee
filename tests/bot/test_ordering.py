"""What concerns one creator goes in order, of different creators side by side."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest

from bot.ordering import OneByOnePerUser

AT_ONCE = 16


@pytest.fixture(autouse=True)
async def in_time() -> AsyncIterator[None]:
    """Nothing here may hang."""
    async with asyncio.timeout(20):
        yield


@pytest.fixture
def line() -> OneByOnePerUser:
    return OneByOnePerUser(AT_ONCE)


def put(line: OneByOnePerUser, user_id: int, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """What happens to each update that comes in."""

    async def in_turn() -> None:
        async with line.turn(user_id):
            await work

    return asyncio.create_task(in_turn())


@pytest.mark.parametrize("seed", range(5))
async def test_each_user_in_order_and_never_twice_at_once(line: OneByOnePerUser, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    done: defaultdict[int, list[int]] = defaultdict(list)
    under_way: set[int] = set()

    async def work(user: int, number: int, pauses: int) -> None:
        assert user not in under_way
        under_way.add(user)
        for _ in range(pauses):
            await asyncio.sleep(0)
        under_way.remove(user)
        done[user].append(number)
        if number % 7 == 0:
            raise KeyError("planned")

    tasks = []
    for number in range(400):
        user = dice.randrange(12)
        tasks.append(put(line, user, work(user, number, dice.randrange(4))))
        if dice.random() < 0.1:
            await asyncio.sleep(0)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    assert sum(isinstance(outcome, KeyError) for outcome in outcomes) == len(range(0, 400, 7))
    assert sum(map(len, done.values())) == 400
    for numbers in done.values():
        assert numbers == sorted(numbers)


async def test_users_are_side_by_side(line: OneByOnePerUser) -> None:
    together = asyncio.Barrier(AT_ONCE)

    async def work() -> None:
        await together.wait()

    await asyncio.gather(*(put(line, user, work()) for user in range(AT_ONCE)))


async def test_a_flood_of_one_user_holds_nobody_else(line: OneByOnePerUser) -> None:
    go_on = asyncio.Event()
    answered: list[int] = []

    async def slow() -> None:
        await go_on.wait()

    async def quick(user: int) -> None:
        answered.append(user)

    flood = [put(line, 1, slow()) for _ in range(10 * AT_ONCE)]
    await asyncio.sleep(0)
    await asyncio.gather(*(put(line, user, quick(user)) for user in range(2, 200)))
    assert len(answered) == 198
    assert not any(task.done() for task in flood)
    go_on.set()
    await asyncio.gather(*flood)


async def test_no_more_than_there_are_places(line: OneByOnePerUser) -> None:
    most = now = 0

    async def work() -> None:
        nonlocal most, now
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.001)
        now -= 1

    await asyncio.gather(*(put(line, user, work()) for user in range(3 * AT_ONCE)))
    assert most == AT_ONCE


async def test_nothing_is_kept_of_users_who_are_served(line: OneByOnePerUser) -> None:
    """Failed, cancelled while at work, or done: no lock stays."""
    started = asyncio.Event()

    async def work(how: str) -> None:
        started.set()
        if how == "fail":
            raise KeyError("planned")
        if how == "hang":
            await asyncio.sleep(60)

    tasks = [put(line, user, work(how)) for user, how in enumerate(("done", "fail", "hang"))]
    await started.wait()
    await asyncio.sleep(0.01)
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert not any(each for each in vars(line).values() if isinstance(each, dict))
    await asyncio.gather(*(put(line, user, work("done")) for user in range(3)))
