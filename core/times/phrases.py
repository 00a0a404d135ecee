"""What typed words mean for a creator now, in their zone."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from core.times.grammar import Clock, Day, Expression, Grammar, fold
from core.times.moment import (
    AmbiguousWords,
    DoesNotExist,
    HappensTwice,
    Moment,
    NotUnderstood,
    Reason,
    TimeProblem,
    at_instant,
    at_wall,
    check_range,
)
from core.times.words import DAY, ENGLISH, HOUR

LONGEST_TEXT = 100

_GRAMMAR = Grammar(ENGLISH)

# Offered for a day without a time, and taken for "tonight", in minutes after midnight.
_DAY_OFFERS = (9 * HOUR, 12 * HOUR, 18 * HOUR, 20 * HOUR)
_TONIGHT = 20 * HOUR
_NIGHT_BEGINS, _NIGHT_ENDS = 17 * HOUR, 5 * HOUR

_SEPARATORS = ",:;|–—-"


def parse(text: str, *, now: datetime, zone: str) -> Moment:
    """Return the moment that `text` names, as a creator in `zone` means it at the aware `now`.

    Understands delays ("in 1h30", "in 3 days"), times of day ("18:30", "6pm", "noon"), days
    ("tomorrow", "next monday", "25 dec", "25.12.", "12/25", "2026-12-25") and both together.
    Raises a TimeProblem and nothing else, whatever the text.
    """
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood(Reason.TOO_LONG, text[:LONGEST_TEXT])
    words = text.strip()
    folded = fold(words).replace("\n", " ")
    expression = _GRAMMAR.read(folded, today=_wall_now(now, zone).date())
    if expression is None or folded[expression.end :].strip(" ") not in ("", ".", "!"):
        raise NotUnderstood(Reason.NO_TIME_WORDS, words)
    return _resolve(expression, words, now=now, zone=zone)


def split_leading(text: str, *, now: datetime, zone: str) -> tuple[Moment | None, str]:
    """Split a caption into the moment that leads it and the rest, its outer spaces trimmed.

    A caption that leads with anything less than a full time ("10 things", "Monday motivation")
    comes back whole, with None. Where a full time leads but cannot be kept or means several
    moments, the TimeProblem is raised like by `parse`, with the remaining caption in `rest`.
    """
    start = len(text) - len(text.lstrip())
    folded = fold(text[start:])
    try:
        expression = _GRAMMAR.read(folded, today=_wall_now(now, zone).date(), head=True)
    except NotUnderstood:
        return None, text
    if expression is None or (end := _end_of_expression(folded, expression.end)) is None:
        return None, text
    if not _stands_apart(expression, folded, end):
        return None, text
    rest = text[start + end :].strip()
    try:
        return _resolve(expression, text[start : start + expression.end], now=now, zone=zone), rest
    except TimeProblem as problem:
        problem.rest = rest
        raise


def _stands_apart(expression: Expression, text: str, end: int) -> bool:
    """Whether it is a time for the bot and no part of the caption's first sentence.

    "9am routine" and "in 5 minutes you can" are titles: without a day, a clock has to be followed
    by a separator, a new line or a hashtag; so has a delay, unless it is as terse as "in 2h".
    """
    if expression.day and expression.clock:
        return True
    if expression.delay and all(len(word) <= 3 for word in _LETTERS.findall(text[:end])):
        return True
    rest = text[end:].lstrip(" ")
    return end > expression.end or rest[:1] in ("", "\n", "#")


_LETTERS = re.compile(r"[^\W\d_]+")


def _end_of_expression(text: str, end: int) -> int | None:
    """Return the position after the time words and a separator; None within a longer word."""
    after = text[end:].lstrip(" ")
    if after[:1] and after[0] in _SEPARATORS and (len(after) == 1 or after[1].isspace()):
        return len(text) - len(after) + 1
    return end if text[end : end + 1] in ("", " ", "\n") else None


def _wall_now(now: datetime, zone: str) -> datetime:
    return at_instant(now, zone).wall


_Outcome = Moment | DoesNotExist | HappensTwice


def _resolve(expression: Expression, words: str, *, now: datetime, zone: str) -> Moment:
    wall_now = _wall_now(now, zone)
    if delay := expression.delay:
        ahead = timedelta(days=delay.days, minutes=delay.minutes)
        if delay.days:  # days go by the calendar, so that the hour stays when clocks change
            return at_wall(wall_now + ahead, zone, now=now)
        return check_range(at_instant(now + ahead, zone), now=now)

    today = wall_now.date()
    day = expression.day or Day(chains=((today, today + timedelta(days=1)),))
    readings = expression.clock.readings if expression.clock else _DAY_OFFERS
    if day.night:
        day, readings = _by_night(day, expression.clock, words)
    elif day.same_clock and not expression.clock:
        readings = (HOUR * wall_now.hour + wall_now.minute,)

    outcomes = _outcomes(day, readings, now=now, zone=zone)
    if len(outcomes) > 1 or readings is _DAY_OFFERS:
        raise AmbiguousWords(_options(outcomes))
    if isinstance(outcomes[0], Moment):
        return outcomes[0]
    raise outcomes[0]


def _by_night(day: Day, clock: Clock | None, words: str) -> tuple[Day, tuple[int, ...]]:
    """Read a clock of "tonight": 9 is 21:00, and 12:30 or 2 lie in the small hours after it."""
    if clock is None:
        return day, (_TONIGHT,)
    halves = (0,) if clock.half_named else (0, DAY // 2)
    for reading in clock.readings:
        for half in halves:
            minutes = (reading + half) % DAY
            if minutes >= _NIGHT_BEGINS:
                return day, (minutes,)
            if minutes < _NIGHT_ENDS:
                after = (*day.chains[0], *(date + timedelta(days=1) for date in day.chains[0]))
                return replace(day, chains=(after,)), (minutes,)
    raise NotUnderstood(Reason.NO_SUCH_TIME, words)


def _outcomes(day: Day, readings: Iterable[int], *, now: datetime, zone: str) -> list[_Outcome]:
    """Return each moment still ahead that the day and the clock readings can mean.

    Of each chain of dates the first that has one counts. Raises the first problem met where
    nothing lies ahead.
    """
    outcomes: list[_Outcome] = []
    problems: list[TimeProblem] = []
    for chain in day.chains:
        for date in chain:
            ahead: list[_Outcome] = []
            for minutes in readings:
                wall = datetime.combine(date, time()) + timedelta(minutes=minutes)
                try:
                    ahead.append(at_wall(wall, zone, now=now))
                except (DoesNotExist, HappensTwice) as change:
                    ahead.append(change)
                except TimeProblem as problem:
                    problems.append(problem)
            outcomes += ahead
            if ahead:
                break
    if not outcomes:
        raise problems[0]
    return outcomes


def _options(outcomes: Iterable[_Outcome]) -> tuple[Moment, ...]:
    moments: set[Moment] = set()
    for outcome in outcomes:
        if isinstance(outcome, Moment):
            moments.add(outcome)
        elif isinstance(outcome, HappensTwice):
            moments |= {outcome.first, outcome.second}
        else:
            moments.add(outcome.nearest)
    return tuple(sorted(moments, key=lambda moment: moment.utc))
