"""A creator's month: how many posts each day has."""

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, case, column, func, select, values

from core import verdicts
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Post
from core.store.types import Instant

COUNTED = frozenset(PostStatus) - {PostStatus.DRAFT, PostStatus.CANCELLED}
"""What stands on a calendar: a draft's time is no promise yet, a cancelled post's none any more."""


@dataclass(frozen=True, kw_only=True)
class DayCounts:
    """How many posts of a day are in which state, and how many of them need their creator."""

    planned: int = 0
    needs_you: int = 0
    published: int = 0
    failed: int = 0

    @property
    def all(self) -> int:
        return self.planned + self.needs_you + self.published + self.failed


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month of posts; `days` are those that have any, by day of the month."""

    first: date
    days: Mapping[int, DayCounts]


class Calendar:
    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def month(self, owner_id: int, first: date, *, zone: str) -> Month:
        """The month that begins with `first`, its days by the clocks of `zone`."""
        left = (Post.status == PostStatus.DELIVERED) & Post.failure_code.is_not(None)
        kind = case(
            (Post.failure_code == verdicts.NEVER_TOLD, PostStatus.HELD),
            (left, PostStatus.FAILED),
            else_=Post.status,
        ).label("kind")
        days = (
            values(column("day", Integer), column("begins", Instant), column("ends", Instant))
            .data(_days(first, zone))
            .cte("days")
        )
        async with self._database.reading() as session:
            rows = await session.execute(
                select(days.c.day, kind, func.count())
                .join(Post, (Post.due_at >= days.c.begins) & (Post.due_at < days.c.ends))
                .where(Post.owner_id == owner_id, Post.status.in_(COUNTED))
                .group_by(days.c.day, kind)
            )
            found: dict[int, Counter[str]] = {}
            for day, status, count in rows:
                found.setdefault(day, Counter())[_FIELDS[PostStatus(status)]] += count
        return Month(first=first, days={day: DayCounts(**counts) for day, counts in found.items()})


_FIELDS = {
    PostStatus.SCHEDULED: "planned",
    PostStatus.PUBLISHING: "planned",
    PostStatus.PROCESSING: "planned",
    PostStatus.UNCONFIRMED: "planned",
    PostStatus.HELD: "needs_you",
    PostStatus.DELIVERED: "needs_you",
    PostStatus.PUBLISHED: "published",
    PostStatus.FAILED: "failed",
}


def day_begins(day: date, zone: str) -> datetime:
    """The first instant of a day in `zone`; where clocks jump over midnight, the jump."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _days(first: date, zone: str) -> list[tuple[int, datetime, datetime]]:
    """Each day of the month with the instants it lies between."""
    length = monthrange(first.year, first.month)[1]
    begins = [day_begins(first + timedelta(days=number), zone) for number in range(length + 1)]
    return [(day + 1, begins[day], begins[day + 1]) for day in range(length)]
