"""What is in force on SQLite alone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.database import Database

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'clipcue.db'}"


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


async def test_ids_that_others_hold_on_to_are_never_used_again(database: Database) -> None:
    async with database.reading() as session:
        never_reused = await session.scalars(
            text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        )
        assert set(never_reused) == {"accounts", "posts", "templates"}
