"""Moments: three parts that agree, picked wall times around clock changes, and quick offers."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.times import (
    DoesNotExist,
    HappensTwice,
    InThePast,
    Moment,
    QuickKey,
    TimeProblem,
    at_instant,
    at_wall,
    quick_times,
)

NEW_YORK = "America/New_York"
NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
TWICE = datetime.fromisoformat("2026-11-01 01:30")
MISSING = datetime.fromisoformat("2027-03-14 02:30")


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("said", "utc"),
    [
        (NOW, NOW),  # an aware wall time
        (wall("2026-10-20 08:00:01"), NOW),  # more than whole minutes
        (wall("2026-10-20 08:00"), wall("2026-10-20 12:00")),  # a naive instant
        (wall("2026-10-20 08:00"), NOW.astimezone(timezone(timedelta(hours=2)))),  # not in UTC
        (wall("2026-10-20 09:00"), NOW),  # another time than the instant's
        (MISSING, datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),  # a time that clocks jump over
    ],
)
def test_a_moment_refuses_parts_that_do_not_agree(said: datetime, utc: datetime) -> None:
    with pytest.raises(ValueError, match=r"wall|utc|is not"):
        Moment(wall=said, zone=NEW_YORK, utc=utc)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "America", "../etc/passwd", "\udcff"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        at_instant(NOW, zone)


def test_a_wall_time_becomes_its_instant() -> None:
    moment = at_wall(wall("2026-10-20 18:30:59"), NEW_YORK, now=NOW)
    assert moment == Moment(
        wall=wall("2026-10-20 18:30"), zone=NEW_YORK, utc=datetime(2026, 10, 20, 22, 30, tzinfo=UTC)
    )


def test_of_a_wall_time_passed_twice_the_fold_picks_one() -> None:
    with pytest.raises(HappensTwice) as raised:
        at_wall(TWICE, NEW_YORK, now=NOW)
    first, second = (at_wall(TWICE, NEW_YORK, now=NOW, fold=fold) for fold in (0, 1))
    assert (first, second) == (raised.value.first, raised.value.second)
    assert second.utc - first.utc == timedelta(hours=1)


def test_once_the_first_is_over_the_second_is_meant() -> None:
    between = datetime(2026, 11, 1, 6, tzinfo=UTC)
    assert at_wall(TWICE, NEW_YORK, now=between).utc == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    with pytest.raises(InThePast):
        at_wall(TWICE, NEW_YORK, now=between, fold=0)


@pytest.mark.parametrize("fold", [None, 0, 1])
def test_a_wall_time_jumped_over_is_offered_after_the_jump(fold: int | None) -> None:
    with pytest.raises(DoesNotExist) as raised:
        at_wall(MISSING, NEW_YORK, now=NOW, fold=fold)
    assert raised.value.nearest.wall == MISSING + timedelta(hours=1)


@pytest.mark.parametrize("extreme", [wall("0001-01-01"), wall("9999-12-31 23:59")])
def test_the_ends_of_the_calendar_are_time_problems(extreme: datetime) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        with pytest.raises(TimeProblem):
            at_wall(extreme, zone, now=NOW)


def test_naive_and_aware_are_not_confused() -> None:
    with pytest.raises(ValueError, match="aware"):
        at_wall(TWICE, NEW_YORK, now=TWICE)
    with pytest.raises(ValueError, match="naive"):
        at_wall(NOW, NEW_YORK, now=NOW)
    with pytest.raises(ValueError, match="aware"):
        at_instant(TWICE, NEW_YORK)


@given(
    instant=st.datetimes(wall("2000-01-01"), wall("2090-01-01"), timezones=st.just(UTC)),
    zone=st.sampled_from(["Europe/Berlin", NEW_YORK, "Australia/Lord_Howe", "America/Santiago"]),
)
def test_each_instant_is_found_again_by_its_wall_time(instant: datetime, zone: str) -> None:
    moment = at_instant(instant, zone)
    fold = instant.astimezone(ZoneInfo(zone)).fold
    assert at_wall(moment.wall, zone, now=moment.utc - timedelta(1), fold=fold) == moment


def test_quick_times_in_the_morning() -> None:
    offers = quick_times(datetime(2026, 11, 20, 9, 0, 30, tzinfo=UTC), "Europe/Madrid")
    assert [(offer.key.value, offer.moment.wall) for offer in offers] == [
        ("in_1_hour", wall("2026-11-20 11:01")),
        ("in_3_hours", wall("2026-11-20 13:01")),
        ("tonight_20", wall("2026-11-20 20:00")),
        ("tomorrow_09", wall("2026-11-21 09:00")),
        ("tomorrow_12", wall("2026-11-21 12:00")),
        ("tomorrow_18", wall("2026-11-21 18:00")),
    ]


def test_quick_times_leave_out_what_has_gone_by() -> None:
    evening = datetime(2026, 11, 20, 20, tzinfo=UTC)
    keys = [offer.key for offer in quick_times(evening, "Europe/Madrid")]
    assert QuickKey.TONIGHT_20 not in keys
    assert QuickKey.TOMORROW_09 in keys
