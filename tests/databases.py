"""Which database the tests run on: files of SQLite, or PostgreSQL with TEST_DATABASE=postgresql."""

import asyncio
import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.postgres.cluster import migrate, the_cluster

ON_POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"


@contextmanager
def a_database(
    folder: Path, *, empty: bool = False, on_postgresql: bool = ON_POSTGRESQL
) -> Iterator[str]:
    """The address of a new database, which is gone afterwards.

    It has all tables, to save time; `empty` it has none, and of SQLite there is no file yet.
    """
    if not on_postgresql:
        file = folder / "clipcue.db"
        if not empty:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_migrated(), file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    cluster = the_cluster()
    url = cluster.new_database(empty=empty)
    yield url
    cluster.drop(url)


@cache
def _migrated() -> Path:
    """A file of SQLite with all tables and no rows."""
    folder = tempfile.mkdtemp(prefix="clipcue-tables-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = Path(folder) / "clipcue.db"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate(f"sqlite+aiosqlite:///{file}")).result()
    return file
