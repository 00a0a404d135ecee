"""Plans: times for many posts at once.

Moments that are wanted come in order; of these a plan takes those that are free, outside quiet
hours, and within what TikTok lets an account post in a day.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import ClipCueError
from core.preferences import QuietHours
from core.queue.weeks import WeekTime, coming
from core.times import HORIZON, Moment, at_instant

POSTS_PER_DAY = 15
"""Posts that TikTok takes of one account within 24 hours, from all apps together. It differs from
account to account, "typically around 15" (Content Sharing Guidelines)."""

DAY = timedelta(hours=24)
SOON = timedelta(minutes=10)
"""How far ahead a plan begins at least: its creator has still to agree to it."""


class NoRoom(ClipCueError):
    """There is not room for so many posts within a year."""


@dataclass(frozen=True, kw_only=True)
class EveryHours:
    """One post each so many hours."""

    hours: int


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """A post at each of these times of the week."""

    times: tuple[WeekTime, ...]


@dataclass(frozen=True, kw_only=True)
class PostingSlots:
    """A post in each posting slot of its account."""


Spread = EveryHours | Weekly | PostingSlots
"""How the times of many posts are spread."""


def plan(
    wanted: Iterable[Moment],
    count: int,
    *,
    quiet: QuietHours | None,
    taken: Collection[datetime],
) -> tuple[Moment, ...]:
    """The first `count` of the `wanted` moments that a post may have; raises `NoRoom`.

    `taken` are the instants of the account's other posts, those of the last 24 hours included.
    """
    busy = sorted(taken)
    chosen: list[Moment] = []
    if not count:
        return ()
    for moment in wanted:
        if quiet and quiet.cover(moment.wall):
            continue
        if not is_free(moment.utc, busy) or not keeps_cap(moment.utc, busy):
            continue
        insort(busy, moment.utc)
        chosen.append(moment)
        if len(chosen) == count:
            return tuple(chosen)
    raise NoRoom


def is_free(instant: datetime, busy: Sequence[datetime]) -> bool:
    """Whether no post has this very instant; `busy` is sorted."""
    place = bisect_left(busy, instant)
    return place == len(busy) or busy[place] != instant


def keeps_cap(instant: datetime, busy: Sequence[datetime]) -> bool:
    """Whether with a post then no 24 hours hold more than `POSTS_PER_DAY`; `busy` is sorted."""
    place = bisect_left(busy, instant)
    around = [
        *busy[max(0, place - POSTS_PER_DAY) : place],
        instant,
        *busy[place : place + POSTS_PER_DAY],
    ]
    return all(
        last - first >= DAY for first, last in zip(around, around[POSTS_PER_DAY:], strict=False)
    )


def wanted(
    spread: Spread,
    slots: Collection[WeekTime],
    zone: str,
    *,
    now: datetime,
    start: datetime | None = None,
) -> Iterator[Moment]:
    """The moments that a spread asks for, from `start` on; `slots` are those of the account."""
    first = max(now + SOON, start or now)
    match spread:
        case EveryHours(hours=hours):
            yield from _every(timedelta(hours=hours), zone, first=first, limit=now + HORIZON)
        case Weekly(times=times):
            yield from _from(first, coming(times, zone, now=now))
        case PostingSlots():
            yield from _from(first, coming(slots, zone, now=now))


def _from(first: datetime, moments: Iterator[Moment]) -> Iterator[Moment]:
    return (moment for moment in moments if moment.utc >= first)


def _every(step: timedelta, zone: str, *, first: datetime, limit: datetime) -> Iterator[Moment]:
    """From the next full hour on."""
    moment = at_instant(first, zone)
    instant = moment.utc
    if moment.wall.minute or moment.utc < first:
        instant += timedelta(minutes=60 - moment.wall.minute)
    while instant <= limit:
        yield at_instant(instant, zone)
        instant += step
