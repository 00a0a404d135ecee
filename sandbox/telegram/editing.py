"""Bot API methods that change what is in a chat already."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.telegram import albums
from sandbox.telegram.chats import Chat, Json, Message
from sandbox.telegram.errors import ApiError
from sandbox.telegram.keyboards import checked_markup
from sandbox.telegram.parameters import Parameters
from sandbox.telegram.sending import check_preview
from sandbox.telegram.texts import caption_text, message_text
from sandbox.telegram.world import World

ANSWER_CHARACTERS = 200
DELETABLE = timedelta(hours=48)

# https://core.telegram.org/bots/api#reactiontypeemoji
_REACTIONS = """
👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊
🤡 🥱 🥴 😍 🐳 ❤️‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋
🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃
💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂️ 🤷 🤷‍♀️ 😡
"""
REACTIONS = frozenset(_REACTIONS.split())


async def edit_message_text(world: World, given: Parameters) -> Json:
    text, entities = message_text(given.get("text"), given.get("parse_mode"), given.get("entities"))
    check_preview(given)
    chat, message = _editable(world, given)
    if message.media:
        raise ApiError("there is no text in the message to edit")
    return _edit(world, chat, message, given, text=text, entities=entities)


async def edit_message_caption(world: World, given: Parameters) -> Json:
    text, entities = caption_text(
        given.get("caption"), given.get("parse_mode"), given.get("caption_entities")
    )
    chat, message = _editable(world, given)
    if not message.has_caption:
        raise ApiError("there is no caption in the message to edit")
    extra = {
        name: value for name, value in message.extra.items() if name != "show_caption_above_media"
    }
    if given.get("show_caption_above_media"):
        extra["show_caption_above_media"] = True
    return _edit(world, chat, message, given, text=text, entities=entities, extra=extra)


async def edit_message_media(world: World, given: Parameters) -> Json:
    """Put another picture or file in the place of one; in an album it stays a picture."""
    if not given.get("media"):
        raise ApiError("input media is not specified")
    chat, message = _editable(world, given)
    if not message.has_caption:
        raise ApiError("there is no media in the message to edit")
    new = await albums.item(world, given["media"])
    group = {name: value for name, value in message.extra.items() if name == "media_group_id"}
    if group and new.kind not in {"photo", "video"}:
        raise ApiError("message can't be edited")
    extra = {**new.extra, **group}
    content = {"text": new.text, "entities": new.entities, "media": new.media, "extra": extra}
    return _edit(world, chat, message, given, **content)


async def edit_message_reply_markup(world: World, given: Parameters) -> Json:
    chat, message = _editable(world, given)
    return _edit(world, chat, message, given)


async def delete_message(world: World, given: Parameters) -> bool:
    chat = world.chat(given.get("chat_id"))
    message = chat.message(given.get("message_id"), purpose="delete")
    if world.second() - message.date > DELETABLE.total_seconds():
        raise ApiError("message can't be deleted for everyone")
    chat.remove(message)
    return True


async def set_message_reaction(world: World, given: Parameters) -> bool:
    reactions = given.get("reaction") or []
    chat = world.chat(given.get("chat_id"))
    message = chat.message(given.get("message_id"), purpose="react")
    if len(reactions) > 1:
        raise ApiError("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction.get("type") != "emoji" or reaction.get("emoji") not in REACTIONS:
            raise ApiError("REACTION_INVALID")
    message.reaction = reactions
    chat.touch(message)
    return True


async def answer_callback_query(world: World, given: Parameters) -> bool:
    text = given.get("text", "")
    if len(text) > ANSWER_CHARACTERS:
        raise ApiError("MESSAGE_TOO_LONG")
    query = world.close_query(given.get("callback_query_id", ""))
    if text:
        query.chat.toast(text, alert=given.get("show_alert", False))
    return True


def _editable(world: World, given: Parameters) -> tuple[Chat, Message]:
    """The bot's own message, sent without a keyboard or with an inline one."""
    chat = world.chat(given.get("chat_id"))
    message = chat.message(given.get("message_id"), purpose="edit")
    if not message.from_bot or message.other_markup is not None:
        raise ApiError("message can't be edited")
    return chat, message


def _edit(world: World, chat: Chat, message: Message, given: Parameters, **new: Any) -> Json:
    """Change the message; an edit without reply_markup takes its keyboard away."""
    new["keyboard"] = checked_markup(given.get("reply_markup"), inline_only=True)
    if all(getattr(message, name) == value for name, value in new.items()):
        raise ApiError(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    for name, value in new.items():
        setattr(message, name, value)
    message.edit_date = world.second()
    message.edits += 1
    chat.touch(message)
    return chat.message_json(message)
