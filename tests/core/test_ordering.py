"""Updates of one creator in order, of different creators side by side."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest
from telegram import CallbackQuery, Update, User

from bot.ordering import AT_ONCE, OneByOnePerUser


@pytest.fixture(autouse=True)
async def in_time() -> AsyncIterator[None]:
    """Nothing here may hang."""
    async with asyncio.timeout(20):
        yield


@pytest.fixture
async def processor() -> AsyncIterator[OneByOnePerUser]:
    async with OneByOnePerUser() as processor:
        yield processor


def update_of(user_id: int) -> Update:
    user = User(id=user_id, first_name="Ana", is_bot=False)
    query = CallbackQuery(id="1", from_user=user, chat_instance="1")
    return Update(update_id=1, callback_query=query)


def put(
    processor: OneByOnePerUser, user_id: int, work: Coroutine[Any, Any, None]
) -> asyncio.Task[None]:
    """What python-telegram-bot does with each update that comes in."""
    return asyncio.create_task(processor.process_update(update_of(user_id), work))


@pytest.mark.parametrize("seed", range(5))
async def test_each_user_in_order_and_never_twice_at_once(
    processor: OneByOnePerUser, seed: int
) -> None:
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
        tasks.append(put(processor, user, work(user, number, dice.randrange(4))))
        if dice.random() < 0.1:
            await asyncio.sleep(0)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    assert sum(isinstance(outcome, KeyError) for outcome in outcomes) == len(range(0, 400, 7))
    assert sum(map(len, done.values())) == 400
    for numbers in done.values():
        assert numbers == sorted(numbers)


async def test_users_are_side_by_side(processor: OneByOnePerUser) -> None:
    together = asyncio.Barrier(AT_ONCE)

    async def work() -> None:
        await together.wait()

    await asyncio.gather(*(put(processor, user, work()) for user in range(AT_ONCE)))


async def test_a_flood_of_one_user_holds_nobody_else(processor: OneByOnePerUser) -> None:
    go_on = asyncio.Event()
    answered: list[int] = []

    async def slow() -> None:
        await go_on.wait()

    async def quick(user: int) -> None:
        answered.append(user)

    flood = [put(processor, 1, slow()) for _ in range(10 * AT_ONCE)]
    await asyncio.sleep(0)
    await asyncio.gather(*(put(processor, user, quick(user)) for user in range(2, 200)))
    assert len(answered) == 198
    assert not any(task.done() for task in flood)
    go_on.set()
    await asyncio.gather(*flood)


async def test_no_more_than_there_are_places(processor: OneByOnePerUser) -> None:
    most = now = 0

    async def work() -> None:
        nonlocal most, now
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.001)
        now -= 1

    await asyncio.gather(*(put(processor, user, work()) for user in range(3 * AT_ONCE)))
    assert most == AT_ONCE


async def test_what_comes_from_nobody_goes_one_by_one(processor: OneByOnePerUser) -> None:
    under_way = 0

    async def work() -> None:
        nonlocal under_way
        under_way += 1
        assert under_way == 1
        await asyncio.sleep(0)
        under_way -= 1

    await asyncio.gather(*(processor.process_update(Update(update_id=1), work()) for _ in "abc"))
    await processor.process_update("not an update at all", work())


async def test_nothing_is_kept_of_users_who_are_served(processor: OneByOnePerUser) -> None:
    """Failed, cancelled while at work, or done: no lock stays."""
    started = asyncio.Event()

    async def work(how: str) -> None:
        started.set()
        if how == "fail":
            raise KeyError("planned")
        if how == "hang":
            await asyncio.sleep(60)

    tasks = [put(processor, user, work(how)) for user, how in enumerate(("done", "fail", "hang"))]
    await started.wait()
    await asyncio.sleep(0.01)
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert not any(each for each in vars(processor).values() if isinstance(each, dict))
    await asyncio.gather(*(put(processor, user, work("done")) for user in range(3)))
