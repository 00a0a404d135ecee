"""What creators have set for themselves, as every room reads it off their row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.store.models import User
from core.times import DoesNotExist, HappensTwice, at_instant, at_wall

DAY = 24 * 60


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """The hours of the day in which good news waits.

    From `start` until `end`, in minutes after midnight by the creator's clock. They may pass
    midnight. Hours that begin when they end would last for ever: ValueError.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < DAY and 0 <= self.end < DAY) or self.start == self.end:
            raise ValueError(f"no hours of a day: {self.start} to {self.end}")

    def cover(self, wall: datetime) -> bool:
        """Whether clocks that show `wall` show one of these hours."""
        minute = 60 * wall.hour + wall.minute
        return (minute - self.start) % DAY < (self.end - self.start) % DAY

    def end_after(self, now: datetime, zone: str) -> datetime | None:
        """The instant at which they end in `zone`, if the aware `now` lies within them.

        Where clocks jump over the end it is moved forward by the jump.
        """
        wall = at_instant(now, zone).wall
        if not self.cover(wall):
            return None
        minute = 60 * wall.hour + wall.minute
        end = wall + timedelta(minutes=(self.end - minute) % DAY)
        try:
            return at_wall(end, zone, now=now).utc
        except DoesNotExist as jump:
            return jump.nearest.utc
        except HappensTwice as twice:
            return twice.first.utc


def quiet_hours(user: User) -> QuietHours | None:
    """When good news has to wait, if the creator has set such hours."""
    if user.quiet_from is None or user.quiet_until is None:
        return None
    return QuietHours(start=user.quiet_from, end=user.quiet_until)


def late_tolerance(user: User, default: timedelta) -> timedelta:
    """How late this creator's posts may go out by themselves; `default` is the operator's word."""
    minutes = user.late_tolerance_minutes
    return default if minutes is None else timedelta(minutes=minutes)


def reads(user: User) -> str | None:
    """The tag of the language that the creator reads, where that is known."""
    return user.language or user.locale
