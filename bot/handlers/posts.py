"""Lists of posts."""

from telegram import Message

from bot.conversation import Conversation
from bot.services import Services
from bot.views import posts as views


async def show(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/posts`: what is planned."""
    posts = await services.posts.upcoming(talk.creator.id, limit=views.LISTED)
    await talk.show(views.upcoming(posts))


async def past(talk: Conversation, services: Services) -> None:
    """What went out, failed or was called off."""
    posts = await services.posts.past(talk.creator.id, limit=views.LISTED)
    await talk.show(views.past(posts))
