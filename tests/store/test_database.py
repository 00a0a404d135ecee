"""The database: what is in force on its connections, and its migrations."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.database import MIGRATIONS, READERS, Database, newest_version
from core.store.models import Base, User
from tests.store.rows import NOW, a_user, an_account, seen_from_outside

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}


@asynccontextmanager
async def writing(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.transaction() as change:
        yield change


def opened(database: Database, side: str) -> AbstractAsyncContextManager[AsyncSession]:
    return database.reading() if side == "reading" else writing(database)


@pytest.mark.parametrize("side", ["reading", "writing"])
@pytest.mark.parametrize(("pragma", "value"), PRAGMAS.items())
async def test_pragmas_are_in_force(
    database: Database, side: str, pragma: str, value: object
) -> None:
    async with opened(database, side) as session:
        assert await session.scalar(text(f"PRAGMA {pragma}")) == value


async def test_readers_cannot_write(database: Database) -> None:
    async with database.reading() as session:
        session.add(a_user(1))
        with pytest.raises(OperationalError, match="readonly"):
            await session.flush()


async def test_a_reader_keeps_the_view_it_began_with(database: Database) -> None:
    count = select(func.count(User.id))
    async with database.reading() as session:
        assert await session.scalar(count) == 0
        async with database.transaction() as change:
            change.add(a_user(1))
        assert await session.scalar(count) == 0
    async with database.reading() as session:
        assert await session.scalar(count) == 1


async def test_readers_are_side_by_side_with_each_other_and_the_writer(database: Database) -> None:
    async with database.transaction() as change:
        change.add(a_user(1))
        await change.flush()
        together = asyncio.Barrier(READERS)

        async def read() -> None:
            async with database.reading() as session:
                assert await session.get(User, 1) is None
                await together.wait()

        async with asyncio.timeout(10):
            await asyncio.gather(*(read() for _ in range(READERS)))


async def test_cancelled_readers_leave_their_places(database: Database) -> None:
    async def read() -> None:
        async with database.reading() as session:
            await session.execute(
                text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                     "WHERE i < 200000) SELECT max(i) FROM n")
            )  # fmt: skip

    for _ in range(2):
        tasks = [asyncio.create_task(read()) for _ in range(READERS + 2)]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(10):
        await asyncio.gather(*(read() for _ in range(READERS)))


async def test_foreign_keys_are_checked(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as change:
            change.add(an_account(owner_id=404))


async def test_ids_are_never_used_again(database: Database) -> None:
    async def add() -> int:
        async with database.transaction() as change:
            account = an_account(1)
            change.add(account)
            await change.flush()
            await change.delete(account)
            return account.id

    async with database.transaction() as change:
        change.add(a_user(1))
    assert await add() < await add()


# Instants


@pytest.mark.parametrize(
    "moment",
    [
        NOW,
        datetime(2026, 11, 22, 13, 0, 0, 1, tzinfo=timezone(timedelta(hours=1))),
        datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
    ],
)
async def test_an_instant_comes_back_in_utc(database: Database, moment: datetime) -> None:
    async with database.transaction() as change:
        user = a_user(1)
        user.created_at = moment
        change.add(user)
    async with database.reading() as session:
        stored = (await session.get_one(User, 1)).created_at
        assert stored == moment
        assert stored.tzinfo is UTC
        assert await session.scalar(select(User.id).where(User.created_at <= moment)) == 1
        earlier = moment - timedelta(microseconds=1)
        assert await session.scalar(select(User.id).where(User.created_at <= earlier)) is None


async def test_a_naive_datetime_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    user = a_user(1)
    user.created_at = naive
    with pytest.raises(StatementError, match="naive"):
        async with database.transaction() as change:
            change.add(user)
    async with database.reading() as session:
        with pytest.raises(StatementError, match="naive"):
            await session.execute(select(User).where(User.created_at < naive))


async def test_a_word_that_is_none_of_the_kind_is_refused(database: Database) -> None:
    async with database.transaction() as change:
        change.add(a_user(1))
    with pytest.raises(StatementError):
        async with database.transaction() as change:
            account = an_account(1)
            account.status = "sleeping"  # type: ignore[assignment]  # that is the point
            change.add(account)


# Migrations


async def test_migrating_again_changes_nothing(database: Database, url: str) -> None:
    async with database.transaction() as change:
        change.add(a_user(1))
    await database.migrate()
    other = Database(url)
    await other.migrate()
    await other.close()
    assert seen_from_outside(url) == [1]


async def test_tasks_migrate_one_after_another(tmp_path: Path) -> None:
    for time in range(8):  # who opens a new file first is a matter of luck
        url = f"sqlite+aiosqlite:///{tmp_path / str(time)}"
        databases = [Database(url) for _ in range(6)]
        await asyncio.gather(*(database.migrate() for database in databases))
        for database in databases:
            await database.close()
        assert seen_from_outside(url, "SELECT count(*) FROM alembic_version") == [1]


async def test_a_journal_somebody_else_holds_is_waited_for(url: str) -> None:
    path = url.removeprefix("sqlite+aiosqlite:///")
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    database = Database(url)
    migrating = asyncio.create_task(database.migrate())
    await asyncio.sleep(0.3)
    assert not migrating.done()
    holder.execute("COMMIT")
    holder.close()
    await migrating
    await database.close()


def test_processes_migrate_one_after_another(url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from core.store.database import Database\n"
        "async def main():\n"
        "    print('ready', flush=True)\n"
        "    sys.stdin.readline()\n"
        "    database = Database(sys.argv[1])\n"
        "    await database.migrate()\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, url],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert seen_from_outside(url, "SELECT count(*) FROM alembic_version") == [1]


@pytest.mark.usefixtures("database")
async def test_the_migrations_make_the_tables_of_the_models(url: str) -> None:
    engine = create_engine(url.replace("+aiosqlite", ""))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            differences: list[Any] = compare_metadata(context, Base.metadata)
            assert differences == []
            assert _partial_indexes(connection) == {
                "ix_posts_wake",
                "ix_posts_claimed",
                "ix_posts_card",
                "ix_notifications_pending",
                "ix_telegram_updates_open",
            }
    finally:
        engine.dispose()


def _partial_indexes(connection: Connection) -> set[str]:
    rows = connection.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'")
    )
    return {row.name for row in rows}


def test_the_newest_migration_is_known_without_alembic() -> None:
    assert newest_version() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def test_a_start_with_nothing_to_migrate_goes_without_alembic(url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from core.store.database import Database\n"
        "async def main():\n"
        "    database = Database(sys.argv[1])\n"
        "    await database.migrate()\n"
        "    await database.close()\n"
        "    print('alembic' in sys.modules)\n"
        "asyncio.run(main())\n"
    )
    starts = [
        subprocess.run([sys.executable, "-c", program, url], stdout=subprocess.PIPE, check=True)
        for _ in range(2)
    ]
    assert [start.stdout.strip() for start in starts] == [b"True", b"False"]


async def test_the_migrations_make_what_alembic_does_not_compare(database: Database) -> None:
    async with database.reading() as session:
        for table in ("post_events", "chat_state"):
            (row,) = await session.execute(text(f"PRAGMA foreign_key_list({table})"))
            assert row.on_delete == "CASCADE"
        never_reused = await session.scalars(
            text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        )
        assert set(never_reused) == {"accounts", "posts", "templates"}
