"""A text comes in: what it means depends on what the chat was asked."""

from telegram import Message

from bot.conversation import Conversation
from bot.handlers import caption, photo_sheet, posts, queue, showing, templates, times, zones
from bot.handlers.bulk import batch as bulk
from bot.services import Services
from bot.views import words
from core.states import Expecting


async def received(talk: Conversation, services: Services, message: Message) -> None:
    """The answer to the bot's question, or a text nobody asked for."""
    text = message.text or ""
    expected = await services.chat_states.expected(talk.creator.chat_id)
    if text.startswith("/"):
        await talk.say(words.unknown_command(text.split()[0]))
    elif expected is None:
        await talk.say(words.link_sent() if "://" in text else words.nothing_expected())
    elif expected.what is Expecting.WORDS:
        await posts.words_typed(talk, services, text)
    elif expected.what in zones.ASKED:
        await zones.typed(talk, services, text, expected)
    elif expected.what in bulk.ASKED:
        await bulk.typed(talk, services, expected.what, text)
    elif expected.subject_id is not None:
        await _OF_A_SUBJECT[expected.what](talk, services, text, expected.subject_id)
    elif expected.what is Expecting.TEMPLATE:
        await templates.typed(talk, services, text)
    elif expected.post_id is not None:
        typed, post_id = _OF_A_POST[expected.what], expected.post_id
        await showing.possible(talk, services, post_id, typed(talk, services, post_id, text))


_OF_A_SUBJECT = {
    Expecting.SLOTS: queue.typed,
    Expecting.NEW_NAME: templates.new_name_typed,
}
_OF_A_POST = {
    Expecting.CAPTION: caption.typed,
    Expecting.TITLE: photo_sheet.title_typed,
    Expecting.TIME: times.typed,
    Expecting.TEMPLATE_NAME: templates.name_typed,
}
