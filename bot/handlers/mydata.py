"""`/mydata`: everything kept about a creator, as a file or deleted."""

import asyncio
import os

from telegram import Message
from telegram.constants import ChatAction

from bot.callbacks import DataTap, DataVerb
from bot.conversation import Conversation
from bot.handlers import faults
from bot.services import Services
from bot.views import mydata as views
from core.users.personal_data import BeingPublished

MOST_SENT, MOST_SENT_LOCALLY = 50 << 20, 2000 << 20
"""Bytes of a file that a bot may send: by Telegram's servers, and by one's own Bot API server."""


async def show(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/mydata`"""
    await talk.show(views.my_data(await services.personal_data.kept(talk.creator.id)))


async def tapped(talk: Conversation, services: Services, tap: DataTap) -> None:
    """A button of it."""
    match tap.verb:
        case DataVerb.SHOW:
            await show(talk, services, None)
        case DataVerb.EXPORT:
            await _export(talk, services)
        case DataVerb.ERASE:
            await _ask_erase(talk, services)
        case DataVerb.ERASE_SURE:
            await _erase(talk, services)


async def _export(talk: Conversation, services: Services) -> None:
    """Send all of it, beside the creator's turns: much takes a while."""
    name, below = f"clipcue-{services.clock():%Y-%m-%d}.zip", views.exported()
    most = MOST_SENT_LOCALLY if services.settings.telegram_local_mode else MOST_SENT

    async def send() -> None:
        async with (
            talk.doing(ChatAction.UPLOAD_DOCUMENT),
            services.personal_data.export(talk.creator.id) as file,
        ):
            size = await asyncio.to_thread(file.seek, 0, os.SEEK_END)
            if size > most:
                await talk.say(views.too_large(size, talk.creator.id))
            else:
                await talk.send_file(file, name, below)

    talk.arrival.afterwards(lambda: faults.explained(talk, send()))


async def _ask_erase(talk: Conversation, services: Services) -> None:
    """Ask the one time."""
    await talk.show(views.erase_sure(await services.personal_data.kept(talk.creator.id)))


async def _erase(talk: Conversation, services: Services) -> None:
    """Delete everything; an update that a crash cuts off is worked off again, and ends it."""
    try:
        done = await services.personal_data.erase(talk.creator.id)
    except BeingPublished as error:
        await talk.show(views.being_published(error.posts))
        return
    await talk.show(views.erased(done))
