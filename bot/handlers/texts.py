"""A text comes in: what it means depends on what the chat was asked."""

from telegram import Message

from bot.conversation import Conversation
from bot.handlers import card, settings
from bot.services import Services
from bot.views import words
from core.states import Expecting


async def received(talk: Conversation, services: Services, message: Message) -> None:
    """The answer to the bot's question, or a text nobody asked for."""
    text = message.text or ""
    expected = await services.chat_states.expected(talk.creator.chat_id)
    if expected is None or text.startswith("/"):
        await talk.say(words.NOTHING_EXPECTED)
    elif expected.what is Expecting.ZONE:
        await settings.zone_typed(talk, services, text)
    elif expected.post_id is not None and expected.what is Expecting.CAPTION:
        await card.caption_typed(talk, services, expected.post_id, text)
    elif expected.post_id is not None:
        await card.time_typed(talk, services, expected.post_id, text)
