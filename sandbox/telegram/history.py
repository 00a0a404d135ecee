"""The chats of earlier runs: what their journals say, as they were left.

Telegram remembers every chat, so the stand-in does too: a card from before a restart can still be
tapped, and its pictures still show. Each private chat has a journal `chats/{id}.jsonl`.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from sandbox.telegram.chats import Chat, Json, Message
from sandbox.telegram.journal import Journal
from sandbox.telegram.pulse import Pulse

_FOLDER = "chats"
_KEPT = {field.name for field in fields(Message)} - {"sender", "born", "revision"}


def journal_of(folder: Path, chat_id: int) -> Journal:
    """The journal of one private chat."""
    (folder / _FOLDER).mkdir(exist_ok=True)
    return Journal(folder / _FOLDER / f"{chat_id}.jsonl")


def restored(folder: Path, *, bot: Json, changes: Pulse) -> dict[int, Chat]:
    """Every private chat that has a journal, by the person's id; each journal is tidied up."""
    chats = {}
    for file in sorted((folder / _FOLDER).glob("*.jsonl")):
        chat = _chat(Journal(file), bot, Pulse(within=changes))
        if chat is not None:
            chats[chat.id] = chat
    return chats


def _chat(journal: Journal, bot: Json, changes: Pulse) -> Chat | None:
    user: Json = {}
    state: Json = {}
    messages: dict[int, Json] = {}
    last_id = 0
    for line in journal.lines():
        match line:
            case {"user": dict(given)}:
                user = given
            case {"state": dict(given)}:
                state = given
            case {"message": {"id": int(number)} as given}:
                messages[number] = given
                last_id = max(last_id, number)
            case {"removed": int(number)}:
                messages.pop(number, None)
                last_id = max(last_id, number)
    if not user:
        return None
    journal.rewrite(
        [
            {"user": user},
            {"state": state},
            {"removed": last_id},  # or its number would be given again
            *({"message": message} for _, message in sorted(messages.items())),
        ]
    )
    chat = Chat(user=user, bot=bot, changes=changes, journal=journal, **state)
    chat.begin_at(last_id)
    for number, given in sorted(messages.items()):
        chat.messages[number] = message = _message(given, bot=bot, user=user)
        message.born = message.revision = changes.beat()
    return chat


def _message(given: Json, *, bot: Json, user: Json) -> Message:
    kept: dict[str, Any] = {name: value for name, value in given.items() if name in _KEPT}
    return Message(sender=bot if given["from_bot"] else user, **kept)
