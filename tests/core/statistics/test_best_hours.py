"""When posts do best: what a few lucky ones must not decide, and what many may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.statistics.best_hours import BLOCKS, ENOUGH_POSTS, STANDS_OUT, Seen, best_hours

MONDAY, FRIDAY = 0, 4


def usual(count: int, *, weekday: int = MONDAY, hour: int = 9, views: int = 1000) -> list[Seen]:
    return [Seen(weekday=weekday, hour=hour, views=views)] * count


def test_too_few_posts_say_nothing() -> None:
    told = best_hours(usual(ENOUGH_POSTS - 1))
    assert not told.known
    assert told.posts == ENOUGH_POSTS - 1
    assert told.recommended == ()
    assert best_hours(usual(ENOUGH_POSTS)).known


def test_an_hour_that_does_better_again_and_again_is_recommended() -> None:
    told = best_hours(usual(20) + usual(6, weekday=FRIDAY, hour=19, views=5000))
    (best,) = told.recommended
    assert (best.weekday, best.hour, best.posts) == (FRIDAY, 18, 6)
    assert 1.5 < best.times_typical < 5, "better, but drawn towards the usual"


@pytest.mark.parametrize("lucky", [1, 2])
def test_one_lucky_post_or_two_make_no_rule(lucky: int) -> None:
    told = best_hours(usual(30) + usual(lucky, weekday=FRIDAY, hour=19, views=10_000_000))
    assert told.recommended == ()


def test_where_all_do_alike_none_stands_out() -> None:
    hours = [(weekday, hour) for weekday in range(7) for hour in (9, 18)]
    told = best_hours([Seen(weekday=day, hour=hour, views=1000) for day, hour in hours] * 5)
    assert told.recommended == ()
    assert all(block.times_typical == pytest.approx(1) for block in told.blocks)


def test_a_time_of_day_speaks_for_days_on_which_nothing_was_posted_then() -> None:
    told = best_hours(usual(20) + usual(10, hour=20, views=9000))
    block = {(each.weekday, each.hour): each for each in told.blocks}
    assert block[FRIDAY, 18].posts == 0
    assert block[FRIDAY, 18].times_typical > block[FRIDAY, 9].times_typical
    assert block[FRIDAY, 18].times_typical < block[MONDAY, 18].times_typical
    assert all(each.posts for each in told.recommended), "but only what was tried is recommended"


SEEN = st.builds(
    Seen, weekday=st.integers(0, 6), hour=st.integers(0, 23), views=st.integers(0, 10**12)
)


@given(st.lists(SEEN, min_size=ENOUGH_POSTS, max_size=80))
def test_every_block_of_the_week_is_told_and_none_beyond_what_was_seen(seen: list[Seen]) -> None:
    told = best_hours(seen)
    assert len(told.blocks) == 7 * BLOCKS
    assert sum(block.posts for block in told.blocks) == len(seen)
    most = max(post.views for post in seen) + 1
    assert all(0 < block.times_typical <= most * 1.001 for block in told.blocks)
    assert all(block.times_typical >= STANDS_OUT for block in told.recommended)
