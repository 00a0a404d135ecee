"""One creator's chat for the length of one update: saying, editing in place, replacing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, TypeVar

from telegram import Bot, InputFile, InputMediaDocument, InputMediaPhoto
from telegram.constants import ChatAction
from telegram.error import RetryAfter, TelegramError

from bot.arrivals import Arrival
from bot.telegram_errors import MAY_PASS, Trouble, asked_pause, trouble
from bot.views.screen import Screen
from core.clips import ClipKind
from core.unbroken import ended
from core.users.users import Creator

PAUSES = (1, 2, 4)
"""Seconds before an answer is tried again that Telegram did not take."""
LONGEST_WAIT = timedelta(seconds=15)
"""An answer for which Telegram asks longer patience is given up: it would come out of the blue."""

ACTION_LASTS = 4.0
"""Seconds after which Telegram is told again what we do: it shows that for five."""
UPLOAD_WITHIN = 60.0
"""Seconds that a picture or a file may take to reach Telegram."""

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """`arrival` is the update; `tapped_message_id` the message whose button was tapped, if any."""

    bot: Bot
    creator: Creator
    arrival: Arrival
    tapped_message_id: int | None = None

    async def say(self, screen: Screen) -> int:
        """Send a new message and return its id."""
        message = await _insist(
            lambda: self.bot.send_message(
                self.creator.chat_id,
                screen.text,
                reply_markup=screen.chat_keyboard or screen.keyboard,
            )
        )
        return message.message_id

    async def send_clip(self, kind: ClipKind, file_id: str) -> None:
        """Send a clip again, the way its creator sent it."""
        chat_id = self.creator.chat_id
        match kind:
            case ClipKind.VIDEO:
                await _insist(lambda: self.bot.send_video(chat_id, file_id))
            case ClipKind.ANIMATION:
                await _insist(lambda: self.bot.send_animation(chat_id, file_id))
            case ClipKind.DOCUMENT:
                await _insist(lambda: self.bot.send_document(chat_id, file_id))

    async def send_video(self, path: Path, name: str, screen: Screen) -> None:
        """Send a clip that Telegram does not know, from where it lies, with the screen below."""

        async def upload() -> None:
            with await asyncio.to_thread(path.open, "rb") as file:
                video = InputFile(file, filename=name, read_file_handle=False)
                await self.bot.send_video(
                    self.creator.chat_id,
                    video,
                    caption=screen.text,
                    reply_markup=screen.keyboard,
                    supports_streaming=True,
                    write_timeout=UPLOAD_WITHIN,
                )

        await _insist(upload)

    async def send_picture(self, picture: bytes, screen: Screen) -> int:
        """Send a picture with the screen below it; its text has a caption's 1024 units at most."""
        message = await _insist(
            lambda: self.bot.send_photo(
                self.creator.chat_id,
                picture,
                caption=screen.text,
                reply_markup=screen.keyboard,
                write_timeout=UPLOAD_WITHIN,
            )
        )
        return message.message_id

    async def show_picture(self, picture: bytes | None, screen: Screen) -> bool:
        """Put another picture, or only another screen, into the tapped message with a picture.

        Says whether that message is still there.
        """
        chat_id, message_id = self.creator.chat_id, self.tapped_message_id

        async def change() -> None:
            if picture is None:
                await self.bot.edit_message_caption(
                    chat_id, message_id, caption=screen.text, reply_markup=screen.keyboard
                )
            else:
                await self.bot.edit_message_media(
                    InputMediaPhoto(picture, caption=screen.text),
                    chat_id,
                    message_id,
                    reply_markup=screen.keyboard,
                    write_timeout=UPLOAD_WITHIN,
                )

        return await _changed(change)

    async def send_photos(self, photos: Sequence[str | Path], *, as_files: bool = False) -> None:
        """Send up to ten photos together, those that Telegram knows by their `file_id`.

        `as_files` sends what lies on our disk the way it is, for what Telegram shows as no photo.
        """
        chat_id = self.creator.chat_id

        async def send() -> None:
            with ExitStack() as files:
                opened = [await asyncio.to_thread(_opened, photo, files) for photo in photos]
                if len(opened) > 1:
                    kind = InputMediaDocument if as_files else InputMediaPhoto
                    album = [kind(each) for each in opened]
                    await self.bot.send_media_group(chat_id, album, write_timeout=UPLOAD_WITHIN)
                elif as_files:
                    await self.bot.send_document(chat_id, opened[0], write_timeout=UPLOAD_WITHIN)
                else:
                    await self.bot.send_photo(chat_id, opened[0], write_timeout=UPLOAD_WITHIN)

        await _insist(send)

    async def send_file(self, file: BinaryIO, name: str, screen: Screen) -> int:
        """Send a file of ours, from where it lies, with the screen below it."""

        async def upload() -> int:
            await asyncio.to_thread(file.seek, 0)
            message = await self.bot.send_document(
                self.creator.chat_id,
                InputFile(file, filename=name, read_file_handle=False),
                caption=screen.text,
                reply_markup=screen.keyboard,
                write_timeout=UPLOAD_WITHIN,
            )
            return message.message_id

        return await _insist(upload)

    @asynccontextmanager
    async def doing(self, action: ChatAction) -> AsyncIterator[None]:
        """Show what we do, such as sending a photo, for as long as the block runs."""
        telling = asyncio.create_task(self._keep_telling(action))
        try:
            yield
        finally:
            await ended(telling, within=LONGEST_WAIT)

    async def _keep_telling(self, action: ChatAction) -> None:
        while True:
            try:
                await self.bot.send_chat_action(self.creator.chat_id, action)
            except TelegramError:
                return  # the work itself matters, and says how it ended
            await asyncio.sleep(ACTION_LASTS)

    async def show(self, screen: Screen) -> int:
        """Put the screen where the tap was; as a new message where that is not possible."""
        if self.tapped_message_id is None:
            return await self.say(screen)
        return await self.edit(self.tapped_message_id, screen)

    async def edit(self, message_id: int, screen: Screen) -> int:
        """Change a message in place; say it anew if it is gone. Returns where it is."""
        return message_id if await self.update(message_id, screen) else await self.say(screen)

    async def update(self, message_id: int, screen: Screen) -> bool:
        """Change a message in place, if it is still there; says whether it is."""
        return await _changed(
            lambda: self.bot.edit_message_text(
                screen.text,
                chat_id=self.creator.chat_id,
                message_id=message_id,
                reply_markup=screen.keyboard,
            )
        )

    async def take_away(self, message_id: int) -> None:
        """Delete a message of ours; one that stays is no harm, its buttons know their age."""
        try:
            await self.bot.delete_message(self.creator.chat_id, message_id)
        except TelegramError as error:
            if trouble(error) not in {Trouble.MESSAGE_GONE, *MAY_PASS}:
                raise


def _opened(photo: str | Path, files: ExitStack) -> str | InputFile:
    """A photo as Telegram's library takes it, read from the disk as it is sent."""
    if isinstance(photo, str):
        return photo
    file = files.enter_context(photo.open("rb"))
    return InputFile(file, filename=f"{photo.stem}.jpg", attach=True, read_file_handle=False)


async def _changed(edit: Callable[[], Awaitable[object]]) -> bool:
    """Change a message; says whether it is still there."""
    try:
        await _insist(edit)
    except TelegramError as error:
        match trouble(error):
            case Trouble.UNCHANGED:
                return True
            case Trouble.MESSAGE_GONE:
                return False
        raise
    return True


async def _insist(call: Callable[[], Awaitable[Result]]) -> Result:
    """Make a call to Telegram, again after a while if what is in its way may pass.

    An answer lost on the way back can mean that a message comes twice: better than not at all.
    """
    for pause in PAUSES:
        wait = timedelta(seconds=pause)
        try:
            return await call()
        except RetryAfter as error:
            wait = asked_pause(error)
            if wait > LONGEST_WAIT:
                raise
        except TelegramError as error:
            if trouble(error) not in MAY_PASS:
                raise
        await asyncio.sleep(wait.total_seconds())
    return await call()
