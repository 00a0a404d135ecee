"""What creators want to hear, and when: failures only, and quiet hours."""

from datetime import datetime, timedelta

import pytest

from core.notifications import QUIET, UNWANTED, NoticeKind, Outbox
from core.preferences import QuietHours
from core.store.database import Database
from core.store.models import Notification
from core.users.users import Users
from tests.clock import Clock
from tests.core.rows import add_user

EVENING = datetime.fromisoformat("2027-01-12T21:30Z")
"""22:30 in Madrid."""
NIGHT = QuietHours(start=22 * 60, end=7 * 60)


@pytest.fixture
def clock() -> Clock:
    return Clock(EVENING)


@pytest.fixture
async def outbox(database: Database, clock: Clock) -> Outbox:
    await add_user(database, clock)
    return Outbox(database=database, clock=clock)


@pytest.fixture
async def users(database: Database, clock: Clock, outbox: Outbox) -> Users:
    users = Users(database=database, clock=clock, outbox=outbox)
    await users.set_zone(1, "Europe/Madrid")
    return users


async def tell(
    database: Database, outbox: Outbox, kind: NoticeKind, post_id: int = 7, attempt: int = 1
) -> None:
    async with database.transaction() as change:
        outbox.tell(change, user_id=1, kind=kind, key=f"{post_id}:{attempt}", post_id=post_id)


async def told(outbox: Outbox) -> list[NoticeKind | None]:
    """Everything that is delivered now, one after another as a chat gets it."""
    kinds: list[NoticeKind | None] = []
    for _ in range(10):
        for notice in await outbox.take(10):
            kinds.append(notice.kind)
            await outbox.delivered(notice, 1)
    return kinds


async def test_good_news_waits_for_the_end_of_quiet_hours(
    database: Database, outbox: Outbox, users: Users, clock: Clock
) -> None:
    await users.set_quiet_hours(1, NIGHT)
    await tell(database, outbox, NoticeKind.PUBLISHED)
    assert await told(outbox) == []
    assert await outbox.next_due() == datetime.fromisoformat("2027-01-13T06:00Z")

    again = Outbox(database=database, clock=clock)  # as after a restart
    clock.jump(timedelta(hours=8, minutes=29))
    assert await told(again) == []
    clock.jump(timedelta(minutes=2))
    assert await told(again) == [NoticeKind.PUBLISHED]


@pytest.mark.parametrize(
    "kind",
    [each for each in NoticeKind if each not in {"published", "permission_ends"}],
)
async def test_everything_else_is_told_at_once(
    database: Database, outbox: Outbox, users: Users, kind: NoticeKind
) -> None:
    await users.set_quiet_hours(1, NIGHT)
    await tell(database, outbox, NoticeKind.PUBLISHED)
    await tell(database, outbox, kind)
    assert await told(outbox) == [kind]


async def test_many_that_wait_come_in_their_order(
    database: Database, outbox: Outbox, users: Users, clock: Clock
) -> None:
    await users.set_quiet_hours(1, NIGHT)
    for post_id in range(1, 6):
        await tell(database, outbox, NoticeKind.PUBLISHED, post_id)
    assert await told(outbox) == []
    clock.jump(timedelta(hours=9))
    notices = []
    while taken := await outbox.take(10):
        notices += [notice.payload["post_id"] for notice in taken]
        await outbox.delivered(taken[0], 1)
    assert notices == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("change", ["off", "other hours", "another zone"])
async def test_a_change_of_mind_counts_for_what_waits(
    database: Database, outbox: Outbox, users: Users, change: str
) -> None:
    await users.set_quiet_hours(1, NIGHT)
    await tell(database, outbox, NoticeKind.PUBLISHED)
    assert await told(outbox) == []
    rung: list[bool] = []
    outbox.on_new(lambda: rung.append(True))
    match change:
        case "off":
            await users.set_quiet_hours(1, None)
        case "other hours":
            await users.set_quiet_hours(1, QuietHours(start=23 * 60, end=8 * 60))
        case "another zone":
            await users.set_zone(1, "America/Lima")
    assert rung
    assert await told(outbox) == [NoticeKind.PUBLISHED]


async def test_what_is_being_delivered_is_not_delivered_twice_by_a_change_of_mind(
    database: Database, outbox: Outbox, users: Users
) -> None:
    await tell(database, outbox, NoticeKind.PUBLISHED)
    assert len(await outbox.take(10)) == 1
    await users.set_quiet_hours(1, NIGHT)
    await users.set_quiet_hours(1, None)
    assert await outbox.take(10) == []


async def test_what_telegram_refused_for_now_waits_for_quiet_hours_too(
    database: Database, outbox: Outbox, users: Users, clock: Clock
) -> None:
    await users.set_quiet_hours(1, QuietHours(start=23 * 60, end=7 * 60))
    await tell(database, outbox, NoticeKind.PUBLISHED)
    (notice,) = await outbox.take(10)
    await outbox.postpone(notice, timedelta(hours=1))
    clock.jump(timedelta(hours=1, seconds=1))
    assert await told(outbox) == []
    async with database.reading() as session:
        kept = await session.get_one(Notification, notice.id)
    assert kept.outcome == QUIET
    assert kept.next_attempt_at == datetime.fromisoformat("2027-01-13T06:00Z")


async def test_without_a_zone_nothing_is_quiet(
    database: Database, outbox: Outbox, clock: Clock
) -> None:
    await Users(database=database, clock=clock, outbox=outbox).set_quiet_hours(1, NIGHT)
    await tell(database, outbox, NoticeKind.PUBLISHED)
    assert await told(outbox) == [NoticeKind.PUBLISHED]


async def test_failures_only(database: Database, outbox: Outbox, users: Users) -> None:
    await users.set_notices(1, only_failures=True)
    await tell(database, outbox, NoticeKind.PUBLISHED)
    await tell(database, outbox, NoticeKind.FAILED, 8)
    assert await told(outbox) == [NoticeKind.FAILED]
    assert await outbox.next_due() is None
    async with database.reading() as session:
        kept = await session.get_one(Notification, 1)
    assert (kept.outcome, kept.message_id) == (UNWANTED, None)

    await users.set_notices(1, only_failures=False)
    await tell(database, outbox, NoticeKind.PUBLISHED, 9)
    assert await told(outbox) == [NoticeKind.PUBLISHED]


@pytest.mark.parametrize(
    "trouble",
    [NoticeKind.FAILED, NoticeKind.HELD, NoticeKind.UNCONFIRMED, NoticeKind.WAITING],
)
async def test_who_heard_of_trouble_hears_how_it_ends(
    database: Database, outbox: Outbox, users: Users, trouble: NoticeKind
) -> None:
    await users.set_notices(1, only_failures=True)
    await tell(database, outbox, trouble, 7, attempt=2)
    await tell(database, outbox, NoticeKind.PUBLISHED, 7, attempt=11)
    await tell(database, outbox, NoticeKind.PUBLISHED, 77, attempt=2)
    assert await told(outbox) == [trouble, NoticeKind.PUBLISHED]
