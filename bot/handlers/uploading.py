"""The way to the upload page, for clips that are too big for Telegram."""

from urllib.parse import urlencode

from telegram import Message

from bot.conversation import Conversation
from bot.services import Services
from bot.views import uploading as views
from bot.views.screen import Screen
from core.settings import UPLOAD_PAGE_PATH


async def show(talk: Conversation, services: Services, _message: Message) -> None:
    """`/upload`"""
    await talk.say(views.invitation(await _url(talk, services)))


async def too_big(talk: Conversation, services: Services) -> Screen:
    """A clip has more than Telegram hands over: the page takes it."""
    return views.too_big(services.downloads.limit or 0, await _url(talk, services))


async def _url(talk: Conversation, services: Services) -> str:
    secret = await services.upload_links.make(talk.creator.id)
    return f"{services.phones_url}{UPLOAD_PAGE_PATH}?{urlencode({'link': secret})}"
