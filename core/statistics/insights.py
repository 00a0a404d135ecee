"""Statistics of a creator's posts: how many, how reliably, how late, how often they were seen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.accounts import ConnectedAccount, connected_account, owned
from core.accounts.connecting import COUNTS
from core.clock import Clock
from core.states import AccountStatus, PostStatus
from core.statistics.best_hours import BestHours, Seen, best_hours
from core.store.database import Database
from core.store.models import Account, Post, User
from core.times import UTC_ZONE

LATEST = 2000
"""Published posts that are looked at one by one; earlier ones are only counted."""
WEEKS = 12
DAYS_AHEAD = 7
PLANNED_AT_MOST = 1000
SETTLED = timedelta(hours=48)
"""By then a post has got most of its views: earlier, its number says little about its hour."""


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """How long after their due time posts were live, TikTok's own work included."""

    posts: int
    median: timedelta
    p95: timedelta
    """95 of 100 were live within it."""


@dataclass(frozen=True, kw_only=True)
class Audience:
    """What TikTok has counted; sums over the posts that it counts."""

    posts: int
    views: int
    likes: int
    comments: int
    shares: int
    counted_at: datetime
    """When the latest of the numbers were asked for."""


@dataclass(frozen=True, kw_only=True)
class Week:
    """One calendar week, Monday to Sunday."""

    monday: date
    posts: int
    views: int | None
    """Of the posts of that week by now; None where TikTok counts none of them."""


@dataclass(frozen=True, kw_only=True)
class Insights:
    """What a creator's posts, or those of one account, add up to. Days are those of `zone`."""

    zone: str
    published: int
    failed: int
    scheduled: int
    waiting: int
    """Held, unconfirmed or in the inbox: they need the creator, or TikTok's word."""
    looked_at: int
    """How many of the published posts, the latest ones, the rest is computed from."""
    lateness: Lateness | None
    audience: Audience | None
    streak: int
    """Days in a row with a post, up to today or yesterday."""
    weeks: tuple[Week, ...]
    """The latest `WEEKS`, this one last."""
    ahead: tuple[tuple[date, int], ...]
    """The next `DAYS_AHEAD` days, today first, and what is scheduled on each."""
    hours: BestHours
    uncounted: tuple[ConnectedAccount, ...]
    """Connected accounts that did not grant us TikTok's numbers."""

    @property
    def success_rate(self) -> float | None:
        """The part of all posts with a verdict that TikTok published."""
        judged = self.published + self.failed
        return self.published / judged if judged else None


_WAITING = (PostStatus.HELD, PostStatus.UNCONFIRMED, PostStatus.DELIVERED)


@dataclass(frozen=True, kw_only=True)
class Published:
    """What insights take of a published post."""

    at: datetime
    due_at: datetime | None
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    counted_at: datetime | None
    delivered_at: datetime | None = None
    """When it came into the inbox, from where its creator posted it at a time of their own."""


class Statistics:
    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, owner_id: int, *, account_id: int | None = None) -> Insights:
        """What the creator's posts add up to, or those of one account; raises `NotFound`."""
        now = self._clock()
        theirs: list[Any] = [Post.owner_id == owner_id]
        async with self._database.reading() as session:
            if account_id is not None:
                await owned(session, owner_id, account_id)
                theirs.append(Post.account_id == account_id)
            user = await session.get_one(User, owner_id)
            counts = await _by_status(session, theirs)
            published = await _published(session, theirs)
            planned = await _planned(session, theirs, now)
            uncounted = await _uncounted(session, owner_id, account_id)
        zone = user.zone or UTC_ZONE
        today = now.astimezone(ZoneInfo(zone)).date()
        return Insights(
            zone=zone,
            published=counts[PostStatus.PUBLISHED],
            failed=counts[PostStatus.FAILED],
            scheduled=counts[PostStatus.SCHEDULED],
            waiting=sum(counts[status] for status in _WAITING),
            looked_at=len(published),
            lateness=lateness(published),
            audience=audience(published),
            streak=streak((_day(post.at, zone) for post in published), today),
            weeks=weeks(published, zone, today),
            ahead=_ahead(planned, zone, today),
            hours=best_hours(settled(published, zone)),
            uncounted=uncounted,
        )


def lateness(posts: Sequence[Published]) -> Lateness | None:
    """How late posts were; None without any. Those before their time count as punctual."""
    late = sorted(
        max((post.delivered_at or post.at) - post.due_at, timedelta())
        for post in posts
        if post.due_at
    )
    if not late:
        return None
    return Lateness(posts=len(late), median=_at(late, 0.5), p95=_at(late, 0.95))


