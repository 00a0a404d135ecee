"""A real database file, a clock that can be put forward, and two processes that claim posts."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import tiktok
from core.accounts.accounts import Accounts
from core.limits import Limits
from core.media.files.storage import ClipStore
from core.publishing.claims import Claims
from core.store.database import Database
from core.users.personal_data import PersonalData
from core.workers import Worker
from tests.clock import Clock
from tests.core.connected import a_process, account, client, far_end
from tests.core.rows import Process, add_accounts, add_user
from tests.core.store.conftest import database, url

__all__ = ["account", "client", "database", "far_end", "url"]

RENEW_EVERY = timedelta(milliseconds=20)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    store = ClipStore(tmp_path / "clips")
    store.prepare()
    return store


@pytest.fixture
def ours(
    database: Database, client: tiktok.Client, store: ClipStore, clock: Clock, tmp_path: Path
) -> PersonalData:
    tokens = a_process(database, client, clock)
    limits = Limits(database=database, clock=clock)
    accounts = Accounts(database=database, tokens=tokens, limits=limits, client=client, clock=clock)
    return PersonalData(
        database=database, accounts=accounts, store=store, clock=clock, folder=tmp_path
    )


@pytest.fixture
async def both(
    database: Database, url: str, tmp_path: Path, clock: Clock
) -> AsyncIterator[list[Process]]:
    made = []
    for each in (database, Database(url)):
        worker = Worker(tmp_path / "workers")
        claims = Claims(database=each, worker=worker, clock=clock, renew_every=RENEW_EVERY)
        made.append(Process(database=each, worker=worker, claims=claims))
    yield made
    for process in made:
        process.worker.close()
    await made[1].database.close()


@pytest.fixture
def claims(both: list[Process]) -> Claims:
    return both[0].claims


@pytest.fixture
async def accounts(database: Database, clock: Clock) -> list[int]:
    await add_user(database, clock)
    return await add_accounts(database, clock, 20)
