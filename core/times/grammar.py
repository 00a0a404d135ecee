"""From typed words to what they say: a day, a time of day, or a delay from now.

Nothing here knows zones or what has gone by: `core.times.phrases` decides that.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from core.times.moment import NotUnderstood, Reason
from core.times.words import DAY, HOUR, Words


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day as said: each of `chains` is one meaning, its dates tried in turn until one is ahead.

    `night` is the evening of that day and the small hours after it; `same_clock` says that,
    without a time of day, the present one is meant ("in 3 days").
    """

    chains: tuple[tuple[date, ...], ...]
    night: bool = False
    same_clock: bool = False


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A time of day, in minutes after midnight; several where the words leave it open.

    `half_named` says that the half of the day was named (am, pm, noon), so that 9 cannot be 21.
    """

    readings: tuple[int, ...]
    half_named: bool = False


@dataclass(frozen=True, kw_only=True)
class Delay:
    """A time from now: whole days by the calendar, then minutes."""

    days: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Expression:
    """What the words say, and the position in the text where they end."""

    end: int
    day: Day | None = None
    clock: Clock | None = None
    delay: Delay | None = None


def fold(text: str) -> str:
    """Return `text` in lower case with plain digits and spaces, character for character."""
    return "".join(_fold_character(character) for character in text)


def _fold_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character.isspace():
        return character if character == "\n" else " "
    plain = unicodedata.normalize("NFKC", character).lower()
    return plain if len(plain) == 1 else character


def _any(words: Iterable[str]) -> str:
    """Return a pattern for any of `words`, the longest first."""
    longest_first = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", " +") for word in longest_first) + ")"


_WORD_END = r"(?!\w)"
_DAY = r"(?P<day>\d{1,2})"
_MONTH_NUMBER = r"(?P<month_number>\d{1,2})"
_YEAR = r"(?P<year>\d{4})(?![\d:])"
_SHORT_YEAR = r"(?P<year>\d{4}|\d{2})(?![\d:])"
_HOUR = r"(?P<hour>\d{1,2})"
_MINUTE = r"(?P<minute>\d{2})(?![\w:])"


class Grammar:
    """The forms of a time in one language, built from its words."""

    def __init__(self, words: Words) -> None:
        self._words = words
        at = rf"{_any(words.at)} *"
        ordinal = rf"{_any(words.ordinals)}?"
        month = rf"(?P<month>{_any(words.months)}){_WORD_END}\.?"
        meridiem = rf"(?P<meridiem>{_any(words.meridiem)}){_WORD_END}"
        twelve_hours = rf"{_HOUR}(?:[:.](?P<minute>\d{{2}}))? *{meridiem}"

        self._after = re.compile(rf"{_any(words.after)} +")
        self._amount = re.compile(
            rf"(?P<amount>\d{{1,4}}(?:[.,]\d)?|{_any(words.amounts)}(?= ))"
            rf" *(?P<unit>{_any(words.units)})(?![^\W\d])"
        )
        self._joiner = re.compile(rf" *(?:{_any(words.joiners)} *)?")
        self._odd_minutes = re.compile(rf"(?P<minutes>\d{{2}}){_WORD_END}")

        self._before_day = re.compile(rf" *(?:, *)?(?P<on>{_any(words.on)} +)?")
        self._ahead = re.compile(rf"(?P<word>{_any(words.days_ahead)}){_WORD_END}")
        self._tonight = re.compile(rf"{_any(words.tonight)}{_WORD_END}")
        self._weekday = re.compile(
            rf"(?:(?P<next>{_any(words.next)}) +|{_any(words.this)} +)?"
            rf"(?P<word>{_any(words.weekdays)}){_WORD_END}\.?"
        )
        self._slashed = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})(?:/{_SHORT_YEAR})?(?![\d/])")
        self._dates = (
            re.compile(rf"(?P<year>\d{{4}})-{_MONTH_NUMBER}-{_DAY}(?:t(?=\d)|(?!\d))"),
            re.compile(rf"{_DAY}\.{_MONTH_NUMBER}\.(?:{_SHORT_YEAR})?"),
            # Without its closing dot a date needs a time after it: alone, 10.12 is a clock.
            re.compile(rf"{_DAY}\.(?P<month_number>0?[1-9]|1[0-2])(?= +(?:{at})?\d)"),
            re.compile(rf"{_DAY}{ordinal}\.? *(?:{_any(words.of)} +)?{month}(?:,? +{_YEAR})?"),
            re.compile(rf"{month} +{_DAY}{ordinal}(?![\w:]|\.\d)(?:,? +{_YEAR})?"),
        )

        self._before_clock = re.compile(rf" *(?:, *)?(?P<at>{at})?")
        self._written_clocks = (re.compile(twelve_hours), re.compile(rf"{_HOUR}[:.]{_MINUTE}"))
        self._all_clocks = (
            *self._written_clocks,
            re.compile(rf"(?P<word>{_any(words.clock_words)}){_WORD_END}"),
            re.compile(rf"{_HOUR}(?![\w:./])"),
        )
        self._head_clocks = (
            re.compile(twelve_hours),
            # 9:16 at the head of a caption is the shape of a clip, not a time.
            re.compile(rf"(?!9:16(?:\s|$)){_HOUR}:{_MINUTE}"),
        )

    def read(self, text: str, *, today: date, head: bool = False) -> Expression | None:
        """Read the time that the folded `text` starts with; None where it starts with none.

        `head` is for the head of a caption and takes only what is hardly ordinary words: a delay
        in hours or minutes, or a time of day written out, with or without a day. Raises
        NotUnderstood for dates and times that cannot be, like 31 feb or 25:00.
        """
        delayed = self._delay(text, 0)
        if delayed and delayed[0].minutes:
            return Expression(delay=delayed[0], end=delayed[1])
        return self._day_first(text, today, head=head) or self._clock_first(text, today, head=head)

    def _day_first(self, text: str, today: date, *, head: bool) -> Expression | None:
        start = self._before_day.match(text)
        dated = start and self._day(text, start.end(), today)
        if not dated:
            return None
        day, end = dated
        between = self._before_clock.match(text, end)
        clocks: Sequence[re.Pattern[str]] = self._all_clocks
        if head and not (between and between["at"]):
            clocks = self._written_clocks  # "Dec 25 10 gifts", but "Dec 25 at 20"
        timed = between and self._clock(text, between.end(), clocks)
        if not timed:
            return None if head else Expression(day=day, end=end)
        return Expression(day=day, clock=timed[0], end=timed[1])

    def _clock_first(self, text: str, today: date, *, head: bool) -> Expression | None:
        start = self._before_clock.match(text)
        clocks = self._head_clocks if head else self._all_clocks
        timed = start and self._clock(text, start.end(), clocks)
        if not timed:
            return None
        clock, end = timed
        between = self._before_day.match(text, end)
        dated = between and self._day(text, between.end(), today)
        if not (between and dated):
            return Expression(clock=clock, end=end)
        # "18:00 Monday motivation": is the day part of the time or of the caption? Only "on" or
        # the end of the line tells; otherwise the caption is left alone.
        line_ends = text[dated[1] :].lstrip(" ")[:1] in ("", "\n")
        if head and not (between["on"] or line_ends):
            return None
        return Expression(day=dated[0], clock=clock, end=dated[1])

    def _delay(self, text: str, position: int) -> tuple[Delay, int] | None:
        """Match "in 2h", "in 1h30", "in an hour and 10 min", "in 3 days"."""
        after = self._after.match(text, position)
        amount = after and self._amount.match(text, after.end())
        if not amount:
            return None
        by_calendar = by_clock = 0.0
        while amount:
            unit, end = self._words.units[amount["unit"]], amount.end()
            if unit >= DAY:
                by_calendar += unit * self._number(amount["amount"])
            else:
                by_clock += unit * self._number(amount["amount"])
            joiner = self._joiner.match(text, end)
            amount = joiner and self._amount.match(text, joiner.end())
        if unit == HOUR and (odd := self._odd_minutes.match(text, end)):
            by_clock += int(odd["minutes"])
            end = odd.end()
        days, part_of_day = divmod(by_calendar, DAY)
        minutes = round(part_of_day + by_clock)
        # Far beyond any horizon the exact day no longer matters, only that a calendar has it.
        return Delay(days=min(int(days), 9999), minutes=min(minutes, 9999 * DAY)), end

    def _number(self, amount: str) -> float:
        if amount[0].isdigit():
            return float(amount.replace(",", "."))
        return self._words.amounts[" ".join(amount.split())]

    def _day(self, text: str, position: int, today: date) -> tuple[Day, int] | None:
        if found := self._ahead.match(text, position):
            ahead = self._words.days_ahead[" ".join(found["word"].split())]
            return Day(chains=((today + timedelta(days=ahead),),)), found.end()
        if found := self._tonight.match(text, position):
            return Day(chains=((today,),), night=True), found.end()
        if found := self._weekday.match(text, position):
            weekday = self._words.weekdays[found["word"]]
            return Day(
                chains=_weekday_chains(weekday, today, next_=bool(found["next"]))
            ), found.end()
        if (delayed := self._delay(text, position)) and not delayed[0].minutes:
            later = today + timedelta(days=delayed[0].days)
            return Day(chains=((later,),), same_clock=True), delayed[1]
        if found := self._slashed.match(text, position):
            first, second = int(found[1]), int(found[2])
            orders = dict.fromkeys(((first, second), (second, first)))
            chains = (_date_chain(day, month, found["year"], today) for day, month in orders)
            return Day(chains=_possible(chains, found[0])), found.end()
        for pattern in self._dates:
            if found := pattern.match(text, position):
                parts = found.groupdict()
                month = (
                    self._words.months[parts["month"]]
                    if parts.get("month")
                    else int(parts["month_number"])
                )
                chain = _date_chain(int(parts["day"]), month, parts.get("year"), today)
                return Day(chains=_possible([chain], found[0])), found.end()
        return None

    def read_clock(self, text: str) -> tuple[Clock, int] | None:
        """Read the time of day that the folded `text` starts with, and where it ends."""
        return self._clock(text, 0, self._all_clocks)

    def _clock(
        self, text: str, position: int, clocks: Iterable[re.Pattern[str]]
    ) -> tuple[Clock, int] | None:
        for pattern in clocks:
            if found := pattern.match(text, position):
                parts = found.groupdict()
                if word := parts.get("word"):
                    hours = self._words.clock_words[word]
                    clock = Clock(readings=tuple(HOUR * hour for hour in hours), half_named=True)
                else:
                    clock = self._numeric_clock(parts, found[0])
                return clock, found.end()
        return None

    def _numeric_clock(self, parts: dict[str, str | None], words: str) -> Clock:
        hour, minute = int(parts["hour"] or 0), int(parts.get("minute") or 0)
        if meridiem := parts.get("meridiem"):
            if not (1 <= hour <= 12 and minute < HOUR):
                raise NotUnderstood(Reason.NO_SUCH_TIME, words)
            hour = hour % 12 + self._words.meridiem[meridiem]
            return Clock(readings=(HOUR * hour + minute,), half_named=True)
        if not (minute < HOUR and HOUR * hour + minute <= DAY):
            raise NotUnderstood(Reason.NO_SUCH_TIME, words)
        if parts.get("minute") is None and 1 <= hour < 12:
            return Clock(readings=(HOUR * hour, HOUR * (hour + 12)))
        return Clock(readings=(HOUR * hour + minute,))


def _weekday_chains(weekday: int, today: date, *, next_: bool) -> tuple[tuple[date, ...], ...]:
    """Return the coming such day, and with "next" also that of the week after where they differ."""
    coming = today + timedelta(days=(weekday - today.weekday()) % 7)
    if not next_:
        return ((coming, coming + timedelta(days=7)),)
    next_week = today + timedelta(days=7 - today.weekday() + weekday)
    return ((next_week,),) if coming in (today, next_week) else ((coming,), (next_week,))


def _date_chain(day: int, month: int, year: str | None, today: date) -> tuple[date, ...]:
    """Return the dates that day and month can be: of that year, else of this one and the next."""
    if year is None:
        years: tuple[int, ...] = (today.year, today.year + 1)
    else:
        years = (int(year) + (2000 if len(year) == 2 else 0),)
    dates = []
    for candidate in years:
        # The last year of the calendar leaves no room for the end of its last day.
        if candidate < MAXYEAR:
            with suppress(ValueError):
                dates.append(date(candidate, month, day))
    return tuple(dates)


def _possible(chains: Iterable[tuple[date, ...]], words: str) -> tuple[tuple[date, ...], ...]:
    possible = tuple(chain for chain in chains if chain)
    if not possible:
        raise NotUnderstood(Reason.NO_SUCH_DATE, words)
    return possible
