"""Photos and albums: what each side may send, and what becomes of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
)
from telegram.error import BadRequest

from sandbox.pictures import make_photo
from sandbox.telegram import Person, Telegram


def photo(path: Path, width: int, height: int) -> bytes:
    return make_photo(path, width=width, height=height).read_bytes()


async def test_a_photo_comes_in_several_sizes(
    bot: Bot, ana: Person, world: Telegram, tmp_path: Path
) -> None:
    await ana.send_photo(make_photo(tmp_path / "a.jpg", width=960, height=1280))
    (update,) = await bot.get_updates()
    assert update.message is not None
    small, large = update.message.photo
    assert [(size.width, size.height) for size in (small, large)] == [(240, 320), (960, 1280)]
    assert small.file_id != large.file_id
    assert world.files.by_id(small.file_id).size < world.files.by_id(large.file_id).size


async def test_an_album_of_clips_and_photos(bot: Bot, ana: Person, clip: Path) -> None:
    picture = make_photo(clip.parent / "a.jpg", width=300, height=300)
    await ana.send_album([picture, clip], caption="Both")
    first, second = [update.message for update in await bot.get_updates()]
    assert first is not None and first.photo and first.caption == "Both"
    assert second is not None and second.video and second.caption is None
    assert first.media_group_id == second.media_group_id


async def test_a_bots_album(bot: Bot, ana: Person, tmp_path: Path) -> None:
    await ana.send_photo(make_photo(tmp_path / "a.jpg", width=500, height=500))
    (update,) = await bot.get_updates()
    assert update.message is not None
    known = update.message.photo[-1].file_id
    uploaded = photo(tmp_path / "b.png", 400, 300)

    sent = await bot.send_media_group(
        42, [InputMediaPhoto(known), InputMediaPhoto(uploaded, caption="<b>Two</b>")]
    )

    assert [len(message.photo) for message in sent] == [2, 2]
    assert sent[0].photo[-1].file_id == known
    assert (sent[1].photo[-1].width, sent[1].photo[-1].height) == (400, 300)
    assert sent[0].media_group_id == sent[1].media_group_id
    assert [message.has_photo for message in ana.chat[-2:]] == [True, True]


async def test_albums_that_telegram_refuses(bot: Bot, ana: Person, tmp_path: Path) -> None:
    await ana.send_photo(make_photo(tmp_path / "a.jpg", width=300, height=300))
    (update,) = await bot.get_updates()
    assert update.message is not None
    known = InputMediaPhoto(update.message.photo[-1].file_id)
    file = photo(tmp_path / "b.jpg", 300, 300)
    shown = len(ana.chat)
    refused: list[tuple[list[Any], str]] = [
        ([known], "Too few messages to send as an album"),
        ([known] * 11, "Too many messages to send as an album"),
        ([known, InputMediaDocument(file)], "Documents can't be mixed with other media types"),
        ([known, InputMediaVideo(known.media)], "Can't use file of type Photo as Video"),
        ([known, InputMediaPhoto("made-up")], "Wrong file_id"),
        ([known, InputMediaPhoto(b"no picture at all")], "Image_process_failed"),
    ]
    for media, why in refused:
        with pytest.raises(BadRequest, match=f"(?i)^{why}"):
            await bot.send_media_group(42, media)
    assert len(ana.chat) == shown, "nothing of a refused album is sent"


@pytest.mark.parametrize(
    ("width", "height", "taken"),
    [(5000, 5000, True), (5001, 5000, False), (2000, 100, True), (2001, 100, False)],
)
async def test_the_sides_of_a_bots_photo(
    bot: Bot, ana: Person, tmp_path: Path, width: int, height: int, taken: bool
) -> None:
    content = photo(tmp_path / "a.jpg", width, height)
    if taken:
        await bot.send_photo(42, content)
    else:
        with pytest.raises(BadRequest, match=r"(?i)^Photo_invalid_dimensions$"):
            await bot.send_photo(42, content)
    assert ana.chat[-1].has_photo is taken


async def test_another_photo_in_the_place_of_one(bot: Bot, ana: Person, tmp_path: Path) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x")]])
    first, second = (photo(tmp_path / f"{name}.png", 300, 200) for name in "ab")
    sent = await bot.send_photo(42, first, caption="One", reply_markup=keyboard)
    known = sent.photo[-1].file_id

    with pytest.raises(BadRequest, match=r"(?i)^Message is not modified"):
        same = InputMediaPhoto(known, caption="One")
        await bot.edit_message_media(same, 42, sent.message_id, reply_markup=keyboard)
    await bot.edit_message_media(
        InputMediaPhoto(second, caption="Two"), 42, sent.message_id, reply_markup=keyboard
    )

    shown = ana.chat[-1]
    assert (shown.id, shown.text, shown.edits, shown.labels) == (sent.message_id, "Two", 1, ["x"])

    text = await bot.send_message(42, "words")
    with pytest.raises(BadRequest, match=r"(?i)^There is no media in the message to edit$"):
        await bot.edit_message_media(InputMediaPhoto(known), 42, text.message_id)


async def test_the_file_of_a_photo_is_what_was_sent(
    ana: Person, world: Telegram, tmp_path: Path
) -> None:
    path = make_photo(tmp_path / "a.jpg")
    sent = await ana.send_photo(path)
    file = world.files.by_id(sent["photo"][-1]["file_id"])
    assert await asyncio.to_thread(file.path.read_bytes) == await asyncio.to_thread(path.read_bytes)
