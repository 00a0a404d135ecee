"""Plans: no post on a taken time, in a quiet hour, or beyond TikTok's cap, in any zone."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.preferences import QuietHours
from core.queue.plans import (
    DAY,
    POSTS_PER_DAY,
    SOON,
    EveryHours,
    NoRoom,
    PostingSlots,
    Weekly,
    keeps_cap,
    plan,
    wanted,
)
from core.queue.weeks import WeekTime, week_times
from core.times import HORIZON

ZONES = (
    *("UTC", "Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"),
    *("America/Santiago", "Africa/Cairo", "Pacific/Apia", "Atlantic/Azores", "Asia/Tehran"),
)
NOW = datetime(2027, 1, 12, 12, 0, tzinfo=UTC)
CHANGES = (  # of clocks in some of these zones
    datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
    datetime(2027, 3, 14, 6, 10, tzinfo=UTC),
    datetime(2027, 4, 3, 14, 0, tzinfo=UTC),
    datetime(2027, 10, 31, 0, 15, tzinfo=UTC),
    datetime(2027, 11, 7, 5, 59, tzinfo=UTC),
)

nows = st.one_of(
    st.sampled_from(CHANGES),
    st.datetimes(datetime(2027, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
)
minutes = st.integers(0, 24 * 60 - 1)
week = st.frozensets(st.builds(WeekTime, weekday=st.integers(0, 6), minute=minutes), max_size=30)
quiets = st.none() | st.tuples(minutes, minutes).filter(lambda hours: hours[0] != hours[1]).map(
    lambda hours: QuietHours(start=hours[0], end=hours[1])
)
spreads = st.one_of(
    st.builds(EveryHours, hours=st.integers(1, 48)),
    week.map(lambda times: Weekly(times=tuple(times))),
    st.just(PostingSlots()),
)


@settings(max_examples=150, deadline=None)
@given(
    spread=spreads,
    slots=week,
    where=st.tuples(st.sampled_from(ZONES), nows),
    count=st.integers(0, 40),
    quiet=quiets,
    shifts=st.lists(st.integers(-24 * 60, 30 * 24 * 60), max_size=25),
    on_wanted=st.lists(st.integers(0, 60), max_size=10),
    begins=st.none() | st.integers(0, 20 * 24 * 60),
)
def test_what_a_plan_keeps(
    spread: EveryHours | Weekly | PostingSlots,
    slots: frozenset[WeekTime],
    where: tuple[str, datetime],
    count: int,
    quiet: QuietHours | None,
    shifts: list[int],
    on_wanted: list[int],
    begins: int | None,
) -> None:
    zone, now = where
    start = None if begins is None else now + timedelta(minutes=begins)
    asked = list(islice(wanted(spread, slots, zone, now=now, start=start), 61))
    taken = [now + timedelta(minutes=shift) for shift in shifts]
    taken += [asked[place].utc for place in on_wanted if place < len(asked)]
    try:
        planned = plan(
            wanted(spread, slots, zone, now=now, start=start), count, quiet=quiet, taken=taken
        )
    except NoRoom:
        return
    instants = [moment.utc for moment in planned]
    assert len(planned) == count
    assert instants == sorted(set(instants)), "no time twice"
    assert not set(instants) & set(taken)
    assert all(max(now + SOON, start or now) <= each <= now + HORIZON for each in instants)
    every = sorted([*taken, *instants])
    for instant in instants:
        for first in (each for each in every if instant - DAY < each <= instant):
            in_a_day = [each for each in every if first <= each < first + DAY]
            assert len(in_a_day) <= POSTS_PER_DAY or _was_full(first, taken)
    for moment in planned:
        assert moment.zone == zone
        assert quiet is None or not _within(moment.wall.hour * 60 + moment.wall.minute, quiet)


def _was_full(first: datetime, taken: list[datetime]) -> bool:
    """Whether others had passed the cap by themselves."""
    return len([each for each in taken if first <= each < first + DAY]) > POSTS_PER_DAY


def _within(minute: int, quiet: QuietHours) -> bool:
    """The same question by counting on from the start."""
    length = (quiet.end - quiet.start) % (24 * 60)
    return (minute - quiet.start) % (24 * 60) < length


@given(instants=st.lists(st.integers(0, 60 * 60), min_size=1, max_size=40))
def test_the_cap_is_the_busiest_24_hours(instants: list[int]) -> None:
    *others, last = [NOW + timedelta(minutes=each) for each in instants]
    busy = sorted(others)
    every = sorted([*busy, last])
    most = max(len([each for each in every if first <= each < first + DAY]) for first in every)
    alone = max(
        (len([each for each in busy if first <= each < first + DAY]) for first in busy), default=0
    )
    if alone <= POSTS_PER_DAY:
        assert keeps_cap(last, busy) == (most <= POSTS_PER_DAY)


@pytest.mark.parametrize(
    ("zone", "now", "times", "said"),
    [
        # Clocks in Madrid jump from 2:00 to 3:00: 2:30 becomes 3:30, which is taken once only.
        ("Europe/Madrid", CHANGES[0], (150, 210), ["28 03:30", "29 02:30", "29 03:30"]),
        # They go back from 3:00 to 2:00: 2:30 comes twice, and is taken the first time.
        ("Europe/Madrid", datetime(2027, 10, 30, 22, tzinfo=UTC), (150,), ["31 02:30", "01 02:30"]),
        # Half an hour on Lord Howe: from 2:00 to 2:30.
        ("Australia/Lord_Howe", datetime(2027, 10, 2, 8, tzinfo=UTC), (135,), ["03 02:45"]),
    ],
)
def test_where_clocks_change(zone: str, now: datetime, times: tuple[int], said: list[str]) -> None:
    daily = Weekly(times=tuple(week_times(range(7), times)))
    planned = plan(wanted(daily, (), zone, now=now), len(said), quiet=None, taken=())
    assert [f"{moment.wall:%d %H:%M}" for moment in planned] == said


def test_every_few_hours_begins_on_the_hour_and_passes_over_the_night() -> None:
    now = datetime(2027, 1, 12, 17, 52, tzinfo=UTC)
    moments = wanted(EveryHours(hours=3), (), "Europe/Madrid", now=now)
    planned = plan(moments, 4, quiet=QuietHours(start=23 * 60, end=8 * 60), taken=())
    assert [f"{moment.wall:%d %H:%M}" for moment in planned] == [
        *("12 20:00", "13 08:00", "13 11:00", "13 14:00"),
    ], "19:00 is too soon, 23:00 to 8:00 is quiet"


@pytest.mark.parametrize(
    ("spread", "quiet"),
    [
        (PostingSlots(), None),
        (Weekly(times=()), None),
        (EveryHours(hours=24), QuietHours(start=0, end=24 * 60 - 1)),
        (Weekly(times=(WeekTime(weekday=0, minute=600),)), QuietHours(start=590, end=610)),
    ],
)
def test_a_plan_without_room_says_so(
    spread: PostingSlots | Weekly, quiet: QuietHours | None
) -> None:
    with pytest.raises(NoRoom):
        plan(wanted(spread, (), "Europe/Madrid", now=NOW), 1, quiet=quiet, taken=())
