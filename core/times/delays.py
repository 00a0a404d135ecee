"""Reading delays: "in 2h", "in 1h30", "dentro de una hora y media", "2 saat sonra"."""

import re

from core.times.expressions import Delay
from core.times.folding import NO_LETTER, WORD_END, any_of, keyed, spoken
from core.times.words import DAY, HOUR, Words

# Far beyond any horizon the exact day no longer matters, only that a calendar has it.
_MOST_DAYS = 9999


class DelayGrammar:
    """The forms of a delay in one language."""

    def __init__(self, words: Words) -> None:
        self._units = keyed(words.units)
        self._amounts = keyed(words.amounts)
        self._spans = keyed(words.spans)
        amount = rf"(?:(?P<digits>\d{{1,4}}(?:[.,]\d)?)|(?P<amount>{any_of(words.amounts)})(?= ))"
        half = any_of(words.and_a_half)
        self._after = re.compile(rf"{any_of(words.after)} +")
        self._span = re.compile(
            rf"(?:{amount}(?P<half> +{half})? *(?P<unit>{any_of(words.units)}){NO_LETTER}"
            rf"|(?P<span>{any_of(words.spans)}){NO_LETTER})(?P<more> *{half})?"
        )
        self._joiner = re.compile(rf" *(?:(?:{any_of(words.joiners)}|,) *)?")
        self._odd_minutes = re.compile(rf"(?P<minutes>\d{{2}}){WORD_END}")
        self._later = re.compile(rf" *{any_of(words.later)}{WORD_END}")

    def read(self, text: str, position: int) -> tuple[Delay, int] | None:
        """Read the delay at `position` of the folded `text`, and where it ends."""
        after = self._after.match(text, position)
        start = after.end() if after else position
        span = self._span.match(text, start)
        if not span:
            return None
        by_calendar = by_clock = 0.0
        while span:
            length, unit = self._length(span)
            if unit >= DAY:
                by_calendar += length
            else:
                by_clock += length
            end = span.end()
            joiner = self._joiner.match(text, end)
            span = joiner and self._span.match(text, joiner.end())
        if unit == HOUR and (odd := self._odd_minutes.match(text, end)):
            by_clock += int(odd["minutes"])
            end = odd.end()
        if not after:
            later = self._later.match(text, end)
            if not later:
                return None
            end = later.end()
        days, part_of_day = divmod(by_calendar, DAY)
        minutes = min(round(part_of_day + by_clock), _MOST_DAYS * DAY)
        delay = Delay(
            days=min(int(days), _MOST_DAYS),
            minutes=minutes,
            terse=_terse(text[position:end]),
        )
        return delay, end

    def _length(self, span: re.Match[str]) -> tuple[float, int]:
        """Return the minutes of one amount with its unit, and the unit."""
        if span["span"]:
            amount, unit = self._spans[spoken(span["span"])]
        else:
            unit = self._units[spoken(span["unit"])]
            digits = span["digits"]
            amount = (
                float(digits.replace(",", ".")) if digits else self._amounts[spoken(span["amount"])]
            )
        if span["half"] or span["more"]:
            amount += 0.5
        return unit * amount, unit


def _terse(words: str) -> bool:
    """Whether it is as short as "in 2h", which hardly begins a sentence; "in 5 min" may."""
    short = all(len(word) <= 3 for word in re.findall(r"[^\W\d_]+", words))
    return short and not re.search(r"\d +[^\W\d_]", words)
