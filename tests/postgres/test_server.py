"""The server: in force on its connections, away, restarted, slow, and taken over by others."""

import asyncio
import signal
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, event, make_url, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from core.settings import SettingsError
from core.store.commits import TransactionLost
from core.store.database import Database
from core.store.models import User
from core.store.postgresql import WRITERS_LOCK
from tests.core.store.rows import a_user, seen_from_outside, write
from tests.postgres.cluster import PASSWORD, Cluster

IN_FORCE = {
    "synchronous_commit": "on",
    "lock_timeout": "15s",
    "idle_in_transaction_session_timeout": "10s",
    "transaction_isolation": "read committed",
    "application_name": "clipcue",
}


@pytest.fixture(autouse=True)
async def in_time() -> AsyncIterator[None]:
    """Nothing here may hang."""
    async with asyncio.timeout(60):
        yield


async def test_what_is_in_force_for_a_change(database: Database) -> None:
    async with database.transaction() as change:
        for name, value in IN_FORCE.items():
            assert await change.scalar(text(f"SHOW {name}")) == value


async def test_writers_of_all_processes_go_one_after_another(database: Database, url: str) -> None:
    """What one has read, nobody changes before it has written."""
    await write(database, 1)
    others = [database, Database(url), Database(url)]

    async def count_up(each: Database) -> None:
        async with each.transaction() as change:
            user = await change.get_one(User, 1)
            seen = user.chat_id
            await asyncio.sleep(0.002)
            user.chat_id = seen + 1

    await asyncio.gather(*(count_up(others[number % 3]) for number in range(60)))
    assert seen_from_outside(url, "SELECT chat_id FROM users") == [61]
    for other in others[1:]:
        await other.close()


async def test_a_writer_does_not_wait_for_ever(database: Database, url: str) -> None:
    other = Database(url)
    async with database.transaction():
        held = text(f"SELECT pg_try_advisory_xact_lock({WRITERS_LOCK})")
        async with other.reading() as session:
            assert await session.scalar(held) is False
    async with database.transaction() as change:
        await change.execute(text("SET lock_timeout = '50ms'"))
    holds, enough = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with other.transaction():
            holds.set()
            await enough.wait()

    holder = asyncio.create_task(hold())
    await holds.wait()
    with pytest.raises(DBAPIError, match="lock timeout"):
        await write(database, 1)
    enough.set()
    await holder
    await write(database, 2)
    assert seen_from_outside(url) == [2]
    await other.close()


async def test_a_frozen_writer_is_thrown_out(database: Database, url: str) -> None:
    """The machine of a process that holds the lock may be gone: the others must go on."""
    async with database.transaction() as change:
        await change.execute(text("SET idle_in_transaction_session_timeout = '100ms'"))
    other = Database(url)
    with pytest.raises(SQLAlchemyError):
        async with database.transaction() as change:
            change.add(a_user(1))
            await change.flush()
            await write(other, 2)
    await write(database, 3)
    assert seen_from_outside(url) == [2, 3]
    await other.close()


async def test_a_commit_after_an_error_is_no_commit(database: Database, url: str) -> None:
    """PostgreSQL would answer it with a rollback, and without an error."""
    with pytest.raises(SQLAlchemyError):
        async with database.transaction() as change:
            change.add(a_user(1))
            await change.flush()
            connection = (await change.connection()).sync_connection
            assert connection is not None
            driver: Any = connection.connection.driver_connection
            with pytest.raises(Exception, match="division"):
                await driver.execute("SELECT 1 / 0")  # beside the session, which does not see it
            with pytest.raises(asyncpg.InFailedSQLTransactionError):
                await driver.execute("COMMIT;")
    assert seen_from_outside(url) == []


# Away


