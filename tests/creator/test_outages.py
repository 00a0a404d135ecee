"""Telegram is away, slow, or refuses: what creators are owed reaches them all the same."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.telegram import Person, Telegram
from tests.stage import Stage


@pytest.mark.parametrize(
    "fails",
    [
        pytest.param(
            lambda telegram: telegram.faults.too_many("sendMessage", retry_after=1), id="429"
        ),
        pytest.param(lambda telegram: telegram.faults.server_error("sendMessage"), id="500"),
        pytest.param(lambda telegram: telegram.faults.drop_before("sendMessage"), id="dropped"),
    ],
)
async def test_the_news_is_delivered_once_telegram_takes_it(
    stage: Stage, lena: Person, clip: Path, fails: Callable[[Telegram], None]
) -> None:
    await stage.scheduled(lena, clip)
    fails(stage.telegram)

    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")

    assert lena.count("✅ Published on") == 1
    assert len(stage.tiktok.posts) == 1


async def test_who_blocked_the_bot_is_told_on_return(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip)
    await lena.block()
    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.until(lambda: any(each.complete for each in stage.tiktok.uploads))
    stage.clock.jump(timedelta(seconds=3))
    await stage.until(lambda: len(stage.tiktok.posts) == 1)
    stage.clock.jump(timedelta(days=2))
    assert lena.count("✅ Published on") == 0

    await lena.unblock()

    await lena.see("✅ Published on @lena.cooks")
    assert lena.count("✅ Published on") == 1


async def test_a_block_that_nobody_told_is_noticed_by_the_refusal(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip)
    stage.telegram.faults.forbidden("sendMessage", reason="bot was blocked by the user")
    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.until(lambda: any(not call.ok for call in stage.telegram.calls), timeout=10)
    await asyncio.sleep(0.2)  # until that is written down
    assert lena.count("✅ Published on") == 0

    sent = await lena.send("/posts")

    await lena.see("✅ Published on @lena.cooks", after=sent)
    assert lena.count("✅ Published on") == 1


async def test_the_bot_starts_before_telegram_is_there(unstarted: Stage) -> None:
    stage = unstarted
    stage.telegram.faults.server_error("getMe", code=502)
    await stage.start_bot()
    assert (await stage.browse("/healthz")).status_code == 200

    ana = stage.person()
    await ana.send("/start")
    await ana.see("I get your clips onto TikTok")
    assert ana.count("I get your clips") == 1


async def test_posts_go_out_on_time_while_telegram_is_away(unstarted: Stage, clip: Path) -> None:
    stage = unstarted
    await stage.start_bot()
    lena = await stage.creator()
    await stage.scheduled(lena, clip)
    await stage.stop_bot()

    stage.telegram.faults.drop_before("getMe", times=1)
    await stage.start_bot()
    stage.clock.jump(timedelta(hours=2, minutes=1))

    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    assert lena.count("✅ Published on") == 1


async def test_a_clip_is_not_lost_while_telegram_falters(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.telegram.faults.too_many("sendMessage", retry_after=1)
    stage.telegram.faults.drop_before("editMessageText")

    card = await stage.draft(lena, clip, caption="in 2h Still here")

    assert "\nStill here\n" in card.text
    assert (lena.count("📝 Draft"), len(stage.clips_on_disk)) == (1, 1)


async def test_the_clip_is_shown_again_although_telegram_falters(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip)
    stage.telegram.faults.drop_before("sendVideo")
    await lena.tap("Preview", message=card)
    await stage.until(lambda: lena.chat[-1].from_bot and lena.chat[-1].media == "video")


async def test_an_answer_that_was_not_taken_is_given_again(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip, caption="in 2h Soup")
    stage.telegram.faults.server_error("editMessageText")
    stage.telegram.faults.drop_after("answerCallbackQuery")
    await lena.tap("Caption", message=card)
    await lena.see("Send me the caption", after=card)


async def test_a_card_deleted_by_the_creator_comes_back(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip, caption="Still here")
    chat = stage.telegram.chats[lena.id]
    chat.remove(chat.messages[card.id])

    sent = await lena.send("/posts")
    shown = await lena.see("Drafts", after=sent)
    await lena.tap("1", message=shown)
    card = await lena.see("📝 Draft", after=shown)
    await lena.tap("Caption", message=card)
    chat.remove(chat.messages[card.id])
    await lena.see("Send me the caption")
    sent = await lena.send("New words")
    card = await lena.see("📝 Draft", after=sent)
    assert "New words" in card.text


async def test_an_update_that_cannot_be_read_does_not_stop_the_others(
    stage: Stage, ana: Person
) -> None:
    stage.telegram.updates.push("message", {"message_id": 1, "what": "is this"})

    sent = await ana.send("/help")
    await ana.see("How it works", after=sent)
