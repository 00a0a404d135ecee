"""The process is killed between two durable steps, and started again."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from sandbox.telegram import Person
from sandbox.tiktok.faults import Fault, Slow
from tests.process.bot_process import BotProcess
from tests.stage import Stage


async def test_before_the_answer_of_init_was_stored(
    stage: Stage, bot: BotProcess, ana: Person
) -> None:
    """Nobody holds the upload URL of the first init, so nothing can be posted under it."""
    clip = stage.clip()
    stage.tiktok.faults.add(Fault(endpoint="video/init", kind=Slow(seconds=1)))
    await stage.posted_now(ana, clip)
    await stage.until(lambda: bool(stage.tiktok.uploads))
    await bot.kill()

    await bot.start()
    await _published_once(stage, bot, ana, clip)
    assert _calls(stage, "video/init") == 2
    (orphan,) = stage.tiktok.uploads
    assert orphan.received == 0


async def test_while_tiktok_works_on_the_clip(stage: Stage, bot: BotProcess, ana: Person) -> None:
    clip = stage.clip()
    stage.tiktok.processing_delay = 3
    await stage.posted_now(ana, clip)
    await stage.until(lambda: _calls(stage, "status/fetch") > 0)
    await bot.kill()
    assert stage.tiktok.posts == [], "killed too late for what is tested here"

    await bot.start()
    await _published_once(stage, bot, ana, clip)
    assert _calls(stage, "video/init") == _calls(stage, "upload") == 1


async def test_between_the_verdict_and_the_message_about_it(
    stage: Stage, bot: BotProcess, ana: Person
) -> None:
    clip = stage.clip()
    await stage.posted_now(ana, clip)
    stage.telegram.faults.server_error("sendMessage", code=502)
    await stage.until(lambda: "notice_undelivered" in bot.logs)
    await asyncio.sleep(0.3)  # so that the next try is noted, else it waits for a minute
    await bot.kill()
    assert len(stage.tiktok.posts) == 1
    assert ana.count("Published on") == 0

    await bot.start()
    await _published_once(stage, bot, ana, clip)
    assert _calls(stage, "video/init") == _calls(stage, "upload") == 1


async def test_between_the_verdict_and_the_card(stage: Stage, bot: BotProcess, ana: Person) -> None:
    clip = stage.clip()
    card = await stage.posted_now(ana, clip)
    await ana.see("Published on", after=card)
    await bot.kill()
    assert ana.count("✅ Published\n") == 0, "killed too late for what is tested here"

    await bot.start()
    end = await ana.see("✅ Published\n", after=card, timeout=10)
    assert (end.id, end.labels) == (card.id, ["📄 Duplicate", "🕘 History", "Open on TikTok"])


@pytest.mark.parametrize("how", ["kill", "stop"])
async def test_while_a_clip_comes_in(stage: Stage, bot: BotProcess, ana: Person, how: str) -> None:
    """What was cut is swept away, and the clip is taken in again: nobody has to send it twice."""
    clip = stage.clip("again.mp4", pad_to=19_000_000)
    sent = await ana.send_clip(clip, caption="Sent once")
    await stage.until(lambda: any(file.stat().st_size for file in stage.clips_on_disk))
    await (bot.kill() if how == "kill" else bot.stop())
    assert ana.count("Draft") == 0, "ended too late for what is tested here"

    await bot.start()

    await ana.see("Draft", after=sent)
    assert (ana.count("Draft"), ana.count("Sent once")) == (1, 1)
    assert ana.count("Getting your clip") + ana.count("Checking your clip") == 0
    (kept,) = stage.clips_on_disk
    assert kept.read_bytes() == clip.read_bytes()


async def test_what_was_sent_before_a_kill_is_answered_once(
    stage: Stage, bot: BotProcess, ana: Person
) -> None:
    """Killed at any moment around the answer: at least once, and not again after that."""
    stage.telegram.faults.slow("sendMessage", seconds=1)
    sent = await ana.send("/help")
    await stage.until(lambda: not len(stage.telegram.updates))
    await bot.kill()
    await asyncio.sleep(1)
    await bot.start()
    await ana.see("How it works", after=sent)
    await asyncio.sleep(0.3)
    assert await bot.stop() == 0
    answers = ana.count("How it works")
    await bot.start()
    typed = await ana.send("hello")
    await ana.see("I was not waiting", after=typed)
    assert ana.count("How it works") == answers


async def _published_once(stage: Stage, bot: BotProcess, ana: Person, clip: Path) -> None:
    await ana.see("Published on", timeout=80)
    assert await bot.stop() == 0
    (post,) = stage.tiktok.posts
    assert post.sha256 == _sha256(clip)
    assert ana.count("Published on") == 1


def _calls(stage: Stage, endpoint: str) -> int:
    return sum(call.endpoint == endpoint for call in stage.tiktok.calls)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
