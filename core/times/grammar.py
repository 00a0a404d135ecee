"""From typed words to what they say: a day, a part of it, a time of day, or a delay from now.

Nothing here knows zones or what has gone by: `core.times.phrases` decides that.
"""

import re
from datetime import date
from functools import cache

from core.times.clocks import ClockGrammar
from core.times.days import DayGrammar
from core.times.delays import DelayGrammar
from core.times.expressions import Clock, Expression
from core.times.folding import WORD_END, any_of, keyed, spoken
from core.times.languages import LANGUAGES
from core.times.locales import day_first
from core.times.words import Part, Words


class Grammar:
    """The forms of a time in one language, built from its words."""

    def __init__(self, words: Words, *, day_first: bool | None) -> None:
        self._delays = DelayGrammar(words)
        self._clocks = ClockGrammar(words)
        self._days = DayGrammar(
            words, day_first=day_first, delays=self._delays, clocks=self._clocks
        )
        self._parts = keyed(words.parts)
        self._part = re.compile(rf" *(?:, *)?(?P<part>{any_of(words.parts)}){WORD_END}")

    def read(self, text: str, *, today: date, head: bool = False) -> Expression | None:
        """Read the time that the folded `text` starts with; None where it starts with none.

        `head` is for the head of a caption and takes only what is hardly ordinary words: a delay
        in hours or minutes, or a time of day written out, with or without a day.
        """
        delayed = self._delays.read(text, 0)
        if delayed and delayed[0].minutes:
            return Expression(delay=delayed[0], end=delayed[1])
        readings = (
            self._day_first(text, 0, None, today, head=head),
            self._part_first(text, today, head=head),
            self._clock_first(text, 0, None, today, head=head),
        )
        # "sera" may lead and more may follow: what takes more of the words is meant.
        return max(filter(None, readings), key=lambda reading: reading.end, default=None)

    def read_clock(self, text: str) -> tuple[Clock, int] | None:
        """Read the time of day that the folded `text` starts with, and where it ends."""
        timed = self._clocks.read(text, 0)
        return timed and (self._clocks.part(timed[0], text, timed[1]) or timed)

    def _part_first(self, text: str, today: date, *, head: bool) -> Expression | None:
        """Read "evening of the day after", "शाम 6 बजे" or, alone, "evening"."""
        said = self._part_at(text, 0)
        if not said:
            return None
        part, end = said
        found = self._day_first(text, end, part, today, head=head) or self._clock_first(
            text, end, part, today, head=head
        )
        return found or (None if head else Expression(part=part, end=end))

    def _day_first(
        self, text: str, position: int, part: Part | None, today: date, *, head: bool
    ) -> Expression | None:
        dated = self._days.read(text, position, today)
        if not dated:
            return None
        day, end, _ = dated
        if said := self._part_at(text, end):
            part, end = said
        timed = self._clocks.read(text, end, head=self._clocks.written if head else None)
        if not timed:
            return None if head else Expression(day=day, part=part, end=end)
        clock, end = self._clocks.part(timed[0], text, timed[1]) or timed
        return Expression(day=day, part=part, clock=clock, end=end)

    def _clock_first(
        self, text: str, position: int, part: Part | None, today: date, *, head: bool
    ) -> Expression | None:
        timed = self._clocks.read(text, position, head=self._clocks.at_head if head else None)
        if not timed:
            return None
        clock, end = timed
        dated = self._days.read(text, end, today)  # "jam 8 malam ini": of this evening
        if not dated:
            clock, end = self._clocks.part(clock, text, end) or timed
            dated = self._days.read(text, end, today)
        if not dated:
            return Expression(clock=clock, part=part, end=end)
        day, day_end, said_on = dated
        if said := self._part_at(text, day_end):
            part, day_end = said
        # "18:00 Monday motivation": is the day part of the time or of the caption? Only "on" or
        # the end of the line tells; otherwise the caption is left alone.
        line_ends = text[day_end:].lstrip(" ")[:1] in ("", "\n")
        if head and not (said_on or line_ends):
            return None
        return Expression(day=day, clock=clock, part=part, end=day_end)

    def _part_at(self, text: str, position: int) -> tuple[Part, int] | None:
        found = self._part.match(text, position)
        return (self._parts[spoken(found["part"])], found.end()) if found else None


@cache
def grammar_of(language: str) -> Grammar | None:
    """Return the grammar of a language tag such as "es" or "pt-BR"; None where there is none."""
    words = LANGUAGES.get(language.replace("_", "-").partition("-")[0].lower())
    if words is None:
        return None
    order = words.day_first if words.day_first is not None else day_first(language)
    return Grammar(words, day_first=order)
