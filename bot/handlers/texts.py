"""A text comes in: what it means depends on what the chat was asked."""

from telegram import Message

from bot.conversation import Conversation
from bot.handlers import card, settings, showing, times
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
        await settings.zone_typed(talk, services, text, post_id=expected.post_id)
    elif expected.post_id is not None:
        typed = card.caption_typed if expected.what is Expecting.CAPTION else times.typed
        post_id = expected.post_id
        await showing.possible(talk, services, post_id, typed(talk, services, post_id, text))
