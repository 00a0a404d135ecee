"""A real database, with all tables."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from core.store.database import Database
from tests.databases import a_database


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with a_database(tmp_path) as url:
        yield url


@pytest.fixture
def empty_url(tmp_path: Path) -> Iterator[str]:
    """Where no table is yet."""
    with a_database(tmp_path, empty=True) as url:
        yield url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    await database.migrate()
    yield database
    await database.close()
