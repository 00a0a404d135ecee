"""Lists of posts."""

from telegram import Message

from bot.callbacks import BadTap
from bot.conversation import Conversation
from bot.services import Services
from bot.views import posts as views


async def show(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/posts`: what is planned."""
    await upcoming(talk, services, at="")


async def upcoming(talk: Conversation, services: Services, *, at: str) -> None:
    """A page of what is planned."""
    try:
        page = await services.lists.upcoming(talk.creator.id, limit=views.LISTED, at=at)
    except ValueError:
        raise BadTap(at) from None
    await talk.show(views.upcoming(page))


async def past(talk: Conversation, services: Services, *, at: str) -> None:
    """A page of what went out, failed or was called off."""
    try:
        page = await services.lists.past(talk.creator.id, limit=views.LISTED, at=at)
    except ValueError:
        raise BadTap(at) from None
    await talk.show(views.past(page))
