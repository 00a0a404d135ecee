"""The card in the chat while its post goes its way: upload, processing, and how it ended."""

import asyncio
import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from structlog.testing import capture_logs

from bot.status import EDIT_EVERY
from sandbox.telegram import ChatMessage, Person
from sandbox.telegram.world import Call
from sandbox.tiktok import FailProcessing, Fault, Slow
from tests.clock import Clock
from tests.stage import Stage, staged

LIVE = "✅ Published on @lena.cooks"
SLACK = timedelta(milliseconds=100)
"""Two calls may come closer together at Telegram than they left here."""


def edits(stage: Stage, card: ChatMessage) -> list[Call]:
    """What was done to the card since it was looked at, refused edits included."""
    calls = [call for call in stage.telegram.calls if call.method == "editMessageText"]
    return [call for call in calls if int(call.parameters["message_id"]) == card.id][card.edits :]


def now(person: Person, card: ChatMessage) -> ChatMessage:
    """The card as it is now."""
    return next(message for message in person.chat if message.id == card.id)


async def settled(person: Person, card: ChatMessage, words: str) -> ChatMessage:
    shown = await person.see(f"{words}\n🎬", after=card, timeout=9)
    assert shown.id == card.id
    return shown


async def test_the_card_of_a_big_clip_tells_how_far_it_is(tmp_path: Path) -> None:
    """70 MB in seven chunks, each of which TikTok takes a second to answer."""
    async with staged(tmp_path, Clock(), local=True) as stage:
        stage.environment["TELEGRAM_LOCAL_MODE"] = "true"
        await stage.start_bot()
        lena = await stage.meet(name="Lena")
        await stage.connect(lena)
        clip = stage.clip("big.mp4", pad_to=70_000_000)
        stage.tiktok.faults.add(Fault(endpoint="upload", kind=Slow(seconds=1), times=7))
        stage.tiktok.processing_delay = 60

        card = await stage.posted_now(lena, clip, caption="The long one")
        uploading = await lena.see("⬆️ Uploading", after=card)
        assert uploading.id == card.id
        assert re.search(r"Uploading [1-9]\d %\n▰+▱+\n🎬", uploading.text)
        assert uploading.labels == [], "nothing can be done about it now"
        further = await lena.see("⬆️ Uploading", after=uploading)
        assert percent(further) > percent(uploading)
        await lena.see("⏳ TikTok is processing it\nThis usually takes some minutes.")
        stage.clock.jump(timedelta(minutes=1))
        await lena.see(LIVE)
        end = await settled(lena, card, "✅ Published")

        (post,) = stage.tiktok.posts
        assert f"/@lena.cooks/video/{post.post_id}" in end.text
        assert end.labels == ["📄 Duplicate", "🕘 History", "Open on TikTok"]
        calls = edits(stage, card)
        times = [call.at for call in calls if "Published" not in call.parameters["text"]]
        assert len(times) >= 3
        for earlier, later in pairwise(times):  # the clock has jumped before the last
            assert later - earlier > EDIT_EVERY - SLACK
        assert len({call.parameters["text"] for call in calls}) == len(calls), "each says more"
        assert all(call.ok for call in calls)
        assert lena.count("The long one") == 2, "the card, and the message that it is live"


def percent(card: ChatMessage) -> int:
    found = re.search(r"(\d+) %", card.text)
    assert found
    return int(found[1])


async def test_the_card_of_a_quick_post_changes_once(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.posted_now(lena, clip)
    await lena.see(LIVE, after=card)
    assert "On its way." in now(lena, card).text
    assert "🚀 Going out" in now(lena, card).text, "it is scheduled for no other time"
    await settled(lena, card, "✅ Published")
    await asyncio.sleep(EDIT_EVERY.total_seconds())
    assert len(edits(stage, card)) == 1


async def test_a_card_that_says_no_offers_what_mends_it(
    stage: Stage, lena: Person, clip: Path
) -> None:
    fault = FailProcessing(reason="spam_risk_text")
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=fault))
    card = await stage.posted_now(lena, clip, caption="BUY NOW!!!")
    end = await settled(lena, card, "❌ Not published")
    assert "TikTok took the caption for spam. Change it." in end.text
    await lena.tap("Edit", message=end)
    changing = await lena.see("What do you want to change?", after=end)
    assert changing.id == card.id


async def test_a_stop_between_the_verdict_and_the_card(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.posted_now(lena, clip)
    await lena.see(LIVE, after=card)
    await stage.stop_bot()
    assert "On its way." in now(lena, card).text, "stopped too late for what is tested here"
    await stage.start_bot()
    end = await settled(lena, card, "✅ Published")
    assert end.labels == ["📄 Duplicate", "🕘 History", "Open on TikTok"]
    assert lena.count(LIVE) == 1


async def test_a_card_the_creator_has_deleted_is_let_go_in_silence(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.posted_now(lena, clip)
    await lena.delete(card)
    with capture_logs() as logs:
        await lena.see(LIVE, after=card)
        await stage.until(lambda: any(not call.ok for call in edits(stage, card)))
    (call,) = edits(stage, card)
    assert call.error == "Bad Request: message to edit not found"
    assert not [entry for entry in logs if entry["log_level"] in {"warning", "error"}]
    assert lena.count("New recipe") == 1, "the message that it is live, and no new card"
