"""TikTok's limits a minute, as a creator meets them: hardly at all."""

import asyncio
from datetime import timedelta
from pathlib import Path

from core.limits import PER_MINUTE, WINDOW, Call
from sandbox.telegram import Person
from tests.creator.conftest import NOON
from tests.stage import Stage


def codes(stage: Stage, endpoint: str) -> list[str]:
    return [call.code for call in stage.tiktok.calls if call.endpoint == endpoint]


async def test_more_posts_at_one_moment_than_tiktok_takes_a_minute(
    stage: Stage, lena: Person, clip: Path
) -> None:
    count = PER_MINUTE[Call.INIT] + 2
    for number in range(count):
        await stage.scheduled(lena, clip, caption=f"Recipe {number}", when="tomorrow 18:00")
        stage.clock.jump(timedelta(seconds=15))
    stage.clock.jump(NOON + timedelta(hours=29) - stage.clock())  # 18:00 of Madrid's tomorrow

    await stage.until(lambda: len(codes(stage, "video/init")) == PER_MINUTE[Call.INIT])
    await asyncio.sleep(0.5)
    assert len(codes(stage, "video/init")) == PER_MINUTE[Call.INIT], "the others wait"
    stage.clock.jump(WINDOW)
    await stage.until(lambda: len(codes(stage, "video/init")) == count)
    for number in range(count):
        await stage.see_in_time(lena, f"“Recipe {number}”")

    assert len(stage.tiktok.posts) == count
    assert codes(stage, "video/init") == ["ok"] * count, "TikTok never had to refuse"
    assert set(codes(stage, "creator_info/query")) == {"ok"}
    assert lena.count("Not published") == lena.count("Has to wait") == 0


async def test_a_creator_who_taps_fast_sees_what_tiktok_said_just_now(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    for _ in range(PER_MINUTE[Call.CREATOR_INFO] + 5):
        asked = await stage.open(lena, "Privacy", "Who can see this post?")
        await lena.tap("Back", message=asked)
        await lena.see("📝 Draft", after=asked)

    assert codes(stage, "creator_info/query") == ["ok"] * PER_MINUTE[Call.CREATOR_INFO]


async def test_where_nothing_was_seen_yet_the_creator_is_told_how_long(
    unstarted: Stage, clip: Path
) -> None:
    stage = unstarted
    await stage.start_bot()
    lena = await stage.creator()
    card = await stage.draft(lena, clip)
    for _ in range(PER_MINUTE[Call.CREATOR_INFO]):
        await lena.tap("Privacy", message=card)
        asked = await lena.see("Who can see this post?", after=card)
        await lena.tap("Back", message=asked)
        card = await lena.see("📝 Draft", after=asked)
    await stage.stop_bot()
    await stage.start_bot()

    await lena.tap("Privacy", message=card)
    told = await lena.see("That was quick!")
    assert "again in" in told.text
    stage.clock.jump(WINDOW)
    await lena.tap("Privacy", message=card)
    await lena.see("Who can see this post?", after=card)
