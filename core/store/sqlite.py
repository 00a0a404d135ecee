"""SQLite: a file with one writer, which readers do not wait for."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from core.store import driver

BUSY_TIMEOUT_MS = 15_000
"""How long a writer waits for a second process on the same file before it gives up."""


def engines(url: URL, *, readers: int) -> tuple[AsyncEngine, AsyncEngine]:
    """Readers and the one writer, on the file that `url` names; its folder is made."""
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return (
        _engine(url, connections=readers, begin="BEGIN", writes=False),
        _engine(url, connections=1, begin="BEGIN IMMEDIATE", writes=True),
    )


def _engine(url: URL, *, connections: int, begin: str, writes: bool) -> AsyncEngine:
    """Give each connection its pragmas, and transactions that begin and end when we say so."""
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        connect_args={"async_creator_fn": driver.connect},
        hide_parameters=True,
    )

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

    return engine


@asynccontextmanager
async def migrating(writer: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection for migrations, within one transaction; nobody else writes meanwhile.

    Foreign keys are off, since a table that is made anew would take along what cascades from it;
    before the commit they all have to be whole.
    """
    async with writer.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None  # noqa: S101 - it has just been opened
        await raw.execute_fetchall("PRAGMA foreign_keys=OFF")
        try:
            async with connection.begin():
                yield connection
                broken = await connection.exec_driver_sql("PRAGMA foreign_key_check")
                if broken.first() is not None:
                    raise RuntimeError("a migration would leave rows without what they refer to")
        finally:
            await raw.execute_fetchall("PRAGMA foreign_keys=ON")


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