def _at(ordered: Sequence[timedelta], part: float) -> timedelta:
    """The smallest value that `part` of all do not exceed."""
    rank = -int(-len(ordered) * part // 1)
    return ordered[max(rank, 1) - 1]


def audience(posts: Sequence[Published]) -> Audience | None:
    """The sums of what TikTok counted; None where it counted nothing."""
    counted = [post for post in posts if post.views is not None]
    if not counted:
        return None
    return Audience(
        posts=len(counted),
        views=sum(post.views or 0 for post in counted),
        likes=sum(post.likes or 0 for post in counted),
        comments=sum(post.comments or 0 for post in counted),
        shares=sum(post.shares or 0 for post in counted),
        counted_at=max(post.counted_at for post in counted if post.counted_at),
    )


def streak(days: Iterable[date], today: date) -> int:
    """Days in a row with a post; a day that is not over yet breaks nothing."""
    with_post = set(days)
    last = today if today in with_post else today - timedelta(days=1)
    back = (last - timedelta(days=count) for count in range(len(with_post) + 1))
    return sum(1 for _ in takewhile(with_post.__contains__, back))


def weeks(posts: Sequence[Published], zone: str, today: date) -> tuple[Week, ...]:
    """The latest `WEEKS` weeks, with what was posted in each."""
    this = today - timedelta(days=today.weekday())
    mondays = [this - timedelta(weeks=WEEKS - 1 - number) for number in range(WEEKS)]
    of_week: dict[date, list[Published]] = {monday: [] for monday in mondays}
    for post in posts:
        day = _day(post.at, zone)
        if (monday := day - timedelta(days=day.weekday())) in of_week:
            of_week[monday].append(post)
    return tuple(
        Week(monday=monday, posts=len(found), views=_sum(post.views for post in found))
        for monday, found in of_week.items()
    )


def settled(posts: Sequence[Published], zone: str) -> list[Seen]:
    """What posts tell of their hours: those that were counted when they had had their time."""
    found = []
    for post in posts:
        if post.views is None or post.counted_at is None:
            continue
        if post.counted_at >= post.at + SETTLED:
            wall = post.at.astimezone(ZoneInfo(zone))
            found.append(Seen(weekday=wall.weekday(), hour=wall.hour, views=post.views))
    return found


def _ahead(planned: Sequence[datetime], zone: str, today: date) -> tuple[tuple[date, int], ...]:
    per_day = Counter(_day(due, zone) for due in planned)
    days = [today + timedelta(days=number) for number in range(DAYS_AHEAD)]
    return tuple((day, per_day[day]) for day in days)


def _day(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


async def _by_status(session: AsyncSession, theirs: Sequence[Any]) -> Counter[PostStatus]:
    rows = await session.execute(
        select(Post.status, func.count())
        .where(*theirs, or_(Post.status != PostStatus.DELIVERED, Post.failure_code.is_(None)))
        .group_by(Post.status)
    )
    return Counter(dict(rows.all()))


async def _published(session: AsyncSession, theirs: Sequence[Any]) -> list[Published]:
    """The latest, by their due times: that order an index gives."""
    rows = await session.execute(
        select(
            Post.published_at,
            Post.due_at,
            Post.views,
            Post.likes,
            Post.comments,
            Post.shares,
            Post.counted_at,
            Post.delivered_at,
        )
        .where(*theirs, Post.status == PostStatus.PUBLISHED)
        .order_by(Post.due_at.desc())
        .limit(LATEST)
    )
    return [
        Published(
            at=at,
            due_at=due_at,
            views=views,
            likes=likes,
            comments=comments,
            shares=shares,
            counted_at=counted_at,
            delivered_at=delivered_at,
        )
        for at, due_at, views, likes, comments, shares, counted_at, delivered_at in rows
        if at is not None
    ]


async def _planned(session: AsyncSession, theirs: Sequence[Any], now: datetime) -> list[datetime]:
    """Due times of what is scheduled for the days ahead; a day more, for zones differ."""
    found = await session.scalars(
        select(Post.due_at)
        .where(
            *theirs,
            Post.status == PostStatus.SCHEDULED,
            Post.due_at < now + timedelta(days=DAYS_AHEAD + 1),
        )
        .order_by(Post.due_at)
        .limit(PLANNED_AT_MOST)
    )
    return [due for due in found if due is not None]


async def _uncounted(
    session: AsyncSession, owner_id: int, account_id: int | None
) -> tuple[ConnectedAccount, ...]:
    accounts = await session.scalars(
        select(Account)
        .where(Account.owner_id == owner_id, Account.status == AccountStatus.CONNECTED)
        .order_by(Account.id)
    )
    return tuple(
        connected_account(account)
        for account in accounts
        if account_id in {None, account.id} and COUNTS not in account.scopes.split(",")
    )
