"""First words, help, leaving a question, and coming and going."""

import structlog
from telegram import Bot, Chat, ChatMember, Message, Update
from telegram.error import TelegramError

from bot.conversation import Conversation
from bot.handlers import accounts, showing
from bot.language import language_of, speak
from bot.services import Services
from bot.telegram_errors import trouble
from bot.views import words
from bot.views.zone import no_location_needed
from core.states import Expecting

log = structlog.get_logger()


async def start(talk: Conversation, services: Services, message: Message) -> None:
    """`/start`, also with the payload of a deep link."""
    payload = (message.text or "").partition(" ")[2].strip()
    if payload == "connect":
        await accounts.connect(talk, services, message)
        return
    connected = bool(await services.accounts.of(talk.creator.id))
    name = message.from_user.first_name if message.from_user else ""
    await talk.say(words.welcome(name, connected=connected))


async def help_(talk: Conversation, _services: Services, _message: Message) -> None:
    """`/help`"""
    await talk.say(words.help_())


async def cancel(talk: Conversation, services: Services, _message: Message) -> None:
    """`/cancel`: leave what the bot is asking for."""
    expected = await services.chat_states.expected(talk.creator.chat_id)
    await services.chat_states.forget(talk.creator.chat_id)
    if expected is not None and expected.what is Expecting.LOCATION:
        await talk.say(no_location_needed())
    if expected is None:
        await talk.say(words.nothing_to_leave())
    elif expected.post_id is None:
        await talk.say(words.left())
    else:
        post = await services.posts.get(talk.creator.id, expected.post_id)
        await showing.draw(talk, services, post, note=words.left().text)


def allowed(services: Services, user_id: int) -> bool:
    """Whether the operator lets this person in."""
    users = services.settings.telegram_allowed_users
    return not users or user_id in users


async def decline(bot: Bot, chat: Chat) -> None:
    """Say once why, and leave; a channel is left in silence, for all its readers would hear it."""
    try:
        if chat.type != chat.CHANNEL:
            await bot.send_message(chat.id, words.only_in_private(bot.username).text)
    except TelegramError as error:  # it may not write there, or is gone already
        log.info("group_not_told", trouble=trouble(error))
    try:
        await bot.leave_chat(chat.id)
    except TelegramError as error:
        log.info("group_not_left", trouble=trouble(error))


async def turn_away(bot: Bot, chat_id: int) -> None:
    """One clear sentence for strangers."""
    await bot.send_message(chat_id, words.stranger().text)


async def membership_changed(bot: Bot, services: Services, update: Update) -> None:
    """The creator blocked the bot, or came back: then they hear what they missed.

    A group or channel that it was added to is left again.
    """
    change = update.my_chat_member
    if change is None:
        return
    if change.chat.type != change.chat.PRIVATE:
        if change.new_chat_member.status not in {ChatMember.BANNED, ChatMember.LEFT}:
            speak(language_of(change.from_user.language_code))
            await decline(bot, change.chat)
        return
    back = change.new_chat_member.status not in {ChatMember.BANNED, ChatMember.LEFT}
    await services.users.set_reachable(change.from_user.id, reachable=back)
