"""English."""

from core.times.words import (
    AFTERNOON,
    CLOCK_OF_12,
    DAY,
    EVENING,
    HOUR,
    HOURS_OF_24,
    MINUTE,
    MORNING,
    NIGHT,
    WEEK,
    Words,
    by_meaning,
)

_NUMBERS = by_meaning(
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
    first=1,
)

WORDS = Words(
    days_ahead=by_meaning(
        "today",
        "tomorrow | tmrw | tmr | tomorow | tommorow | tommorrow",
        "day after tomorrow | the day after tomorrow | overmorrow",
    ),
    parts_of_today={
        **{"tonight": NIGHT, "tonite": NIGHT, "this evening": EVENING},
        **{"this morning": MORNING, "this afternoon": AFTERNOON},
    },
    weekdays=by_meaning(
        "monday | mon",
        "tuesday | tues | tue",
        "wednesday | weds | wed",
        "thursday | thurs | thur | thu",
        "friday | fri",
        "saturday | sat",
        "sunday | sun",
    ),
    next=("next",),
    this=("this", "this coming"),
    on=("on", "on the", "the"),
    parts={
        **{"morning": MORNING, "in the morning": MORNING},
        **{"afternoon": AFTERNOON, "in the afternoon": AFTERNOON},
        **{"evening": EVENING, "in the evening": EVENING, "night": NIGHT, "at night": NIGHT},
    },
    months=by_meaning(
        "january | jan",
        "february | feb",
        "march | mar",
        "april | apr",
        "may",
        "june | jun",
        "july | jul",
        "august | aug",
        "september | sept | sep",
        "october | oct",
        "november | nov",
        "december | dec",
        first=1,
    ),
    day_first=None,  # 3/4 is 3 April in London and 4 March in New York
    month_leads=True,
    of=("of",),
    ordinals=("st", "nd", "rd", "th"),
    at=("at", "@"),
    signs={"h": HOURS_OF_24, "o'clock": CLOCK_OF_12, "oclock": CLOCK_OF_12},
    clock_parts={
        **{"in the morning": MORNING, "in the afternoon": AFTERNOON},
        **{"in the evening": EVENING, "at night": NIGHT},
    },
    clock_words={"noon": (12,), "midday": (12,), "midnight": (0, 24)},
    hours=_NUMBERS,
    before_hour={
        **{"half past": 30, "quarter past": 15, "a quarter past": 15},
        **{"quarter to": -15, "a quarter to": -15},
    },
    after=("in",),
    later=("from now",),
    units={
        **dict.fromkeys(("minutes", "minute", "mins", "min", "m"), MINUTE),
        **dict.fromkeys(("hours", "hour", "hrs", "hr", "h"), HOUR),
        **dict.fromkeys(("days", "day", "d"), DAY),
        **dict.fromkeys(("weeks", "week", "w"), WEEK),
    },
    amounts={**_NUMBERS, "a": 1, "an": 1, "half an": 0.5, "half a": 0.5, "a couple of": 2},
    and_a_half=("and a half",),
    joiners=("and",),
)
