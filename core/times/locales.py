"""What a creator's locale says about calendars: the first day of the week, the order of dates.

The figures are those of CLDR, as Babel ships it. A locale is a tag such as "en", "pt-BR" or
"es_MX"; one that Babel does not know counts as its language, and without that as the world.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

_MONDAY = 0


@cache
def first_weekday(locale: str, territory: str | None = None) -> int:
    """Return the day that weeks begin with in a calendar, 0 for Monday to 6 for Sunday.

    `territory` is the code of the creator's country (`zones.country_of`); it counts where the
    locale names none. Without both the language stands for its likeliest territory: "en" for the
    United States, "ar" for Egypt.
    """
    known = _locale(locale)
    if known is None or known.territory is None:
        known = _locale(f"und-{territory}" if territory else _likely(locale)) or known
    return known.first_week_day if known else _MONDAY


@cache
def day_first(locale: str) -> bool | None:
    """Return whether 3/4 is 3 April there; None where only a language is named, or neither fits."""
    known = _locale(locale) if re.search("[-_]", locale) else None
    if known is None or known.territory is None:
        return None
    pattern = known.date_formats["short"].pattern.lower()
    if pattern.find("y") < pattern.find("d"):
        return None  # dates that begin with the year say nothing about the rest
    return bool(pattern.find("d") < pattern.find("m"))


def city_names(locale: str) -> dict[str, str]:
    """Return what the cities that give zones their names are called there, by zone."""
    known = _locale(locale)
    named = known.time_zones.items() if known else ()
    return {zone: names["city"] for zone, names in named if "city" in names}


def country_names(locale: str) -> dict[str, str]:
    """Return what countries are called there, by their codes."""
    known = _locale(locale)
    return dict(known.territories) if known else {}


def _locale(tag: str) -> "Locale | None":
    # Babel takes some megabytes, and is needed only for this.
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415

    tag = tag.replace("_", "-")
    for candidate in (tag, tag.partition("-")[0]):
        try:
            return Locale.parse(candidate, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None


def _likely(language: str) -> str:
    from babel.core import get_global  # noqa: PLC0415

    return str(get_global("likely_subtags").get(language.lower(), language))
