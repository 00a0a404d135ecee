"""A month of posts, by the clocks of the creator."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core import verdicts
from core.lists.calendar import Calendar, DayCounts, day_begins
from core.states import PostStatus
from core.store.database import Database
from tests.clock import Clock
from tests.core.rows import add_post, add_user, set_post

S = PostStatus
JANUARY = date(2027, 1, 1)


async def put(database: Database, due: datetime, status: PostStatus = S.SCHEDULED) -> int:
    return await add_post(database, None, wake_at=due, status=status)


@pytest.fixture
async def calendar(database: Database) -> Calendar:
    await add_user(database, Clock())
    return Calendar(database=database)


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("UTC", {1: 1, 31: 1}),
        ("Europe/Madrid", {1: 1, 31: 1}),
        ("Pacific/Kiritimati", {1: 2}),  # UTC+14: the last evening is February there
        ("Pacific/Honolulu", {31: 1}),  # UTC-10: the first morning is still December there
    ],
)
async def test_days_are_those_of_the_creators_zone(
    database: Database, calendar: Calendar, zone: str, days: dict[int, int]
) -> None:
    await put(database, datetime(2026, 12, 31, 10, 30, tzinfo=UTC))
    await put(database, datetime(2027, 1, 1, 9, 30, tzinfo=UTC))
    await put(database, datetime(2027, 1, 31, 12, 30, tzinfo=UTC))
    await put(database, datetime(2027, 2, 1, 10, 0, tzinfo=UTC))
    month = await calendar.month(1, JANUARY, zone=zone)
    assert {day: counts.planned for day, counts in month.days.items()} == days


async def test_every_state_counts_where_it_belongs(database: Database, calendar: Calendar) -> None:
    noon = datetime(2027, 1, 12, 12, 0, tzinfo=UTC)
    for status in S:
        await put(database, noon, status)
    never_told = await put(database, noon, S.UNCONFIRMED)
    await set_post(database, never_told, failure_code=verdicts.NEVER_TOLD)
    left = await put(database, noon, S.DELIVERED)
    await set_post(database, left, failure_code=verdicts.DRAFT_LEFT)
    month = await calendar.month(1, JANUARY, zone="UTC")
    assert month.days == {12: DayCounts(planned=4, needs_you=3, published=1, failed=2)}
    assert month.days[12].all == 10


async def test_other_creators_and_other_months_are_not_in_it(
    database: Database, calendar: Calendar
) -> None:
    await put(database, datetime(2027, 2, 12, 12, 0, tzinfo=UTC))
    assert (await calendar.month(1, JANUARY, zone="UTC")).days == {}
    february = date(2027, 2, 1)
    assert list((await calendar.month(1, february, zone="UTC")).days) == [12]
    assert (await calendar.month(2, february, zone="UTC")).days == {}


@pytest.mark.parametrize(
    ("day", "zone", "begins"),
    [
        (date(2027, 1, 12), "Europe/Madrid", "2027-01-11T23:00Z"),
        (date(2026, 3, 29), "Asia/Beirut", "2026-03-28T22:00Z"),  # clocks jump from 0:00 to 1:00
        (date(2026, 11, 1), "America/Havana", "2026-11-01T04:00Z"),  # 0:00 comes twice
        (date(2026, 10, 25), "Asia/Beirut", "2026-10-24T22:00Z"),  # back from 0:00 to 23:00
    ],
)
def test_where_a_day_begins(day: date, zone: str, begins: str) -> None:
    assert day_begins(day, zone) == datetime.fromisoformat(begins)


@pytest.mark.parametrize(
    "zone", ["Asia/Beirut", "America/Havana", "Europe/Madrid", "Australia/Lord_Howe"]
)
def test_days_follow_one_another_without_a_gap(zone: str) -> None:
    day = date(2026, 1, 1)
    lengths = set()
    for _ in range(365):
        following = day + timedelta(days=1)
        lengths.add((day_begins(following, zone) - day_begins(day, zone)) / timedelta(hours=1))
        day = following
    assert lengths <= {23, 23.5, 24, 24.5, 25}
