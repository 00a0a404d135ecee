"""Reading times of the week: "weekdays 12:00 and 19:00", "mon, wed 9am; sat 10:30", "daily 18h"."""

# ruff: noqa: RUF001 - some letters are Cyrillic

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from core.queue.weeks import EVERY_DAY, WEEKEND, WORKDAYS, WeekTime, week_times
from core.times import LANGUAGES, NotUnderstood, Reason
from core.times.folding import WORD_END, any_of, fold, keyed, spoken
from core.times.grammar import Grammar, grammar_of
from core.times.meaning import readings_within
from core.times.words import DAY

_FALLBACK = "en"
_LONGEST = 300  # characters


@dataclass(frozen=True, kw_only=True)
class _Groups:
    """What a language calls several days at once, and "every" before a day.

    `each` are other forms of the weekdays, from Monday on: "on Mondays" in one word.
    """

    every_day: tuple[str, ...]
    workdays: tuple[str, ...] = ()
    weekend: tuple[str, ...] = ()
    every: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    each: tuple[str, ...] = ()


_GROUPS = {
    "ar": _Groups(every_day=("كل يوم", "يوميا"), every=("كل",), until=("الى",)),
    "de": _Groups(
        every_day=("täglich", "jeden tag"),
        workdays=("werktags", "wochentags", "unter der woche"),
        weekend=("am wochenende", "wochenende", "wochenends"),
        every=("jeden", "immer"),
        until=("bis",),
    ),
    "en": _Groups(
        every_day=("every day", "everyday", "each day", "daily"),
        workdays=("weekdays", "weekday", "workdays"),
        weekend=("weekends", "weekend", "the weekend"),
        every=("every", "each"),
        until=("to", "until", "through"),
    ),
    "es": _Groups(
        every_day=("todos los días", "cada día", "a diario", "diario", "diariamente"),
        workdays=("entre semana", "días laborables", "laborables", "días de semana"),
        weekend=("fines de semana", "los fines de semana", "fin de semana"),
        every=("cada", "todos los", "los"),
        until=("a",),
    ),
    "fr": _Groups(
        every_day=("tous les jours", "chaque jour", "quotidien"),
        workdays=("en semaine", "jours ouvrés", "jours de semaine"),
        weekend=("week-end", "weekend", "week-ends", "weekends"),
        every=("chaque", "tous les", "les"),
        until=("au", "à"),
    ),
    "hi": _Groups(every_day=("रोज", "रोज़", "हर दिन", "प्रतिदिन"), every=("हर",), until=("से",)),
    "id": _Groups(
        every_day=("setiap hari", "tiap hari"),
        workdays=("hari kerja",),
        weekend=("akhir pekan",),
        every=("setiap", "tiap"),
        until=("sampai", "hingga"),
    ),
    "it": _Groups(
        every_day=("ogni giorno", "tutti i giorni"),
        workdays=("giorni feriali", "nei giorni feriali", "feriali"),
        weekend=("fine settimana", "nel fine settimana", "weekend"),
        every=("ogni", "tutti i"),
        until=("a",),
    ),
    "pt": _Groups(
        every_day=("todos os dias", "todo dia", "cada dia", "diariamente"),
        workdays=("dias úteis", "dias de semana"),
        weekend=("fins de semana", "fim de semana", "finais de semana"),
        every=("cada", "toda", "todas as", "todo", "todos os"),
        until=("a", "até"),
    ),
    "ru": _Groups(
        every_day=("каждый день", "ежедневно"),
        workdays=("будни", "по будням", "в будни", "рабочие дни"),
        weekend=("выходные", "по выходным", "в выходные"),
        every=("каждый", "каждую", "каждое", "по"),
        until=("до",),
        each=(
            *("понедельникам", "вторникам", "средам", "четвергам", "пятницам"),
            *("субботам", "воскресеньям"),
        ),
    ),
    "tr": _Groups(
        every_day=("her gün",),
        workdays=("hafta içi",),
        weekend=("hafta sonu", "hafta sonlari"),
        every=("her",),
    ),
    "uk": _Groups(
        every_day=("щодня", "кожен день", "кожного дня"),
        workdays=("будні", "у будні", "в будні", "по буднях"),
        weekend=("вихідні", "у вихідні", "на вихідних"),
        every=("кожен", "кожну", "кожної", "кожного", "по"),
        until=("до",),
        each=(
            *("понеділках", "вівторках", "середах", "четвергах", "п'ятницях"),
            *("суботах", "неділях"),
        ),
    ),
}


