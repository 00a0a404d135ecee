"""Time words, zones and daylight saving: from what a creator types to the instant it means."""

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
from core.times.quick import QuickKey, QuickTime, quick_times
from core.times.zones import UTC_ZONE, describe_offset, find_zones, zones_where_it_is

__all__ = [
    "HORIZON",
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
    "describe_offset",
    "find_zones",
    "parse",
    "quick_times",
    "split_leading",
    "zones_where_it_is",
]
