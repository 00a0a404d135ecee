"""Quiet hours: across midnight, in any zone, and on nights when clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.preferences import DAY, QuietHours
from core.times import at_instant

NIGHT = QuietHours(start=22 * 60, end=7 * 60)
LUNCH = QuietHours(start=12 * 60, end=13 * 60 + 30)
SMALL_HOURS = QuietHours(start=0, end=2 * 60 + 30)


@pytest.mark.parametrize(
    ("hours", "zone", "now", "end"),
    [
        pytest.param(NIGHT, "Europe/Madrid", "2027-01-12T20:59Z", None, id="before"),
        pytest.param(NIGHT, "Europe/Madrid", "2027-01-12T21:00Z", "2027-01-13T06:00Z", id="begins"),
        pytest.param(NIGHT, "Europe/Madrid", "2027-01-12T23:30Z", "2027-01-13T06:00Z", id="after"),
        pytest.param(NIGHT, "Europe/Madrid", "2027-01-13T05:59Z", "2027-01-13T06:00Z", id="last"),
        pytest.param(NIGHT, "Europe/Madrid", "2027-01-13T06:00Z", None, id="ends"),
        pytest.param(NIGHT, "Asia/Kolkata", "2027-01-12T18:00Z", "2027-01-13T01:30Z", id="half"),
        pytest.param(LUNCH, "Europe/Madrid", "2027-01-12T11:15Z", "2027-01-12T12:30Z", id="lunch"),
        pytest.param(LUNCH, "Europe/Madrid", "2027-01-12T22:15Z", None, id="not at lunch"),
        # A short night, and a long one: they end by the clock, not after so many hours.
        pytest.param(NIGHT, "Europe/Madrid", "2027-03-27T21:00Z", "2027-03-28T05:00Z", id="short"),
        pytest.param(NIGHT, "Europe/Madrid", "2027-10-30T20:00Z", "2027-10-31T06:00Z", id="long"),
        pytest.param(NIGHT, "Australia/Sydney", "2027-04-03T12:00Z", "2027-04-03T21:00Z", id="s"),
        # Their end does not exist, or comes twice.
        pytest.param(
            SMALL_HOURS, "Europe/Madrid", "2027-03-28T00:15Z", "2027-03-28T01:30Z", id="gap"
        ),
        pytest.param(
            SMALL_HOURS, "Europe/Madrid", "2027-10-30T23:00Z", "2027-10-31T00:30Z", id="twice"
        ),
        pytest.param(
            SMALL_HOURS, "Europe/Madrid", "2027-10-31T01:15Z", "2027-10-31T01:30Z", id="second"
        ),
    ],
)
def test_when_they_end(hours: QuietHours, zone: str, now: str, end: str | None) -> None:
    ends_at = hours.end_after(datetime.fromisoformat(now), zone)
    assert ends_at == (datetime.fromisoformat(end) if end else None)


@pytest.mark.parametrize(("start", "end"), [(60, 60), (-1, 60), (60, DAY), (DAY, 60)])
def test_hours_of_no_day_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no hours of a day"):
        QuietHours(start=start, end=end)


MINUTES = st.integers(0, DAY - 1)


@given(
    start=MINUTES,
    length=st.integers(1, DAY - 1),
    minute=st.integers(0, 365 * DAY),
    zone=st.sampled_from(["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_their_end_is_ahead_and_shows_their_clock(
    start: int, length: int, minute: int, zone: str
) -> None:
    now = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    hours = QuietHours(start=start, end=(start + length) % DAY)
    ends_at = hours.end_after(now, zone)
    if ends_at is None:
        wall = at_instant(now, zone).wall
        assert (60 * wall.hour + wall.minute - start) % DAY >= length
        return
    assert now < ends_at <= now + timedelta(days=1, hours=2)
    wall = at_instant(ends_at, zone).wall
    past_the_end = (60 * wall.hour + wall.minute - hours.end) % DAY
    assert past_the_end in {0, 30, 60}, "the end itself, or moved forward by a jump"
