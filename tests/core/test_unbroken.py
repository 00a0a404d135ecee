"""How work ends: what a cancellation must not cut in two, and tasks that are told to stop."""

import asyncio
from datetime import timedelta

import pytest

from core.unbroken import ended, unbroken

SHORT = timedelta(seconds=0.02)


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


async def sleeper() -> None:
    await asyncio.sleep(60)


async def stubborn(until: asyncio.Event) -> None:
    while not until.is_set():
        try:
            await until.wait()
        except asyncio.CancelledError:
            continue


async def test_tasks_that_are_told_to_stop_have_ended() -> None:
    async def failing() -> None:
        raise KeyError("planned")

    failed = asyncio.create_task(failing())
    tasks = [asyncio.create_task(sleeper()) for _ in range(3)]
    await asyncio.sleep(0)
    assert await ended(None, failed, *tasks, within=SHORT)
    assert all(task.cancelled() for task in tasks)
    assert isinstance(failed.exception(), KeyError), "its failure is still to be had"
    assert await ended(None, within=SHORT) and await ended(within=SHORT)


async def test_a_task_that_does_not_stop_is_left_after_its_time() -> None:
    until = asyncio.Event()
    task = asyncio.create_task(stubborn(until))
    await asyncio.sleep(0)
    assert not await ended(task, within=SHORT)
    until.set()
    await task


async def test_who_waits_for_the_end_can_be_cancelled() -> None:
    """A limit around an orderly stop holds, whatever is stopped inside it."""
    until = asyncio.Event()
    task = asyncio.create_task(stubborn(until))
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await ended(task, within=timedelta(seconds=60))
    until.set()
    await task
