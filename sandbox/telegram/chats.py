"""A private chat between one person and the bot: its messages, keyboard and toasts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.errors import ApiError
from sandbox.telegram.html import Entity
from sandbox.telegram.journal import Journal
from sandbox.telegram.keyboards import Markup
from sandbox.telegram.pulse import Pulse

Json = dict[str, Any]


@dataclass(kw_only=True)
class Message:
    """One message as the server holds it.

    `media` are the fields that make it more than text (`video`, `location`, ...); with media the
    text is the caption. `other_markup` is a keyboard that is not inline: it belongs to the chat,
    and a message sent with one can no longer be edited.
    """

    id: int
    sender: Json
    date: int
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    media: Json = field(default_factory=dict)
    keyboard: Markup | None = None
    other_markup: Markup | None = None
    reply_to: int | None = None
    extra: Json = field(default_factory=dict)
    edit_date: int | None = None
    edits: int = 0
    reaction: list[Json] = field(default_factory=list)
    born: int = 0
    revision: int = 0

    @property
    def from_bot(self) -> bool:
        return bool(self.sender["is_bot"])

    def as_line(self) -> Json:
        """What the chat's journal keeps of it."""
        left_out = ("sender", "born", "revision")
        kept = {name: value for name, value in vars(self).items() if name not in left_out}
        return {**kept, "from_bot": self.from_bot}

    @property
    def has_caption(self) -> bool:
        """Whether it is of a kind that carries a caption."""
        return bool(self.media.keys() & {"video", "document", "animation", "photo", "voice"})


@dataclass(frozen=True, kw_only=True)
class Toast:
    """The text of an answered callback query, as it pops up over the chat."""

    text: str
    alert: bool
    revision: int


@dataclass(kw_only=True)
class Chat:
    """The private chat with one person. Message ids are one sequence for both sides.

    With a journal, whatever changes is written down as well.
    """

    user: Json
    bot: Json
    started: bool = False
    blocked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    removed: dict[int, int] = field(default_factory=dict)  # message id -> revision
    toasts: list[Toast] = field(default_factory=list)
    action: tuple[str, int] | None = None  # chat action and the second it was sent
    keyboard: Markup | None = None  # reply keyboard or forced reply that is on screen
    menu_button: Json | None = None
    changes: Pulse = field(default_factory=Pulse)
    journal: Journal | None = None
    _last_id: int = 0
    _recorded: Json = field(default_factory=dict)

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def unreachable(self) -> str:
        """Why nothing can be sent here while `blocked`."""
        return "bot was blocked by the user"

    def begin_at(self, message_id: int) -> None:
        """The next message gets an id after this one."""
        self._last_id = message_id

    def add(self, *, by_bot: bool, now: int, **content: Any) -> Message:
        """Put a message at the chat's end; `content` are fields of Message."""
        self._last_id += 1
        sender = self.bot if by_bot else self.user
        message = Message(id=self._last_id, sender=sender, date=now, **content)
        self.messages[message.id] = message
        if message.other_markup is not None:
            removed = "remove_keyboard" in message.other_markup
            self.keyboard = None if removed else message.other_markup
        if by_bot:
            self.action = None
        message.born = self.touch(message)
        return message

    def touch(self, message: Message) -> int:
        """Note that a message changed and wake who watches the chat."""
        message.revision = self.note({"message": message.as_line()})
        return message.revision

    def remove(self, message: Message) -> None:
        del self.messages[message.id]
        self.removed[message.id] = self.note({"removed": message.id})

    def toast(self, text: str, *, alert: bool) -> None:
        self.toasts.append(Toast(text=text, alert=alert, revision=self.changes.beat()))

    def note(self, line: Json | None = None) -> int:
        """Count a change, write it down with how the chat stands, and return its number."""
        if self.journal is not None:
            state = {"started": self.started, "blocked": self.blocked, "keyboard": self.keyboard}
            if state != self._recorded:
                self.journal.add({"state": state})
                self._recorded = state
            if line is not None:
                self.journal.add(line)
        return self.changes.beat()

    def message(self, message_id: int | None, *, purpose: str) -> Message:
        """The message with this id; `purpose` finishes "message to ... not found"."""
        if message_id is None:
            raise ApiError("message identifier is not specified")
        if message_id not in self.messages:
            raise ApiError(f"message to {purpose} not found")
        return self.messages[message_id]

    def as_json(self) -> Json:
        """The Chat object."""
        names = ("id", "first_name", "last_name", "username")
        return {"type": "private", **{name: self.user[name] for name in names if name in self.user}}

    def message_json(self, message: Message, *, with_reply: bool = True) -> Json:
        """The Message object."""
        data: Json = {
            "message_id": message.id,
            "from": message.sender,
            "chat": self.as_json(),
            "date": message.date,
            **message.media,
            **message.extra,
        }
        if message.edit_date is not None:
            data["edit_date"] = message.edit_date
        if message.text:
            text, entities = ("caption", "caption_entities") if message.media else (
                "text", "entities"
            )  # fmt: skip
            data[text] = message.text
            if message.entities:
                data[entities] = message.entities
        replied = self.messages.get(message.reply_to or 0)
        if with_reply and replied is not None:
            data["reply_to_message"] = self.message_json(replied, with_reply=False)
        if message.keyboard is not None:
            data["reply_markup"] = message.keyboard
        return data
