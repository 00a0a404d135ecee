"""What the real server refuses is refused, in its words."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest, Conflict, InvalidToken

from sandbox.telegram import Person, Telegram
from sandbox.telegram.editing import REACTIONS

from .conftest import Clock, bot_of


def one(**button: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("x", **button)]])


def many(rows: int, columns: int) -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton("x", callback_data="x")] * columns
    return InlineKeyboardMarkup([row] * rows)


async def test_text_is_measured_in_utf16_after_parsing(bot: Bot, ana: Person) -> None:
    await bot.send_message(42, "<b>" + "🎬" * 2048 + "</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"(?i)^Message is too long$"):
        await bot.send_message(42, "🎬" * 2048 + "x")
    with pytest.raises(BadRequest, match=r"(?i)^Text must be non-empty$"):
        await bot.send_message(42, " \n ")
    assert len(ana.chat) == 2


async def test_captions_are_shorter(bot: Bot, ana: Person, clip: Path) -> None:
    await bot.send_video(42, clip, caption="c" * 1024)
    with pytest.raises(BadRequest, match=r"(?i)^Message caption is too long$"):
        await bot.send_video(42, clip, caption="c" * 1025)
    assert len(ana.chat) == 2


KEYBOARDS = [
    (one(callback_data="d" * 64), None),
    (one(callback_data="d" * 65), "^Button_data_invalid$"),
    (one(callback_data="é" * 33), "^Button_data_invalid$"),
    (one(url="http://127.0.0.1:8080/connect"), None),
    (one(url="tg://resolve?domain=x"), None),
    (
        one(url="http://localhost:8080/connect"),
        "^Inline keyboard button URL 'http://localhost:8080/connect' is invalid: Wrong HTTP URL$",
    ),
    (one(url="ftp://example.com"), "is invalid: Unsupported URL protocol$"),
    (one(), "Text buttons are unallowed in the inline keyboard$"),
    (many(12, 8), None),
    (many(13, 8), "^Reply markup is too long$"),
    (many(1, 9), "^Reply markup is too long$"),
    (InlineKeyboardMarkup([[InlineKeyboardButton(" ", callback_data="x")]]), "must be non-empty$"),
    (one(callback_data="x", style="blue"), "invalid button style specified$"),
]


@pytest.mark.parametrize(("markup", "refusal"), KEYBOARDS)
async def test_keyboards(
    bot: Bot, ana: Person, markup: InlineKeyboardMarkup, refusal: str | None
) -> None:
    if refusal is None:
        await bot.send_message(42, "card", reply_markup=markup)
        assert ana.count("card") == 1
        return
    with pytest.raises(BadRequest, match=f"(?i){refusal}"):
        await bot.send_message(42, "card", reply_markup=markup)


async def test_an_unchanged_edit(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(42, "<b>a</b>", parse_mode="HTML", reply_markup=one(url="a.com"))
    with pytest.raises(BadRequest) as refusal:
        await bot.edit_message_text(
            "<strong>a</strong>",
            42,
            sent.message_id,
            parse_mode="HTML",
            reply_markup=one(url="a.com"),
        )
    assert refusal.value.message == (
        "Message is not modified: specified new message content and reply markup are exactly the "
        "same as a current content and reply markup of the message"
    )
    await bot.edit_message_text("a", 42, sent.message_id, reply_markup=one(url="a.com"))
    assert ana.chat[-1].edits == 1


async def test_edits_of_what_cannot_be_edited(bot: Bot, ana: Person, clip: Path) -> None:
    said = await ana.send("mine")
    video = await bot.send_video(42, clip)
    text = await bot.send_message(42, "text")
    with pytest.raises(BadRequest, match=r"(?i)^Message to edit not found$"):
        await bot.edit_message_text("x", 42, 999)
    with pytest.raises(BadRequest, match=r"(?i)^Message can't be edited$"):
        await bot.edit_message_text("x", 42, said["message_id"])
    with pytest.raises(BadRequest, match=r"(?i)^There is no text in the message to edit$"):
        await bot.edit_message_text("x", 42, video.message_id)
    with pytest.raises(BadRequest, match=r"(?i)^There is no caption in the message to edit$"):
        await bot.edit_message_caption(42, text.message_id, caption="x")


async def test_deleting(bot: Bot, ana: Person, clock: Clock) -> None:
    sent = await bot.send_message(42, "x")
    with pytest.raises(BadRequest, match=r"(?i)^Message to delete not found$"):
        await bot.delete_message(42, 999)
    clock.forward(hours=49)
    with pytest.raises(BadRequest, match=r"(?i)^Message can't be deleted for everyone$"):
        await bot.delete_message(42, sent.message_id)
    assert ana.count("x") == 1


async def test_a_tap_is_answered_once_and_in_time(bot: Bot, ana: Person, clock: Clock) -> None:
    await bot.send_message(42, "card", reply_markup=one(callback_data="x"))
    too_old = "^Query is too old and response timeout expired or query id is invalid$"

    async def tapped() -> CallbackQuery:
        await ana.tap("x")
        update = (await bot.get_updates())[-1]
        assert update.callback_query is not None
        return update.callback_query

    query = await tapped()
    with pytest.raises(BadRequest, match=r"(?i)^Message_too_long$"):
        await query.answer("t" * 201)
    await query.answer("t" * 200, show_alert=True)
    assert (await ana.see_toast("ttt")).alert
    with pytest.raises(BadRequest, match=f"(?i){too_old}"):
        await query.answer()
    late = await tapped()
    clock.forward(seconds=151)
    with pytest.raises(BadRequest, match=f"(?i){too_old}"):
        await late.answer()
    with pytest.raises(BadRequest, match=f"(?i){too_old}"):
        await bot.answer_callback_query("12345")


async def test_files(bot: Bot, ana: Person, clip: Path) -> None:
    with pytest.raises(
        BadRequest, match=r"(?i)^Wrong file_id or the file is temporarily unavailable$"
    ):
        await bot.get_file("made-up")
    with pytest.raises(BadRequest, match=r"(?i)^Failed to get HTTP URL content$"):
        await bot.send_video(42, "https://example.com/a.mp4")
    with pytest.raises(BadRequest, match=r"(?i)^Image_process_failed$"):
        await bot.send_photo(42, clip)
    assert len(ana.chat) == 1


async def test_chats_the_bot_has_not_seen(bot: Bot, world: Telegram) -> None:
    world.person(7)
    for chat_id in (7, 8):
        with pytest.raises(BadRequest, match=r"(?i)^Chat not found$"):
            await bot.send_message(chat_id, "hi")


async def test_replies(bot: Bot, ana: Person) -> None:
    with pytest.raises(BadRequest, match=r"(?i)^Message to be replied not found$"):
        await bot.send_message(42, "x", reply_parameters=ReplyParameters(999))
    allowed = ReplyParameters(999, allow_sending_without_reply=True)
    await bot.send_message(42, "sent anyway", reply_parameters=allowed)
    assert ana.count("sent anyway") == 1


async def test_reactions_are_those_of_the_documentation(bot: Bot, ana: Person) -> None:
    assert {emoji.value for emoji in ReactionEmoji} == REACTIONS
    with pytest.raises(BadRequest, match=r"(?i)^Reaction_invalid$"):
        await bot.set_message_reaction(42, ana.chat[0].id, "🚀")


async def test_commands(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)^Bot_command_invalid$"):
        await bot.set_my_commands([("Help", "capital")])
    with pytest.raises(BadRequest, match=r"(?i)^Bot_commands_too_much$"):
        await bot.set_my_commands([(f"c{number}", "x") for number in range(101)])


async def test_a_wrong_token(world: Telegram, api: httpx.AsyncClient) -> None:
    with pytest.raises(InvalidToken):
        await bot_of(world, "1000:other").initialize()
    assert (await api.get("/bot1000:other/getMe")).status_code == 401
    assert (await api.get("/botnonsense/getMe")).status_code == 404
    assert (await api.get("/file/bot1000:other/videos/file_1.mp4")).status_code == 401
    assert (await api.get("/file/bot1000:sandbox/videos/file_1.mp4")).status_code == 404


async def test_the_second_poller_ends_the_first(world: Telegram, bot: Bot, ana: Person) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    async with bot_of(world) as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        await ana.send("hi")
        assert len(await second) == 1


@pytest.mark.parametrize(
    ("path", "body", "code", "description"),
    [
        ("sendMesage", {}, 404, "Not Found: method not found"),
        ("SENDMESSAGE", {"chat_id": 42}, 400, "Bad Request: message text is empty"),
        ("sendMessage", {"text": "x"}, 400, "Bad Request: chat_id is empty"),
        ("sendMessage", {"chat_id": "@ana", "text": "x"}, 400, "Bad Request: chat not found"),
        (
            "sendMessage",
            {"chat_id": 42, "text": "x", "keyboard": []},
            400,
            'Bad Request: unknown parameter "keyboard" of sendMessage',
        ),
        (
            "sendMessage",
            {"chat_id": 42, "text": "x", "reply_markup": "{not json"},
            400,
            "Bad Request: can't parse reply markup JSON object",
        ),
        (
            "sendMessage",
            {"chat_id": 42, "text": "x", "reply_markup": {"inline_keyboard": "x"}},
            400,
            "Bad Request: can't parse reply markup: "
            'field "inline_keyboard" must be an Array of Arrays',
        ),
        (
            "sendMessage",
            {"chat_id": 42, "text": "x", "parse_mode": "MarkdownV2"},
            400,
            "Bad Request: unsupported parse_mode",
        ),
        (
            "sendChatAction",
            {"chat_id": 42, "action": "dancing"},
            400,
            "Bad Request: wrong parameter action in request",
        ),
        (
            "editMessageReplyMarkup",
            {"chat_id": 42},
            400,
            "Bad Request: message identifier is not specified",
        ),
    ],
)
async def test_raw_requests(
    api: httpx.AsyncClient,
    ana: Person,
    path: str,
    body: dict[str, Any],
    code: int,
    description: str,
) -> None:
    answer = await api.post(f"/bot1000:sandbox/{path}", json=body)
    assert answer.status_code == code
    assert answer.json() == {"ok": False, "error_code": code, "description": description}
    assert len(ana.chat) == 1


async def test_every_way_to_spell_a_request(api: httpx.AsyncClient, ana: Person) -> None:
    url = "/bot1000:sandbox/sendMessage"
    markup = json.dumps({"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]})
    given = {"chat_id": "42", "text": "hello", "protect_content": "True", "reply_markup": markup}
    answers = [
        await api.get(url, params=given),
        await api.post(url, data=given),
        await api.post(url, json=given | {"reply_markup": json.loads(markup)}),
        await api.post(url, data=given, files={"unused": b""}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 400]
    assert all(answer.json()["result"]["has_protected_content"] for answer in answers[:3])
    assert ana.count("hello") == 3
