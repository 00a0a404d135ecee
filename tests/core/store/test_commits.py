"""Group commit, one promise at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import Connection, Engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.store.commits import MAX_SHARED, TransactionLost
from core.store.database import Database
from tests.core.store.rows import a_user, an_account, seen_from_outside, write

FOREIGN_KEYS_WAIT = {
    "sqlite": "PRAGMA defer_foreign_keys=ON",
    "postgresql": "ALTER TABLE accounts ALTER CONSTRAINT fk_accounts_owner_id "
    "DEFERRABLE INITIALLY DEFERRED",
}
GIVES_UP = {
    "sqlite": "INSERT OR ROLLBACK INTO users (id, chat_id, reachable, created_at) "
    "VALUES (1, 1, 1, '2026-11-22 12:00:00')",
    "postgresql": "SELECT pg_terminate_backend(pg_backend_pid())",
}


@pytest.fixture(autouse=True)
async def in_time() -> AsyncIterator[None]:
    """Nothing here may hang."""
    async with asyncio.timeout(20):
        yield


@contextmanager
def counted() -> Iterator[list[int]]:
    """For each COMMIT, how many changes it made durable."""
    shared: list[int] = []
    under_way = 0

    def released(_connection: Connection, _name: str, _context: object) -> None:
        nonlocal under_way
        under_way += 1

    def committed(_connection: Connection) -> None:
        nonlocal under_way
        shared.append(under_way)
        under_way = 0

    event.listen(Engine, "release_savepoint", released)
    event.listen(Engine, "commit", committed)
    try:
        yield shared
    finally:
        event.remove(Engine, "release_savepoint", released)
        event.remove(Engine, "commit", committed)


async def test_leaving_the_block_means_durable(database: Database, url: str) -> None:
    async with database.transaction() as change:
        change.add(a_user(1))
        await change.flush()
        assert seen_from_outside(url) == []
    assert seen_from_outside(url) == [1]


async def test_changes_at_once_share_commits(database: Database, url: str) -> None:
    with counted() as commits:
        await asyncio.gather(*(write(database, number) for number in range(100)))
    assert len(seen_from_outside(url)) == 100
    assert sum(commits) == 100
    assert len(commits) <= 3


async def test_what_queues_up_during_a_commit_shares_the_next(database: Database, url: str) -> None:
    later: list[asyncio.Task[None]] = []

    def more(_connection: Connection) -> None:  # called while the first commit runs
        if not later:
            later.extend(loop.create_task(write(database, number)) for number in range(2, 40))

    loop = asyncio.get_running_loop()
    with counted() as commits:
        event.listen(Engine, "commit", more)
        try:
            await write(database, 1)
            await asyncio.gather(*later)
        finally:
            event.remove(Engine, "commit", more)
    assert len(seen_from_outside(url)) == 39
    assert commits == [1, 38]


async def test_a_batch_is_bounded(database: Database) -> None:
    changes = 2 * MAX_SHARED + 1
    with counted() as commits:
        await asyncio.gather(*(write(database, number) for number in range(changes)))
    assert sum(commits) == changes
    assert max(commits) == MAX_SHARED
    assert len(commits) == 3


async def test_changes_that_fail_do_not_keep_the_others_waiting(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction():
            raise KeyError

    with counted() as commits:
        outcomes = await asyncio.gather(
            write(database, 1), *(fail() for _ in range(2 * MAX_SHARED)), return_exceptions=True
        )
    assert outcomes[0] is None
    assert len(commits) >= 2, "failed changes count towards the bound too"


async def test_a_transaction_inside_a_transaction_is_refused(database: Database) -> None:
    async with database.transaction():
        with pytest.raises(RuntimeError, match="wait for itself"):
            async with database.transaction():
                pass
    await write(database, 1)  # the refused one holds nothing


async def test_a_failing_change_is_undone_alone(database: Database, url: str) -> None:
    async def fail() -> None:
        async with database.transaction() as change:
            change.add(a_user(2))
            await change.flush()
            raise KeyError("planned")

    async def collide() -> None:
        async with database.transaction() as change:
            change.add_all([a_user(3), a_user(1)])  # fails in the flush that ends the block

    outcomes = await asyncio.gather(
        write(database, 1), fail(), collide(), write(database, 4), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [
        type(None), KeyError, IntegrityError, type(None)
    ]  # fmt: skip
    assert seen_from_outside(url) == [1, 4]


async def refuse_at_commit(database: Database, url: str, hints: list[str]) -> None:
    """A change whose fault the database finds only at COMMIT."""
    async with database.transaction() as change:
        change.after_commit(lambda: hints.append("undone"))
        await change.execute(text(FOREIGN_KEYS_WAIT[make_url(url).get_backend_name()]))
        change.add(an_account(owner_id=404))


async def test_a_commit_that_fails_reaches_all_its_callers(database: Database, url: str) -> None:
    hints: list[str] = []
    with counted() as commits:
        outcomes = await asyncio.gather(
            write(database, 1),
            refuse_at_commit(database, url, hints),
            write(database, 2),
            return_exceptions=True,
        )
    assert commits == [3]
    assert [type(outcome) for outcome in outcomes] == [IntegrityError] * 3
    assert seen_from_outside(url) == []
    await write(database, 3)
    assert seen_from_outside(url) == [3]
    assert hints == []


async def test_nobody_is_told_durable_when_the_database_gave_up_the_transaction(
    database: Database, url: str
) -> None:
    """As SQLite does by itself on a full disk, and PostgreSQL when it is stopped."""

    async def give_up() -> None:
        async with database.transaction() as change:
            await change.execute(text(GIVES_UP[make_url(url).get_backend_name()]))

    outcomes = await asyncio.gather(
        write(database, 1), give_up(), write(database, 2), return_exceptions=True
    )
    assert isinstance(outcomes[0], TransactionLost)
    assert isinstance(outcomes[1], DBAPIError)
    assert outcomes[2] is None, "it came after, and has a transaction of its own"
    assert seen_from_outside(url) == [2]


# Hints


async def test_hints_follow_the_commit_in_order(database: Database, url: str) -> None:
    seen: list[tuple[int, list[int]]] = []

    def look(number: int) -> None:
        seen.append((number, seen_from_outside(url)))

    async with database.transaction() as change:
        change.add(a_user(1))
        for number in (1, 2):
            change.after_commit(partial(look, number))
        assert seen == []
    await asyncio.sleep(0)
    assert seen == [(1, [1]), (2, [1])]


async def test_a_hint_that_raises_does_not_keep_the_others_from_being_called(
    database: Database,
) -> None:
    faults: list[object] = []
    nothing: dict[str, object] = {}
    called: list[int] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: faults.append(context["exception"])
    )

    def look() -> None:
        nothing["here"]

    async with database.transaction() as change:
        change.after_commit(look)
        change.after_commit(lambda: called.append(1))
    await asyncio.sleep(0)
    assert called == [1]
    assert [type(fault) for fault in faults] == [KeyError]
    await write(database, 1)


# Beginning, ending, and others on the same file


async def test_close_waits_for_the_commit_under_way(database: Database, url: str) -> None:
    task = asyncio.create_task(write(database, 1))
    while not task.done():
        await asyncio.sleep(0)
        task.cancel()
    await database.close()
    assert seen_from_outside(url) in ([], [1])
    again = Database(url)
    await write(again, 2)
    await again.close()
    assert 2 in seen_from_outside(url)


async def test_a_transaction_that_cannot_begin_holds_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("broken") / "clipcue.db"
    file.write_bytes(b"no database at all " * 400)
    database = Database(f"sqlite+aiosqlite:///{file}")
    for _ in range(2):
        with pytest.raises(DBAPIError, match="not a database"):
            await write(database, 1)
    await database.close()


async def test_a_transaction_that_begins_in_vain_holds_nothing(
    database: Database, url: str
) -> None:
    def fail(_connection: Connection) -> None:
        raise TimeoutError("database is locked")

    event.listen(Engine, "begin", fail)
    try:
        with pytest.raises(TimeoutError):
            await write(database, 1)
    finally:
        event.remove(Engine, "begin", fail)
    await write(database, 2)
    assert seen_from_outside(url) == [2]


async def test_two_databases_on_one_file_write_at_once(database: Database, url: str) -> None:
    other = Database(url)
    try:
        await asyncio.gather(
            *(write((database, other)[number % 2], number) for number in range(120))
        )
    finally:
        await other.close()
    assert sorted(seen_from_outside(url)) == list(range(120))
