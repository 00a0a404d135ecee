"""What the chat page is told: every person's chat, and what changed in it since last time."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.chats import Chat, Json, Message
from sandbox.telegram.groups import Group
from sandbox.telegram.profile import commands_for
from sandbox.telegram.world import World

ACTION_SECONDS = 5
QUOTE_CHARACTERS = 120


def private_chats(world: World) -> list[Chat]:
    """Every person's chat, in the order of their ids."""
    chats = (chat for chat in world.chats.values() if not isinstance(chat, Group))
    return sorted(chats, key=lambda chat: chat.id)


def news(world: World, after: int) -> Json:
    """What changed since the revision `after`; with 0 all there is, but no toasts of old."""
    return {
        "now": world.second(),
        "bot": world.bot,
        "links": world.links,
        "chats": [
            _chat(world, chat, after)
            for chat in private_chats(world)
            if after == 0 or chat.changes.count > after
        ],
    }


def _chat(world: World, chat: Chat, after: int) -> Json:
    action = chat.action
    acting = action is not None and world.second() - action[1] < ACTION_SECONDS
    return {
        "person": {name: chat.user[name] for name in ("id", "first_name", "language_code")},
        "started": chat.started,
        "blocked": chat.blocked,
        "keyboard": chat.keyboard,
        "commands": commands_for(world, chat),
        "action": action[0] if action is not None and acting else None,
        "waiting": [
            {"message": query.message_id, "data": query.data} for query in world.open_queries(chat)
        ],
        "messages": [
            _message(chat, message)
            for message in chat.messages.values()
            if message.revision > after
        ],
        "removed": [number for number, revision in chat.removed.items() if revision > after],
        "toasts": [
            {"text": toast.text, "alert": toast.alert}
            for toast in chat.toasts
            if after and toast.revision > after
        ],
    }


def _message(chat: Chat, message: Message) -> Json:
    """A message as it is drawn. Of a bot's menus Telegram does not say that they were edited."""
    keyboard = (message.keyboard or {}).get("inline_keyboard", [])
    return {
        "id": message.id,
        "from_bot": message.from_bot,
        "date": message.date,
        "edited": message.edits > 0 and not keyboard,
        "text": message.text,
        "entities": message.entities,
        "media": message.media,
        "spoiler": bool(message.extra.get("has_media_spoiler")),
        "caption_above": bool(message.extra.get("show_caption_above_media")),
        "album": message.extra.get("media_group_id"),
        "keyboard": keyboard,
        "reply_to": _quote(chat.messages.get(message.reply_to or 0)),
        "reactions": [reaction["emoji"] for reaction in message.reaction],
    }


def _quote(message: Message | None) -> Any:
    if message is None:
        return None
    text = message.text[:QUOTE_CHARACTERS] or next(iter(message.media), "").replace("_", " ")
    return {"id": message.id, "from_bot": message.from_bot, "text": text}
