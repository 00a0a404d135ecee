"""A conversation: python-telegram-bot on one side, a person on the other."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from sandbox.telegram import Person, Telegram

from .conftest import CLIP, Clock, request_to

CARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("🕒 When", callback_data="when")],
        [
            InlineKeyboardButton("✅ Schedule", callback_data="schedule", style="success"),
            InlineKeyboardButton("TikTok", url="https://www.tiktok.com/@ana"),
            InlineKeyboardButton("Copy", copy_text=CopyTextButton("#food")),
        ],
    ]
)


async def test_an_application_polls_answers_and_edits(world: Telegram) -> None:
    async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text("<b>Welcome</b>", parse_mode="HTML", reply_markup=CARD)

    async def schedule(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("Saved")
        await update.callback_query.edit_message_text("Scheduled")

    application = (
        Application.builder()
        .token(world.token)
        .base_url("http://localhost/bot")
        .request(request_to(world))
        .get_updates_request(request_to(world))
        .job_queue(None)
        .build()
    )
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(schedule, "schedule"))
    ana = world.person(42)
    async with application:
        assert application.updater is not None
        await application.updater.start_polling(timeout=5)
        await application.start()
        await ana.send("/start")
        card = await ana.see("Welcome")
        assert card.html == "<b>Welcome</b>"
        assert await ana.tap("TikTok") == "https://www.tiktok.com/@ana"
        assert await ana.tap("Copy") == "#food"
        assert await ana.tap("Schedule") is None
        assert (await ana.see_toast("Saved")).alert is False
        edited = await ana.see("Scheduled", after=card)
        assert (edited.id, edited.edits, edited.buttons) == (card.id, 1, ())
        await application.updater.stop()
        await application.stop()
    assert [call.method for call in world.calls if not call.ok] == []


async def test_message_ids_are_one_sequence_for_both_sides(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(42, "one")
    said = await ana.send("two")
    assert (sent.message_id, said["message_id"]) == (2, 3)


async def test_updates_increase_and_an_offset_confirms(bot: Bot, ana: Person) -> None:
    for word in ("a", "b", "c"):
        await ana.send(word)
    first, second, third = await bot.get_updates(limit=50)
    assert (second.update_id, third.update_id) == (first.update_id + 1, first.update_id + 2)
    left = await bot.get_updates(offset=third.update_id)
    assert [update.update_id for update in left] == [third.update_id]
    assert await bot.get_updates(offset=third.update_id + 1) == ()


async def test_only_allowed_kinds_of_update_come(bot: Bot, ana: Person) -> None:
    await bot.get_updates(allowed_updates=["my_chat_member"])
    await ana.send("hi")
    await ana.block()
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"


async def test_old_updates_leave_the_queue(bot: Bot, ana: Person, clock: Clock) -> None:
    await bot.send_message(42, "card", reply_markup=CARD)
    await ana.tap("When")
    await ana.send("hi")
    clock.forward(seconds=151)
    (message,) = await bot.get_updates()
    assert message.message is not None
    clock.forward(hours=24)
    assert await bot.get_updates() == ()


async def test_text_carries_the_entities_of_the_real_server(bot: Bot, ana: Person) -> None:
    await ana.send("🎬 /help see https://tiktok.com/a, #food for ana@example.com")
    (update,) = await bot.get_updates()
    assert update.message is not None
    parsed = update.message.parse_entities()
    assert {entity.type: text for entity, text in parsed.items()} == {
        "bot_command": "/help",
        "url": "https://tiktok.com/a",
        "hashtag": "#food",
        "email": "ana@example.com",
    }


@pytest.mark.parametrize("kind", ["video", "document", "animation", "video_note"])
async def test_a_clip_comes_in_four_ways(
    bot: Bot, ana: Person, clip: Path, tmp_path: Path, kind: str
) -> None:
    await ana.send_clip(clip, as_=kind, caption=None, mime_type="video/quicktime")  # type: ignore[arg-type]  # the literal comes through parametrize
    (update,) = await bot.get_updates()
    assert update.message is not None
    sent = getattr(update.message, kind)
    assert sent.file_size == 4000
    assert (update.message.document is not None) == (kind in ("document", "animation"))
    if kind != "video_note":
        assert (sent.file_name, sent.mime_type) == ("IMG_1.MOV", "video/quicktime")
    file = await bot.get_file(sent.file_id)
    saved = await file.download_to_drive(tmp_path / "copy")
    assert await asyncio.to_thread(saved.read_bytes) == CLIP


async def test_the_same_bytes_have_the_same_unique_id(ana: Person, clip: Path) -> None:
    first = await ana.send_clip(clip, caption="a")
    second = await ana.send_clip(clip, caption="b")
    assert first["video"]["file_unique_id"] == second["video"]["file_unique_id"]
    assert first["video"]["file_id"] != second["video"]["file_id"]


async def test_an_album_is_several_updates_with_one_caption(
    bot: Bot, ana: Person, clip: Path
) -> None:
    await ana.send_album([clip, clip, clip], caption="trip")
    messages = [update.message for update in await bot.get_updates()]
    assert [message and message.caption for message in messages] == ["trip", None, None]
    assert len({message and message.media_group_id for message in messages}) == 1


async def test_the_download_limit_is_the_servers(bot: Bot, ana: Person, tmp_path: Path) -> None:
    big = tmp_path / "big.mp4"
    for size, fits in ((20_971_520, True), (20_971_521, False)):
        with big.open("wb") as out:
            out.truncate(size)
        sent = await ana.send_clip(big)
        if fits:
            await bot.get_file(sent["video"]["file_id"])
        else:
            with pytest.raises(BadRequest, match=r"(?i)^File is too big$"):
                await bot.get_file(sent["video"]["file_id"])


async def test_a_local_server_gives_paths_without_a_limit(
    clock: Clock, tmp_path: Path, clip: Path
) -> None:
    world = Telegram(now=clock, folder=tmp_path / "local", local=True)
    sent = await world.person(1).send_clip(clip)
    transport = httpx.ASGITransport(app=world.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        file_id = sent["video"]["file_id"]
        paths = []
        for _ in range(3):
            answer = await client.get(f"/bot{world.token}/getFile", params={"file_id": file_id})
            paths.append(Path(answer.json()["result"]["file_path"]))
            assert await asyncio.to_thread(paths[-1].read_bytes) == CLIP
            if len(paths) == 2:
                await asyncio.to_thread(paths[-1].unlink)
        served = await client.get(f"/file/bot{world.token}/{paths[0]}")
        short = await client.get(f"/file/bot{world.token}/videos/{paths[0].name}")
    assert set(paths) == {world.files.local_folder / world.token / "videos" / "file_1.mov"}
    assert len(world.files.downloads) == 2, "what was taken away is downloaded anew"
    assert served.status_code == short.status_code == 404, "it gives paths, and no bytes"


async def test_wrong_input_of_other_kinds(bot: Bot, ana: Person, clip: Path) -> None:
    await ana.send_photo(clip)
    await ana.send_voice(clip)
    await ana.send_sticker(clip)
    await ana.send_location(41.4, 2.17)
    photo, voice, sticker, location = [update.message for update in await bot.get_updates()]
    assert photo is not None and photo.photo
    assert voice is not None and voice.voice
    assert sticker is not None and sticker.sticker
    assert location is not None and location.location
    assert location.location.longitude == 2.17


async def test_a_person_edits_and_replies(bot: Bot, ana: Person) -> None:
    asked = await bot.send_message(42, "Caption?")
    said = await ana.send("old", reply_to=asked.message_id)
    await ana.edit(said, "new")
    reply, edited = await bot.get_updates()
    assert reply.message is not None and reply.message.reply_to_message is not None
    assert reply.message.reply_to_message.text == "Caption?"
    assert edited.edited_message is not None
    assert edited.edited_message.text == "new"


async def test_a_person_takes_a_message_out_of_the_chat(bot: Bot, ana: Person) -> None:
    await ana.send("/start")
    message = await bot.send_message(ana.id, "Scheduled")
    await ana.delete(await ana.see("Scheduled"))
    assert ana.count("Scheduled") == 0
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await message.edit_text("Published")


async def test_what_the_bot_uploads_can_be_sent_again_by_its_id(
    bot: Bot, ana: Person, clip: Path
) -> None:
    with clip.open("rb") as handle:
        sent = await bot.send_video(
            42, handle, caption="<i>first</i>", parse_mode=ParseMode.HTML, width=9, height=16
        )
    assert sent.video is not None
    again = await bot.send_video(42, sent.video.file_id, protect_content=True)
    assert again.has_protected_content
    shown = await ana.see("first")
    assert (shown.has_video, shown.html) == (True, "<i>first</i>")
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type Video as Document"):
        await bot.send_document(42, sent.video.file_id)
    copied = await bot.copy_message(42, 42, sent.message_id, caption="second")
    assert (await ana.see("second")).id == copied.message_id


async def test_edits_of_captions_and_keyboards(bot: Bot, ana: Person, clip: Path) -> None:
    sent = await bot.send_video(42, clip, caption="draft", reply_markup=CARD)
    await bot.edit_message_caption(42, sent.message_id, caption="final", reply_markup=CARD)
    assert (await ana.see("final")).labels == ["🕒 When", "✅ Schedule", "TikTok", "Copy"]
    await bot.edit_message_reply_markup(42, sent.message_id)
    assert (await ana.see("final")).labels == []
    await bot.delete_message(42, sent.message_id)
    assert ana.count("final") == 0


async def test_reactions_actions_and_previews(bot: Bot, ana: Person) -> None:
    said = await ana.send("clip")
    assert await bot.set_message_reaction(42, said["message_id"], "👀")
    assert ana.chat[-1].reactions == ("👀",)
    assert await bot.send_chat_action(42, "upload_video")
    sent = await bot.send_message(
        42, "x", link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    assert isinstance(sent, Message)


async def test_a_reply_keyboard_stays_until_it_is_removed(bot: Bot, ana: Person) -> None:
    where = KeyboardButton("Share location", request_location=True)
    asked = await bot.send_message(
        42, "Where are you?", reply_markup=ReplyKeyboardMarkup([[where], ["Skip"]])
    )
    assert ana.keyboard is not None
    assert ana.keyboard["keyboard"][1] == [{"text": "Skip"}]
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("Where?", 42, asked.message_id)
    await bot.send_message(42, "Thanks", reply_markup=ReplyKeyboardRemove())
    assert ana.keyboard is None


@pytest.mark.usefixtures("ana")
async def test_commands_follow_scope_and_language(bot: Bot, world: Telegram) -> None:
    await bot.set_my_commands([("help", "Help")])
    await bot.set_my_commands([("help", "Ayuda")], language_code="es")
    assert [command.description for command in await bot.get_my_commands()] == ["Help"]
    spanish = await bot.get_my_commands(language_code="es")
    assert [command.description for command in spanish] == ["Ayuda"]
    await bot.delete_my_commands(language_code="es")
    assert await bot.get_my_commands(language_code="es") == ()
    assert await bot.set_my_description("Schedules clips")
    assert await bot.set_my_short_description("Clips")
    assert await bot.set_chat_menu_button(42)
    assert world.profile.descriptions == {"": "Schedules clips"}


async def test_blocking_is_told_and_refuses_what_is_sent(bot: Bot, ana: Person) -> None:
    await ana.block()
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None
    with pytest.raises(Forbidden, match=r"(?i)^forbidden: bot was blocked by the user$"):
        await bot.send_message(42, "hi")
    with pytest.raises(AssertionError, match="blocked"):
        await ana.send("hi")
    await ana.unblock()
    await bot.send_message(42, "back")
    assert ana.count("back") == 1


async def test_a_missing_button_lists_what_is_there(bot: Bot, ana: Person) -> None:
    await bot.send_message(42, "Your clip", reply_markup=CARD)
    with pytest.raises(AssertionError, match=r"(?s)no button \"Retry\".*\[✅ Schedule\]"):
        await ana.tap("Retry")
    with pytest.raises(AssertionError, match="fits several buttons"):
        await ana.tap("e")
    with pytest.raises(AssertionError, match=r"(?s)did not appear.*Your clip"):
        await ana.see("Published", timeout=0.01)
    with pytest.raises(AssertionError, match="no toast"):
        await ana.see_toast("Saved", timeout=0.01)


async def test_a_forged_tap_carries_any_data(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(42, "plain")
    await ana.tap(data="d:999:delete", message=sent.message_id)
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "d:999:delete"


async def test_the_newest_message_with_the_button_is_tapped(bot: Bot, ana: Person) -> None:
    older = await bot.send_message(42, "older", reply_markup=CARD)
    newer = await bot.send_message(42, "newer", reply_markup=CARD)
    await ana.tap("When")
    await ana.tap("When", message=older.message_id)
    tapped = [update.callback_query for update in await bot.get_updates()]
    assert [query and query.message and query.message.message_id for query in tapped] == [
        newer.message_id,
        older.message_id,
    ]
