"""Times at the head of a caption: taken where they are plain, left alone where they are words."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.times import AmbiguousWords, InThePast, TimeProblem, TooFar, split_leading

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)  # Friday 10:00 in Madrid
MADRID = "Europe/Madrid"

TAKEN = [
    ("tomorrow 18:00 New recipe #food", "2026-11-21 18:00", "New recipe #food"),
    (
        "tomorrow 18:00\nNew recipe\n\n#food #tapas\n",
        "2026-11-21 18:00",
        "New recipe\n\n#food #tapas",
    ),
    ("  6pm  #food", "2026-11-20 18:00", "#food"),
    ("18:30", "2026-11-20 18:30", ""),
    ("in 2h New recipe", "2026-11-20 12:00", "New recipe"),
    ("In 1h30: New recipe", "2026-11-20 11:30", "New recipe"),
    ("tomorrow 18:00 - New recipe", "2026-11-21 18:00", "New recipe"),
    ("tomorrow 18:00 -50% on all", "2026-11-21 18:00", "-50% on all"),
    ("25/12 20:00, Feliz Navidad", "2026-12-25 20:00", "Feliz Navidad"),
    ("Dec 25 at 20 Feliz Navidad", "2026-12-25 20:00", "Feliz Navidad"),
    ("tomorrow at noon Lunch", "2026-11-21 12:00", "Lunch"),
    ("18:00 on monday Motivation", "2026-11-23 18:00", "Motivation"),
    ("18:00 tomorrow\nToday I cook", "2026-11-21 18:00", "Today I cook"),
    ("9am - 10 things to do", "2026-11-21 09:00", "10 things to do"),
    ("in 5 minutes\nPasta", "2026-11-20 10:05", "Pasta"),
]

LEFT_WHOLE = [
    "12 tips for better rice",
    "May I cook for you?",
    "May 5 things go right",
    "Sun is out",
    "Monday motivation",
    "Monday 9 things to do",
    "10 things I wish I knew",
    "Dec 25 10 gifts",
    "today",
    "Tomorrow is another day",
    "Friday midnight snack",
    "noon vibes",
    "In 3 days I learned to cook",
    "in love",
    "9am routine with Lena",
    "5pm dinner #food",
    "in 5 minutes you can have pasta",
    "9:00 10 things to do",
    "3.50 meals",
    "9:16 or 16:9?",
    "18:30-19:30 live",
    "18:000 steps",
    "6pmish",
    "31 feb 10:00 is no day",
    "25:00 is no hour",
    "18:00 Monday motivation",  # is the day part of the time or of the caption?
    "  two spaces stay  ",
    "",
]


@pytest.mark.parametrize(("caption", "wall", "rest"), TAKEN)
def test_a_plain_time_is_taken_off_the_caption(caption: str, wall: str, rest: str) -> None:
    moment, remaining = split_leading(caption, now=NOW, zone=MADRID)
    assert moment is not None
    assert (moment.wall.isoformat(" ", "minutes"), remaining) == (wall, rest)


@pytest.mark.parametrize("caption", LEFT_WHOLE)
def test_ordinary_words_stay_in_the_caption(caption: str) -> None:
    assert split_leading(caption, now=NOW, zone=MADRID) == (None, caption)


@pytest.mark.parametrize(
    ("caption", "problem", "rest"),
    [
        ("today 9:00 Breakfast", InThePast, "Breakfast"),
        ("5/4 20:00 - Easter\n#eggs", AmbiguousWords, "Easter\n#eggs"),
        ("tomorrow at 9 Breakfast", AmbiguousWords, "Breakfast"),
        ("in " + "9999h" * 9999 + " and on", TooFar, "and on"),
    ],
)
def test_a_time_that_cannot_be_kept_is_told_with_the_rest(
    caption: str, problem: type[TimeProblem], rest: str
) -> None:
    with pytest.raises(problem) as raised:
        split_leading(caption, now=NOW, zone=MADRID)
    assert raised.value.rest == rest


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            ["in", "2h", "tomorrow", "18:00", "9", "at", "-", "\n", "#food", "25.12.", " "]
        )
    ).map(" ".join)
)
def test_the_rest_always_ends_the_caption(caption: str) -> None:
    try:
        moment, rest = split_leading(caption, now=NOW, zone=MADRID)
    except TimeProblem as problem:
        moment, rest = None, problem.rest
        assert caption.strip().endswith(rest)
    else:
        assert rest == caption if moment is None else caption.strip().endswith(rest)
