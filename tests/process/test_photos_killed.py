"""The process is killed while it tells TikTok of photos: nothing goes out twice."""

import asyncio
from datetime import timedelta

import pytest

from sandbox.telegram import Person
from sandbox.tiktok import Fault, Slow
from tests.photo_posts import carousels
from tests.photos import gathered, photos
from tests.process.bot_process import BotProcess
from tests.stage import Stage


@pytest.fixture
def keeps_clock() -> bool:
    return True


@pytest.fixture
async def ana(stage: Stage, bot: BotProcess) -> Person:  # noqa: ARG001 - the bot has to be there
    return await stage.creator(name="Ana")


async def _draft(stage: Stage, ana: Person, *, caption: str = "Lisbon") -> None:
    sent = await ana.send_album(photos(stage.folder, 3), caption=caption)
    await gathered(ana, 3, after=sent[0])
    await stage.write_post(ana)


async def _agree(stage: Stage, ana: Person) -> None:
    asked = await stage.open(ana, "Post now", "By posting, you agree to TikTok's")
    await ana.tap("Agree and post", message=asked)


async def test_after_tiktok_took_them_and_before_its_answer_was_stored(
    stage: Stage, bot: BotProcess, ana: Person
) -> None:
    stage.tiktok.faults.add(Fault(endpoint="content/init", kind=Slow(seconds=5)))
    await _draft(stage, ana)
    await _agree(stage, ana)
    await stage.until(lambda: any(each.complete for each in carousels(stage)))
    await bot.kill()

    await bot.start()
    unclear = await ana.see("Not confirmed")
    stage.clock.jump(timedelta(hours=24))
    asked = await ana.see("is it there?", after=unclear)
    stage.clock.jump(timedelta(hours=2))
    await ana.tap("Yes", message=asked)
    await ana.see("✅ Published")
    assert await bot.stop() == 0
    assert len(carousels(stage)) == len(stage.tiktok.posts) == 1


async def test_after_it_was_written_down_and_before_tiktok_heard_of_it(
    stage: Stage, bot: BotProcess, ana: Person
) -> None:
    """The post goes out once it is certain that nobody has asked for its photos, and once only."""
    await _draft(stage, ana, caption="in 2h Lisbon")
    await stage.schedule(ana)
    await bot.kill()
    # What a kill leaves behind a few lines before the call: TikTok has not heard of it.
    begun = "UPDATE posts SET status = 'publishing', initialised_at = ?, wake_at = ?"
    await asyncio.to_thread(stage.ask, begun, stage.clock(), stage.clock())
    assert not carousels(stage)

    await bot.start()
    await ana.see("Not confirmed")
    assert not carousels(stage)
    await bot.kill()
    stage.clock.jump(timedelta(minutes=72))
    await bot.start()
    await ana.see("Published on", timeout=40)
    assert await bot.stop() == 0
    assert len(carousels(stage)) == len(stage.tiktok.posts) == 1
