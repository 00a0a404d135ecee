"""The database: readers side by side, one writer with group commit, migrations at start."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from core.store import driver
from core.store.commits import GroupCommit, Transaction

READERS = 4
BUSY_TIMEOUT_MS = 15_000
"""How long a writer waits for a second process on the same file before it gives up."""

MIGRATIONS = Path(__file__).with_name("migrations")


class Database:
    """Two engines on one database: `reading()` for snapshots, `transaction()` for changes."""

    def __init__(self, url: str) -> None:
        database = make_url(url).database
        if database:
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        creator = {"async_creator_fn": driver.connect}
        self._readers = create_async_engine(
            url, pool_size=READERS, max_overflow=0, connect_args=creator
        )
        self._writer = create_async_engine(url, pool_size=1, max_overflow=0, connect_args=creator)
        _prepare(self._readers, begin="BEGIN", writes=False)
        _prepare(self._writer, begin="BEGIN IMMEDIATE", writes=True)
        # In a line of ours waiting costs little; the pool sets an alarm for each that waits.
        self._reading = asyncio.Semaphore(READERS)
        self._commits = GroupCommit(self._writer)

    async def migrate(self) -> None:
        """Bring the tables up to date; a second process that starts meanwhile waits its turn."""
        async with self._writer.begin() as connection:
            await connection.run_sync(_upgrade)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A consistent view of what is committed; it cannot write."""
        async with self._reading, AsyncSession(self._readers) as session:
            yield session

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A change; leaving the block waits until it is durable (see `GroupCommit`)."""
        return self._commits.transaction()

    async def close(self) -> None:
        await self._commits.settle()
        await self._readers.dispose()
        await self._writer.dispose()


def _prepare(engine: AsyncEngine, *, begin: str, writes: bool) -> None:
    """Give each connection SQLite's pragmas, and transactions that begin and end when we say so."""

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin or commit by itself
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.run_async(_write_ahead)
        cursor.execute("PRAGMA synchronous=FULL")  # a lost commit could lose a publish_id
        cursor.execute("PRAGMA foreign_keys=ON")
        if not writes:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine.sync_engine, "commit")
    def finish(connection: Connection) -> None:
        # Said aloud, since the driver's own commit passes in silence where SQLite has given up the
        # transaction, on a full disk for one.
        connection.exec_driver_sql("COMMIT")


async def _write_ahead(connection: aiosqlite.Connection) -> None:
    """Keep the journal as a write-ahead log.

    Of two that open a new file at once, SQLite refuses one here without its busy timeout.
    """
    clock = asyncio.get_running_loop().time
    patience_ends = clock() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            await connection.execute_fetchall("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if clock() > patience_ends:
                raise
            await asyncio.sleep(0.02)
        else:
            return


def newest_version() -> str:
    """The last migration: each file's name begins with its revision, and they go up."""
    return max(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/*.py"))


def _upgrade(connection: Connection) -> None:
    if _version(connection) == newest_version():
        return
    # Here, since a start with nothing to upgrade is the usual one: it goes without their memory.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    """The migration that the tables are at; None where there are no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
