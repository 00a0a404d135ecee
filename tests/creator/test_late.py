"""The bot was not running when a post was due."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

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
    assert "This post could not start in time." in told.text
    assert "It was due Tue 12 Jan 2027, 15:0" in told.text
    assert [label.split(" ", 1)[1] for label in told.labels] == ["Post now", "Move", "Cancel post"]
    return told


async def test_a_little_late_it_goes_out_and_says_so(unstarted: Stage, clip: Path) -> None:
    lena = await away(unstarted, clip, timedelta(minutes=10))

    told = await unstarted.see_in_time(lena, "✅ Published on @lena.cooks")

    assert re.search(r"It went out (9|1\d) min late", told.text)
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
    sure = await lena.see("Move this post?", after=asked)
    await lena.tap("Move it", message=sure)
    await lena.see("🗓 Scheduled", after=sure)
    unstarted.clock.jump(timedelta(hours=1, minutes=1))

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


async def tolerate(lena: Person, label: str) -> ChatMessage:
    """Set in /settings how late a post may go out; returns the settings as they are then."""
    sent = await lena.send("/settings")
    shown = await lena.see("Settings", after=sent)
    await lena.tap("Late posts", message=shown)
    asked = await lena.see("how late may it still go out?", after=shown)
    await lena.tap(label, message=asked)
    return await lena.see("⏰ Late posts:", after=asked)


@pytest.mark.parametrize(
    ("label", "late_by", "goes_out"),
    [
        ("Not at all", timedelta(minutes=5), False),
        ("15 min", timedelta(minutes=10), True),
        ("15 min", timedelta(minutes=20), False),
        ("1 day", timedelta(hours=20), True),
    ],
)
async def test_how_late_is_too_late_is_the_creators_word(
    unstarted: Stage, clip: Path, label: str, late_by: timedelta, *, goes_out: bool
) -> None:
    await unstarted.start_bot()
    lena = await unstarted.creator()
    await tolerate(lena, label)
    await unstarted.scheduled(lena, clip, caption="New recipe")
    await unstarted.stop_bot()
    unstarted.clock.jump(timedelta(hours=2) + late_by)
    await unstarted.start_bot()

    if goes_out:
        await unstarted.see_in_time(lena, "✅ Published on @lena.cooks")
    else:
        await asked_what_to_do(lena)
        assert not unstarted.tiktok.state.uploads


async def test_what_was_chosen_is_shown(stage: Stage, lena: Person, clip: Path) -> None:
    sent = await lena.send("/settings")
    shown = await lena.see("Settings", after=sent)
    assert "go out up to 30 min late" in shown.text, "the operator's word, for a start"
    shown = await tolerate(lena, "2 h")
    assert "go out up to 2 h late" in shown.text
    await lena.tap("Late posts", message=shown)
    asked = await lena.see("how late may it still go out?", after=shown)
    assert asked.labels == ["Not at all", "15 min", "30 min", "● 2 h", "1 day", "‹ Settings"]
    await lena.tap("Not at all", message=asked)
    await lena.see("always ask me first", after=asked)
    await lena.tap(data="s1:setlate:7")
    await lena.see("That button is from an older version of me.")

    await stage.posted_now(lena, clip)
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")


async def test_how_late_is_too_late_is_the_operators_word(unstarted: Stage, clip: Path) -> None:
    unstarted.environment["LATE_TOLERANCE_MINUTES"] = "600"
    lena = await away(unstarted, clip, timedelta(hours=5))
    told = await unstarted.see_in_time(lena, "✅ Published on @lena.cooks")
    assert re.search(r"It went out (29|30)\d min late", told.text)
