"""What waits in the database, and how long the oldest of it has."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.backlog import Backlog
from core.notifications import QUIET
from core.publishing.claims import LEASE, Claims
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Notification, TelegramUpdate, User
from core.workers import Worker
from tests.clock import Clock
from tests.core.rows import add_post, set_post

NOTHING = timedelta()
MINUTE = timedelta(minutes=1)
SOON = timedelta(seconds=10)
"""More than such a test takes, less than what it looks for."""


@pytest.fixture
def backlog(database: Database, claims: Claims, clock: Clock) -> Backlog:
    return Backlog(database=database, claims=claims, clock=clock)


async def test_nothing_waits_at_first(backlog: Backlog) -> None:
    assert await backlog.overdue() == NOTHING
    waiting = await backlog.waiting()
    assert waiting is not None
    assert waiting.posts == dict.fromkeys(PostStatus, 0)
    assert (waiting.notices, waiting.oldest_notice, waiting.updates) == (0, NOTHING, 0)


async def test_a_due_post_is_overdue_until_it_is_claimed(
    backlog: Backlog, claims: Claims, database: Database, clock: Clock, accounts: list[int]
) -> None:
    await add_post(database, accounts[0], wake_at=clock() + timedelta(hours=1))
    assert await backlog.overdue() == NOTHING
    await add_post(database, accounts[1], wake_at=clock() - 5 * MINUTE)
    overdue = await backlog.overdue()
    assert overdue is not None
    assert 5 * MINUTE <= overdue < 5 * MINUTE + SOON
    assert len(await claims.take(10)) == 1
    assert await backlog.overdue() == NOTHING


async def test_waits_for_a_reason_are_not_overdue(
    backlog: Backlog, claims: Claims, database: Database, clock: Clock, accounts: list[int]
) -> None:
    """A pause before another try, a post behind another of its account, one put to the creator."""
    under_way = await add_post(database, accounts[0], wake_at=clock() - 10 * MINUTE)
    assert len(await claims.take(1)) == 1
    await add_post(database, accounts[0], wake_at=clock() - 9 * MINUTE)
    retried = await add_post(database, accounts[1], wake_at=clock() - 8 * MINUTE)
    await set_post(database, retried, wake_at=clock() + MINUTE, tries=3)
    await add_post(database, accounts[2], wake_at=None, status=PostStatus.HELD)
    assert await backlog.overdue() == NOTHING

    await set_post(database, under_way, status=PostStatus.PROCESSING, claim_owner=None)
    overdue = await backlog.overdue()
    assert overdue is not None and overdue >= 9 * MINUTE, "now it is its turn"


async def test_a_claim_whose_worker_is_gone_is_overdue_when_its_lease_ends(
    backlog: Backlog, claims: Claims, database: Database, clock: Clock, accounts: list[int]
) -> None:
    await add_post(database, accounts[0], wake_at=clock())
    assert len(await claims.take(1)) == 1
    clock.jump(LEASE + 3 * MINUTE)
    overdue = await backlog.overdue()
    assert overdue is not None
    assert 3 * MINUTE <= overdue < 3 * MINUTE + SOON


async def test_posts_are_counted_by_state(
    backlog: Backlog, database: Database, clock: Clock, accounts: list[int]
) -> None:
    for status in PostStatus:
        await add_post(database, accounts[0], wake_at=None, status=status)
    await add_post(database, accounts[0], wake_at=clock() + MINUTE)
    waiting = await backlog.waiting()
    assert waiting is not None
    assert waiting.posts == {**dict.fromkeys(PostStatus, 1), PostStatus.SCHEDULED: 2}


async def test_notices_wait_until_delivered_and_not_for_who_blocked_the_bot(
    backlog: Backlog, database: Database, clock: Clock
) -> None:
    async with database.transaction() as change:
        for user_id, reachable in ((1, True), (2, False)):
            change.add(User(id=user_id, chat_id=user_id, reachable=reachable, created_at=clock()))
        await change.flush()
        for key, user_id, age, owed in (
            ("young", 1, 1, True),
            ("postponed", 1, 7, True),
            ("delivered", 1, 30, False),
            ("blocked", 2, 60, True),
        ):
            change.add(
                Notification(
                    user_id=user_id,
                    kind="published",
                    key=key,
                    payload={},
                    created_at=clock() - age * MINUTE,
                    next_attempt_at=clock() + MINUTE if owed else None,
                )
            )
        for number, done in ((1, None), (2, clock())):
            change.add(TelegramUpdate(update_id=number, data={}, received_at=clock(), done_at=done))
    waiting = await backlog.waiting()
    assert waiting is not None
    assert (waiting.notices, waiting.updates) == (2, 1)
    assert 7 * MINUTE <= waiting.oldest_notice < 7 * MINUTE + SOON


async def test_what_waits_for_quiet_hours_waits_from_their_end(
    backlog: Backlog, database: Database, clock: Clock
) -> None:
    async with database.transaction() as change:
        change.add(User(id=1, chat_id=1, created_at=clock()))
        await change.flush()
        change.add(
            Notification(
                user_id=1,
                kind="published",
                key="quiet",
                payload={},
                created_at=clock() - 500 * MINUTE,
                next_attempt_at=clock() + MINUTE,
                outcome=QUIET,
            )
        )
    waiting = await backlog.waiting()
    assert waiting is not None
    assert (waiting.notices, waiting.oldest_notice) == (0, NOTHING)
    clock.jump(4 * MINUTE)
    waiting = await backlog.waiting()
    assert waiting is not None
    assert waiting.notices == 1
    assert 3 * MINUTE <= waiting.oldest_notice < 3 * MINUTE + SOON


async def test_a_database_that_does_not_answer_is_no_error(clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "broken.db"
    file.write_bytes(b"no database at all " * 400)
    broken = Database(f"sqlite+aiosqlite:///{file}")
    worker = Worker(tmp_path / "workers")
    claims = Claims(database=broken, worker=worker, clock=clock)
    backlog = Backlog(database=broken, claims=claims, clock=clock)
    assert await backlog.overdue() is None
    assert await backlog.waiting() is None
    await broken.close()
    worker.close()
