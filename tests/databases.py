"""Which database the tests run on: files of SQLite, or PostgreSQL with TEST_DATABASE=postgresql."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres.cluster import the_cluster

ON_POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"


@contextmanager
def a_database(
    folder: Path, *, empty: bool = False, on_postgresql: bool = ON_POSTGRESQL
) -> Iterator[str]:
    """The address of a new database, which is gone afterwards.

    A file of SQLite is not there yet; PostgreSQL's has all tables, unless `empty`, to save time.
    """
    if not on_postgresql:
        yield f"sqlite+aiosqlite:///{folder / 'clipcue.db'}"
        return
    cluster = the_cluster()
    url = cluster.new_database(empty=empty)
    yield url
    cluster.drop(url)
