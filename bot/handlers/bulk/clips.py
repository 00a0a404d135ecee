"""Clips that come in for a batch: several sent together, or any while /bulk is open."""

from dataclasses import replace

from telegram import Message

from bot.conversation import Conversation
from bot.handlers.bulk.showing import drawn, overview
from bot.handlers.times import read_caption
from bot.services import Services
from bot.views.bulk import batch as views
from bot.views.screen import Screen
from core.bulk.batches import MOST_POSTS, BatchFull
from core.errors import NotFound
from core.times import UTC_ZONE


async def batch_for(talk: Conversation, services: Services, message: Message) -> int | None:
    """The batch that a clip joins; None for a clip on its own, also between an album's photos.

    An album whose clip comes first turns out too late to hold photos.
    """
    album = message.media_group_id
    if album is not None and not services.coming_photos.holds(album, photo=True):
        return await services.batches.open(talk.creator.id, go_on=False)
    return await services.batches.collecting(talk.creator.id)


async def begin(talk: Conversation, services: Services, message: Message, batch_id: int) -> None:
    """A clip begins to come: the batch's message says so, once for all that come now."""
    number, chat_id = talk.arrival.kept.number, talk.creator.chat_id
    if services.gathering.expect(chat_id, number, message.message_id):
        await _draw(talk, services, batch_id)


async def join(
    talk: Conversation, services: Services, message: Message, batch_id: int, clip_id: int
) -> bool:
    """Make a stored clip a post of the batch; says whether it is one."""
    zone, written = talk.creator.zone, (message.caption or "").strip()
    read = read_caption(written, talk.creator, now=message.date, zone=zone or UTC_ZONE)
    as_written = zone is None or bool(read.problem)  # then no time can be taken from it
    try:
        await services.batches.take_in(
            talk.creator.id,
            batch_id,
            clip_id,
            caption=written if as_written else read.caption,
            moment=None if as_written else read.moment,
            time_words="" if as_written else read.lead,
        )
    except NotFound:
        return False
    except BatchFull:
        await talk.say(Screen(text=views.full(MOST_POSTS)))
        return False
    return True


async def end(talk: Conversation, services: Services, batch_id: int) -> None:
    """A clip has come, or will not: with the last of them the batch shows where it stands."""
    number, chat_id = talk.arrival.kept.number, talk.creator.chat_id
    is_last = services.gathering.left(chat_id) <= 1
    if is_last or services.gathering.may_draw(chat_id):
        batch = await services.batches.current(talk.creator.id)
        above = batch and services.gathering.is_above(chat_id, batch.message_id)
        services.gathering.drawn(chat_id)
        services.gathering.end(chat_id, number)
        await _draw(talk, services, batch_id, anew=is_last and bool(above))
    else:
        services.gathering.end(chat_id, number)


async def _draw(
    talk: Conversation, services: Services, batch_id: int, *, anew: bool = True
) -> None:
    """The batch in its message, or `anew` at the end of the chat."""
    try:
        batch = await services.batches.get(talk.creator.id, batch_id)
    except NotFound:
        return
    target = None if anew else batch.message_id
    there = replace(talk, tapped_message_id=target)
    message_id = await there.show(await overview(there, services, batch))
    await drawn(there, services, batch, message_id)
