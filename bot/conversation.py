"""One creator's chat for the length of one update: saying, editing in place, replacing."""

from dataclasses import dataclass

from telegram import Bot
from telegram.error import TelegramError

from bot.telegram_errors import Trouble, trouble
from bot.views.screen import Screen
from core.users import Creator


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """`tapped_message_id` is the message whose button was tapped, if one was."""

    bot: Bot
    creator: Creator
    tapped_message_id: int | None = None

    async def say(self, screen: Screen) -> int:
        """Send a new message and return its id."""
        message = await self.bot.send_message(
            self.creator.chat_id, screen.text, reply_markup=screen.keyboard
        )
        return message.message_id

    async def show(self, screen: Screen) -> int:
        """Put the screen where the tap was; as a new message where that is not possible."""
        if self.tapped_message_id is None:
            return await self.say(screen)
        return await self.edit(self.tapped_message_id, screen)

    async def edit(self, message_id: int, screen: Screen) -> int:
        """Change a message in place; say it anew if it is gone. Returns where it is."""
        try:
            await self.bot.edit_message_text(
                screen.text,
                chat_id=self.creator.chat_id,
                message_id=message_id,
                reply_markup=screen.keyboard,
            )
        except TelegramError as error:
            match trouble(error):
                case Trouble.UNCHANGED:
                    return message_id
                case Trouble.MESSAGE_GONE:
                    return await self.say(screen)
            raise
        return message_id

    async def replace(self, message_id: int | None, screen: Screen) -> int:
        """Say the screen at the end of the chat and take the old message away."""
        fresh = await self.say(screen)
        if message_id is not None and message_id != fresh:
            try:
                await self.bot.delete_message(self.creator.chat_id, message_id)
            except TelegramError as error:
                if trouble(error) is not Trouble.MESSAGE_GONE:
                    raise
        return fresh
