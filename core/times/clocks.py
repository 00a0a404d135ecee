"""Reading times of day: "18:30", "6pm", "18h30", "halb acht", "las 8 y media", "noon"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.times.expressions import Clock
from core.times.folding import WORD_END, any_of, keyed, spoken
from core.times.words import DAY, HOUR, Sign, Words

_HALF = DAY // 2
_LATEST_NEAR = 30 * HOUR  # 25:00 is near 01:00 of the next day; 99:99 is near nothing


class ClockGrammar:
    """The forms of a time of day in one language."""

    def __init__(self, words: Words) -> None:
        self._signs = keyed(words.signs)
        self._meridiem = keyed(words.meridiem)
        self._named = keyed(words.clock_words)
        self._hours = keyed(words.hours)
        self._shifts = {**keyed(words.before_hour), **keyed(words.after_hour)}
        self._parts = keyed(words.clock_parts)

        digits = r"(?P<hour>\d{1,2})"
        hour = rf"(?P<hour>\d{{1,2}}(?!\d)|{any_of(words.hours)})"
        minute = r"(?P<minute>\d{2})"
        sign = rf"(?P<sign>{any_of(words.signs)})"
        shift = rf"(?P<shift>{any_of(words.before_hour)})"
        shift_after = rf"(?P<shift>{any_of(words.after_hour)})"
        more_minutes = rf"{minute}(?!\d)(?: *{any_of(words.minute_signs)})?"

        at = f"(?P<at>{any_of(words.at)})|(?P<loosely>{any_of(words.at_loosely)})"
        self._before = re.compile(rf" *(?:, *)?(?:(?:{at}) *)?")
        self._after = re.compile(rf" *(?:, *)?(?P<part>{any_of(words.clock_parts)}){WORD_END}")

        twelve = re.compile(
            rf"{hour}(?:[:.]{minute})? *(?P<meridiem>{any_of(words.meridiem)}){WORD_END}"
        )
        shifted = (
            re.compile(rf"{shift} *{hour}(?![:.]\d)(?: *{sign})?{WORD_END}"),
            re.compile(rf"{hour}(?: *{sign})? *{shift_after}{WORD_END}"),
        )
        with_minutes = re.compile(rf"{hour} *{sign}{more_minutes}{WORD_END}")
        spaced_minutes = re.compile(rf"{hour} *{sign} *{more_minutes}{WORD_END}")
        signed = re.compile(rf"{hour} *{sign}{WORD_END}")
        digital = re.compile(rf"{digits}[:.]{minute}(?: *{any_of(words.signs)})?(?![\w:])")
        parted = re.compile(rf"{digits}(?: *{sign})?(?= *{any_of(words.clock_parts)}{WORD_END})")
        clock_signs = any_of([word for word, sign in words.signs.items() if not sign.counts])
        surely_signed = re.compile(rf"{hour} *(?P<sign>{clock_signs}){WORD_END}")
        named = re.compile(rf"(?P<word>{any_of(words.clock_words)}){WORD_END}")
        self._bare = re.compile(rf"{hour}(?![\w/]|[:.]\d)")

        self.all: Sequence[re.Pattern[str]] = (
            *(twelve, *shifted, spaced_minutes, signed, digital, named, self._bare),
        )
        # Before a caption, after a day and without an "at": "Dec 25 10 gifts" names no hour.
        self.written: Sequence[re.Pattern[str]] = (
            *(twelve, *shifted, with_minutes, signed, digital, parted),
        )
        # The same without a day; 9:16 at the head of a caption is the shape of a clip.
        self.at_head: Sequence[re.Pattern[str]] = (
            *(twelve, *shifted, with_minutes, parted, surely_signed),
            re.compile(rf"(?!9:16(?:\s|$)){digits}:{minute}(?![\w:])"),
        )
        self.some_at = rf"(?:{any_of(words.at)}|{any_of(words.at_loosely)})"
        self.surely = rf"\d{{1,2}}(?:[:.]\d{{2}}| *{any_of(words.signs)})"  # after a day's number

    def read(
        self, text: str, position: int, *, head: Sequence[re.Pattern[str]] | None = None
    ) -> tuple[Clock, int] | None:
        """Read the time of day at `position`, with the "at" before it, and where it ends.

        The part of the day after it is for `part`. `head` are the forms that are allowed without
        an "at" before a caption; without it all are.
        """
        before = self._before.match(text, position)
        if before is None:  # it may be empty, but it always matches
            return None
        said_at = bool(before["at"] or before["loosely"])
        forms = self.all if head is None or said_at else head
        for form in forms:
            if found := form.match(text, before.end()):
                parts = found.groupdict()
                if word := parts.get("word"):
                    hours = self._named[spoken(word)]
                    readings = tuple(round(HOUR * hour) for hour in hours)
                    return Clock(readings=readings, half_named=True), found.end()
                clock = self._numbered(parts)
                if said_at:  # "à 18h" is a time, but "à 3" may be anything
                    clock = replace(clock, firm=bool(before["at"]) or form is not self._bare)
                return clock, found.end()
        return None

    def part(self, clock: Clock, text: str, position: int) -> tuple[Clock, int] | None:
        """Read the part of the day that is said after `clock`."""
        if clock.half_named or not (found := self._after.match(text, position)):
            return None
        return replace(clock, part=self._parts[spoken(found["part"])], firm=True), found.end()

    def _numbered(self, parts: dict[str, str | None]) -> Clock:
        said = parts["hour"] or ""
        hour = int(said) if said.isdecimal() else self._hours[spoken(said)]
        minute = parts.get("minute")
        shift = self._shifts[spoken(shifted)] if (shifted := parts.get("shift")) else 0
        minutes = HOUR * hour + int(minute or 0) + shift
        sign = self._signs[spoken(signed)] if (signed := parts.get("sign")) else Sign()

        if meridiem := parts.get("meridiem"):
            half = HOUR * self._meridiem[spoken(meridiem)]
            if not 1 <= hour <= 12:
                return _impossible(minutes)
            minutes = (minutes - HOUR * hour) + HOUR * (hour % 12) + half
            named = Clock(readings=(minutes % DAY,), half_named=True)
            return named if int(minute or 0) < HOUR else _impossible(minutes)
        if int(minute or 0) >= HOUR or minutes > DAY:
            return _impossible(minutes)
        # "lundi 2h de sport", "24h de live", but hardly "18h de sport".
        firm = minute is not None or bool(shift) or not sign.counts or 13 <= hour < 24
        if minute is None and not sign.whole_day and 1 <= hour <= 12 and minutes < _HALF:
            return Clock(readings=(minutes, minutes + _HALF), firm=firm)
        return Clock(readings=(minutes % DAY if shift else minutes,), firm=firm)


def _impossible(minutes: int) -> Clock:
    near = (minutes,) if minutes <= _LATEST_NEAR else ()
    return Clock(readings=near, impossible=True)
