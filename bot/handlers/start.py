"""First words, help, leaving a question, and coming and going."""

from telegram import Bot, ChatMember, Message, Update

from bot.conversation import Conversation
from bot.handlers import accounts, showing
from bot.services import Services
from bot.views import words


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
    if expected is None:
        await talk.say(words.NOTHING_TO_LEAVE)
    elif expected.post_id is None:
        await talk.say(words.LEFT)
    else:
        post = await services.posts.get(talk.creator.id, expected.post_id)
        await showing.draw(talk, services, post, note=words.LEFT.text)


def allowed(services: Services, user_id: int) -> bool:
    """Whether the operator lets this person in."""
    users = services.settings.telegram_allowed_users
    return not users or user_id in users


async def turn_away(bot: Bot, chat_id: int) -> None:
    """One clear sentence for strangers."""
    await bot.send_message(chat_id, words.STRANGER.text)


async def membership_changed(services: Services, update: Update) -> None:
    """The creator blocked the bot, or came back: then they hear what they missed."""
    change = update.my_chat_member
    if change is None or change.chat.type != change.chat.PRIVATE:
        return
    back = change.new_chat_member.status not in {ChatMember.BANNED, ChatMember.LEFT}
    await services.users.set_reachable(change.from_user.id, reachable=back)
