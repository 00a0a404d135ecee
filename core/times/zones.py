"""Finding the creator's time zone by name or by their clock.

The tables are those of the IANA database as the tzdata package ships them: `zone.tab` (the
zones of each country), `iso3166.tab` (names of countries), `zonenow.tab` (one zone for each set
of clocks kept today, mostly its most populous) and the links in `tzdata.zi` (other names).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from enum import IntEnum
from functools import cache
from importlib.resources import files
from itertools import chain

from core.times.cities import BIG_CITIES
from core.times.folding import fold
from core.times.grammar import grammar_of
from core.times.locales import city_names, country_names
from core.times.meaning import readings_within
from core.times.moment import NotUnderstood, Reason, zone_info
from core.times.words import DAY, HOUR

UTC_ZONE = "UTC"

_CLOCK_TOLERANCE = 10  # minutes that a creator's watch or typing may be off
_LONGEST_TEXT = 100
_SHORTEST_FRAGMENT = 3  # letters; fewer are found inside half of all names
_OFFSET = re.compile(r"(?:utc|gmt)? *(?P<sign>[+-]) *(?P<hours>\d{1,2})(?::?00)?")
_ETC = re.compile(r"Etc/GMT[+-]\d{1,2}")
_MOST_EAST, _MOST_WEST = 14, 12  # hours; as far as Etc/GMT-14 and Etc/GMT+12 reach
_UTC_LINKS = ("Etc/UTC", "Etc/GMT")
_COUNTRY_NICKNAMES = {
    **{"usa": "US", "england": "GB", "scotland": "GB", "wales": "GB"},
    **{"uae": "AE", "holland": "NL"},
}
# What North Americans call their clocks; the database has some of these for smaller places.
_CLOCK_NICKNAMES = {
    **dict.fromkeys(("et", "est", "edt"), "America/New_York"),
    **dict.fromkeys(("ct", "cst", "cdt"), "America/Chicago"),
    **dict.fromkeys(("mt", "mst", "mdt"), "America/Denver"),
    **dict.fromkeys(("pt", "pst", "pdt"), "America/Los_Angeles"),
}


class _Kind(IntEnum):
    """What a name names; the more exact kinds are offered first."""

    PLACE = 0
    OTHER_NAME = 1
    COUNTRY = 2


def find_zones(text: str, limit: int = 8, *, languages: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the zones that `text` may mean, the likeliest first; none if it fits none.

    Takes cities, countries and their codes, IANA names old and new in any case, and offsets in
    whole hours like "UTC+3"; cities that give a zone its name, and countries, also as `languages`
    call them. Offers geographic zones and UTC; for offsets, Etc/ zones.
    """
    if limit < 1 or len(text) > _LONGEST_TEXT:
        return ()
    if offset := _OFFSET.fullmatch(fold(text).strip().replace("\N{MINUS SIGN}", "-")):
        return _zone_of_offset(int(offset["sign"] + offset["hours"]))
    query = _plain(text)
    if not query:
        return ()
    best: dict[str, tuple[int, int]] = {}
    city = _plain(text.partition(",")[0])  # "New York, USA": the city says it all
    if city != query and (found := find_zones(city, limit, languages=languages)):
        return found
    for name, zone, kind in chain(_names(), *map(_names_in, languages)):
        if (likeness := _likeness(query, name)) is not None:
            best[zone] = min(best.get(zone, (likeness, kind)), (likeness, kind))
    widely_used_first = {zone: place for place, zone in enumerate(_inhabited_zones())}
    last = len(widely_used_first)
    ranked = sorted(best, key=lambda zone: (best[zone], widely_used_first.get(zone, last)))
    return tuple(ranked[:limit])


def zone_named(name: str) -> str | None:
    """Return the zone with this exact IANA name, old or new, by the name that `find_zones` gives.

    Offsets (Etc/GMT+3) keep theirs. None where `name` names no zone.
    """
    if name == UTC_ZONE or name in _zones_by_country():
        return name
    if _ETC.fullmatch(name):
        with suppress(ValueError):
            zone_info(name)
            return name
    target = dict(_links()).get(name, name)
    if target in _UTC_LINKS:
        return UTC_ZONE
    return target if target in _zones_by_country() else None


def country_of(zone: str) -> str | None:
    """Return the code of the country that `zone` lies in, the first of several; None for UTC."""
    return _zones_by_country().get(zone)


def zones_where_it_is(
    clock: str, now: datetime, *, languages: Sequence[str] = ("en",)
) -> tuple[str, ...]:
    """Return the inhabited zones whose clocks show the typed `clock` (±10 min) at the aware `now`.

    The widely used zones come first. An hour like "9" counts for both halves of the day. Raises
    NotUnderstood where `clock` is no time of day in any of `languages`.
    """
    readings = _clock_readings(clock, languages)
    return tuple(
        zone
        for zone in _inhabited_zones()
        if any(
            _apart(_minutes_of_day(now, zone), minutes) <= _CLOCK_TOLERANCE for minutes in readings
        )
    )


