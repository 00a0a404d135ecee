"""A chat as a person sees it: what is on screen, and the whole of it as text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.telegram.chats import Chat, Json, Message
from sandbox.telegram.html import write_html

# An animation is a document as well, so it is looked for first.
_MEDIA = ("animation", "video", "document", "photo", "video_note", "voice", "sticker", "location")


@dataclass(frozen=True, kw_only=True)
class Button:
    """An inline button; exactly one of data, url and copy_text is there."""

    label: str
    data: str | None = None
    url: str | None = None
    copy_text: str | None = None
    style: str | None = None

    @property
    def words(self) -> str:
        """The label without the icons that stand around it."""
        return re.sub(r"^[\W_]+|[\W_]+$", "", self.label) or self.label


@dataclass(frozen=True, kw_only=True)
class ChatMessage:
    """A message as it looked at one moment. `text` is the caption where there is media."""

    id: int
    from_bot: bool
    text: str
    html: str
    buttons: tuple[tuple[Button, ...], ...]
    media: str | None
    edits: int
    date: int
    revision: int
    reactions: tuple[str, ...]

    @property
    def has_video(self) -> bool:
        return self.media == "video"

    @property
    def has_photo(self) -> bool:
        return self.media == "photo"

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons, row after row."""
        return [button.label for row in self.buttons for button in row]

    def __str__(self) -> str:
        who = "bot" if self.from_bot else "person"
        notes = [f"{self.edits} edits"] if self.edits else []
        notes += [self.media] if self.media else []
        head = f"#{self.id} {who}" + (f" ({', '.join(notes)})" if notes else "")
        body = self.text.replace("\n", "\n    ")
        rows = ["    " + " ".join(f"[{button.label}]" for button in row) for row in self.buttons]
        return "\n".join([f"{head}: {body}", *rows])


def seen(message: Message) -> ChatMessage:
    """A message as it looks now."""
    rows = (message.keyboard or {}).get("inline_keyboard", [])
    return ChatMessage(
        id=message.id,
        from_bot=message.from_bot,
        text=message.text,
        html=write_html(message.text, message.entities),
        buttons=tuple(tuple(_button(button) for button in row) for row in rows),
        media=next((kind for kind in _MEDIA if kind in message.media), None),
        edits=message.edits,
        date=message.date,
        revision=message.revision,
        reactions=tuple(reaction["emoji"] for reaction in message.reaction),
    )


def visible(chat: Chat) -> list[ChatMessage]:
    """All messages of the chat, newest last."""
    return [seen(message) for message in chat.messages.values()]


def as_text(chat: Chat) -> str:
    """The whole chat for a person to read in a failed test."""
    lines = [str(message) for message in visible(chat)]
    lines += [f"(toast) {toast.text}" for toast in chat.toasts[-5:]]
    return "\n".join(lines) or "(the chat is empty)"


def _button(button: Json) -> Button:
    return Button(
        label=button["text"],
        data=button.get("callback_data"),
        url=button.get("url") or button.get("web_app", {}).get("url"),
        copy_text=button.get("copy_text", {}).get("text"),
        style=button.get("style"),
    )
