"""Finding zones by name, by offset and by what the creator's clock shows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.times import (
    NotUnderstood,
    describe_offset,
    find_zones,
    zone_named,
    zones_where_it_is,
)
from core.times.cities import BIG_CITIES

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

LIKELIEST = [
    ("madrid", "Europe/Madrid"),
    ("  MADRID ", "Europe/Madrid"),
    ("new york", "America/New_York"),
    ("york", "America/New_York"),
    ("los ang", "America/Los_Angeles"),
    ("são paulo", "America/Sao_Paulo"),
    ("st. john's", "America/St_Johns"),
    ("kyiv", "Europe/Kyiv"),
    ("kiev", "Europe/Kyiv"),
    ("calcutta", "Asia/Kolkata"),
    ("europe/madrid", "Europe/Madrid"),
    ("us/eastern", "America/New_York"),
    ("pst", "America/Los_Angeles"),
    ("spain", "Europe/Madrid"),
    ("uk", "Europe/London"),
    ("us", "America/New_York"),
    ("utc", "UTC"),
    ("gmt", "UTC"),
    ("UTC+0", "UTC"),
    ("gmt+3", "Etc/GMT-3"),
    ("UTC+3", "Etc/GMT-3"),
    ("utc -5", "Etc/GMT+5"),
    ("GMT\N{MINUS SIGN}5", "Etc/GMT+5"),
    ("+14:00", "Etc/GMT-14"),
]

CLOCKS = [
    ("13:00", "Europe/Madrid"),
    ("12:08", "Europe/London"),
    ("7am", "America/New_York"),
    ("7.05", "America/New_York"),
    ("7", "America/New_York"),
    ("17:30", "Asia/Kolkata"),
    ("00:55", "Pacific/Auckland"),
    ("midnight", "Pacific/Fiji"),
    ("23:55", "Pacific/Fiji"),
]


@pytest.mark.parametrize(("text", "zone"), LIKELIEST)
def test_the_likeliest_zone_comes_first(text: str, zone: str) -> None:
    assert find_zones(text)[0] == zone


@pytest.mark.parametrize(
    ("text", "language", "zone"),
    [
        ("Токио", "ru", "Asia/Tokyo"),
        ("лондон", "ru", "Europe/London"),
        ("Новосиб", "ru", "Asia/Novosibirsk"),
        ("Япония", "ru-RU", "Asia/Tokyo"),
        ("Tokio", "es", "Asia/Tokyo"),
        ("nueva york", "es-MX", "America/New_York"),
        ("Japón", "es", "Asia/Tokyo"),
        ("Kalkutta", "de", "Asia/Kolkata"),
        ("Madrid", "tlh", "Europe/Madrid"),
    ],
)
def test_cities_and_countries_have_names_in_the_creators_language(
    text: str, language: str, zone: str
) -> None:
    assert find_zones(text, languages=[language])[0] == zone


@pytest.mark.parametrize("text", ["", " ", "-", "atlantis", "utc+15", "utc-13", "x" * 5000])
def test_what_fits_no_zone_finds_none(text: str) -> None:
    assert find_zones(text) == ()


def test_only_as_many_are_offered_as_asked_for() -> None:
    assert len(find_zones("america")) == 8
    assert find_zones("us", limit=2) == ("America/New_York", "America/Chicago")
    assert find_zones("us", limit=0) == ()


@given(st.text(max_size=20) | st.text("aeginorstu /+-3", max_size=5))
def test_whatever_is_offered_is_a_zone_and_offered_once(text: str) -> None:
    offered = find_zones(text)
    assert [ZoneInfo(zone).key for zone in offered] == list(dict.fromkeys(offered))


def test_an_offset_has_the_sign_that_people_give_it() -> None:
    assert describe_offset(find_zones("UTC+3")[0], NOON) == "UTC+3"


@pytest.mark.parametrize(("clock", "zone"), CLOCKS)
def test_a_clock_finds_the_zones_that_show_it(clock: str, zone: str) -> None:
    assert zone in zones_where_it_is(clock, NOON)


def test_a_clock_finds_no_zones_that_show_another_time() -> None:
    zones = zones_where_it_is("13:00", NOON)
    assert {describe_offset(zone, NOON) for zone in zones} == {"UTC+1"}
    assert zones_where_it_is("13:25", NOON) == ()
    assert not any(zone.startswith("Antarctica/") for zone in zones_where_it_is("14:00", NOON))


@pytest.mark.parametrize("clock", ["", "soon", "25:00", "13:00 or so", "1" * 5000])
def test_a_clock_that_is_none_is_refused(clock: str) -> None:
    with pytest.raises(NotUnderstood):
        zones_where_it_is(clock, NOON)


@pytest.mark.parametrize(
    ("zone", "month", "offset"),
    [
        ("Europe/Madrid", 7, "UTC+2"),
        ("Europe/Madrid", 12, "UTC+1"),
        ("America/St_Johns", 12, "UTC-3:30"),
        ("Asia/Kathmandu", 12, "UTC+5:45"),
        ("America/New_York", 12, "UTC-5"),
        ("Europe/London", 12, "UTC"),
    ],
)
def test_an_offset_is_described_for_its_season(zone: str, month: int, offset: str) -> None:
    assert describe_offset(zone, NOON.replace(month=month)) == offset


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Barcelona", "Europe/Madrid"),
        ("san francisco", "America/Los_Angeles"),
        ("LA", "America/Los_Angeles"),
        ("Roma", "Europe/Rome"),
        ("Rio", "America/Sao_Paulo"),
        ("München", "Europe/Berlin"),
        ("Mumbai", "Asia/Kolkata"),
        ("Москва", "Europe/Moscow"),
        ("New York, USA", "America/New_York"),
    ],
)
def test_big_cities_are_known_by_what_people_call_them(typed: str, zone: str) -> None:
    assert find_zones(typed)[0] == zone


def test_every_city_has_a_zone_that_exists() -> None:
    for zone, cities in BIG_CITIES.items():
        assert find_zones(zone) == (zone,)
        assert all(city.strip() for city in cities.split(","))


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Madrid", "Europe/Madrid"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("UTC", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT-3", "Etc/GMT-3"),
        ("Etc/GMT-15", None),
        ("Etc/Unknown", None),
        ("europe/madrid", None),
        ("Madrid", None),
        ("../../etc/passwd", None),
        ("", None),
        ("\0", None),
    ],
)
def test_an_exact_name_is_one_zone_under_its_present_name(name: str, zone: str | None) -> None:
    assert zone_named(name) == zone
