"""Time words, zones and daylight saving: from what a creator types to the instant it means."""

from core.times.languages import LANGUAGES
from core.times.locales import day_first, first_weekday
from core.times.moment import (
    HORIZON,
    AmbiguousWords,
    DoesNotExist,
    HappensTwice,
    InThePast,
    Moment,
    NotUnderstood,
    Reason,
    TimeProblem,
    TooFar,
    at_instant,
    at_wall,
    check_range,
)
from core.times.phrases import LONGEST_TEXT, parse, split_leading
from core.times.picking import hours_of, minutes_of
from core.times.places import zone_at
from core.times.quick import QuickKey, QuickTime, quick_times
from core.times.understanding import understand
from core.times.zones import (
    UTC_ZONE,
    country_of,
    describe_offset,
    find_zones,
    zone_named,
    zones_where_it_is,
)

__all__ = [
    "HORIZON",
    "LANGUAGES",
    "LONGEST_TEXT",
    "UTC_ZONE",
    "AmbiguousWords",
    "DoesNotExist",
    "HappensTwice",
    "InThePast",
    "Moment",
    "NotUnderstood",
    "QuickKey",
    "QuickTime",
    "Reason",
    "TimeProblem",
    "TooFar",
    "at_instant",
    "at_wall",
    "check_range",
    "country_of",
    "day_first",
    "describe_offset",
    "find_zones",
    "first_weekday",
    "hours_of",
    "minutes_of",
    "parse",
    "quick_times",
    "split_leading",
    "understand",
    "zone_at",
    "zone_named",
    "zones_where_it_is",
]
