"""Reading days: "tomorrow", "next monday", "viernes que viene", "25 dec", "25.12.", "the 25th"."""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import MAXYEAR, date, timedelta

from core.times.clocks import ClockGrammar
from core.times.delays import DelayGrammar
from core.times.expressions import Day
from core.times.folding import WORD_END, any_of, keyed, spoken
from core.times.words import Words

_MONTHS_AHEAD = 2  # the 31st of some month is never farther

_Found = tuple[Day, int]


class DayGrammar:
    """The forms of a day in one language. `day_first` says what 3/4 is, None that it is unsure."""

    def __init__(
        self,
        words: Words,
        *,
        day_first: bool | None,
        delays: DelayGrammar,
        clocks: ClockGrammar,
    ) -> None:
        self._day_first = day_first
        self._delays = delays
        self._days_ahead = keyed(words.days_ahead)
        self._parts_of_today = keyed(words.parts_of_today)
        self._weekdays = keyed(words.weekdays)
        self._months = keyed(words.months)

        self._before = re.compile(rf" *(?:, *)?(?P<on>{any_of(words.on)} *)?")
        self._after = re.compile(rf" *{any_of(words.after_day)}{WORD_END}")
        self._ahead = re.compile(rf"(?P<word>{any_of(words.days_ahead)}){WORD_END}")
        self._today = re.compile(rf"(?P<word>{any_of(words.parts_of_today)}){WORD_END}")
        weekday = rf"(?P<word>{any_of(words.weekdays, whole=False)})"
        self._weekday = re.compile(
            rf"(?:(?P<next>{any_of(words.next)}) +|{any_of(words.this)} +)?"
            rf"{weekday}(?:{WORD_END}\.?|(?={any_of(words.glued_parts)}))"
            rf"(?: +(?:(?P<next_after>{any_of(words.next_after)})|{any_of(words.this_after)})"
            rf"{WORD_END})?"
        )
        self._beside = re.compile(rf"(?: *, *| +)\(?{weekday}{WORD_END}\.?\)?")  # a date
        self._dates = _date_patterns(words, clocks)
        self._slashed = re.compile(
            r"(?P<first>\d{1,2})(?:/(?P<second>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?"
            r"|-(?P<dashed>\d{1,2})-(?P<dashed_year>\d{4}))(?![\d/:-])"
        )
        number = r"(?P<day>\d{1,2})(?!\d)"
        between = rf" *(?:{any_of(words.after_day)} *)?(?:, *)?(?:{any_of(words.parts)} +)?"
        clock_follows = rf"(?={between}(?:{clocks.some_at} *\d|{clocks.surely}))"
        self._number = re.compile(rf"{number}(?: *-?{any_of(words.ordinals)}|\.)?{clock_follows}")
        self._ordinal = re.compile(rf"{number} *-?{any_of(words.ordinals)}{clock_follows}")

    def read(self, text: str, position: int, today: date) -> tuple[Day, int, bool] | None:
        """Read the day at `position`, where it ends, and whether an "on" was said before it."""
        before = self._before.match(text, position)
        if before is None:  # it may be empty, but it always matches
            return None
        start, said_on = before.end(), bool(before["on"])
        found = (
            self._named(text, start, today)
            # In "em 3 dias" the "em" belongs to the delay.
            or (self._named(text, before.start("on"), today) if said_on else None)
            or self._on_weekday(text, start, today)
            or self._dated(text, start, today, numbered=said_on)
        )
        if not found:
            return None
        day, end = found
        after = self._after.match(text, end)
        return day, after.end() if after else end, said_on

    def _named(self, text: str, position: int, today: date) -> _Found | None:
        if found := self._today.match(text, position):
            part = self._parts_of_today[spoken(found["word"])]
            return Day(chains=((today,),), part=part), found.end()
        if found := self._ahead.match(text, position):
            day = today + timedelta(days=self._days_ahead[spoken(found["word"])])
            return Day(chains=((day,),)), found.end()
        delayed = self._delays.read(text, position)
        if delayed and not delayed[0].minutes:
            later = today + timedelta(days=delayed[0].days)
            return Day(chains=((later,),), same_clock=True), delayed[1]
        return None

    def _on_weekday(self, text: str, position: int, today: date) -> _Found | None:
        """Read "friday", "next friday" and, the weekday then being only a check, "fri 25 dec"."""
        if not (found := self._weekday.match(text, position)):
            return None
        weekday = self._weekdays[spoken(found["word"])]
        before_date = self._before.match(text, found.end())
        start = before_date.end() if before_date else found.end()
        if dated := self._dated(text, start, today, numbered=True):
            return _only_on(weekday, dated[0]), dated[1]
        next_ = bool(found["next"] or found["next_after"])
        return Day(chains=_weekday_chains(weekday, today, next_=next_)), found.end()

    def _dated(self, text: str, position: int, today: date, *, numbered: bool) -> _Found | None:
        """Read a date; with `numbered` also a mere number of a day, if a time comes after it."""
        dated = self._date(text, position, today)
        if dated:
            weekday = self._beside.match(text, dated[1])
            if weekday:
                said = self._weekdays[spoken(weekday["word"])]
                return _only_on(said, dated[0]), weekday.end()
            return dated
        number = (self._number if numbered else self._ordinal).match(text, position)
        if not number:
            return None
        dates = _numbered_dates(int(number["day"]), today)
        return (Day(chains=(dates,)), number.end()) if dates else None

    def _date(self, text: str, position: int, today: date) -> _Found | None:
        if found := self._slashed.match(text, position):
            second = int(found["second"] or found["dashed"])
            year = found["year"] or found["dashed_year"]
            return self._either_order(int(found["first"]), second, year, today), found.end()
        for pattern in self._dates:
            if found := pattern.match(text, position):
                parts = found.groupdict()
                named = parts.get("month")
                month = self._months[spoken(named)] if named else int(parts["month_number"] or 0)
                return _of_dates(
                    [(int(parts["day"]), month)], parts.get("year"), today
                ), found.end()
        return None

    def _either_order(self, first: int, second: int, year: str | None, today: date) -> Day:
        orders = list(dict.fromkeys(((first, second), (second, first))))
        if self._day_first is False:
            orders.reverse()
        day = _of_dates(orders, year, today)
        return day if self._day_first is None else replace(day, chains=day.chains[:1])


