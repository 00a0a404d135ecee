"""How often one user may ask: at once, then in the long run, and nobody else is counted in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import pacing
from bot.pacing import Allowance


class Watch:
    """A clock that goes when told."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def test_first_so_many_at_once_then_one_after_another() -> None:
    watch = Watch()
    allowance = Allowance(at_once=3, per_second=2, now=watch)
    assert [allowance.take(1) for _ in range(6)] == pytest.approx([0, 0, 0, 0.5, 1.0, 1.5])
    assert allowance.take(2) == 0, "another user does not wait"
    watch.time += 1.5
    assert allowance.take(1) == pytest.approx(0.5)
    watch.time += 60
    assert [allowance.take(1) for _ in range(4)] == pytest.approx([0, 0, 0, 0.5])


@given(pauses=st.lists(st.floats(0, 3), max_size=60))
def test_never_more_than_that_go_through(pauses: list[float]) -> None:
    watch = Watch()
    allowance = Allowance(at_once=5, per_second=2, now=watch)
    went = []
    for pause in pauses:
        watch.time += pause
        went.append(watch.time + allowance.take(7))
    assert went == sorted(went), "in the order of asking"
    for place, moment in enumerate(went):
        within_a_second = [each for each in went[place:] if each < moment + 1 - 1e-6]
        assert len(within_a_second) <= 5 + 2


def test_those_who_are_quiet_are_forgotten() -> None:
    watch = Watch()
    allowance = Allowance(at_once=1, per_second=1, now=watch)
    for user in range(pacing.USERS_REMEMBERED):
        allowance.take(user)
    watch.time += 1
    allowance.take(-1)
    assert allowance.counted == 1
