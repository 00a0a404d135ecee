"""What a creator sends is worked off once, whatever happens to the process meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from bot.arrivals import MOST_PER_USER, MOST_REPEATS
from core.store.database import Database
from core.store.models import Post, PostEvent, TelegramUpdate
from sandbox.telegram import Person
from tests.stage import Stage

UNASKED = "I was not waiting for a text."
SLOW = 8.0
"""Seconds that Telegram takes with a file: longer than any wait of these tests."""


@pytest.fixture
async def database(unstarted: Stage) -> AsyncIterator[Database]:
    """The bot's database, looked at from outside."""
    database = Database(unstarted.settings().database)
    yield database
    await database.close()


async def rows(database: Database) -> list[TelegramUpdate]:
    async with database.reading() as session:
        return list(await session.scalars(select(TelegramUpdate)))


async def all_done(database: Database) -> None:
    """Wait until nothing is left to work off."""
    async with asyncio.timeout(5):
        while any(row.done_at is None for row in await rows(database)):  # noqa: ASYNC110 - a table
            await asyncio.sleep(0.02)


def command(person: Person, number: int, text: str) -> dict[str, Any]:
    """An update as Telegram sends it."""
    return {
        "update_id": number,
        "message": {
            "message_id": 9000 + number,
            "date": 1,
            "chat": {"id": person.id, "type": "private", "first_name": "Ana"},
            "from": {"id": person.id, "is_bot": False, "first_name": "Ana", "language_code": "en"},
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}],
        },
    }


async def leave_behind(database: Database, *updates: dict[str, Any], attempts: int = 0) -> None:
    """Put updates into the table as a process that is gone has left them."""
    async with database.transaction() as change:
        known = (await change.scalars(select(TelegramUpdate))).first()
        assert known is not None
        change.add_all(
            TelegramUpdate(
                update_id=each["update_id"],
                data={"update": each, "worker": "elsewhere:0", "trail": {}},
                received_at=known.received_at - timedelta(days=1),
                attempts=attempts,
            )
            for each in updates
        )


async def test_each_update_is_done_once_and_noted(
    stage: Stage, ana: Person, database: Database
) -> None:
    sent = await ana.send("/help")
    await ana.see("How it works", after=sent)
    await all_done(database)
    await stage.stop_bot()
    await stage.start_bot()
    sent = await ana.send("/help")
    await ana.see("How it works", after=sent)
    assert ana.count("How it works") == 2
    assert ana.count("I get your clips") == 1


async def test_what_was_left_behind_is_worked_off_in_order_before_anything_new(
    stage: Stage, ana: Person, database: Database
) -> None:
    await stage.stop_bot()
    await leave_behind(database, command(ana, 8, "/settings"), command(ana, 7, "/help"))
    await ana.send("and something new")

    await stage.start_bot()

    await ana.see(UNASKED)
    said = [message.text.partition("\n")[0] for message in ana.chat if message.from_bot][-3:]
    assert [words[:10] for words in said] == ["Send a cli", "Settings", UNASKED[:10]]


async def test_what_ended_the_process_again_and_again_is_stepped_over_and_said(
    stage: Stage, ana: Person, database: Database
) -> None:
    await stage.stop_bot()
    await leave_behind(database, command(ana, 7, "/help"), attempts=MOST_REPEATS)
    await leave_behind(database, command(ana, 8, "/settings"), attempts=MOST_REPEATS - 1)

    await stage.start_bot()

    await ana.see("I tried that several times and could not do it.")
    await ana.see("Settings")
    assert ana.count("How it works") == 0
    await all_done(database)


async def test_a_clip_under_way_at_a_stop_is_taken_in_after_the_start(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.telegram.faults.slow("getFile", seconds=SLOW)
    sent = await lena.send_clip(clip, caption="in 2h Still here")
    await lena.see("Getting your clip", after=sent)
    async with asyncio.timeout(5):
        await stage.stop_bot()
    stage.telegram.faults.clear()

    await stage.start_bot()

    card = await lena.see("📝 Draft", after=sent)
    assert "Still here" in card.text
    assert lena.count("Getting your clip") == 0
    assert (lena.count("📝 Draft"), len(stage.clips_on_disk)) == (1, 1)


@pytest.mark.parametrize("got_to", ["clip", "draft"])
async def test_a_clip_that_got_further_goes_on_from_there(
    stage: Stage, lena: Person, clip: Path, database: Database, got_to: str
) -> None:
    """The process died once the clip was stored, or the draft was open as well."""
    sent = await lena.send_clip(clip, caption="Only once")
    card = await lena.see("📝 Draft", after=sent)
    await stage.stop_bot()
    async with database.transaction() as change:
        (post,) = (await change.scalars(select(Post))).all()
        last = await change.get_one(
            TelegramUpdate, await change.scalar(select(func.max(TelegramUpdate.update_id)))
        )
        last.data = {
            "update": {"update_id": last.update_id, "message": sent},
            "worker": "elsewhere:0",
            "trail": {"message_id": card.id, "clip_id": post.clip_id},
        }
        last.received_at -= timedelta(days=1)
        last.done_at = None
        if got_to == "clip":
            await change.execute(delete(PostEvent))
            await change.delete(post)

    await stage.start_bot()

    await all_done(database)
    assert (lena.count("Only once"), len(stage.clips_on_disk)) == (1, 1)
    assert lena.count("Getting your clip") == 0
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Post)) == 1


async def test_taps_and_texts_are_answered_while_clips_come_in(
    stage: Stage, lena: Person, clip: Path
) -> None:
    """Neither their sender nor anybody else waits; the cards still come in order."""
    stage.telegram.faults.slow("getFile", seconds=1)
    await lena.send_clip(clip, caption="first")
    second = await lena.send_clip(clip, caption="second")
    ben = await stage.meet(7, "Ben")
    sent = await lena.send("/cancel")
    await lena.see("There is nothing to cancel.", after=sent)
    await ben.send("/help")
    await ben.see("How it works")
    assert lena.count("📝 Draft") == 0

    await stage.until(lambda: lena.count("📝 Draft") == 2)
    cards = [message.text for message in lena.chat if "📝 Draft" in message.text]
    assert ["first" in cards[0], "second" in cards[1]] == [True, True]
    assert second["message_id"] < next(m.id for m in lena.chat if "📝 Draft" in m.text)


async def test_a_clip_is_tried_again_when_telegram_was_away_for_long(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.telegram.faults.drop_before("getFile", times=3)  # as often as one download tries
    stage.telegram.faults.too_many("editMessageText", retry_after=60)  # nor can that be said
    sent = await lena.send_clip(clip, caption="Still here")
    card = await lena.see("📝 Draft", after=sent, timeout=12)
    assert "Still here" in card.text
    assert told_in_vain(lena) == 0


def told_in_vain(person: Person) -> int:
    return person.count("Please send it once more") + person.count("Getting your clip")


async def test_more_than_one_can_wait_for_is_refused_once_and_kindly(
    stage: Stage, ana: Person
) -> None:
    stage.telegram.faults.slow("sendMessage", seconds=10)  # all are there before the first answer
    await ana.send("hello")
    await stage.until(lambda: not stage.telegram.updates.waiting)  # the rest come in one go
    for _ in range(MOST_PER_USER + 19):
        await ana.send("hello")
    await ana.see("That is more at once than I can take", timeout=20)
    await stage.until(lambda: ana.count(UNASKED) == MOST_PER_USER, timeout=40)
    await asyncio.sleep(0.2)
    assert ana.count("That is more at once") == 1
    assert ana.count(UNASKED) == MOST_PER_USER
