"""Times of the week, by the clock: what posting slots and daily times are made of."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.times import (
    HORIZON,
    DoesNotExist,
    HappensTwice,
    InThePast,
    Moment,
    TooFar,
    at_instant,
    at_wall,
)

EVERY_DAY = range(7)
WORKDAYS = range(5)
WEEKEND = range(5, 7)


@dataclass(frozen=True, kw_only=True, order=True)
class WeekTime:
    """A weekday, Monday is 0, and a time of day in minutes after midnight."""

    weekday: int
    minute: int

    def __post_init__(self) -> None:
        if not (0 <= self.weekday < 7 and 0 <= self.minute < 24 * 60):
            raise ValueError(f"no time of the week: {self.weekday}, {self.minute}")


def week_times(days: Collection[int], minutes: Collection[int]) -> frozenset[WeekTime]:
    """These times of day on each of these days."""
    return frozenset(WeekTime(weekday=day, minute=minute) for day in days for minute in minutes)


def coming(times: Collection[WeekTime], zone: str, *, now: datetime) -> Iterator[Moment]:
    """The moments after `now` when clocks in `zone` show one of these, until the horizon.

    A time that clocks jump over becomes the first one after the jump, and of one that comes twice
    the first is taken.
    """
    day, last = (at_instant(each, zone).wall.date() for each in (now, now + HORIZON))
    while day <= last and times:
        moments = {moment for each in times if (moment := _on(day, each, zone, now))}
        yield from sorted(moments, key=lambda moment: moment.utc)
        day += timedelta(days=1)


def _on(day: date, each: WeekTime, zone: str, now: datetime) -> Moment | None:
    if day.weekday() != each.weekday:
        return None
    wall = datetime.combine(day, time()) + timedelta(minutes=each.minute)
    with suppress(InThePast, TooFar):
        try:
            return at_wall(wall, zone, now=now)
        except DoesNotExist as jump:
            return jump.nearest
        except HappensTwice as twice:
            return twice.first
    return None
