"""Changes that are cancelled: at any moment, and never to the harm of others."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, Engine, event, text

from core.store.database import Database
from tests.core.store.rows import a_user, seen_from_outside, write


@pytest.fixture(autouse=True)
async def in_time() -> AsyncIterator[None]:
    """Nothing here may hang."""
    async with asyncio.timeout(20):
        yield


async def test_cancelled_while_it_waits_for_its_turn(database: Database, url: str) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with database.transaction() as change:
            change.add(a_user(1))
            inside.set()
            await go_on.wait()

    holder = asyncio.create_task(hold())
    await inside.wait()
    waiting = [asyncio.create_task(write(database, number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    for task in (waiting[0], waiting[2]):  # the next, and the last, who would commit for all
        task.cancel()
    go_on.set()
    outcomes = await asyncio.gather(holder, *waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [
        type(None), asyncio.CancelledError, type(None), asyncio.CancelledError
    ]  # fmt: skip
    assert seen_from_outside(url) == [1, 3]


async def test_all_who_wait_are_cancelled_as_the_turn_is_passed_on(
    database: Database, url: str
) -> None:
    """The one before them counted on them to go last, and to commit."""
    inside, go_on = asyncio.Event(), asyncio.Event()
    turn = database._commits._turn  # the moment cannot be seen from outside

    async def hold() -> None:
        async with database.transaction() as change:
            change.add(a_user(1))
            inside.set()
            await go_on.wait()

    holder = asyncio.create_task(hold())
    await inside.wait()
    waiting = [asyncio.create_task(write(database, number)) for number in (2, 3)]
    await asyncio.sleep(0)
    go_on.set()
    while turn.locked():  # noqa: ASYNC110 - every single step counts here
        await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert all(task.cancelled() for task in waiting)
    await holder
    assert seen_from_outside(url) == [1]


@pytest.mark.parametrize("times", [1, 3])
async def test_cancelled_inside_it_is_undone_alone(
    database: Database, url: str, times: int
) -> None:
    inside = asyncio.Event()

    async def linger() -> None:
        async with database.transaction() as change:
            change.add(a_user(2))
            await change.flush()
            inside.set()
            await asyncio.sleep(60)

    first, lingering = (
        asyncio.create_task(write(database, 1)),
        asyncio.create_task(linger()),
    )
    await inside.wait()
    last = asyncio.create_task(write(database, 3))
    for _ in range(times):  # the later ones meet it while it is being undone
        lingering.cancel()
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(first, lingering, last, return_exceptions=True)
    assert outcomes[0] is outcomes[2] is None
    assert isinstance(outcomes[1], asyncio.CancelledError)
    assert seen_from_outside(url) == [1, 3]


async def test_cancelled_within_a_statement_it_does_not_take_the_others_along(
    database: Database, url: str
) -> None:
    started = asyncio.Event()

    async def count_for_long() -> None:
        async with database.transaction() as change:
            change.add(a_user(2))
            await change.flush()
            started.set()
            await change.execute(
                text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                     "WHERE i < 300000) SELECT max(i) FROM n")
            )  # fmt: skip

    first, long = (
        asyncio.create_task(write(database, 1)),
        asyncio.create_task(count_for_long()),
    )
    await started.wait()
    await asyncio.sleep(0.005)
    long.cancel()
    outcomes = await asyncio.gather(first, long, write(database, 3), return_exceptions=True)
    assert outcomes[0] is outcomes[2] is None
    assert isinstance(outcomes[1], asyncio.CancelledError)
    assert seen_from_outside(url) == [1, 3]


async def test_cancelled_while_it_waits_for_the_commit_the_others_are_told(
    database: Database, url: str
) -> None:
    def cancel_first(_connection: Connection) -> None:
        tasks[0].cancel()

    tasks = [asyncio.create_task(write(database, number)) for number in (1, 2)]
    event.listen(Engine, "commit", cancel_first)
    try:
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        event.remove(Engine, "commit", cancel_first)
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert outcomes[1] is None
    await database.close()
    assert seen_from_outside(url) == [1, 2]
