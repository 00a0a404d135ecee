"""The hours and minutes offered for a tap: ahead, within reach, and shown by clocks."""

from datetime import UTC, date, datetime, time

import pytest

from core.times import hours_of, minutes_of

NOON = datetime(2027, 1, 12, 12, tzinfo=UTC)


def minutes(day: date, hour: int, zone: str, now: datetime = NOON) -> list[int]:
    return [clock.minute for clock in minutes_of(day, hour, zone=zone, now=now)]


def test_a_day_ahead_has_all_hours_in_steps_of_five_minutes() -> None:
    day = date(2027, 1, 13)
    assert list(hours_of(day, zone="Europe/Madrid", now=NOON)) == list(range(24))
    offered = list(minutes_of(day, 18, zone="Europe/Madrid", now=NOON))
    assert offered == [time(18, minute) for minute in range(0, 60, 5)]


def test_today_has_what_is_left_of_it() -> None:
    now = datetime(2027, 1, 12, 12, 42, tzinfo=UTC)
    today = date(2027, 1, 12)
    assert list(hours_of(today, zone="Europe/Madrid", now=now)) == list(range(13, 24))
    assert minutes(today, 13, "Europe/Madrid", now) == [45, 50, 55]
    late = datetime(2027, 1, 12, 12, 55, tzinfo=UTC)
    assert list(hours_of(today, zone="Europe/Madrid", now=late)) == list(range(14, 24))


@pytest.mark.parametrize("day", [date(2027, 1, 11), date(2020, 1, 1), date(2028, 1, 14)])
def test_what_has_gone_by_or_lies_too_far_ahead_is_not_offered(day: date) -> None:
    assert list(hours_of(day, zone="Europe/Madrid", now=NOON)) == []


@pytest.mark.parametrize(
    ("zone", "day", "hour", "offered"),
    [
        pytest.param("Europe/Madrid", date(2027, 3, 28), 2, [], id="a whole hour"),
        pytest.param("America/New_York", date(2027, 3, 14), 2, [], id="in America"),
        pytest.param("Australia/Lord_Howe", date(2027, 10, 3), 2, [*range(30, 60, 5)], id="half"),
        pytest.param("Pacific/Chatham", date(2027, 9, 26), 2, [*range(0, 45, 5)], id="its end"),
        pytest.param("Pacific/Chatham", date(2027, 9, 26), 3, [45, 50, 55], id="and beginning"),
        pytest.param("Africa/Cairo", date(2027, 4, 30), 0, [], id="midnight"),
    ],
)
def test_what_clocks_jump_over_is_not_offered(
    zone: str, day: date, hour: int, offered: list[int]
) -> None:
    assert minutes(day, hour, zone) == offered
    assert (hour in hours_of(day, zone=zone, now=NOON)) == bool(offered)


def test_an_hour_that_comes_twice_is_offered_once() -> None:
    day = date(2027, 10, 31)
    assert minutes(day, 2, "Europe/Madrid") == [*range(0, 60, 5)]
    assert list(hours_of(day, zone="Europe/Madrid", now=NOON)) == list(range(24))
