"""The hours of the day in which good news waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.times import DoesNotExist, HappensTwice, at_instant, at_wall

DAY = 24 * 60


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """From `start` until `end`, in minutes after midnight by the creator's clock.

    They may pass midnight. Hours that begin when they end would last for ever: ValueError.
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
