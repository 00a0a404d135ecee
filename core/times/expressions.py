"""What time words say, before anyone asks what they mean now: a day, a clock, a delay."""

from dataclasses import dataclass
from datetime import date

from core.times.words import Part


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day as said: each of `chains` is one meaning, its dates tried in turn until one is ahead.

    `part` is the part of the day that its word names ("tonight"); `same_clock` says that, without
    a time of day, the present one is meant ("in 3 days"). An `impossible` day (31 Feb) has the
    nearest dates in `chains`, or none.
    """

    chains: tuple[tuple[date, ...], ...]
    part: Part | None = None
    same_clock: bool = False
    impossible: bool = False


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A time of day, in minutes after midnight; several where the words leave it open.

    `half_named` says that the half of the day was named (am, pm, noon), so that 9 cannot be 21,
    `part` the part of the day said after it. A clock that is not `firm` may be no time of day at
    all before a caption ("8h de sport"). An `impossible` one (25:00) has the nearest readings.
    """

    readings: tuple[int, ...]
    half_named: bool = False
    part: Part | None = None
    firm: bool = True
    impossible: bool = False


@dataclass(frozen=True, kw_only=True)
class Delay:
    """A time from now: whole days by the calendar, then minutes. `terse` is "in 2h"."""

    days: int
    minutes: int
    terse: bool = False


@dataclass(frozen=True, kw_only=True)
class Expression:
    """What the words say, and the position in the text where they end."""

    end: int
    day: Day | None = None
    part: Part | None = None
    clock: Clock | None = None
    delay: Delay | None = None

    @property
    def impossible(self) -> bool:
        return bool((self.day and self.day.impossible) or (self.clock and self.clock.impossible))
