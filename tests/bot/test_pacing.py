"""How often one chat is written to."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import BURST, INTERVAL, Pace


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_short_burst_then_one_a_second() -> None:
    seconds = Seconds()
    pace = Pace(seconds)
    for _ in range(BURST):
        assert pace.resting() == {}
        pace.sent(7)
    assert pace.resting() == {7: INTERVAL}
    seconds.now += INTERVAL
    assert pace.resting() == {}
    pace.sent(7)
    assert pace.resting() == {7: INTERVAL}


def test_what_telegram_asks_for_is_kept_by_that_chat_alone() -> None:
    seconds = Seconds()
    pace = Pace(seconds)
    pace.rest(7, timedelta(seconds=30))
    pace.sent(8)
    assert pace.resting() == {7: 30}
    seconds.now += 29
    assert list(pace.resting()) == [7]
    seconds.now += 1
    assert pace.resting() == {}
    pace.sent(7)
    assert pace.resting() == {7: INTERVAL}, "one message, no burst, after that"


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0, 3)), max_size=80))
def test_no_window_ever_holds_more_than_allowed(steps: list[tuple[int, float]]) -> None:
    seconds = Seconds()
    pace = Pace(seconds)
    sent: list[tuple[int, float]] = []
    for chat, pause in steps:
        seconds.now += pause
        if chat not in pace.resting():
            pace.sent(chat)
            sent.append((chat, seconds.now))
    for chat in range(3):
        times = [at for which, at in sent if which == chat]
        for first, start in enumerate(times):
            for last in range(first, len(times)):
                allowed = BURST + (times[last] - start) / INTERVAL
                assert last - first + 1 <= allowed + 1e-6
    seconds.now += (BURST + 1) * INTERVAL
    assert pace.resting() == {} and not pace._paid_off, "nothing is kept of silent chats"


def test_what_can_wait_goes_when_all_is_paid_off() -> None:
    seconds = Seconds()
    pace = Pace(seconds)
    assert pace.until_quiet(7) == 0
    pace.sent(7)
    pace.sent(7)
    assert (pace.until_quiet(7), pace.until_quiet(8)) == (2 * INTERVAL, 0)
    seconds.now += 2 * INTERVAL
    assert pace.until_quiet(7) == 0
    pace.rest(7, timedelta(seconds=30))
    assert pace.until_quiet(7) > 30
