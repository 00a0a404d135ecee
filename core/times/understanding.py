"""Typed times in any language: our grammar first, then dateparser for what it cannot read.

dateparser knows some two hundred languages but is generous; what it finds is taken only where it
is clear which words named the day and the time, and our own rules then make the moment of it.
"""

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from core.times.expressions import Clock, Day, Delay, Expression
from core.times.folding import fold
from core.times.meaning import resolve
from core.times.moment import Moment, NotUnderstood, Reason, at_instant
from core.times.phrases import parse
from core.times.words import DAY, HOUR

PATIENCE = 3.0
"""Seconds that a second reading may take, waiting for its turn and the library included."""

# A relative time moves with its base and a time of day does not: reading twice tells them apart.
_APART = timedelta(days=1, minutes=7)
_RELATIVE, _ABSOLUTE = ["relative-time"], ["absolute-time"]


async def understand(
    text: str,
    *,
    now: datetime,
    zone: str,
    languages: Sequence[str] = ("en",),
    patience: float = PATIENCE,
) -> Moment:
    """Return the moment that `text` names, like `parse`, and read it a second time if need be.

    The second reading is dateparser's, in a thread of its own, one at a time; where it takes more
    than `patience` seconds, the words count as not understood. Raises a TimeProblem and nothing
    else.
    """
    try:
        return parse(text, now=now, zone=zone, languages=languages)
    except NotUnderstood as first:
        if first.reason is not Reason.NO_TIME_WORDS:
            raise
        wall_now = at_instant(now, zone).wall
        try:
            meaning = await asyncio.wait_for(
                asyncio.get_running_loop().run_in_executor(
                    _reader(), read, text, wall_now, tuple(languages)
                ),
                patience,
            )
        except TimeoutError:
            raise first from None
        if meaning is None:
            raise
        return resolve([meaning], text.strip(), now=now, zone=zone)


@cache
def _reader() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="dateparser")


class _Found(NamedTuple):
    wall: datetime
    timed: bool  # a time of day or hours and minutes, and not only a day


def read(text: str, wall_now: datetime, languages: Sequence[str]) -> Expression | None:
    """Return what dateparser finds in all of `text`, if it names a day or a time and no less.

    Not taken are texts without a word (10, 2026), months and years without a day, and times with
    a zone of their own. Takes some milliseconds; the first call loads the library.
    """
    if not any(unicodedata.category(character).startswith("L") for character in text):
        return None
    for language in languages:
        expression = _relative(text, wall_now, language) or _absolute(text, wall_now, language)
        if expression:
            return expression
    return None


def _relative(text: str, wall_now: datetime, language: str) -> Expression | None:
    """Read a delay ("za 2 godziny") or a day that is counted from today ("jutro o 18:30")."""
    found = _found(text, wall_now, language, _RELATIVE)
    shifted = found and _found(text, wall_now - _APART, language, _RELATIVE)
    if not found or not shifted:
        return None
    days = (found.wall.date() - wall_now.date()).days
    if found.wall - shifted.wall != _APART:
        clock_said = found.timed and found.wall.time() == shifted.wall.time()
        if clock_said and _numbers(text) <= {days, days // 7, *_clock_numbers(found.wall)}:
            return _expression(text, found, (found.wall.date(),))
        return None
    minutes = round((found.wall - wall_now).total_seconds() / 60)
    if found.timed:
        parts = {minutes, *divmod(minutes, HOUR), minutes // HOUR % 24, minutes // DAY}
        if not minutes or not _numbers(text) <= parts:
            return None
        return Expression(end=len(text), delay=Delay(days=0, minutes=minutes))
    counted = _numbers(text) <= {days, days // 7}
    return Expression(end=len(text), day=Day(chains=((found.wall.date(),),))) if counted else None


def _absolute(text: str, wall_now: datetime, language: str) -> Expression | None:
    """Read a date or a weekday, with or without a time ("25 grudnia 20:00", "w piątek")."""
    found = _found(text, wall_now, language, _ABSOLUTE)
    shifted = found and _found(text, wall_now - _APART, language, _ABSOLUTE)
    if not found or not shifted or found.wall.time() != shifted.wall.time():
        return None
    day, other = found.wall.date(), shifted.wall.date()
    said = {day.day, day.month, day.year, day.year % 100}
    if not _numbers(text) <= said | (_clock_numbers(found.wall) if found.timed else set()):
        return None
    weeks, odd_days = divmod((day - other).days, 7)
    if (day.month, day.day) == (other.month, other.day):
        return _expression(text, found, (day,))
    if odd_days or not 0 <= weeks <= 1:
        return None  # the day came from the base, so the words named none
    # On a friday, "friday" is today's for us as long as its time is ahead.
    dates = (other, day) if other == wall_now.date() else (day,)
    return _expression(text, found, dates)


def _numbers(text: str) -> set[int]:
    """Return the numbers in a text; dateparser passes over some, but a time must explain all."""
    return {int(digits) for digits in re.findall(r"\d+", fold(text))}


def _clock_numbers(wall: datetime) -> set[int]:
    return {wall.hour, wall.hour % 12 or 12, wall.minute}


def _expression(text: str, found: _Found, dates: tuple[date, ...]) -> Expression:
    clock = None
    if found.timed:
        clock = Clock(readings=(HOUR * found.wall.hour + found.wall.minute,))
    return Expression(end=len(text), day=Day(chains=(dates,)), clock=clock)


def _found(text: str, base: datetime, language: str, parsers: list[str]) -> _Found | None:
    # Loading it takes a tenth of a second and some megabytes that most bots never need.
    from dateparser.date import DateDataParser  # noqa: PLC0415

    settings = {
        "RELATIVE_BASE": base,
        "PREFER_DATES_FROM": "future",
        "PARSERS": parsers,
        "RETURN_TIME_AS_PERIOD": True,
    }
    try:
        parser = DateDataParser(languages=[language.partition("-")[0].lower()], settings=settings)
        data = parser.get_date_data(text)
    except Exception:
        # A language that it does not know, a year beyond calendars, or a text it stumbles over:
        # whatever strangers type, it is then a text that cannot be read.
        return None
    wall = data.date_obj
    if wall is None or wall.tzinfo is not None or data.period not in ("time", "day"):
        return None
    return _Found(wall.replace(second=0, microsecond=0), data.period == "time")
