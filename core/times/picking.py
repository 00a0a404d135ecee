"""The hours and minutes of a day that can be picked with a tap.

Offered is what lies ahead and within reach, and what clocks show at all: not the times that they
jump over. A time that comes twice is offered once.
"""

from collections.abc import Iterator
from datetime import date, datetime, time

from core.times.moment import HappensTwice, TimeProblem, at_wall

STEP = 5
"""Minutes between two offers."""


def hours_of(day: date, *, zone: str, now: datetime) -> Iterator[int]:
    """Yield the hours of `day` in `zone` that have minutes to offer at the aware `now`."""
    return (hour for hour in range(24) if any(minutes_of(day, hour, zone=zone, now=now)))


def minutes_of(day: date, hour: int, *, zone: str, now: datetime) -> Iterator[time]:
    """Yield the times of day that are offered within an hour."""
    for minute in range(0, 60, STEP):
        clock = time(hour, minute)
        try:
            at_wall(datetime.combine(day, clock), zone, now=now)
        except HappensTwice:
            pass
        except TimeProblem:
            continue
        yield clock
