"""The times offered as buttons."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from core.times.moment import Moment, TimeProblem, at_instant, at_wall, first_minute


class QuickKey(StrEnum):
    """Which offer it is; a view has the words."""

    IN_1_HOUR = "in_1_hour"
    IN_3_HOURS = "in_3_hours"
    TONIGHT_20 = "tonight_20"
    TOMORROW_09 = "tomorrow_09"
    TOMORROW_12 = "tomorrow_12"
    TOMORROW_18 = "tomorrow_18"


@dataclass(frozen=True, kw_only=True)
class QuickTime:
    """One offer: its key and the moment it stands for."""

    key: QuickKey
    moment: Moment


_FROM_NOW = (
    (QuickKey.IN_1_HOUR, timedelta(hours=1)),
    (QuickKey.IN_3_HOURS, timedelta(hours=3)),
)
_ON_THE_CLOCK = (
    (QuickKey.TONIGHT_20, 0, time(20)),
    (QuickKey.TOMORROW_09, 1, time(9)),
    (QuickKey.TOMORROW_12, 1, time(12)),
    (QuickKey.TOMORROW_18, 1, time(18)),
)


def quick_times(now: datetime, zone: str) -> Sequence[QuickTime]:
    """Return the offers for a creator in `zone` at the aware `now`, only those still ahead."""
    offers = [
        QuickTime(key=key, moment=first_minute(now + delay, zone)) for key, delay in _FROM_NOW
    ]
    today = at_instant(now, zone).wall.date()
    for key, days, clock in _ON_THE_CLOCK:
        wall = datetime.combine(today + timedelta(days=days), clock)
        with suppress(TimeProblem):  # gone by, or just where clocks change: not a quick choice
            offers.append(QuickTime(key=key, moment=at_wall(wall, zone, now=now)))
    return tuple(offers)
