"""The person at the other end of the chat: what they send, tap and see."""

from __future__ import annotations

import asyncio
import mimetypes
from pathlib import Path
from typing import Any, Literal

from sandbox.telegram import media, photos
from sandbox.telegram.chats import Chat, Json, Message, Toast
from sandbox.telegram.html import units
from sandbox.telegram.keyboards import Markup
from sandbox.telegram.texts import CAPTION_LIMIT, TEXT_LIMIT, typed
from sandbox.telegram.transcript import Button, ChatMessage, as_text, seen, visible
from sandbox.telegram.world import World

ClipKind = Literal["video", "document", "animation", "video_note"]
MessageLike = ChatMessage | Json | int


class Person:
    """One user in their private chat with the bot.

    The bot can write to them only after they have written first, as in Telegram. What fails to
    appear raises AssertionError with the whole chat as text.
    """

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self._chat = chat
        self._toasts_read = 0

    @property
    def id(self) -> int:
        return self._chat.id

    @property
    def chat(self) -> list[ChatMessage]:
        """The messages on screen, newest last."""
        return visible(self._chat)

    @property
    def keyboard(self) -> Markup | None:
        """The reply keyboard (or forced reply) on screen, as the bot sent it."""
        return self._chat.keyboard

    @property
    def toasts(self) -> list[Toast]:
        """Every text that answered a tap, newest last."""
        return list(self._chat.toasts)

    async def send(self, text: str, *, reply_to: MessageLike | None = None) -> Json:
        """Type a text and return the Message the bot gets."""
        text, entities = typed(text)
        if not 1 <= units(text) <= TEXT_LIMIT:
            raise ValueError("Telegram sends texts of 1 to 4096 characters")
        reply = None if reply_to is None else _id(reply_to)
        return self._say(text=text, entities=entities, reply_to=reply)

    async def edit(self, message: MessageLike, text: str) -> Json:
        """Change a text sent before; the bot gets `edited_message`."""
        own = self._chat.messages[_id(message)]
        own.text, own.entities = typed(text)
        own.edit_date = self._world.second()
        own.edits += 1
        self._chat.touch(own)
        content = self._chat.message_json(own)
        self._world.updates.push("edited_message", content)
        return content

    async def delete(self, message: MessageLike) -> None:
        """Take a message out of the chat, for both sides; the bot is not told."""
        self._chat.remove(self._chat.messages[_id(message)])

    async def send_clip(
        self,
        path: Path | str,
        *,
        caption: str | None = None,
        as_: ClipKind = "video",
        file_name: str | None = None,
        mime_type: str | None = None,
        width: int = 1080,
        height: int = 1920,
        duration: int = 15,
        album: str | None = None,
    ) -> Json:
        """Send a file from disk, copied without holding it in memory.

        `as_` is how the phone sends it: as a video, as a file, muted, or as a round video note.
        Width and height in pixels, duration in seconds; `album` is a media_group_id.
        """
        path = Path(path)
        name = file_name if file_name is not None else path.name
        mime_type = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = await self._world.files.keep(path, kind=as_, name=name, mime_type=mime_type)
        content = media.of(file, width=width, height=height, duration=duration)
        return self._say(**_captioned(caption), media=content, extra=_of_album(album))

    async def send_album(self, paths: list[Path], *, caption: str | None = None) -> list[Json]:
        """Send 2 to 10 clips and photos at once: one message each, the caption on the first."""
        if not 2 <= len(paths) <= 10:
            raise ValueError("an album has 2 to 10 items")
        group = self.new_album()
        sent: list[Json] = []
        for path in paths:
            is_photo = (mimetypes.guess_type(path.name)[0] or "").startswith("image/")
            send = self.send_photo if is_photo else self.send_clip
            sent.append(await send(path, caption=None if sent else caption, album=group))
        return sent

    def new_album(self) -> str:
        """A media_group_id for clips and photos that are sent one by one but belong together."""
        return str(self._world.second() * 1000 + len(self._chat.messages))

    async def send_photo(
        self,
        path: Path | str,
        *,
        caption: str | None = None,
        album: str | None = None,
    ) -> Json:
        """Send a photo as the phone made it; `album` is a media_group_id."""
        file = await self._world.files.keep(
            Path(path), kind="photo", name="photo.jpg", mime_type="image/jpeg"
        )
        content = await photos.of(self._world.files, file)
        return self._say(**_captioned(caption), media=content, extra=_of_album(album))

    async def send_voice(self, path: Path | str) -> Json:
        return await self._send_file(Path(path), "voice", "audio/ogg", duration=3)

    async def send_sticker(self, path: Path | str) -> Json:
        return await self._send_file(Path(path), "sticker", "image/webp")

    async def send_location(self, latitude: float, longitude: float) -> Json:
        place = {"latitude": latitude, "longitude": longitude}
        return self._say(media={"location": place})

    async def tap(
        self,
        words: str | None = None,
        *,
        data: str | None = None,
        message: MessageLike | None = None,
    ) -> str | None:
        """Tap an inline button and return what it gives: a URL, a text to copy, else None.

        The button is the one labelled with these words (icons around them aside), else the one
        whose label contains them, in the newest message that has one. With `data` the tap carries
        that callback data whether a button has it or not, as a forged one can.
        """
        if data is not None:
            self._press(self._target(message), data)
            return None
        shown, button = self._button(words or "", message)
        if button.data is None:
            return button.url or button.copy_text
        self._press(self._chat.messages[shown.id], button.data)
        return None

    async def see(
        self, text: str, *, timeout: float = 20, after: MessageLike | None = None
    ) -> ChatMessage:
        """Wait until a message of the bot that is on screen contains `text` and return it.

        With `after`, only one that came or changed later than that message (as it was when
        captured) counts.
        """
        since = 0 if after is None else self._revision(after)
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            known = self._chat.changes.count
            for message in reversed(self._from_bot(text)):
                if message.revision > since:
                    return message
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await self._chat.changes.after(known, left):
                raise AssertionError(
                    f'"{text}" did not appear within {timeout} s. The chat:\n{as_text(self._chat)}'
                )

    async def see_toast(self, text: str, *, timeout: float = 20) -> Toast:
        """Wait for an answer to a tap that contains `text`; each is seen once."""
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            known = self._chat.changes.count
            for index, toast in enumerate(self._chat.toasts):
                if index >= self._toasts_read and text in toast.text:
                    self._toasts_read = index + 1
                    return toast
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await self._chat.changes.after(known, left):
                raise AssertionError(
                    f'no toast "{text}" within {timeout} s. The chat:\n{as_text(self._chat)}'
                )

    def count(self, text: str) -> int:
        """How many messages of the bot on screen contain `text`."""
        return len(self._from_bot(text))

    async def block(self) -> None:
        """Stop the bot: its sends fail with 403 from now on."""
        self._set_blocked(True)

    async def unblock(self) -> None:
        """Let the bot write again."""
        self._set_blocked(False)

    async def _send_file(
        self,
        path: Path,
        kind: str,
        mime_type: str,
        **measures: int,
    ) -> Json:
        file = await self._world.files.keep(path, kind=kind, name=path.name, mime_type=mime_type)
        return self._say(media=media.of(file, **measures))

    def _say(self, **content: Any) -> Json:
        if self._chat.blocked:
            raise AssertionError("a person who has blocked the bot cannot write to it")
        self._chat.started = True
        keyboard = self._chat.keyboard or {}
        if keyboard.get("one_time_keyboard") or keyboard.get("force_reply"):
            self._chat.keyboard = None
        message = self._chat.add(by_bot=False, now=self._world.second(), **content)
        sent = self._chat.message_json(message)
        self._world.updates.push("message", sent)
        return sent

    def _press(self, message: Message, data: str) -> None:
        query = self._world.open_query(self._chat, message.id, data)
        self._world.updates.push(
            "callback_query",
            {
                "id": query.id,
                "from": self._chat.user,
                "message": self._chat.message_json(message),
                "chat_instance": str(self._chat.id * 7_919),
                "data": data,
            },
        )

    def _target(self, message: MessageLike | None) -> Message:
        if message is not None:
            return self._chat.messages[_id(message)]
        own = [message for message in self._chat.messages.values() if message.from_bot]
        if not own:
            raise AssertionError("the bot has sent nothing that could be tapped")
        return next((message for message in reversed(own) if message.keyboard), own[-1])

    def _button(self, words: str, message: MessageLike | None) -> tuple[ChatMessage, Button]:
        shown = self.chat if message is None else [seen(self._target(message))]
        for candidate in reversed(shown):
            buttons = [button for row in candidate.buttons for button in row]
            exact = [button for button in buttons if words in (button.label, button.words)]
            found = exact or [button for button in buttons if words in button.label]
            if len({(button.data, button.url, button.copy_text) for button in found}) > 1:
                labels = ", ".join(f"[{button.label}]" for button in found)
                raise AssertionError(f'"{words}" fits several buttons of one message: {labels}')
            if found:
                return candidate, found[0]
        listed = "\n".join(str(one) for one in shown if one.buttons) or "(none)"
        raise AssertionError(f'no button "{words}". Messages with buttons:\n{listed}')

    def _from_bot(self, text: str) -> list[ChatMessage]:
        own = (message for message in self._chat.messages.values() if message.from_bot)
        return [seen(message) for message in own if text in message.text]

    def _revision(self, message: MessageLike) -> int:
        if isinstance(message, ChatMessage):
            return message.revision
        return self._chat.messages[_id(message)].born

    def _set_blocked(self, blocked: bool) -> None:
        if self._chat.blocked == blocked:
            return
        self._chat.blocked = blocked
        self._chat.note()
        member: Json = {"user": self._world.bot, "status": "member"}
        kicked: Json = {"user": self._world.bot, "status": "kicked", "until_date": 0}
        old, new = (member, kicked) if blocked else (kicked, member)
        self._world.updates.push(
            "my_chat_member",
            {
                "chat": self._chat.as_json(),
                "from": self._chat.user,
                "date": self._world.second(),
                "old_chat_member": old,
                "new_chat_member": new,
            },
        )


def _captioned(caption: str | None) -> Json:
    text, entities = typed(caption or "")
    if units(text) > CAPTION_LIMIT:
        raise ValueError("Telegram sends captions of up to 1024 characters")
    return {"text": text, "entities": entities}


def _of_album(album: str | None) -> Json:
    return {"media_group_id": album} if album else {}


def _id(message: MessageLike) -> int:
    if isinstance(message, ChatMessage):
        return message.id
    return message if isinstance(message, int) else int(message["message_id"])
