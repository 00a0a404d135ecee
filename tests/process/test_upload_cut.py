"""The process ends while a clip of seven chunks is on its way to TikTok."""

import hashlib

import pytest

from sandbox.telegram import Person
from sandbox.tiktok.faults import Fault, Slow
from tests.process.bot_process import BotProcess
from tests.stage import Stage

SIZE = 70_000_000
CHUNKS = 7
CUT_AT = 20_000_000
"""The process ends once TikTok holds this much: two chunks, sooner or later the third."""

SLOW_ANSWERS = Fault(endpoint="upload", kind=Slow(seconds=0.3), times=CHUNKS)


@pytest.fixture
def local() -> bool:
    return True


@pytest.mark.parametrize("fault", [None, SLOW_ANSWERS], ids=["while sending", "before its answer"])
async def test_a_killed_upload_goes_on_at_the_next_byte(
    stage: Stage, bot: BotProcess, ana: Person, fault: Fault | None
) -> None:
    digest = await _upload_begun(stage, ana, fault)
    await bot.kill()
    held = stage.tiktok.uploads[0].received
    assert CUT_AT <= held < SIZE

    await _published_once(stage, bot, ana, digest)
    assert f"from_byte={held}" in bot.logs


async def test_a_stopped_upload_is_parked_and_taken_up_again(
    stage: Stage, bot: BotProcess, ana: Person
) -> None:
    digest = await _upload_begun(stage, ana, SLOW_ANSWERS)
    assert await bot.stop() == 0
    held = stage.tiktok.uploads[0].received
    assert CUT_AT <= held < SIZE

    await _published_once(stage, bot, ana, digest)
    assert f"from_byte={held}" in bot.logs


async def _upload_begun(stage: Stage, ana: Person, fault: Fault | None) -> str:
    """Return the clip's hash once TikTok holds two of its chunks."""
    clip = stage.clip("big.mp4", pad_to=SIZE)
    digest = hashlib.sha256(clip.read_bytes()).hexdigest()
    if fault:
        stage.tiktok.faults.add(fault)
    await stage.posted_now(ana, clip)
    await stage.until(
        lambda: any(upload.received >= CUT_AT for upload in stage.tiktok.uploads), timeout=15
    )
    return digest


async def _published_once(stage: Stage, bot: BotProcess, ana: Person, digest: str) -> None:
    stage.tiktok.faults.clear()
    await bot.start()
    await ana.see("Published on", timeout=20)
    assert await bot.stop() == 0
    (post,) = stage.tiktok.posts
    assert (post.sha256, post.size) == (digest, SIZE)
    calls = [(call.endpoint, call.status) for call in stage.tiktok.calls]
    assert calls.count(("video/init", 200)) == 1
    # TikTok takes a chunk in whole or not at all, so this many were taken in once each.
    assert calls.count(("upload", 206)) + calls.count(("upload", 201)) == CHUNKS
    assert calls.count(("upload", 0)) <= 1, "at most the chunk that was cut began twice"
    assert sum(endpoint == "upload" for endpoint, _ in calls) <= CHUNKS + 1
    assert ana.count("Published on") == 1
