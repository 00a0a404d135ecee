"""What a table of time words holds. The tables are in `core.times.languages`, one a language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MINUTE = 1
HOUR = 60
DAY = 24 * HOUR
WEEK = 7 * DAY


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the day, in minutes after its midnight; beyond `DAY` it is the night after it.

    `clocks` are the times meant when no other is said: one is taken, several are asked about.
    """

    begins: int
    ends: int
    clocks: tuple[int, ...]

    def __contains__(self, minutes: int) -> bool:
        return self.begins <= minutes < self.ends


def part(begins: float, ends: float, *clocks: float) -> Part:
    """Return the part of the day between two hours."""
    hours = (round(HOUR * clock) for clock in clocks)
    return Part(begins=round(HOUR * begins), ends=round(HOUR * ends), clocks=tuple(hours))


SMALL_HOURS = part(0, 7, 1, 3, 5)
MORNING = part(0, 12, 9)
MIDDAY = part(10, 17, 12)
AFTERNOON = part(12, 20, 15)
EVENING = part(15, 24, 20)
NIGHT = part(17, 29, 20)
DEEP_NIGHT = part(20, 30, 22, 23, 24, 25)  # nachts, stanotte: after the evening


@dataclass(frozen=True, kw_only=True)
class Sign:
    """A word that makes a number an hour: "Uhr", "h", "o'clock".

    `whole_day`: it counts to 24, so that 8 is not 20. `counts`: it also says how many hours
    something takes ("8h de sport"), so that before a caption it takes more to be a time.
    """

    whole_day: bool = False
    counts: bool = False


CLOCK_OF_24 = Sign(whole_day=True)
CLOCK_OF_12 = Sign()
HOURS_OF_24 = Sign(whole_day=True, counts=True)
HOURS_OF_12 = Sign(counts=True)

MERIDIEM = {
    **dict.fromkeys(("am", "a.m.", "a.m", "a. m."), 0),
    **dict.fromkeys(("pm", "p.m.", "p.m", "p. m."), 12),
}


@dataclass(frozen=True, kw_only=True)
class Words:
    """The time words of one language, each as it is written; accents and case are not needed.

    A space inside a phrase also stands for a hyphen. Empty is what a language does not have.
    """

    # Days
    days_ahead: Mapping[str, int]  # days from today
    parts_of_today: Mapping[str, Part] = field(default_factory=dict)  # "tonight"
    weekdays: Mapping[str, int]  # 0 is Monday
    next: tuple[str, ...] = ()  # before a weekday
    next_after: tuple[str, ...] = ()  # after it
    this: tuple[str, ...] = ()
    this_after: tuple[str, ...] = ()
    on: tuple[str, ...] = ()  # before a day
    after_day: tuple[str, ...] = ()  # after it
    parts: Mapping[str, Part] = field(default_factory=dict)  # beside a day, before a clock
    glued_parts: tuple[str, ...] = ()  # those of them that a weekday may run into: "Freitagabend"

    # Dates
    months: Mapping[str, int]
    day_first: bool | None  # what 3/4 is: 3 April, or 4 March; None where people differ
    month_leads: bool = False  # "Dec 25" is said too
    of: tuple[str, ...] = ()  # between day, month and year
    ordinals: tuple[str, ...] = ()  # endings of a day's number
    after_year: tuple[str, ...] = ()

    # Times of day
    at: tuple[str, ...] = ()  # before a clock, and hardly before anything else
    at_loosely: tuple[str, ...] = ()  # before a clock, and before much else: "à", "в"
    signs: Mapping[str, Sign] = field(default_factory=dict)  # after an hour
    minute_signs: tuple[str, ...] = ()  # after the minutes that follow such a sign
    meridiem: Mapping[str, int] = field(default_factory=lambda: MERIDIEM)  # hours to add
    clock_parts: Mapping[str, Part] = field(default_factory=dict)  # after a clock: "in the evening"
    clock_words: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # hours; 24 the end
    hours: Mapping[str, int] = field(default_factory=dict)  # numbers of hours as words
    before_hour: Mapping[str, int] = field(default_factory=dict)  # minutes to add: "half past"
    after_hour: Mapping[str, int] = field(default_factory=dict)  # the same, said after the hour

    # Delays
    after: tuple[str, ...] = ()  # "in" 2 hours
    later: tuple[str, ...] = ()  # the same, said after it
    units: Mapping[str, int]  # minutes
    amounts: Mapping[str, float] = field(default_factory=dict)
    spans: Mapping[str, tuple[float, int]] = field(default_factory=dict)  # amount and unit in one
    and_a_half: tuple[str, ...] = ()
    joiners: tuple[str, ...] = ()  # between the parts of a delay


def by_meaning(*groups: str, first: int = 0) -> dict[str, int]:
    """Return a table from a line of words, parted by `|`, for each meaning from `first` on."""
    return {
        word.strip(): meaning
        for meaning, group in enumerate(groups, first)
        for word in group.split("|")
    }
