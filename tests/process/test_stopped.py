"""An operator's SIGTERM: it ends in time and quietly, and nothing waits after the next start."""

import asyncio
import re
from time import monotonic

import pytest

from sandbox.telegram import Person
from sandbox.tiktok.faults import EndpointName, Fault, Slow
from tests.process.bot_process import BotProcess
from tests.stage import Stage

STOP_WITHIN = 10
"""Seconds; what hangs is cut off long before the 15 that a stop may take in all."""


async def test_whatever_hangs_a_stop_ends_in_time_and_quietly(
    stage: Stage, bot: BotProcess, ana: Person
) -> None:
    stage.tiktok.faults.add(Fault(endpoint="upload", kind=Slow(seconds=60)))
    await stage.posted_now(ana, stage.clip())
    await stage.until(lambda: bool(stage.tiktok.uploads))
    stage.telegram.faults.slow("sendMessage", seconds=60)
    await ana.send("/help")
    _, visitor = await asyncio.open_connection("127.0.0.1", stage.bot_port)
    visitor.write(
        b"POST /api/social/tiktok/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    )

    asked = monotonic()
    assert await bot.stop() == 0
    assert monotonic() - asked < STOP_WITHIN
    visitor.close()
    trouble = re.findall(r"Traceback|CancelledError|stopped_hard|stop_failed|not_parked", bot.logs)
    assert trouble == [], bot.logs


@pytest.mark.parametrize("endpoint", ["creator_info/query", "video/init", "upload", "status/fetch"])
async def test_a_post_under_way_goes_on_at_once_after_the_next_start(
    stage: Stage, bot: BotProcess, ana: Person, endpoint: EndpointName
) -> None:
    await stage.draft(ana, stage.clip(), caption="New recipe")
    await stage.write_post(ana)
    asked = await stage.open(ana, "Post now", "By posting, you agree to TikTok's")
    seen = len(stage.tiktok.calls)
    stage.tiktok.faults.add(Fault(endpoint=endpoint, kind=Slow(seconds=60)))
    await ana.tap("Agree and post", message=asked)
    await ana.see("On its way.", after=asked)
    await stage.until(lambda: not stage.tiktok.faults.waiting, timeout=10)
    assert await bot.stop() == 0
    stage.tiktok.faults.clear()

    await bot.start()
    begun = monotonic()
    await ana.see("Published", timeout=15)
    assert monotonic() - begun < 10, "no lease had to run out"
    assert len(stage.tiktok.posts) == 1
    assert len(stage.tiktok.calls) > seen