async def test_a_start_without_the_server_says_so_in_one_line() -> None:
    database = Database("postgresql+asyncpg://clipcue:open%40sesame@127.0.0.1:1/clipcue")
    with pytest.raises(SettingsError) as caught:
        await database.migrate()
    await database.close()
    line = str(caught.value)
    assert line.startswith("DATABASE_URL: PostgreSQL at 127.0.0.1:1 cannot be reached")
    assert "\n" not in line
    assert "sesame" not in line


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"password": "guessed-wrong"}, "refuses: password authentication failed"),
        ({"database": "nowhere"}, 'refuses: database "nowhere" does not exist'),
    ],
)
async def test_a_server_that_refuses_says_why(
    cluster: Cluster, wrong: dict[str, str], says: str
) -> None:
    url = make_url(cluster.url("postgres")).set(**wrong)  # type: ignore[arg-type]
    database = Database(url.render_as_string(hide_password=False))
    with pytest.raises(SettingsError, match=says) as caught:
        await database.migrate()
    await database.close()
    assert "guessed-wrong" not in str(caught.value)


async def test_errors_show_neither_password_nor_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with database.transaction() as change:
            await change.execute(
                text("INSERT INTO users (id, locale) VALUES (1, :told)"), {"told": "a secret"}
            )
    for told in (str(caught.value), repr(caught.value)):
        assert PASSWORD not in told
        assert "a secret" not in told.partition("DETAIL")[0]


async def test_after_a_restart_the_next_to_ask_notices_nothing(
    database: Database, url: str, cluster: Cluster
) -> None:
    await write(database, 1)
    async with database.reading() as session:
        assert await session.get(User, 1)
    await asyncio.to_thread(cluster.stop, signal.SIGINT)
    with pytest.raises(SQLAlchemyError, match="cannot be reached"):
        await write(database, 2)
    with pytest.raises(SQLAlchemyError, match="cannot be reached"):
        async with database.reading() as session:
            await session.get(User, 1)
    await asyncio.to_thread(cluster.start)
    await write(database, 3)
    async with database.reading() as session:
        assert await session.get(User, 3)
    assert seen_from_outside(url) == [1, 3]


async def test_a_change_that_the_server_goes_away_under_is_undone(
    database: Database, url: str, cluster: Cluster
) -> None:
    async def caught_by_it() -> None:
        async with database.transaction() as change:
            change.add(a_user(1))
            await change.flush()
            await asyncio.to_thread(cluster.stop, signal.SIGQUIT)
            await change.get(User, 2)

    outcomes = await asyncio.gather(write(database, 2), caught_by_it(), return_exceptions=True)
    assert isinstance(outcomes[0], TransactionLost), "it shared that commit"
    assert isinstance(outcomes[1], SQLAlchemyError)
    await asyncio.to_thread(cluster.start)
    await write(database, 3)
    assert seen_from_outside(url) == [3]


@pytest.mark.parametrize("reached", [True, False])
async def test_a_commit_without_an_answer_is_asked_for(
    database: Database, url: str, cluster: Cluster, reached: bool
) -> None:
    """The server crashes as it commits: only it knows what became of that, once it is back."""
    engine = database._writer.sync_engine  # the moment cannot be met from outside
    crashed = asyncio.Event()

    def crash(connection: Connection) -> None:
        if crashed.is_set():
            return
        if reached:
            adapted: Any = connection.connection.dbapi_connection
            adapted.run_async(lambda driver: driver.execute("COMMIT"))
        cluster.stop(signal.SIGQUIT)
        crashed.set()

    event.listen(engine, "commit", crash)
    writing = asyncio.create_task(write(database, 1))
    await crashed.wait()
    await asyncio.sleep(1)
    assert not writing.done(), "nobody is told before it is known"
    await asyncio.to_thread(cluster.start)
    if reached:
        await writing
    else:
        with pytest.raises(SQLAlchemyError):
            await writing
    assert seen_from_outside(url) == ([1] if reached else [])
    await write(database, 2)


async def test_a_commit_is_never_told_of_by_another_server(database: Database) -> None:
    """After a change of servers its number may be unknown there: then it is lost."""
    assert database._commits._was_committed is not None
    assert await database._commits._was_committed("999999999999") is False


async def test_a_cancelled_reader_gives_its_place_back(database: Database) -> None:
    async def read() -> None:
        async with database.reading() as session:
            await session.execute(text("SELECT pg_sleep(30)"))

    tasks = [asyncio.create_task(read()) for _ in range(6)]
    await asyncio.sleep(0.2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(5), database.reading() as session:
        assert await session.scalar(select(User.id)) is None
