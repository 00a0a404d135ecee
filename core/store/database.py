"""The database: readers side by side, one writer with group commit, migrations at start."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from core.settings import SettingsError
from core.store import sqlite
from core.store.commits import GroupCommit, Transaction

READERS = 4

MIGRATIONS = Path(__file__).with_name("migrations")


class Database:
    """Two engines on one database: `reading()` for snapshots, `transaction()` for changes."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        if address.get_backend_name() == "postgresql":
            # Here, since its driver is an extra, and takes some megabytes.
            from core.store import postgresql  # noqa: PLC0415

            self._readers, self._writer = postgresql.engines(address, readers=READERS)
            self._migrating: Callable[[], AbstractAsyncContextManager[AsyncConnection]]
            self._migrating = partial(postgresql.migrating, address)
            self._commits = GroupCommit(
                self._writer, was_committed=partial(postgresql.was_committed, self._readers)
            )
        else:
            self._readers, self._writer = sqlite.engines(address, readers=READERS)
            self._migrating = partial(sqlite.migrating, self._writer)
            self._commits = GroupCommit(self._writer)
        # In a line of ours waiting costs little; the pool sets an alarm for each that waits.
        self._reading = asyncio.Semaphore(READERS)

    async def migrate(self) -> None:
        """Bring the tables up to date; a second process that starts meanwhile waits its turn.

        Raises `SettingsError` where the server of the database cannot be reached.
        """
        async with self._migrating() as connection:
            await connection.run_sync(_upgrade)

    async def version(self) -> str | None:
        """The migration that the tables are at; None where there are no tables."""
        async with self.reading() as session:
            return await (await session.connection()).run_sync(_version)

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


def newest_version() -> str:
    """The last migration: each file's name begins with its revision, and they go up."""
    return max(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/*.py"))


def refuse_newer(version: str | None) -> None:
    """Raise `SettingsError` where a newer ClipCue brought the tables to this version."""
    if version is not None and version > newest_version():
        raise SettingsError(
            f"DATABASE_URL leads to tables (at {version}) that are newer than this version of "
            f"ClipCue knows ({newest_version()}): update ClipCue, or bring a backup back"
        )


def _upgrade(connection: Connection) -> None:
    version = _version(connection)
    if version == newest_version():
        return
    refuse_newer(version)
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
