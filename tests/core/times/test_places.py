"""What a place and a locale say: the zone, the country, the week, the order of dates."""

import pytest
import tzfpy

from core.times import country_of, day_first, first_weekday, zone_at
from core.times.moment import zone_info

MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (40.42, -3.70, "Europe/Madrid"),
        (40.71, -74.01, "America/New_York"),
        (28.61, 77.21, "Asia/Kolkata"),
        (-33.87, 151.21, "Australia/Sydney"),
        (-33.45, -70.67, "America/Santiago"),
        (50.45, 30.52, "Europe/Kyiv"),
        (0.0, -40.0, "Etc/GMT+3"),  # at sea
        (90.0, 180.0, None),
    ],
)
def test_a_place_has_its_zone(latitude: float, longitude: float, zone: str | None) -> None:
    found = zone_at(latitude, longitude)
    assert found == zone if zone else found is None or zone_info(found)


def test_every_zone_of_the_map_is_known() -> None:
    for zone in tzfpy.timezonenames():
        zone_info(zone)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(91, 0), (0, 181), (float("nan"), 0), (0, float("inf"))]
)
def test_what_is_no_place_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="no place"):
        zone_at(latitude, longitude)


@pytest.mark.parametrize(
    ("locale", "territory", "day"),
    [
        ("es", None, MONDAY),
        ("en", None, SUNDAY),
        ("en-GB", None, MONDAY),
        ("en", "GB", MONDAY),
        ("en", "IN", SUNDAY),
        ("en-US", "ES", SUNDAY),  # the locale's own territory counts
        ("es_MX", None, SUNDAY),
        ("pt-BR", None, SUNDAY),
        ("pt", "PT", SUNDAY),
        ("ar", None, SATURDAY),
        ("ar", "MA", MONDAY),
        ("hi", None, SUNDAY),
        ("id", None, SUNDAY),
        ("tr", None, MONDAY),
        ("uk", None, MONDAY),
        ("xx", None, MONDAY),
        ("", None, MONDAY),
        ("../etc", None, MONDAY),
    ],
)
def test_weeks_begin_as_the_territory_has_it(locale: str, territory: str | None, day: int) -> None:
    assert first_weekday(locale, territory) == day


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en-US", False), ("en-GB", True), ("es-MX", True), ("en", None), ("xx-YY", None)],
)
def test_the_order_of_dates_is_the_territorys(locale: str, expected: bool | None) -> None:
    assert day_first(locale) is expected


def test_a_zone_lies_in_a_country() -> None:
    assert country_of("Europe/London") == "GB"
    assert country_of("Asia/Kolkata") == "IN"
    assert country_of("UTC") is None
