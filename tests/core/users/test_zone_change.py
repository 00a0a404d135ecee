"""Planned posts whose creator moves to another zone: the clock time stays, or the moment does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.engine import EmbeddedEngine
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Post, PostEvent
from core.times import at_wall
from core.users.zone_change import Shifted, ZoneChange
from tests.clock import Clock
from tests.core.rows import add_post, get_post, set_post

NOW = datetime(2027, 1, 12, 12, 0, tzinfo=UTC)
MADRID, TOKYO, HONOLULU, PARIS = "Europe/Madrid", "Asia/Tokyo", "Pacific/Honolulu", "Europe/Paris"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
async def zone_change(database: Database, clock: Clock) -> AsyncIterator[ZoneChange]:
    engine = EmbeddedEngine(clock=clock)
    yield ZoneChange(database=database, clock=clock, engine=engine)


async def plan(
    database: Database,
    account_id: int,
    wall: str,
    *,
    zone: str = MADRID,
    status: PostStatus = PostStatus.SCHEDULED,
) -> int:
    """A post for this clock time, as its creator meant it."""
    moment = at_wall(datetime.fromisoformat(wall), zone, now=NOW)
    waits = status is PostStatus.SCHEDULED
    post_id = await add_post(
        database, account_id, wake_at=moment.utc if waits else None, status=status
    )
    await set_post(database, post_id, due_at=moment.utc, wall_time=wall, zone=zone)
    return post_id


async def times(database: Database, post_id: int) -> tuple[str | None, str | None, str]:
    """The clock time, its zone, and the instant in UTC."""
    post = await get_post(database, post_id)
    assert post.due_at is not None
    if post.status is PostStatus.SCHEDULED:
        assert post.wake_at == post.due_at, "it is looked at when it is due"
    return post.wall_time, post.zone, f"{post.due_at:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("wall", "zone", "kept", "instant"),
    [
        ("2027-01-14T18:00", TOKYO, "2027-01-14T18:00", "2027-01-14T09:00"),
        ("2027-01-14T18:00", HONOLULU, "2027-01-14T18:00", "2027-01-15T04:00"),
        # Clocks in New York jump from 2:00 to 3:00 on this day.
        ("2027-03-14T02:30", "America/New_York", "2027-03-14T03:30", "2027-03-14T07:30"),
        # And in November they pass 1:30 twice: the first is meant.
        ("2027-11-07T01:30", "America/New_York", "2027-11-07T01:30", "2027-11-07T05:30"),
    ],
)
async def test_the_clock_time_stays(
    database: Database, zone_change: ZoneChange, accounts: list[int],
    wall: str, zone: str, kept: str, instant: str,
) -> None:  # fmt: skip
    post_id = await plan(database, accounts[0], wall)
    before = await get_post(database, post_id)
    (shift,) = await zone_change.shifts(1, zone)
    assert shift.before.utc == before.due_at
    assert f"{shift.after.utc:%Y-%m-%dT%H:%M}" == instant

    assert await zone_change.keep_wall_times(1, zone) == Shifted(moved=1, left=0)

    assert await times(database, post_id) == (kept, zone, instant)
    after = await get_post(database, post_id)
    assert (after.status, after.version) == (before.status, before.version + 1)
    async with database.reading() as session:
        notes = await session.scalars(select(PostEvent.note).where(PostEvent.post_id == post_id))
        assert [zone in note for note in notes] == [True]


async def test_a_time_that_has_gone_by_there_keeps_its_moment(
    database: Database, zone_change: ZoneChange, accounts: list[int]
) -> None:
    soon = await plan(database, accounts[0], "2027-01-12T18:00")  # Tokyo has 21:00 now
    later = await plan(database, accounts[0], "2027-01-13T18:00")
    before = await times(database, soon)

    (shift,) = await zone_change.shifts(1, TOKYO)
    assert f"{shift.before.wall:%d %H}" == "13 18"
    assert await zone_change.keep_wall_times(1, TOKYO) == Shifted(moved=1, left=1)
    assert await times(database, soon) == before
    assert (await times(database, later))[1] == TOKYO


async def test_a_second_tap_and_the_way_back(
    database: Database, zone_change: ZoneChange, accounts: list[int]
) -> None:
    post_id = await plan(database, accounts[0], "2027-01-14T18:00")
    before = await times(database, post_id)
    assert await zone_change.keep_wall_times(1, TOKYO) == Shifted(moved=1, left=0)
    assert await zone_change.keep_wall_times(1, TOKYO) == Shifted(moved=0, left=0)
    assert await zone_change.shifts(1, TOKYO) == ()
    assert await zone_change.keep_wall_times(1, MADRID) == Shifted(moved=1, left=0)
    assert await times(database, post_id) == before


async def test_zones_with_one_clock_are_no_question(
    database: Database, zone_change: ZoneChange, accounts: list[int]
) -> None:
    await plan(database, accounts[0], "2027-01-14T18:00")
    assert await zone_change.shifts(1, PARIS) == ()
    assert await zone_change.shifts(2, TOKYO) == (), "nor are posts of others"


async def test_only_what_is_planned_and_not_begun_moves(
    database: Database, zone_change: ZoneChange, accounts: list[int], clock: Clock
) -> None:
    wall = "2027-01-14T18:00"
    planned = {PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.HELD}
    posts = {
        status: await plan(database, accounts[0], wall, status=status) for status in PostStatus
    }
    begun = await plan(database, accounts[0], wall)
    await set_post(database, begun, publish_id="v_pub_file~1", initialised_at=clock())
    at_once = await plan(database, accounts[0], wall)
    await set_post(database, at_once, wall_time=None)
    overdue = await plan(database, accounts[0], wall)
    await set_post(database, overdue, due_at=NOW - timedelta(minutes=1))

    assert await zone_change.keep_wall_times(1, TOKYO) == Shifted(moved=len(planned), left=0)

    moved = {
        status for status, id_ in posts.items() if (await get_post(database, id_)).zone == TOKYO
    }
    assert moved == planned
    async with database.reading() as session:
        in_tokyo = await session.scalar(select(func.count()).where(Post.zone == TOKYO))
    assert in_tokyo == len(planned)
