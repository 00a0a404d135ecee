"""The way to the upload page, for clips that are too big for Telegram."""

import asyncio
from urllib.parse import urlencode

from telegram import Message
from telegram.constants import ChatAction

from bot.conversation import Conversation
from bot.handlers import faults
from bot.handlers.mydata import MOST_SENT, MOST_SENT_LOCALLY
from bot.services import Services
from bot.views import uploading as views
from bot.views.screen import Screen
from core.posts.view import PostView
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


async def preview(talk: Conversation, services: Services, post: PostView) -> None:
    """Send back a clip that never was in Telegram, or where that takes no such files, pictures."""
    clip = post.clip
    most = MOST_SENT_LOCALLY if services.settings.telegram_local_mode else MOST_SENT

    async def send() -> None:
        if clip.size > most:
            strip = await services.clips.frames(talk.creator.id, clip.id)
            await talk.send_picture(strip.picture, views.too_big_to_send())
            return
        path = await services.clips.file_of(talk.creator.id, clip.id)
        with await asyncio.to_thread(path.open, "rb") as file:
            async with talk.doing(ChatAction.UPLOAD_VIDEO):
                await talk.send_file(file, clip.name, views.as_tiktok_gets_it())

    talk.arrival.afterwards(lambda: faults.explained(talk, send()))
