"""What a creator's posts add up to: each figure alone, then together from the database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, text

from core import verdicts
from core.errors import NotFound
from core.states import PostStatus
from core.statistics.insights import (
    LATEST,
    Published,
    Statistics,
    audience,
    lateness,
    settled,
    streak,
    weeks,
)
from core.store.database import Database
from core.store.models import Account, User
from core.store.types import Instant
from tests.clock import Clock
from tests.core.rows import add_accounts, add_post, add_user, set_post

MADRID = "Europe/Madrid"
SUNDAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def published(at: datetime, **values: Any) -> Published:
    nothing: dict[str, Any] = dict.fromkeys(
        ("due_at", "views", "likes", "comments", "shares", "counted_at")
    )
    return Published(at=at, **{**nothing, **values})


@pytest.mark.parametrize(
    ("late_by", "median", "p95"),
    [
        ([7], 7, 7),
        ([1, 9], 1, 9),
        ([3, 1, 2], 2, 3),
        ([-50, 4], 0, 4),  # before its time: "post now" of a scheduled post
        (range(1, 101), 50, 95),
        ([1] * 19 + [3600], 1, 1),  # one of twenty may be an outlier
        ([1] * 18 + [3600] * 2, 1, 3600),
    ],
)
def test_lateness(late_by: Sequence[int], median: int, p95: int) -> None:
    told = lateness([published(NOON + late * SECOND, due_at=NOON) for late in late_by])
    assert told is not None
    assert (told.posts, told.median, told.p95) == (len(late_by), median * SECOND, p95 * SECOND)


def test_a_draft_is_late_by_when_it_came_not_by_when_it_was_posted() -> None:
    told = lateness([published(NOON + DAY, due_at=NOON, delivered_at=NOON + SECOND)])
    assert told is not None
    assert told.p95 == SECOND


def test_no_lateness_without_a_due_time() -> None:
    assert lateness([]) is None
    assert lateness([published(NOON)]) is None


@pytest.mark.parametrize(
    ("days_ago", "long"),
    [
        ([], 0),
        ([0], 1),
        ([1], 1),  # today is not over yet
        ([2], 0),
        ([0, 0, 1, 2], 3),
        ([0, 2, 3], 1),
        ([1, 2, 3, 5], 3),
    ],
)
def test_streak(days_ago: list[int], long: int) -> None:
    assert streak([SUNDAY - ago * DAY for ago in days_ago], SUNDAY) == long


def test_a_week_ends_on_sunday_by_the_creators_clock() -> None:
    late_sunday = datetime(2026, 11, 15, 22, 30, tzinfo=UTC)  # 23:30 in Madrid
    monday = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)  # 00:30 in Madrid
    told = weeks([published(late_sunday, views=5), published(monday)], MADRID, SUNDAY)
    assert [week.monday for week in told[-2:]] == [date(2026, 11, 9), date(2026, 11, 16)]
    assert [(week.posts, week.views) for week in told[-2:]] == [(1, 5), (1, None)]
    assert sum(week.posts for week in told[:-2]) == 0


def test_the_audience_is_that_of_counted_posts() -> None:
    counted: dict[str, Any] = {"likes": 3, "comments": 2, "shares": None, "counted_at": NOON}
    told = audience([published(NOON, views=10, **counted), published(NOON)])
    assert told is not None
    assert (told.posts, told.views, told.likes, told.comments, told.shares) == (1, 10, 3, 2, 0)
    assert audience([published(NOON)]) is None


def test_hours_are_judged_by_what_had_its_time() -> None:
    posts = [
        published(NOON, views=10, counted_at=NOON + 3 * DAY),
        published(NOON, views=20, counted_at=NOON + 1 * DAY),  # counted too early
        published(NOON),
    ]
    (seen,) = settled(posts, MADRID)
    assert (seen.weekday, seen.hour, seen.views) == (6, 13, 10)


# From the database


@pytest.fixture
async def statistics(database: Database, clock: Clock) -> Statistics:
    """Of user 1, who has two accounts and lives in Madrid."""
    await add_user(database, clock)
    await add_user(database, clock, 2)
    await add_accounts(database, clock, 2)
    async with database.transaction() as change:
        (await change.get_one(User, 1)).zone = MADRID
        (await change.get_one(Account, 1)).scopes = "user.info.basic,video.list,video.publish"
    return Statistics(database=database, clock=clock)


async def test_all_together(statistics: Statistics, database: Database, clock: Clock) -> None:
    first, second = 1, 2
    due = clock() - DAY
    for account_id, status in (
        (first, PostStatus.PUBLISHED),
        (first, PostStatus.PUBLISHED),
        (second, PostStatus.PUBLISHED),
        (second, PostStatus.FAILED),
        (first, PostStatus.HELD),
        (first, PostStatus.UNCONFIRMED),
        (first, PostStatus.DELIVERED),
        (first, PostStatus.CANCELLED),
        (first, PostStatus.DRAFT),
    ):
        post_id = await add_post(database, account_id, wake_at=None, status=status)
        if status is PostStatus.PUBLISHED:
            await set_post(
                database, post_id, due_at=due, published_at=due + SECOND, views=100,
                likes=1, comments=1, shares=1, counted_at=clock(),
            )  # fmt: skip
    for days in (1, 1, 3, 9):
        await add_post(database, first, wake_at=clock() + days * DAY)

    left = await add_post(database, first, wake_at=None, status=PostStatus.DELIVERED)
    await set_post(database, left, failure_code=verdicts.DRAFT_LEFT)

    told = await statistics.of(1)
    assert (told.published, told.failed, told.scheduled, told.waiting) == (3, 1, 4, 3)
    assert told.success_rate == 0.75
    assert told.lateness is not None
    assert told.lateness.p95 == SECOND
    assert told.audience is not None
    assert told.audience.views == 300
    assert told.streak == 1
    assert [count for _, count in told.ahead] == [0, 2, 0, 1, 0, 0, 0]
    assert [account.id for account in told.uncounted] == [second]
    assert told.zone == MADRID

    of_first = await statistics.of(1, account_id=first)
    assert (of_first.published, of_first.failed, of_first.success_rate) == (2, 0, 1)
    assert of_first.uncounted == ()
    nothing = await statistics.of(2)
    assert (nothing.published, nothing.success_rate, nothing.audience) == (0, None, None)
    assert nothing.uncounted == ()


async def test_somebody_elses_account_is_not_found(statistics: Statistics) -> None:
    with pytest.raises(NotFound):
        await statistics.of(2, account_id=1)


async def test_of_very_many_posts_the_latest_are_looked_at(
    statistics: Statistics, database: Database, clock: Clock
) -> None:
    post_id = await add_post(database, 1, wake_at=None, status=PostStatus.PUBLISHED)
    await set_post(database, post_id, due_at=clock() - 900 * DAY, published_at=clock() - 800 * DAY)
    copy = """
        INSERT INTO posts (owner_id, account_id, clip_id, status, version, caption, allow_comment,
            allow_duet, allow_stitch, discloses, your_brand, branded_content, attempt, tries,
            bytes_acknowledged, due_at, published_at, created_at)
        WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 2000)
        SELECT owner_id, account_id, clip_id, status, 1, '', false, false, false, false,
            false, false,
            0, 0, 0, :at, :at, created_at FROM posts, many WHERE id = 1
    """
    at = bindparam("at", clock() - DAY, Instant)
    async with database.transaction() as change:
        await change.execute(text(copy).bindparams(at))
    told = await statistics.of(1)
    assert told.published == LATEST + 1
    assert told.looked_at == LATEST
    assert told.lateness is not None
    assert told.lateness.p95 == timedelta(), "the one that was late is too long ago"
