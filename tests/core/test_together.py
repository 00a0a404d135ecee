"""Calls that wait together are answered together, each with its own answer."""

import asyncio
import random
from collections.abc import Sequence

import pytest
import structlog

from core.together import AT_MOST, Together


class Odd(Exception):
    """What the far end says to odd numbers."""


class FarEnd:
    """Doubles numbers, slowly, a group at a time."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.down = False
        self.asked = asyncio.Event()
        self.awake = asyncio.Event()
        self.awake.set()
        self._answering = 0

    async def double(self, numbers: Sequence[int]) -> list[int | Exception]:
        assert not self._answering, "one group goes after another"
        self._answering += 1
        self.groups.append(list(numbers))
        self.asked.set()
        try:
            await asyncio.sleep(0.005)
            await self.awake.wait()
        finally:
            self._answering -= 1
        if self.down:
            raise ConnectionError
        return [number * 2 if number % 2 == 0 else Odd(number) for number in numbers]


@pytest.fixture
def far_end() -> FarEnd:
    return FarEnd()


@pytest.fixture
def doubled(far_end: FarEnd) -> Together[int, int]:
    return Together(far_end.double)


async def test_a_single_call_goes_alone(far_end: FarEnd, doubled: Together[int, int]) -> None:
    assert await doubled(2) == 4
    assert await doubled(4) == 8
    assert far_end.groups == [[2], [4]]


async def test_who_comes_while_others_are_under_way_goes_with_the_next(
    far_end: FarEnd, doubled: Together[int, int]
) -> None:
    far_end.awake.clear()
    first = asyncio.create_task(doubled(2))
    await far_end.asked.wait()
    asyncio.get_running_loop().call_later(0.01, far_end.awake.set)
    assert await asyncio.gather(*map(doubled, range(4, 100, 2))) == list(range(8, 200, 4))
    assert await first == 4
    assert far_end.groups == [[2], list(range(4, 100, 2))]


async def test_a_group_has_its_limit(far_end: FarEnd, doubled: Together[int, int]) -> None:
    numbers = range(0, AT_MOST * 5, 2)
    assert await asyncio.gather(*map(doubled, numbers)) == [each * 2 for each in numbers]
    assert max(map(len, far_end.groups)) == AT_MOST
    assert len(far_end.groups) == 3


async def test_one_refusal_is_for_one_caller(far_end: FarEnd, doubled: Together[int, int]) -> None:
    answers = await asyncio.gather(*map(doubled, (2, 3, 4)), return_exceptions=True)
    assert answers[0] == 4 and answers[2] == 8
    assert isinstance(answers[1], Odd)
    assert far_end.groups == [[2, 3, 4]]


async def test_a_far_end_that_is_down_fails_all_of_a_group_and_nobody_later(
    far_end: FarEnd, doubled: Together[int, int]
) -> None:
    far_end.down = True
    answers = await asyncio.gather(*map(doubled, (2, 4)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ConnectionError, ConnectionError]
    far_end.down = False
    assert await doubled(6) == 12


async def test_a_caller_that_is_cancelled_waits_and_leaves_the_others_alone(
    far_end: FarEnd, doubled: Together[int, int]
) -> None:
    far_end.awake.clear()
    callers = [asyncio.create_task(doubled(number)) for number in (2, 4, 6)]
    await far_end.asked.wait()
    callers[0].cancel()
    await asyncio.sleep(0.01)
    assert not callers[0].done(), "what was begun for it ends first"
    far_end.awake.set()
    with pytest.raises(asyncio.CancelledError):
        await callers[0]
    assert await asyncio.gather(*callers[1:]) == [8, 12]
    assert far_end.groups == [[2, 4, 6]]


@pytest.mark.parametrize("seed", range(8))
async def test_everyone_gets_their_own_answer_whatever_happens_to_others(
    doubled: Together[int, int], seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    loop = asyncio.get_running_loop()

    async def call(number: int) -> int:
        await asyncio.sleep(dice.uniform(0, 0.03))
        return await doubled(number)

    callers = [asyncio.create_task(call(number)) for number in range(120)]
    unlucky = set(dice.sample(range(120), 30))
    for number in unlucky:
        loop.call_later(dice.uniform(0, 0.04), callers[number].cancel)
    answers = await asyncio.gather(*callers, return_exceptions=True)
    for number, answer in enumerate(answers):
        if isinstance(answer, asyncio.CancelledError):
            assert number in unlucky
        elif number % 2:
            assert isinstance(answer, Odd) and answer.args == (number,)
        else:
            assert answer == number * 2


async def test_what_a_group_logs_is_not_said_to_be_about_who_came_first() -> None:
    said: list[dict[str, object]] = []

    async def look(posts: Sequence[int]) -> Sequence[int]:
        said.append(structlog.contextvars.get_contextvars())
        return posts

    looked = Together(look)

    async def ask(post: int) -> int:
        with structlog.contextvars.bound_contextvars(post=post):
            found = await looked(post)
            assert structlog.contextvars.get_contextvars() == {"post": post}
            return found

    assert list(await asyncio.gather(ask(1), ask(2))) == [1, 2]
    assert said == [{}]
