"""Work that a cancellation must not cut in two."""

import asyncio

import pytest

from core.unbroken import unbroken


async def test_its_result_and_its_error_come_through() -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    async def fail() -> None:
        raise KeyError("planned")

    assert await unbroken(answer()) == 42
    with pytest.raises(KeyError, match="planned"):
        await unbroken(fail())


@pytest.mark.parametrize("fails", [False, True])
async def test_cancelled_often_it_still_ends_first(fails: bool) -> None:
    steps: list[int] = []

    async def work() -> None:
        for step in range(5):
            await asyncio.sleep(0.002)
            steps.append(step)
        if fails:
            raise KeyError("nobody hears of it")

    caller = asyncio.create_task(unbroken(work()))
    while not caller.done():
        await asyncio.sleep(0.001)
        caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert steps == [0, 1, 2, 3, 4]


async def test_a_timeout_waits_for_it() -> None:
    ended = False

    async def work() -> None:
        nonlocal ended
        await asyncio.sleep(0.02)
        ended = True

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.005):
            await unbroken(work())
    assert ended


async def test_work_that_is_cancelled_itself_says_so() -> None:
    async def work() -> None:
        task = asyncio.current_task()
        assert task
        task.cancel()
        await asyncio.sleep(0)

    with pytest.raises(asyncio.CancelledError):
        await unbroken(work())
