"""What typed words mean for a creator now, in their zone."""

from collections.abc import Sequence
from datetime import date, datetime

from core.times.expressions import Expression
from core.times.folding import fold, fold_mapped
from core.times.grammar import grammar_of
from core.times.meaning import resolve
from core.times.moment import (
    Moment,
    NotUnderstood,
    Reason,
    TimeProblem,
    at_instant,
)

LONGEST_TEXT = 100

_SEPARATORS = ",:;|–—-"


def parse(text: str, *, now: datetime, zone: str, languages: Sequence[str] = ("en",)) -> Moment:
    """Return the moment that `text` names, as a creator in `zone` means it at the aware `now`.

    `languages` are tags ("pt-BR", "en"), the creator's own first: what it understands counts.
    Where only the others understand the words, and not the same, AmbiguousWords is raised.
    Languages without a table of words are passed over.

    Understands delays ("in 1h30", "in 3 days"), times of day ("18:30", "6pm", "noon"), days
    ("tomorrow", "next monday", "25 dec", "25.12.", "12/25", "2026-12-25"), parts of the day
    ("this evening at 8") and what they are in the other languages. Raises a TimeProblem and
    nothing else, whatever the text.
    """
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood(Reason.TOO_LONG, text[:LONGEST_TEXT])
    words = text.strip()
    folded = fold(words).replace("\n", " ").strip()
    today = at_instant(now, zone).wall.date()
    readings = [_whole(folded, today, language) for language in languages]
    if not (meanings := _preferred(readings)):
        raise NotUnderstood(Reason.NO_TIME_WORDS, words)
    return resolve(meanings, words, now=now, zone=zone)


def split_leading(
    text: str, *, now: datetime, zone: str, languages: Sequence[str] = ("en",)
) -> tuple[Moment | None, str]:
    """Split a caption into the moment that leads it and the rest, its outer spaces trimmed.

    A caption that leads with anything less than a full time ("10 things", "Monday motivation")
    comes back whole, with None. Where a full time leads but cannot be kept or means several
    moments, the TimeProblem is raised like by `parse`, with the remaining caption in `rest`.
    """
    start = len(text) - len(text.lstrip())
    folded, origins = fold_mapped(text[start:])
    today = at_instant(now, zone).wall.date()
    meanings = _preferred([_leading(folded, today, language) for language in languages])
    if not meanings:
        return None, text
    words = text[start : start + origins[meanings[0].end]]
    end = max(_end_with_separator(folded, meaning.end) or 0 for meaning in meanings)
    rest = text[start + origins[end] :].strip()
    try:
        return resolve(meanings, words, now=now, zone=zone), rest
    except TimeProblem as problem:
        problem.rest = rest
        raise


def _preferred(readings: Sequence[Expression | None]) -> Sequence[Expression]:
    """Return what the words mean: the creator's language first, possible times before others."""
    found = [reading for reading in readings if reading]
    possible = [reading for reading in found if not reading.impossible]
    if readings and readings[0] in possible:
        return possible[:1]
    return tuple(dict.fromkeys(possible)) or found[:1]


def _whole(folded: str, today: date, language: str) -> Expression | None:
    """Return what all of the text says in one language."""
    grammar = grammar_of(language)
    expression = grammar and grammar.read(folded, today=today)
    if not expression or folded[expression.end :].strip(" ") not in ("", ".", "!"):
        return None
    return expression


def _leading(folded: str, today: date, language: str) -> Expression | None:
    """Return the full time that a caption begins with in one language."""
    grammar = grammar_of(language)
    expression = grammar and grammar.read(folded, today=today, head=True)
    if not expression or expression.impossible:
        return None
    end = _end_with_separator(folded, expression.end)
    if end is None or not _stands_apart(expression, folded, end):
        return None
    return expression


def _stands_apart(expression: Expression, text: str, end: int) -> bool:
    """Whether it is a time for the bot and no part of the caption's first sentence.

    "9am routine" and "in 5 minutes you can" are titles: without a day, a clock has to be followed
    by a separator, a new line or a hashtag; so has a delay, unless it is as terse as "in 2h", and
    a day with a number that may be no hour ("lundi 2h de sport").
    """
    if expression.day and expression.clock and expression.clock.firm:
        return True
    if expression.delay and expression.delay.terse:
        return True
    rest = text[end:].lstrip(" ")
    return end > expression.end or rest[:1] in ("", "\n", "#")


def _end_with_separator(text: str, end: int) -> int | None:
    """Return the position after the time words and a separator; None within a longer word."""
    after = text[end:].lstrip(" ")
    if after[:1] and after[0] in _SEPARATORS and (len(after) == 1 or after[1].isspace()):
        return len(text) - len(after) + 1
    return end if text[end : end + 1] in ("", " ", "\n") else None
