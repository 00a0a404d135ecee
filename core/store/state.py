"""How the database is found: is it there, does it answer, and is it of this version?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from core.settings import Settings
from core.store.database import Database


class DatabaseUnusable(Exception):
    """The database does not answer, or is damaged; the text is one line for the operator."""


def sqlite_file(settings: Settings) -> Path | None:
    """The database's file; None where it is PostgreSQL's."""
    url = make_url(settings.database)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Path(url.database) if is_file and url.database else None


def unusable(error: SQLAlchemyError) -> DatabaseUnusable:
    """What the database's driver has to say, in one line."""
    why = str(getattr(error, "orig", None) or error).splitlines()[0]
    return DatabaseUnusable(f"the database cannot be used: {why}")


@asynccontextmanager
async def opened(settings: Settings, *, make: bool = False) -> AsyncIterator[Database]:
    """The database, for as long as the block lasts; a file is made only with `make`.

    Raises `DatabaseUnusable` where there is none, and for what goes wrong with it inside the block.
    """
    file = sqlite_file(settings)
    if file is not None and not make and not file.exists():
        raise DatabaseUnusable(f"there is no database yet: {file}")
    database = Database(settings.database)
    try:
        yield database
    except SQLAlchemyError as error:
        raise unusable(error) from None
    finally:
        await database.close()


async def database_version(settings: Settings) -> str | None:
    """The migration that the tables are at; None where there are none. No file is made.

    Raises `DatabaseUnusable`.
    """
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        return None
    async with opened(settings) as database:
        return await database.version()


async def migrated(settings: Settings) -> str | None:
    """Bring the tables up to date; returns where they were before.

    Raises `DatabaseUnusable`, and `SettingsError` where a newer version made them.
    """
    async with opened(settings, make=True) as database:
        before = await database.version()
        await database.migrate()
    return before
