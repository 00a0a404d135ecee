"""What typed words mean: a table of words, and what must hold for any text."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.times import (
    HORIZON,
    LONGEST_TEXT,
    AmbiguousWords,
    DoesNotExist,
    HappensTwice,
    InThePast,
    Moment,
    NotUnderstood,
    Reason,
    TimeProblem,
    TooFar,
    parse,
)

MADRID = "Europe/Madrid"
FRIDAY_TEN = "2026-11-20 10:00"  # in Madrid, UTC+1

UNDERSTOOD = [
    # delays
    ("in 2h", "2026-11-20 12:00"),
    ("in 2 hours", "2026-11-20 12:00"),
    ("IN 45 MIN", "2026-11-20 10:45"),
    ("in 45min", "2026-11-20 10:45"),
    ("in 1h30", "2026-11-20 11:30"),
    ("in 1h 30m", "2026-11-20 11:30"),
    ("in 2 hours and 15 minutes", "2026-11-20 12:15"),
    ("in an hour", "2026-11-20 11:00"),
    ("in half an hour", "2026-11-20 10:30"),
    ("in 1.5h", "2026-11-20 11:30"),
    ("in 3 days", "2026-11-23 10:00"),
    ("in a week", "2026-11-27 10:00"),
    ("in 1 day 2h", "2026-11-21 12:00"),
    ("in 3 days at 18:00", "2026-11-23 18:00"),
    # times of day
    ("18:30", "2026-11-20 18:30"),
    ("at 18:30", "2026-11-20 18:30"),
    ("18.30", "2026-11-20 18:30"),
    ("  18:30  ", "2026-11-20 18:30"),
    ("6pm", "2026-11-20 18:00"),
    ("6:15 PM", "2026-11-20 18:15"),
    ("6 p.m.", "2026-11-20 18:00"),
    ("9:00", "2026-11-21 09:00"),  # gone by today
    ("10:00", "2026-11-21 10:00"),  # this very minute has gone by too
    ("noon", "2026-11-20 12:00"),
    ("12pm", "2026-11-20 12:00"),
    ("12am", "2026-11-21 00:00"),
    ("midnight", "2026-11-21 00:00"),
    ("24:00", "2026-11-21 00:00"),
    ("18", "2026-11-20 18:00"),
    ("9", "2026-11-20 21:00"),  # 09:00 has gone by
    ("12.12", "2026-11-20 12:12"),  # a time, not a date
    ("٢٠:٣٠", "2026-11-20 20:30"),
    ("９：３０ pm", "2026-11-20 21:30"),  # noqa: RUF001 - full-width, as typed in Japan
    # today, tonight, tomorrow
    ("today 18:30", "2026-11-20 18:30"),
    ("tonight", "2026-11-20 20:00"),
    ("tonight 9", "2026-11-20 21:00"),
    ("tonight at 9:30", "2026-11-20 21:30"),
    ("tonight 2", "2026-11-21 02:00"),
    ("tonight 12:30", "2026-11-21 00:30"),
    ("tonight midnight", "2026-11-21 00:00"),
    ("tomorrow 18:30", "2026-11-21 18:30"),
    ("tomorrow 18.30", "2026-11-21 18:30"),
    ("tomorrow at 6pm", "2026-11-21 18:00"),
    ("Tomorrow, 18:30!", "2026-11-21 18:30"),
    ("tomorrow   at noon", "2026-11-21 12:00"),
    ("tomorrow 18", "2026-11-21 18:00"),
    ("18:30 tomorrow", "2026-11-21 18:30"),
    ("day after tomorrow 8pm", "2026-11-22 20:00"),
    # weekdays
    ("monday 10:00", "2026-11-23 10:00"),
    ("on monday at 18", "2026-11-23 18:00"),
    ("next monday at 10:00", "2026-11-23 10:00"),
    ("this sunday 6pm", "2026-11-22 18:00"),
    ("fri 9am", "2026-11-27 09:00"),  # today's has gone by
    ("fri 11am", "2026-11-20 11:00"),
    ("friday at 9", "2026-11-20 21:00"),
    ("next friday 11:00", "2026-11-27 11:00"),
    ("6pm on sun", "2026-11-22 18:00"),
    # dates
    ("25 dec 8pm", "2026-12-25 20:00"),
    ("dec 25 20:00", "2026-12-25 20:00"),
    ("December 25th, 2026 at 8pm", "2026-12-25 20:00"),
    ("25th of december 20:00", "2026-12-25 20:00"),
    ("25.12. 20:00", "2026-12-25 20:00"),
    ("25.12 20:00", "2026-12-25 20:00"),
    ("25.12.2026 20:00", "2026-12-25 20:00"),
    ("25.12.26 20:00", "2026-12-25 20:00"),
    ("25/12 20:00", "2026-12-25 20:00"),
    ("12/25 8pm", "2026-12-25 20:00"),
    ("25/12/2026 20:00", "2026-12-25 20:00"),
    ("12/12 20:00", "2026-12-12 20:00"),  # both orders are one day
    ("2026-12-25 20:00", "2026-12-25 20:00"),
    ("2026-12-25T20:00", "2026-12-25 20:00"),
    ("18:30 25.12.", "2026-12-25 18:30"),
    ("may 5 10:00", "2027-05-05 10:00"),  # gone by this year
    ("20 nov 9:00", "2027-11-20 09:00"),
]

AMBIGUOUS = [
    ("tomorrow", ["2026-11-21 09:00", "2026-11-21 12:00", "2026-11-21 18:00", "2026-11-21 20:00"]),
    ("today", ["2026-11-20 12:00", "2026-11-20 18:00", "2026-11-20 20:00"]),
    ("12.12.", ["2026-12-12 09:00", "2026-12-12 12:00", "2026-12-12 18:00", "2026-12-12 20:00"]),
    ("next monday at 7", ["2026-11-23 07:00", "2026-11-23 19:00"]),
    ("11", ["2026-11-20 11:00", "2026-11-20 23:00"]),
    ("tomorrow midnight", ["2026-11-21 00:00", "2026-11-22 00:00"]),
    ("next saturday 10:00", ["2026-11-21 10:00", "2026-11-28 10:00"]),
    ("05/04 20:00", ["2027-04-05 20:00", "2027-05-04 20:00"]),
    ("11/12 20:00", ["2026-12-11 20:00", "2027-11-12 20:00"]),
]

NOT_UNDERSTOOD = [
    ("", Reason.NO_TIME_WORDS),
    ("now", Reason.NO_TIME_WORDS),  # posting now is another button
    ("soon", Reason.NO_TIME_WORDS),
    ("tomorrow 18:30 New recipe", Reason.NO_TIME_WORDS),
    ("in 5 parsecs", Reason.NO_TIME_WORDS),
    ("18:30:15", Reason.NO_TIME_WORDS),
    ("x" * (LONGEST_TEXT + 1), Reason.TOO_LONG),
    ("31 feb 10:00", Reason.NO_SUCH_DATE),
    ("29 feb 10:00", Reason.NO_SUCH_DATE),  # neither 2026 nor 2027 has one
    ("13/13 10:00", Reason.NO_SUCH_DATE),
    ("2026-02-30 10:00", Reason.NO_SUCH_DATE),
    ("25:00", Reason.NO_SUCH_TIME),
    ("tomorrow 12:60", Reason.NO_SUCH_TIME),
    ("13pm", Reason.NO_SUCH_TIME),
    ("tonight 3pm", Reason.NO_SUCH_TIME),
]

OUT_OF_REACH = [
    ("today 9:00", InThePast),
    ("20.11.2026 9:00", InThePast),
    ("in 0 min", InThePast),
    ("25 dec 2027 10:00", TooFar),
    ("in 400 days", TooFar),
    ("in 9999 weeks", TooFar),
    ("9998-12-31 24:00", TooFar),
]

# Each with its own now and zone: the words, and the instant in UTC they are.
ELSEWHERE = [
    ("18:30", "2026-07-01 12:00", "America/New_York", "2026-07-01 22:30"),
    ("18:30", "2026-12-01 12:00", "America/New_York", "2026-12-01 23:30"),
    ("9am", "2026-11-20 23:30", "Asia/Kolkata", "2026-11-21 03:30"),
    ("tomorrow 6pm", "2026-11-20 23:30", "Pacific/Kiritimati", "2026-11-21 04:00"),
    ("tonight 2", "2026-11-20 01:00", "Europe/Berlin", "2026-11-20 01:00"),  # this very night
    ("31 dec 23:59", "2026-12-31 23:00", "America/Sao_Paulo", "2027-01-01 02:59"),
    ("1 jan 00:30", "2026-12-31 23:00", "Australia/Sydney", "2026-12-31 13:30"),
    # Days go by the calendar, hours by the clock on the wall of the world.
    ("in 1 day", "2027-03-27 12:00", "Europe/Berlin", "2027-03-28 10:00"),
    ("in 24h", "2027-03-27 12:00", "Europe/Berlin", "2027-03-28 11:00"),
    ("29 feb 10:00", "2027-12-01 12:00", "Europe/Berlin", "2028-02-29 09:00"),
    # Where clocks pass a time twice and the first is over, the second is meant.
    ("today 1:45", "2026-11-01 01:50", "America/New_York", "2026-11-01 06:45"),
]

JUMPED_OVER = [
    ("14 mar 2:30", "2027-03-01 12:00", "America/New_York", "2027-03-14 03:30"),
    ("28.3. 02:30", "2027-03-01 12:00", "Europe/Berlin", "2027-03-28 03:30"),
    ("in 1 day", "2027-03-27 02:15", "Europe/Berlin", "2027-03-28 03:15"),
    ("6 sep 00:15", "2026-09-01 12:00", "America/Santiago", "2026-09-06 01:15"),
    ("4 oct 2:05", "2026-09-30 12:00", "Australia/Sydney", "2026-10-04 03:05"),
]

PASSED_TWICE = [
    ("1 nov 1:30", "2026-10-20 12:00", "America/New_York", "2026-11-01 05:30", "2026-11-01 06:30"),
    ("31.10.2027 2:30", "2027-10-01 12:00", MADRID, "2027-10-31 00:30", "2027-10-31 01:30"),
    ("4 apr 2:59", "2027-04-01 12:00", "Australia/Sydney", "2027-04-03 15:59", "2027-04-03 16:59"),
    ("in 1 day", "2026-10-24 02:30", "Europe/Berlin", "2026-10-25 00:30", "2026-10-25 01:30"),
]


def at(wall: str, zone: str = MADRID) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def understood(text: str, now: str = FRIDAY_TEN, zone: str = MADRID) -> Moment:
    return parse(text, now=at(now, zone), zone=zone)


def wall(moment: Moment) -> str:
    return moment.wall.isoformat(" ", "minutes")


@pytest.mark.parametrize(("text", "expected"), UNDERSTOOD)
def test_words_are_understood(text: str, expected: str) -> None:
    assert wall(understood(text)) == expected


@pytest.mark.parametrize(("text", "options"), AMBIGUOUS)
def test_words_with_several_meanings_offer_them(text: str, options: list[str]) -> None:
    with pytest.raises(AmbiguousWords) as raised:
        understood(text)
    assert [wall(option) for option in raised.value.options] == options


@pytest.mark.parametrize(("text", "reason"), NOT_UNDERSTOOD)
def test_other_words_are_refused_with_the_reason(text: str, reason: Reason) -> None:
    with pytest.raises(NotUnderstood) as raised:
        understood(text)
    assert raised.value.reason is reason


@pytest.mark.parametrize(("text", "problem"), OUT_OF_REACH)
def test_the_past_and_the_far_future_are_refused(text: str, problem: type[TimeProblem]) -> None:
    with pytest.raises(problem):
        understood(text)


def test_what_is_out_of_reach_says_where_the_reach_ends() -> None:
    with pytest.raises(TooFar) as far:
        understood("25 dec 2027 10:00")
    assert far.value.limit.utc == at(FRIDAY_TEN) + HORIZON
    with pytest.raises(InThePast) as past:
        understood("today 9:00")
    assert wall(past.value.moment) == "2026-11-20 09:00"


@pytest.mark.parametrize(("text", "now", "zone", "expected"), ELSEWHERE)
def test_the_instant_is_that_of_the_zone(text: str, now: str, zone: str, expected: str) -> None:
    assert understood(text, now, zone).utc == at(expected, "UTC")


@pytest.mark.parametrize(("text", "now", "zone", "nearest"), JUMPED_OVER)
def test_a_time_that_clocks_jump_over_is_named(
    text: str, now: str, zone: str, nearest: str
) -> None:
    with pytest.raises(DoesNotExist) as raised:
        understood(text, now, zone)
    assert wall(raised.value.nearest) == nearest
    assert raised.value.wall < raised.value.nearest.wall


@pytest.mark.parametrize(("text", "now", "zone", "first", "second"), PASSED_TWICE)
def test_a_time_that_clocks_pass_twice_offers_both(
    text: str, now: str, zone: str, first: str, second: str
) -> None:
    with pytest.raises(HappensTwice) as raised:
        understood(text, now, zone)
    assert raised.value.first.utc == at(first, "UTC")
    assert raised.value.second.utc == at(second, "UTC")


@given(
    seconds=st.integers(min_value=0, max_value=59),
    microseconds=st.sampled_from([0, 1, 999_999]),
    words=st.sampled_from(["1 min", "90 min", "2h", "3 days", "2 weeks"]),
)
def test_a_delay_is_never_shorter_than_was_asked(
    seconds: int, microseconds: int, words: str
) -> None:
    whole = at(FRIDAY_TEN)
    now = whole + timedelta(seconds=seconds, microseconds=microseconds)
    at_the_minute = parse(f"in {words}", now=whole, zone=MADRID).utc
    moment = parse(f"in {words}", now=now, zone=MADRID)
    assert timedelta() <= moment.utc - (at_the_minute - whole) - now < timedelta(minutes=1)
