"""The database: what is in force on its connections, and its migrations."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session

from core.store.database import MIGRATIONS, READERS, Database, newest_version
from core.store.models import Base, User
from tests.core.store.rows import NOW, a_user, an_account, seen_from_outside
from tests.databases import a_database


async def test_readers_cannot_write(database: Database) -> None:
    async with database.reading() as session:
        session.add(a_user(1))
        with pytest.raises(DBAPIError, match=r"read-?only"):
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
    async def read() -> object:
        async with database.reading() as session:
            return await session.scalar(
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
        answers = await asyncio.gather(*(read() for _ in range(READERS)))
    assert answers == [200_000] * READERS


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
        folder = tmp_path / str(time)
        folder.mkdir()
        with a_database(folder, empty=True) as url:
            databases = [Database(url) for _ in range(6)]
            await asyncio.gather(*(database.migrate() for database in databases))
            for database in databases:
                await database.close()
            assert seen_from_outside(url, "SELECT count(*) FROM alembic_version") == [1]


def test_processes_migrate_one_after_another(empty_url: str) -> None:
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
            [sys.executable, "-c", program, empty_url],
            cwd=Path(__file__).parents[3],
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
    assert seen_from_outside(empty_url, "SELECT count(*) FROM alembic_version") == [1]


async def test_the_migrations_make_the_tables_of_the_models(empty_url: str) -> None:
    database = Database(empty_url)
    await database.migrate()
    await database.close()
    engine = create_async_engine(empty_url, poolclass=NullPool)
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
        assert await connection.run_sync(_partial_indexes) == {
            "ix_posts_wake",
            "ix_posts_claimed",
            "ix_posts_card",
            "ix_notifications_pending",
            "ix_telegram_updates_open",
        }


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    found: list[Any] = compare_metadata(context, Base.metadata)
    return found


def _partial_indexes(connection: Connection) -> set[str]:
    if connection.dialect.name == "postgresql":
        rows = "SELECT indexname AS name FROM pg_indexes WHERE indexdef LIKE '% WHERE %'"
    else:
        rows = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
    return {row.name for row in connection.execute(text(rows))}


def test_the_newest_migration_is_known_without_alembic() -> None:
    assert newest_version() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def test_a_start_with_nothing_to_migrate_goes_without_alembic(empty_url: str) -> None:
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
        subprocess.run(
            [sys.executable, "-c", program, empty_url], stdout=subprocess.PIPE, check=True
        )
        for _ in range(2)
    ]
    assert [start.stdout.strip() for start in starts] == [b"True", b"False"]


async def test_the_migrations_make_what_alembic_does_not_compare(database: Database) -> None:
    def rules(session: Session) -> list[object]:
        found = inspect(session.connection())
        keys = [*found.get_foreign_keys("post_events"), *found.get_foreign_keys("chat_state")]
        return [key["options"]["ondelete"] for key in keys]

    async with database.reading() as session:
        assert await session.run_sync(rules) == ["CASCADE", "CASCADE"]
