"""What a creator means by a time, and the instant it is.

Errors, all with the facts a view needs to word them:

    TimeProblem (ValueError)
    ├── NotUnderstood     the words are no time, or an impossible one
    ├── InThePast         it has gone by
    ├── TooFar            it lies beyond the horizon
    ├── DoesNotExist      clocks jump over it (start of summer time)
    ├── HappensTwice      clocks pass it twice (end of summer time)
    └── AmbiguousWords    the words can mean more than one moment
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

HORIZON = timedelta(days=365)

# Before this year some zones kept local mean time; nothing is scheduled there anyway.
_FIRST_YEAR = 1970


def zone_info(zone: str) -> ZoneInfo:
    """Return the zone named `zone`; raise ValueError where no such IANA zone exists."""
    try:
        return ZoneInfo(zone)
    except (OSError, LookupError, ValueError) as unknown:
        raise ValueError(f"unknown time zone {zone!r}") from unknown


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A wall time as the creator meant it, the IANA zone it is in, and the UTC instant it is.

    `wall` is naive and whole minutes, `utc` is aware and in UTC. The three always agree:
    anything else raises ValueError.
    """

    wall: datetime
    zone: str
    utc: datetime

    def __post_init__(self) -> None:
        if self.wall.tzinfo is not None:
            raise ValueError("wall must be naive: its zone is named beside it")
        if self.wall.second or self.wall.microsecond:
            raise ValueError("wall must be whole minutes")
        if self.utc.tzinfo is None or self.utc.utcoffset() != timedelta():
            raise ValueError("utc must be aware and in UTC")
        if self.utc.astimezone(zone_info(self.zone)).replace(tzinfo=None) != self.wall:
            raise ValueError(f"{self.wall} in {self.zone} is not {self.utc}")


class Reason(StrEnum):
    """Why words were not understood."""

    NO_TIME_WORDS = "no_time_words"
    TOO_LONG = "too_long"
    NO_SUCH_DATE = "no_such_date"
    NO_SUCH_TIME = "no_such_time"


class TimeProblem(ValueError):
    """A time that cannot be kept as it was said.

    `rest` is what followed the time words where they led a caption, otherwise empty.
    """

    rest: str = ""


class NotUnderstood(TimeProblem):
    """The words name no time, or one that cannot be: `reason` says which, `words` quotes them.

    `nearest` are the moments closest to an impossible one (28 Feb for 31 Feb), earliest first.
    """

    def __init__(self, reason: Reason, words: str, nearest: Sequence[Moment] = ()) -> None:
        super().__init__(f"{reason.value}: {words!r}")
        self.reason = reason
        self.words = words
        self.nearest = tuple(nearest)


class InThePast(TimeProblem):
    """`moment` has gone by; `nearest` is when clocks next show the same time of day."""

    def __init__(self, moment: Moment, nearest: Moment) -> None:
        super().__init__(f"{moment.wall} in {moment.zone} has gone by")
        self.moment = moment
        self.nearest = nearest


class TooFar(TimeProblem):
    """The moment lies after `limit`, the last one that can be kept (`HORIZON` from now)."""

    def __init__(self, limit: Moment) -> None:
        super().__init__(f"later than {limit.wall} in {limit.zone}")
        self.limit = limit


class DoesNotExist(TimeProblem):
    """Clocks in `zone` jump over `wall`; `nearest` is `wall` moved forward by the jump."""

    def __init__(self, wall: datetime, zone: str, nearest: Moment) -> None:
        super().__init__(f"clocks in {zone} jump over {wall}")
        self.wall = wall
        self.zone = zone
        self.nearest = nearest


class HappensTwice(TimeProblem):
    """Clocks are put back over this wall time: it is `first` and, later, `second`."""

    def __init__(self, first: Moment, second: Moment) -> None:
        super().__init__(f"clocks in {first.zone} pass {first.wall} twice")
        self.first = first
        self.second = second


class AmbiguousWords(TimeProblem):
    """The words can mean any of `options`, earliest first."""

    def __init__(self, options: Sequence[Moment]) -> None:
        super().__init__("could be " + " or ".join(str(option.wall) for option in options))
        self.options = tuple(options)


def at_instant(instant: datetime, zone: str) -> Moment:
    """Return the aware `instant` as a moment in `zone`, the seconds of its wall time dropped."""
    if instant.tzinfo is None:
        raise ValueError("an instant must be aware")
    utc = instant.astimezone(UTC)
    local = utc.astimezone(zone_info(zone))
    return Moment(
        wall=local.replace(second=0, microsecond=0, tzinfo=None, fold=0),
        zone=zone,
        utc=utc - timedelta(seconds=local.second, microseconds=local.microsecond),
    )


def first_minute(instant: datetime, zone: str) -> Moment:
    """Return the first whole minute in `zone` that is not before the aware `instant`."""
    moment = at_instant(instant, zone)
    if moment.utc == instant:
        return moment
    return at_instant(moment.utc + timedelta(minutes=1), zone)


def check_range(moment: Moment, *, now: datetime) -> Moment:
    """Return `moment`; raise InThePast or TooFar where it is not ahead of `now` within reach."""
    if moment.utc <= now:
        raise InThePast(moment, _next_with_clock(moment, now))
    if moment.utc > now + HORIZON:
        raise TooFar(at_instant(now + HORIZON, moment.zone))
    return moment


def _next_with_clock(moment: Moment, now: datetime) -> Moment:
    """Return the first moment after `now` that has the time of day of `moment`."""
    zone = zone_info(moment.zone)
    day = now.astimezone(zone).date()
    while True:
        wall = datetime.combine(day, moment.wall.time(), zone)
        if (coming := at_instant(wall, moment.zone)).utc > now:
            return coming
        day += timedelta(days=1)


def at_wall(wall: datetime, zone: str, *, now: datetime, fold: int | None = None) -> Moment:
    """Return the moment when clocks in `zone` show the naive `wall` (seconds dropped).

    Where clocks show it twice, `fold` 0 picks the first and 1 the second; without it the one
    still to come is taken, and HappensTwice raised where both are. Raises DoesNotExist, InThePast
    and TooFar like `parse`, and ValueError for a naive `now` or an aware `wall`.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    if wall.tzinfo is not None:
        raise ValueError("wall must be naive")
    if fold not in (None, 0, 1):
        raise ValueError("fold is 0, 1 or None")
    wall = wall.replace(second=0, microsecond=0, fold=0)
    if wall.year < _FIRST_YEAR:
        raise NotUnderstood(Reason.NO_SUCH_DATE, wall.date().isoformat())
    if wall - now.replace(tzinfo=None) > HORIZON + timedelta(days=2):  # too late in any zone
        raise TooFar(at_instant(now + HORIZON, zone))

    aware = wall.replace(tzinfo=zone_info(zone))
    early, late = (at_instant(aware.replace(fold=side), zone) for side in (0, 1))
    if early.wall != wall:
        # Inside a jump the offset before it (fold 0) carries the wall time past the jump.
        raise DoesNotExist(wall, zone, check_range(early, now=now))
    if early.utc == late.utc:
        return check_range(early, now=now)
    if fold is not None:
        return check_range((early, late)[fold], now=now)
    if early.utc <= now:
        return check_range(late, now=now)
    raise HappensTwice(check_range(early, now=now), check_range(late, now=now))
