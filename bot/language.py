"""The language a creator reads: texts, plurals, dates and numbers.

English is the language of the code: a message's English text is its name in the catalogs, which
are `bot/locale/<language>/LC_MESSAGES/clipcue.po`. Messages are translated where they are used:

    _("Posting to {account}").format(account=name)
    ngettext("{count} post", "{count} posts", count).format(count=number(count))

A table at the top of a module marks its texts with `N_` and has them translated at use.
"""

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.wording import N_

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["N_", "_", "ngettext", "speak", "speaking"]

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "es": "Español", "ru": "Русский"}
"""What creators can choose, each in its own words."""

LOCALE = Path(__file__).with_name("locale")

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)
_catalogs: dict[str, gettext.NullTranslations] = {ENGLISH: gettext.NullTranslations()}


def catalog_file(language: str) -> Path:
    """Where the translations into a language are."""
    return LOCALE / language / "LC_MESSAGES" / "clipcue.po"


def learn(language: str, catalog: Path) -> None:
    """Read a catalog; from then on its language is spoken. What it lacks stays English."""
    with catalog.open("rb") as file:
        messages = read_po(file, locale=language if language in LANGUAGES else None)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    _catalogs[language] = gettext.GNUTranslations(compiled)


for _language in LANGUAGES:
    if _language != ENGLISH:
        learn(_language, catalog_file(_language))


def language_of(tag: str | None) -> str:
    """The language to speak to somebody who reads this one, such as "es" or "es-MX"."""
    wanted = (tag or "").replace("_", "-").partition("-")[0].lower()
    return wanted if wanted in _catalogs else ENGLISH


def accepted_language(header: str) -> str:
    """The language that fits an Accept-Language header best (RFC 9110, section 12.5.4)."""
    ranked: list[tuple[float, int, str]] = []
    for part in header.split(","):
        tag, _sep, weight = part.partition(";")
        with_quality = weight.strip().removeprefix("q=")
        try:
            quality = float(with_quality) if with_quality else 1.0
        except ValueError:
            continue
        if quality > 0:
            ranked.append((-quality, len(ranked), tag.strip()))
    for _quality, _place, tag in sorted(ranked):
        if language_of(tag) != ENGLISH or tag.lower().startswith(ENGLISH):
            return language_of(tag)
    return ENGLISH


def spoken() -> str:
    """The language that is spoken here and now."""
    return _spoken.get()


def speak(language: str) -> None:
    """Speak a language until the end of this task."""
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language inside the block."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def _(message: str) -> str:
    """The message in the language that is spoken; its fields are still to be filled."""
    return _catalogs[_spoken.get()].gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The same for a message about so many things, in the form that this number takes."""
    return _catalogs[_spoken.get()].ngettext(singular, plural, count)


def moment_words(when: datetime) -> str:
    """Day and time: "Fri 27 Nov 2026, 18:00"."""
    return _dated(when, "EEE d MMM y, HH:mm")


def near_moment_words(when: datetime) -> str:
    """The same without its year: "Fri 27 Nov, 18:00"."""
    return _dated(when, "EEE d MMM, HH:mm")


def day_words(day: date) -> str:
    """A day: "27 Nov 2026"."""
    return _dated(day, "d MMM y")


def near_day_words(day: date) -> str:
    """A day of this year: "Fri 27 Nov"."""
    return _dated(day, "EEE d MMM")


def date_words(day: date) -> str:
    """A date where there is little room: "27 Nov"."""
    return _dated(day, "d MMM")


def heading(words: str) -> str:
    """Words that begin a line: many languages write days and months small."""
    return words[:1].upper() + words[1:]


def month_words(day: date) -> str:
    """A month as a heading: "November 2026"."""
    return heading(_dated(day, "LLLL y"))


def short_month_words(day: date) -> str:
    """The same where there is little room: "Nov 2026"."""
    return heading(_dated(day, "LLL y"))


def weekday_words(weekday: int) -> str:
    """A day of the week, 0 for Monday, as short as a calendar has it: "Mo"."""
    return _short_weekdays(_spoken.get())[weekday]


def clock_words(when: datetime | time) -> str:
    """A time of day: "18:00"."""
    return f"{when:%H:%M}"


def number(value: float, digits: int = 0) -> str:
    """A number with its thousands apart and at most so many digits after the point: "12,500"."""
    from babel.numbers import format_decimal  # noqa: PLC0415 - see `_locale`

    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return str(format_decimal(value, format=pattern, locale=_locale(_spoken.get())))


def short_number(value: float) -> str:
    """A number where there is little room, two or three digits of it: "1.2K", "14K", "116K"."""
    from babel.numbers import format_compact_decimal  # noqa: PLC0415 - see `_locale`

    digits = 1 if len(str(round(value))) % 3 == 1 else 0
    locale = _locale(_spoken.get())
    return str(format_compact_decimal(value, locale=locale, fraction_digits=digits))


def city(zone: str) -> str | None:
    """What a zone's city is called, where that is not simply its name's last part."""
    named: Mapping[str, str] = _locale(_spoken.get()).time_zones.get(zone, {})
    return named.get("city")


def _dated(when: date, pattern: str) -> str:
    from babel.dates import format_date, format_datetime  # noqa: PLC0415 - see `_locale`

    locale = _locale(_spoken.get())
    if isinstance(when, datetime):
        return format_datetime(when, pattern, locale=locale)
    return format_date(when, pattern, locale=locale)


@cache
def _short_weekdays(language: str) -> tuple[str, ...]:
    names = _locale(language).days["stand-alone"]["short"]
    return tuple(names[weekday].capitalize() for weekday in range(7))


@cache
def _locale(language: str) -> "Locale":
    # A language's names and patterns take some megabytes: they are loaded when first shown.
    from babel import Locale  # noqa: PLC0415

    return Locale.parse(language if language in LANGUAGES else ENGLISH)
