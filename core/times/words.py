"""Time words of each language, as data. The grammar knows only these tables."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of one language, lower case; a space inside a phrase stands for any spaces.

    `days_ahead` maps to days from today, `weekdays` to 0 (Monday) .. 6, `months` to 1 .. 12,
    `units` to minutes, `amounts` to a number, `meridiem` to the hours that it adds to 12-hour
    clocks, `clock_words` to an hour of that day (24 is its end; midnight is both ends).
    """

    days_ahead: Mapping[str, int]
    tonight: tuple[str, ...]
    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    units: Mapping[str, int]
    amounts: Mapping[str, float]
    meridiem: Mapping[str, int]
    clock_words: Mapping[str, tuple[int, ...]]
    next: tuple[str, ...]
    this: tuple[str, ...]
    after: tuple[str, ...]  # "in" 2 hours
    at: tuple[str, ...]  # before a clock time
    on: tuple[str, ...]  # before a day
    of: tuple[str, ...]  # between day and month
    joiners: tuple[str, ...]  # between the parts of a duration
    ordinals: tuple[str, ...]  # endings of a day's number


MINUTE = 1
HOUR = 60
DAY = 24 * HOUR
WEEK = 7 * DAY

ENGLISH = Words(
    days_ahead={"today": 0, "tomorrow": 1, "tmrw": 1, "day after tomorrow": 2},
    tonight=("tonight",),
    weekdays={
        **{"monday": 0, "mon": 0, "tuesday": 1, "tues": 1, "tue": 1},
        **{"wednesday": 2, "weds": 2, "wed": 2, "thursday": 3, "thurs": 3, "thur": 3, "thu": 3},
        **{"friday": 4, "fri": 4, "saturday": 5, "sat": 5, "sunday": 6, "sun": 6},
    },
    months={
        **{"january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3},
        **{"april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6, "july": 7, "jul": 7},
        **{"august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9},
        **{"october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12},
    },
    units={
        **{"minutes": MINUTE, "minute": MINUTE, "mins": MINUTE, "min": MINUTE, "m": MINUTE},
        **{"hours": HOUR, "hour": HOUR, "hrs": HOUR, "hr": HOUR, "h": HOUR},
        **{"days": DAY, "day": DAY, "d": DAY, "weeks": WEEK, "week": WEEK, "w": WEEK},
    },
    amounts={"a": 1, "an": 1, "one": 1, "half an": 0.5, "half a": 0.5},
    meridiem={"am": 0, "a.m.": 0, "pm": 12, "p.m.": 12},
    clock_words={"noon": (12,), "midnight": (0, 24)},
    next=("next",),
    this=("this",),
    after=("in",),
    at=("at", "@"),
    on=("on",),
    of=("of",),
    joiners=("and", ","),
    ordinals=("st", "nd", "rd", "th"),
)
