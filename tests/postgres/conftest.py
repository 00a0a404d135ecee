"""The same tests as elsewhere, chosen, on PostgreSQL; and what there is only here."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.core.conftest import accounts, both, claims, clock
from tests.core.connected import account, client, far_end
from tests.core.store.conftest import database
from tests.creator.conftest import NOON, clip, lena
from tests.databases import a_database
from tests.postgres.cluster import Cluster, the_cluster
from tests.stage import Stage, staged

__all__ = [
    "account", "accounts", "both", "claims", "client", "clip", "clock", "database", "far_end",
    "lena",
]  # fmt: skip


@pytest.fixture
def cluster() -> Cluster:
    """The server of this run."""
    return the_cluster()


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with a_database(tmp_path, on_postgresql=True) as url:
        yield url


@pytest.fixture
def empty_url(tmp_path: Path) -> Iterator[str]:
    with a_database(tmp_path, empty=True, on_postgresql=True) as url:
        yield url


@pytest.fixture
async def unstarted(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, Clock(NOON), on_postgresql=True) as stage:
        yield stage


@pytest.fixture
async def stage(unstarted: Stage) -> Stage:
    await unstarted.start_bot()
    return unstarted