def read_week_times(text: str, languages: Sequence[str]) -> frozenset[WeekTime]:
    """The times of the week that `text` names, each day where it names none.

    `languages` are tags, the creator's own first; English is understood always. An hour like 9
    counts to 24. Raises NotUnderstood.
    """
    if len(text) > _LONGEST:
        raise NotUnderstood(Reason.TOO_LONG, text[:_LONGEST])
    folded = fold(text).replace("\n", ";").strip()
    for language in dict.fromkeys((*languages, _FALLBACK)):
        reader = _reader(language.replace("_", "-").partition("-")[0].lower())
        if reader and (found := reader.read(folded)):
            return found
    raise NotUnderstood(Reason.NO_TIME_WORDS, text.strip())


class _Reader:
    """The forms in one language."""

    def __init__(self, language: str, grammar: Grammar) -> None:
        words, groups = LANGUAGES[language], _GROUPS[language]
        self._grammar = grammar
        self._days: dict[str, Collection[int]] = {
            **{word: (day,) for word, day in keyed(words.weekdays).items()},
            **{spoken(word): (day,) for day, word in enumerate(groups.each)},
            **dict.fromkeys(map(spoken, groups.every_day), EVERY_DAY),
            **dict.fromkeys(map(spoken, groups.workdays), WORKDAYS),
            **dict.fromkeys(map(spoken, groups.weekend), WEEKEND),
        }
        # A plural's s may follow: "mondays", "lundis", "montags".
        self._day = re.compile(rf"(?P<day>{any_of(self._days, whole=False)})s?{WORD_END}")
        little = (*words.joiners, *words.on, *words.at, *words.at_loosely, *groups.every)
        self._little = re.compile(rf"(?:[\s,;:.&/·]|{any_of(little)}{WORD_END})+")
        self._until = re.compile(rf" *(?:[-–—]|{any_of(groups.until)}{WORD_END}) *")

    def read(self, text: str) -> frozenset[WeekTime]:
        """All times that the folded `text` names; none where anything in it is something else."""
        found: set[WeekTime] = set()
        days: set[int] = set()
        minutes: set[int] = set()
        position, last = 0, ""
        days_lead: bool | None = None
        while position < len(text):
            if dated := self._days_at(text, position):
                days_lead = True if days_lead is None else days_lead
                if days_lead and last == "clock":
                    found |= week_times(days, minutes)
                    days, minutes = set(), set()
                days |= set(dated[0])
                position, last = dated[1], "day"
            elif clocked := self._clock_at(text, position):
                days_lead = False if days_lead is None else days_lead
                if not days_lead and last == "day":
                    found |= week_times(days, minutes)
                    days, minutes = set(), set()
                minutes.add(clocked[0])
                position, last = clocked[1], "clock"
            elif little := self._little.match(text, position):
                position = little.end()
            else:
                return frozenset()
        if not minutes:
            return frozenset()
        return frozenset(found | week_times(days or EVERY_DAY, minutes))

    def _days_at(self, text: str, position: int) -> tuple[Collection[int], int] | None:
        first = self._day.match(text, position)
        if not first:
            return None
        days = self._days[spoken(first["day"])]
        through = self._until.match(text, first.end())
        last = through and self._day.match(text, through.end())
        if not last or len(days) > 1 or len(self._days[spoken(last["day"])]) > 1:
            return days, first.end()
        (start,), (end,) = days, self._days[spoken(last["day"])]
        return [(start + ahead) % 7 for ahead in range((end - start) % 7 + 1)], last.end()

    def _clock_at(self, text: str, position: int) -> tuple[int, int] | None:
        read = self._grammar.read_clock(text[position:])
        if not read or read[0].impossible:
            return None
        clock, length = read
        readings = readings_within(clock.part, clock) if clock.part else clock.readings
        return (readings[0] % DAY, position + length) if readings else None


@cache
def _reader(language: str) -> _Reader | None:
    grammar = grammar_of(language)
    return _Reader(language, grammar) if grammar and language in _GROUPS else None
