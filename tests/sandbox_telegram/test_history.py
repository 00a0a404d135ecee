"""What the sandbox remembers when it is started again in the same folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup

from sandbox.telegram import Person, Telegram

from .conftest import CLIP, Clock, bot_of

MARKUP = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])


@asynccontextmanager
async def started_again(world: Telegram, clock: Clock) -> AsyncIterator[tuple[Telegram, Bot]]:
    """The sandbox after a restart, and a bot of its."""
    clock.forward(minutes=5)
    again = Telegram(now=clock, folder=world.files.folder)
    async with bot_of(again) as bot:
        yield again, bot


async def test_a_card_of_before_can_be_tapped_and_edited(
    world: Telegram, bot: Bot, ana: Person, clock: Clock
) -> None:
    card = await bot.send_message(ana.id, "<b>Card</b>", parse_mode="HTML", reply_markup=MARKUP)
    gone = await bot.send_message(ana.id, "Gone")
    await bot.edit_message_text("Card 2", ana.id, card.message_id, reply_markup=MARKUP)
    await bot.delete_message(ana.id, gone.message_id)
    async with started_again(world, clock) as (again, later):
        known = again.person(ana.id)
        assert [str(message) for message in known.chat] == [str(message) for message in ana.chat]
        await known.tap("Go")
        (tap,) = await later.get_updates()
        assert tap.callback_query is not None
        await later.edit_message_text("Card 3", ana.id, card.message_id)
        assert known.count("Card 3") == 1
        new = await later.send_message(ana.id, "New")
        assert new.message_id > gone.message_id, "no number is given twice"


async def test_names_keyboards_and_a_stopped_bot_are_remembered(
    world: Telegram, bot: Bot, clock: Clock
) -> None:
    kim = world.person(9, first_name="Kim", language_code="de")
    await kim.send("/start")
    await bot.send_message(9, "Where?", reply_markup=ReplyKeyboardMarkup([["Here"]]))
    world.person(10, first_name="Lee")  # has only been met
    await kim.block()
    async with started_again(world, clock) as (again, _):
        assert [chat.user["first_name"] for chat in again.chats.values()] == ["Lee", "Kim"]
        chat = again.chats[9]
        assert (chat.started, chat.blocked, chat.user["language_code"]) == (True, True, "de")
        assert again.person(9).keyboard == kim.keyboard
        assert not again.chats[10].started


async def test_files_of_before_are_served_and_new_ones_do_not_replace_them(
    world: Telegram, ana: Person, clock: Clock, clip: Path
) -> None:
    sent = await ana.send_clip(clip)
    async with started_again(world, clock) as (again, later):
        known = again.person(ana.id)
        await asyncio.to_thread(clip.write_bytes, b"another")
        other = await known.send_clip(clip)
        file = await later.get_file(sent["video"]["file_id"])
        assert bytes(await file.download_as_bytearray()) == CLIP
        assert other["video"]["file_id"] != sent["video"]["file_id"]


async def test_a_line_cut_off_by_a_crash_costs_only_itself(
    world: Telegram, bot: Bot, ana: Person, clock: Clock
) -> None:
    await bot.send_message(ana.id, "First")
    journal = world.files.folder / "chats" / f"{ana.id}.jsonl"
    whole = await asyncio.to_thread(journal.read_bytes)
    await bot.send_message(ana.id, "Second")
    both = await asyncio.to_thread(journal.read_bytes)
    await asyncio.to_thread(journal.write_bytes, both[: len(whole) + 30])
    async with started_again(world, clock) as (again, later):
        known = again.person(ana.id)
        assert (known.count("First"), known.count("Second")) == (1, 0)
        await later.send_message(ana.id, "Third")
        async with started_again(again, clock) as (third, _):
            assert third.person(ana.id).count("Third") == 1


async def test_a_journal_keeps_no_more_than_the_chat(
    world: Telegram, bot: Bot, ana: Person, clock: Clock
) -> None:
    card = await bot.send_message(ana.id, "0")
    for number in range(1, 50):
        await bot.edit_message_text(str(number), ana.id, card.message_id)
    journal = world.files.folder / "chats" / f"{ana.id}.jsonl"
    before = await asyncio.to_thread(lambda: journal.stat().st_size)
    async with started_again(world, clock) as (again, _):
        assert again.person(ana.id).count("49") == 1
        after = await asyncio.to_thread(lambda: journal.stat().st_size)
        assert after < before / 5


async def test_a_person_starts_the_bot_once_whatever_restarts(
    world: Telegram, bot: Bot, ana: Person, clock: Clock
) -> None:
    await ana.send("hi")
    (update,) = await bot.get_updates()
    async with started_again(world, clock) as (again, later):
        await later.send_message(ana.id, "Still here")
        await again.person(ana.id).send("/posts")
        (newer,) = await later.get_updates()
        assert newer.update_id > update.update_id, "no update is taken for one seen before"


async def test_the_page_shows_the_chats_of_before(
    world: Telegram, bot: Bot, ana: Person, clock: Clock
) -> None:
    await bot.send_message(ana.id, "Hi")
    async with started_again(world, clock) as (again, _):
        transport = httpx.ASGITransport(app=again.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as api:
            (chat,) = (await api.get("/events")).json()["chats"]
        assert [message["text"] for message in chat["messages"]] == ["/start", "Hi"]
