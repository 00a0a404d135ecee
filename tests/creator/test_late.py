"""The bot was not running when a post was due."""

import re
from datetime import timedelta
from pathlib import Path

from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage


async def away(stage: Stage, clip: Path, late_by: timedelta) -> Person:
    """A post due in two hours, and the bot away until `late_by` after that."""
    await stage.start_bot()
    lena = await stage.creator()
    await stage.scheduled(lena, clip, caption="New recipe")
    await stage.stop_bot()
    stage.clock.jump(timedelta(hours=2) + late_by)
    await stage.start_bot()
    return lena


async def asked_what_to_do(lena: Person) -> ChatMessage:
    told = await lena.see("✋ Not published yet on @lena.cooks")
    assert "“New recipe”" in told.text
    assert "ClipCue was not running when this post was due." in told.text
    assert [label.split(" ", 1)[1] for label in told.labels] == ["Post now", "Move", "Cancel post"]
    return told


async def test_a_little_late_it_goes_out_and_says_so(unstarted: Stage, clip: Path) -> None:
    lena = await away(unstarted, clip, timedelta(minutes=10))

    told = await unstarted.see_in_time(lena, "✅ Published on @lena.cooks")

    assert re.search(r"It went out 1\d min late", told.text)
    assert len(unstarted.tiktok.posts) == 1
    assert lena.count("Not published yet") == 0


async def test_very_late_it_can_still_be_posted(unstarted: Stage, clip: Path) -> None:
    lena = await away(unstarted, clip, timedelta(hours=5))
    told = await asked_what_to_do(lena)
    assert not unstarted.tiktok.state.uploads

    await lena.tap("Post now", message=told)
    asked = await lena.see("By posting, you agree to TikTok's", after=told)
    await lena.tap("Agree and post", message=asked)

    live = await unstarted.see_in_time(lena, "✅ Published on @lena.cooks")
    assert "late" not in live.text, "it was posted when the creator said so"
    assert len(unstarted.tiktok.posts) == 1


async def test_very_late_it_can_be_moved(unstarted: Stage, clip: Path) -> None:
    lena = await away(unstarted, clip, timedelta(hours=5))
    told = await asked_what_to_do(lena)

    await lena.tap("Move", message=told)
    asked = await lena.see("When should it go out?", after=told)
    await lena.tap("In 1 hour", message=asked)
    await lena.see("📝 Draft", after=asked)
    await unstarted.schedule(lena)
    unstarted.clock.jump(timedelta(hours=1))

    await unstarted.see_in_time(lena, "✅ Published on @lena.cooks")
    assert len(unstarted.tiktok.posts) == 1


async def test_very_late_it_can_be_cancelled(unstarted: Stage, clip: Path) -> None:
    lena = await away(unstarted, clip, timedelta(days=3))
    told = await asked_what_to_do(lena)

    await lena.tap("Cancel post", message=told)
    asked = await lena.see("Cancel this post? It will not go out.", after=told)
    await lena.tap("Cancel post", message=asked)
    await lena.see("🚫 Cancelled", after=asked)

    assert not unstarted.tiktok.state.uploads


async def test_how_late_is_too_late_is_the_operators_word(unstarted: Stage, clip: Path) -> None:
    unstarted.environment["LATE_TOLERANCE_MINUTES"] = "600"
    lena = await away(unstarted, clip, timedelta(hours=5))
    told = await unstarted.see_in_time(lena, "✅ Published on @lena.cooks")
    assert re.search(r"It went out 30\d min late", told.text)