_DAY = r"(?P<day>\d{1,2})"
_MONTH_NUMBER = r"(?P<month_number>\d{1,2})"
_YEAR = r"(?P<year>\d{4})(?![\d:])"
_SHORT_YEAR = r"(?P<year>\d{4}|\d{2})(?![\d:])"


def _date_patterns(words: Words, clocks: ClockGrammar) -> Sequence[re.Pattern[str]]:
    """Return the ways to write a date whose order of day and month is clear."""
    ordinal = rf"(?:-?{any_of(words.ordinals)})?"
    month = rf"(?P<month>{any_of(words.months)}){WORD_END}\.?"
    of = rf"(?:{any_of(words.of)} +)?"
    year = rf"(?:,? +{of}{_YEAR}(?: *{any_of(words.after_year)})?)?"
    month_leads = rf"{month} +{_DAY}{ordinal}(?![\w:]|\.\d){year}"
    patterns = [
        rf"(?P<year>\d{{4}})(?P<sign>[-/.]){_MONTH_NUMBER}(?P=sign){_DAY}(?:t(?=\d)|(?!\d))",
        rf"{_DAY}\.{_MONTH_NUMBER}\.(?:{_SHORT_YEAR})?",
        # Without its closing dot a date needs a time after it: alone, 10.12 is a clock.
        rf"{_DAY}\.(?P<month_number>0?[1-9]|1[0-2])(?= +(?:{clocks.some_at} *)?\d)",
        r"(?P<day>2[5-9]|3[01])\.(?P<month_number>0?[1-9]|1[0-2])(?![\d.:])",  # and 25.12 is none
        rf"{_DAY}{ordinal}\.? *{of}{month}{year}",
    ]
    return [
        re.compile(form) for form in (*patterns, *((month_leads,) if words.month_leads else ()))
    ]


def _weekday_chains(weekday: int, today: date, *, next_: bool) -> tuple[tuple[date, ...], ...]:
    """Return the coming such day, and with "next" also that of the week after where they differ."""
    coming = today + timedelta(days=(weekday - today.weekday()) % 7)
    if not next_:
        return ((coming, coming + timedelta(days=7)),)
    next_week = today + timedelta(days=7 - today.weekday() + weekday)
    return ((next_week,),) if coming in (today, next_week) else ((coming,), (next_week,))


def _of_dates(orders: Iterable[tuple[int, int]], year: str | None, today: date) -> Day:
    """Return the day that one of `orders` (day and month) is, or the nearest to an impossible one.

    Without `year` it is of this one or the next.
    """
    if year is None:
        years: tuple[int, ...] = (today.year, today.year + 1)
    else:
        years = (int(year) + (2000 if len(year) == 2 else 0),)
    # The last year of the calendar leaves no room for the end of its last day.
    years = tuple(candidate for candidate in years if 1 <= candidate < MAXYEAR)
    chains = [_dates(day, month, years) for day, month in orders]
    if any(chains):
        return Day(chains=tuple(filter(None, chains)))
    near = [_last_days(month, years) for day, month in orders if day <= 31]
    return Day(chains=tuple(filter(None, near))[:1], impossible=True)


def _dates(day: int, month: int, years: Iterable[int]) -> tuple[date, ...]:
    dates = []
    for year in years:
        with suppress(ValueError):
            dates.append(date(year, month, day))
    return tuple(dates)


def _last_days(month: int, years: Iterable[int]) -> tuple[date, ...]:
    if not 1 <= month <= 12:
        return ()
    return tuple(date(year, month, monthrange(year, month)[1]) for year in years)


def _numbered_dates(day: int, today: date) -> tuple[date, ...]:
    """Return the coming dates with that number of a day."""
    months = (today.year * 12 + today.month - 1 + ahead for ahead in range(_MONTHS_AHEAD + 1))
    dates = (_dates(day, month % 12 + 1, [month // 12]) for month in months)
    return tuple(found for one in dates for found in one if found >= today)


def _only_on(weekday: int, day: Day) -> Day:
    """Return `day` where it is such a weekday; an impossible one where it never is."""
    chains = [tuple(one for one in chain if one.weekday() == weekday) for chain in day.chains]
    if any(chains):
        return replace(day, chains=tuple(filter(None, chains)))
    return replace(day, impossible=True)
