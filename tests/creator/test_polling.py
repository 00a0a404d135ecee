"""Asking Telegram for updates: stored before they are confirmed, and never silent for good."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from bot.polling import Poller
from core.workers import Duty
from tests.stage import TOKEN, Stage

POLL_SECONDS = 1
ANSWER_WITHIN = 0.4


class Taker:
    """Stores what it is given, or fails to."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.fails = 0

    async def __call__(self, updates: Sequence[dict[str, Any]]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("planned: the disk is full")
        self.taken += [update["update_id"] for update in updates]


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture
async def poller(unstarted: Stage, taker: Taker) -> AsyncIterator[Poller]:
    poller = Poller(
        url=f"{unstarted.ends_url}/telegram/bot{TOKEN}",
        allowed_updates=["message"],
        take=taker,
        duty=Duty(unstarted.folder, "polling"),
        poll_seconds=POLL_SECONDS,
        answer_within=ANSWER_WITHIN,
    )
    yield poller
    await poller.stop()


def waiting(stage: Stage) -> int:
    return len(stage.telegram.updates)


async def test_an_update_is_confirmed_only_once_it_is_stored(
    unstarted: Stage, poller: Poller, taker: Taker
) -> None:
    ana = unstarted.person()
    await ana.send("one")
    await ana.send("two")
    taker.fails = 1
    poller.start()
    await unstarted.until(lambda: not taker.fails)
    assert (waiting(unstarted), taker.taken) == (2, [])
    await unstarted.until(lambda: len(taker.taken) == 2)
    await unstarted.until(lambda: not waiting(unstarted))
    assert taker.taken == sorted(set(taker.taken))


async def test_a_poll_that_is_never_answered_is_given_up_and_made_anew(
    unstarted: Stage, poller: Poller, taker: Taker
) -> None:
    unstarted.telegram.faults.slow("getUpdates", seconds=30)
    poller.start()
    ana = unstarted.person()
    await ana.send("is anybody there?")
    await unstarted.until(lambda: len(taker.taken) == 1, timeout=6)


@pytest.mark.parametrize("trouble", ["500", "dropped", "429"])
async def test_troubles_are_waited_out(
    unstarted: Stage, poller: Poller, taker: Taker, trouble: str
) -> None:
    faults = unstarted.telegram.faults
    {
        "500": lambda: faults.server_error("getUpdates"),
        "dropped": lambda: faults.drop_before("getUpdates"),
        "429": lambda: faults.too_many("getUpdates", retry_after=1),
    }[trouble]()
    await unstarted.person().send("hello")
    poller.start()
    await unstarted.until(lambda: len(taker.taken) == 1)


async def test_one_poller_of_a_folder_asks_and_the_other_takes_over(
    unstarted: Stage, poller: Poller, taker: Taker
) -> None:
    later = Taker()
    waits = Poller(
        url=f"{unstarted.ends_url}/telegram/bot{TOKEN}",
        allowed_updates=["message"],
        take=later,
        duty=Duty(unstarted.folder, "polling"),
        poll_seconds=POLL_SECONDS,
    )
    ana = unstarted.person()
    poller.start()
    await unstarted.until(lambda: bool(unstarted.telegram.updates.allowed))
    waits.start()
    began = waits.heard_at
    try:
        await ana.send("one")
        await unstarted.until(lambda: len(taker.taken) == 1)
        assert waits.stuck_seconds == 0
        await unstarted.until(lambda: waits.heard_at > began, timeout=5)  # nothing is amiss
        await poller.stop()
        await ana.send("two")
        await unstarted.until(lambda: len(later.taken) == 1)
        assert later.taken > taker.taken
    finally:
        await waits.stop()


async def test_another_poller_ends_ours_only_for_a_while(
    unstarted: Stage, poller: Poller, taker: Taker
) -> None:
    poller.start()
    await unstarted.until(lambda: bool(unstarted.telegram.updates.allowed))
    await asyncio.sleep(0.1)
    unstarted.telegram.updates.end_poll("other getUpdates request")
    await unstarted.person().send("hello")
    await unstarted.until(lambda: len(taker.taken) == 1)
