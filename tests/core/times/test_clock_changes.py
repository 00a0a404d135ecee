"""Nights when clocks change, and zones of half hours, in every language."""

# ruff: noqa: RUF001 - some of these are letters of other scripts

import pytest

from core.times import DoesNotExist, HappensTwice
from tests.core.times.saying import at, understood

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
SYDNEY, SANTIAGO = "Australia/Sydney", "America/Santiago"
LORD_HOWE = "Australia/Lord_Howe"

# Berlin 28.3.2027 2-3, New York 14.3.2027 2-3, Sydney 4.10.2026 2-3, Santiago 6.9.2026 0-1.
JUMPED_OVER = [
    ("en", "tomorrow 2:30", BERLIN, "2027-03-27 12:00", "2027-03-28 03:30"),
    ("es", "el domingo a las 2:30", BERLIN, "2027-03-26 12:00", "2027-03-28 03:30"),
    ("pt", "amanhã às 2h30", NEW_YORK, "2027-03-13 12:00", "2027-03-14 03:30"),
    ("de", "morgen um 2:30 Uhr", BERLIN, "2027-03-27 12:00", "2027-03-28 03:30"),
    ("fr", "demain à 2h30", BERLIN, "2027-03-27 12:00", "2027-03-28 03:30"),
    ("it", "domani alle 2:30", BERLIN, "2027-03-27 12:00", "2027-03-28 03:30"),
    ("ru", "завтра в 2:30", SYDNEY, "2026-10-03 12:00", "2026-10-04 03:30"),
    ("uk", "завтра о 2:30", SYDNEY, "2026-10-03 12:00", "2026-10-04 03:30"),
    ("tr", "yarın saat 2:30", NEW_YORK, "2027-03-13 12:00", "2027-03-14 03:30"),
    ("id", "besok jam 2.30", SYDNEY, "2026-10-03 12:00", "2026-10-04 03:30"),
    ("ar", "غدا الساعة 00:30", SANTIAGO, "2026-09-05 12:00", "2026-09-06 01:30"),
    ("hi", "कल 0:15", SANTIAGO, "2026-09-05 12:00", "2026-09-06 01:15"),
    ("hi", "कल 2:10", LORD_HOWE, "2026-10-03 12:00", "2026-10-04 02:40"),  # by half an hour
]

# Berlin 25.10.2026 2-3, New York 1.11.2026 1-2, Sydney 4.4.2027 2-3, Santiago 3.4.2027 23-24.
PASSED_TWICE = [
    ("en", "tomorrow 2:30", BERLIN, "2026-10-24 12:00", "2026-10-25 00:30", "2026-10-25 01:30"),
    ("es", "mañana a las 2:30", BERLIN, "2026-10-24 12:00", "2026-10-25 00:30", "2026-10-25 01:30"),
    ("pt", "amanhã à 1h30", NEW_YORK, "2026-10-31 12:00", "2026-11-01 05:30", "2026-11-01 06:30"),
    ("de", "So 2:30 Uhr", BERLIN, "2026-10-24 12:00", "2026-10-25 00:30", "2026-10-25 01:30"),
    ("fr", "demain à 2h30", BERLIN, "2026-10-24 12:00", "2026-10-25 00:30", "2026-10-25 01:30"),
    ("it", "domani alle 2:30", BERLIN, "2026-10-24 12:00", "2026-10-25 00:30", "2026-10-25 01:30"),
    ("ru", "завтра в 2:59", SYDNEY, "2027-04-03 12:00", "2027-04-03 15:59", "2027-04-03 16:59"),
    ("uk", "4 квітня о 2:00", SYDNEY, "2027-04-01 12:00", "2027-04-03 15:00", "2027-04-03 16:00"),
    ("tr", "yarın 1:30'da", NEW_YORK, "2026-10-31 12:00", "2026-11-01 05:30", "2026-11-01 06:30"),
    ("id", "besok jam 1.30", NEW_YORK, "2026-10-31 12:00", "2026-11-01 05:30", "2026-11-01 06:30"),
    ("ar", "اليوم ٢٣:٣٠", SANTIAGO, "2027-04-03 12:00", "2027-04-04 02:30", "2027-04-04 03:30"),
    ("hi", "आज रात 11:30 बजे", SANTIAGO, "2027-04-03 12:00", "2027-04-04 02:30", "2027-04-04 03:30"),
    ("en", "1:45 tomorrow", LORD_HOWE, "2027-04-03 12:00", "2027-04-03 14:45", "2027-04-03 15:15"),
]

# The instant in UTC.
ELSEWHERE = [
    ("hi", "कल शाम 6 बजे", "Asia/Kolkata", "2026-11-20 10:00", "2026-11-21 12:30"),
    ("en", "tomorrow 6pm", "Asia/Kathmandu", "2026-11-20 10:00", "2026-11-21 12:15"),
    ("en", "tomorrow 6pm", "Australia/Adelaide", "2026-11-20 10:00", "2026-11-21 07:30"),
    ("fr", "demain à 18h", "Pacific/Marquesas", "2026-11-20 10:00", "2026-11-22 03:30"),
    ("ar", "غدا الساعة 6 مساءً", "Africa/Cairo", "2026-07-20 10:00", "2026-07-21 15:00"),
    ("pt", "amanhã às 18h", "America/St_Johns", "2026-07-20 10:00", "2026-07-21 20:30"),
    ("de", "in 24 Stunden", BERLIN, "2027-03-27 12:00", "2027-03-28 11:00"),  # by the clock
    ("de", "in 1 Tag", BERLIN, "2027-03-27 12:00", "2027-03-28 10:00"),  # by the calendar
    ("tr", "24 saat sonra", NEW_YORK, "2026-10-31 12:00", "2026-11-01 16:00"),
    ("ru", "через 1 день", SYDNEY, "2026-10-03 12:00", "2026-10-04 01:00"),
    ("uk", "за годину", SANTIAGO, "2027-04-03 23:30", "2027-04-04 03:30"),  # the second 23:30
]


@pytest.mark.parametrize(("language", "text", "zone", "now", "nearest"), JUMPED_OVER)
def test_a_time_that_clocks_jump_over_offers_the_nearest(
    language: str, text: str, zone: str, now: str, nearest: str
) -> None:
    with pytest.raises(DoesNotExist) as raised:
        understood(language, text, zone, now)
    assert raised.value.nearest.wall.isoformat(" ", "minutes") == nearest


@pytest.mark.parametrize(("language", "text", "zone", "now", "first", "second"), PASSED_TWICE)
def test_a_time_that_clocks_pass_twice_is_asked(
    language: str, text: str, zone: str, now: str, first: str, second: str
) -> None:
    with pytest.raises(HappensTwice) as raised:
        understood(language, text, zone, now)
    assert raised.value.first.utc == at(first, "UTC")
    assert raised.value.second.utc == at(second, "UTC")


@pytest.mark.parametrize(("language", "text", "zone", "now", "expected"), ELSEWHERE)
def test_the_instant_is_that_of_the_zone(
    language: str, text: str, zone: str, now: str, expected: str
) -> None:
    assert understood(language, text, zone, now).utc == at(expected, "UTC")