def _clock_readings(text: str, languages: Sequence[str]) -> tuple[int, ...]:
    """Return the minutes after midnight that `text` can mean, in the first language it fits."""
    folded = fold(text).strip() if len(text) <= _LONGEST_TEXT else ""
    for grammar in filter(None, map(grammar_of, languages)):
        read = grammar.read_clock(folded)
        if read is None or read[1] != len(folded):
            continue
        clock = read[0]
        if clock.impossible:
            raise NotUnderstood(Reason.NO_SUCH_TIME, text)
        return readings_within(clock.part, clock) if clock.part else clock.readings
    raise NotUnderstood(Reason.NO_TIME_WORDS, text[:_LONGEST_TEXT])


def describe_offset(zone: str, now: datetime) -> str:
    """Return how far the clocks of `zone` are from UTC at the aware `now`: "UTC+2", "UTC-3:30"."""
    offset = now.astimezone(zone_info(zone)).utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset else 0
    if not minutes:
        return "UTC"
    hours, odd = divmod(abs(minutes), HOUR)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{odd:02}" if odd else "")


def _zone_of_offset(hours: int) -> tuple[str, ...]:
    if not -_MOST_WEST <= hours <= _MOST_EAST:
        return ()
    # The signs of Etc/ zones count westward, against everyday use.
    return (f"Etc/GMT{-hours:+d}" if hours else UTC_ZONE,)


def _likeness(query: str, name: str) -> int | None:
    """Return how well `name` fits, 0 the best: all of it, its start, a word's start, a part."""
    if query == name:
        return 0
    if name.startswith(query):
        return 1
    if f" {query}" in name:
        return 2
    return 3 if len(query) >= _SHORTEST_FRAGMENT and query in name else None


def _plain(name: str) -> str:
    """Return `name` without case, accents and punctuation: "St. John's" is "st johns"."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s/-]", "", letters).replace("_", " ").translate(_GAPS).split())


_GAPS = str.maketrans("/-", "  ")


def _apart(first: int, second: int) -> int:
    """Return the minutes between two times of day, the short way round."""
    ahead = (first - second) % DAY
    return min(ahead, DAY - ahead)


def _minutes_of_day(now: datetime, zone: str) -> int:
    local = now.astimezone(zone_info(zone))
    return HOUR * local.hour + local.minute


@cache
def _names() -> tuple[tuple[str, str, _Kind], ...]:
    """Return every name as searched, its zone and its kind."""
    zones = _zones_by_country()
    names = [("utc", UTC_ZONE, _Kind.PLACE)]
    names += ((nick, zone, _Kind.PLACE) for nick, zone in _CLOCK_NICKNAMES.items())
    for zone, cities in BIG_CITIES.items():
        names += ((_plain(city), zone, _Kind.PLACE) for city in cities.split(","))
    for zone, country in zones.items():
        names += ((name, zone, _Kind.PLACE) for name in _zone_names(zone))
        names += ((name, zone, _Kind.COUNTRY) for name in _country_names()[country])
    for link, target in _links():
        zone = UTC_ZONE if target in _UTC_LINKS else target
        if link not in zones and (zone == UTC_ZONE or zone in zones):
            names += ((name, zone, _Kind.OTHER_NAME) for name in _zone_names(link))
    return tuple(names)


@cache
def _names_in(language: str) -> tuple[tuple[str, str, _Kind], ...]:
    """Return what cities and countries are called in a language, as searched."""
    names = []
    for known, city in city_names(language).items():
        if (zone := zone_named(known)) is not None:
            names.append((_plain(city), zone, _Kind.PLACE))
    called = country_names(language)
    for zone, country in _zones_by_country().items():
        if country in called:
            names.append((_plain(called[country]), zone, _Kind.COUNTRY))
    return tuple(names)


def _zone_names(zone: str) -> tuple[str, str]:
    return _plain(zone), _plain(zone.rpartition("/")[2])


@cache
def _zones_by_country() -> dict[str, str]:
    """Return each geographic zone with the code of its country, by country."""
    return {zone: country for country, _, zone, *_ in _table("zone.tab")}


@cache
def _country_names() -> dict[str, tuple[str, ...]]:
    """Return the names of each country by code; "Britain (UK)" is also "britain" and "uk"."""
    names = {}
    for code, name in _table("iso3166.tab"):
        nicknames = (nick for nick, country in _COUNTRY_NICKNAMES.items() if country == code)
        spoken = (name, *re.split(r"[()]", name), code)
        names[code] = (*filter(None, map(_plain, spoken)), *nicknames)
    return names


@cache
def _inhabited_zones() -> tuple[str, ...]:
    """Return the zones where people live: by country, but the widely used ones before all."""
    widely_used = {zone for _, _, zone, *_ in _table("zonenow.tab")}
    inhabited = (zone for zone in _zones_by_country() if not zone.startswith("Antarctica/"))
    return tuple(sorted(inhabited, key=lambda zone: zone not in widely_used))


def _links() -> Iterator[tuple[str, str]]:
    """Yield each other name of a zone with the zone."""
    for line in _lines("tzdata.zi"):
        if line.startswith("L "):
            _, target, link = line.split()
            yield link, target


def _table(name: str) -> Iterator[list[str]]:
    return (line.split("\t") for line in _lines(name) if line and not line.startswith("#"))


def _lines(name: str) -> list[str]:
    return (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8").splitlines()
