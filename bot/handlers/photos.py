"""Photos come in, alone, as album, one after another or as files: together they are one post."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

import structlog
from telegram import Message, PhotoSize
from telegram.error import TelegramError

from bot.conversation import Conversation
from bot.downloads import DownloadFailed, TooBig
from bot.handlers import faults, showing, times, zones
from bot.handlers.times import Read, read_caption
from bot.sent_file import SentFile
from bot.services import Services
from bot.shared_folder import NotShared
from bot.telegram_errors import trouble
from bot.views import photos as views
from bot.views import uploading as uploading_views
from bot.views import words
from bot.views import zone as zone_views
from bot.views.photos import LeftOut
from core.errors import NotFound
from core.media.images.image import LARGEST_SOURCE, Unusable
from core.posts.photos import PhotoRefused, TooManyPhotos
from core.posts.view import PostView
from core.times import UTC_ZONE
from core.uploads.room import NoRoom

IMAGE_SUFFIXES = (
    *(".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    *(".heic", ".heif", ".avif"),
)

NOTHING_READ = Read(moment=None, caption="", lead="")

log = structlog.get_logger()


def is_photo(message: Message) -> bool:
    """Whether this is a photo, or a file that says it is an image."""
    if message.photo:
        return True
    document = message.document
    if document is None or message.animation:
        return False
    name, mime = (document.file_name or "").lower(), document.mime_type or ""
    return mime.startswith("image/") or name.endswith(IMAGE_SUFFIXES)


async def received(talk: Conversation, services: Services, message: Message) -> None:
    """One photo; that it comes is said once for all that come now."""
    sent = _photo_in(message)
    coming = services.coming_photos
    if coming.is_mixed(message.media_group_id, photo=True):
        await talk.say(views.mixed_album())
    is_first = _expect(talk, services, message)
    work = partial(_take, talk, services, message, sent)
    talk.arrival.afterwards(lambda: faults.explained(talk, work()))
    if is_first and coming.of(talk.creator.chat_id).said_in is None:
        await _say_that_it_comes(talk, services)


def _expect(talk: Conversation, services: Services, message: Message) -> bool:
    """Count it among those that come; whether it is the first of them."""
    return services.coming_photos.expect(
        talk.creator.chat_id,
        talk.arrival.kept.number,
        message.message_id,
        said_in=talk.arrival.trail.message_id,
    )


async def _say_that_it_comes(talk: Conversation, services: Services) -> None:
    """Without it the photo comes all the same."""
    try:
        message_id = await talk.say(views.receiving())
    except TelegramError as error:
        log.info("progress_not_shown", trouble=trouble(error))
        return
    services.coming_photos.of(talk.creator.chat_id).said_in = message_id
    await talk.arrival.shown_in(message_id)


async def _unsay_that_it_comes(talk: Conversation, services: Services) -> None:
    """Nothing comes any more; the message that said so goes, unless it has become another."""
    shown = services.coming_photos.of(talk.creator.chat_id)
    if shown.said_in is None:
        return
    for post_id in shown.post_ids:
        with suppress(NotFound):
            post = await services.posts.get(talk.creator.id, post_id)
            if post.card_message_id == shown.said_in:  # so it was before a restart
                return
    await talk.take_away(shown.said_in)
    shown.said_in = None


async def _take(talk: Conversation, services: Services, message: Message, sent: SentFile) -> None:
    """Fetch it beside the creator's turns, and show what it is part of in one of them."""
    chat_id, number = talk.creator.chat_id, talk.arrival.kept.number
    coming = services.coming_photos
    _expect(talk, services, message)
    try:
        zone, written = talk.creator.zone, message.caption or ""
        read = read_caption(written, talk.creator, now=message.date, zone=zone or UTC_ZONE)
        needs_zone = zone is None and bool(read.lead)
        if needs_zone:
            read = Read(moment=None, caption=written.strip(), lead="")
        joined = await _join(talk, services, message, sent, read)
        async with talk.arrival.turn():
            shown = coming.of(chat_id)
            is_last = coming.gathering.left(chat_id) <= 1
            if isinstance(joined, PostView):
                shown.post_ids[joined.id] = None
                post_id: int | None = joined.id
            else:
                await _leave_out(talk, services, joined, is_last=is_last)
                post_id = next(reversed(shown.post_ids), None)
            for other_id in shown.post_ids if is_last else ():
                if other_id != post_id:
                    await _draw(talk, services, message, other_id, NOTHING_READ, is_last=True)
            if post_id is not None:
                await _draw(talk, services, message, post_id, read, is_last=is_last)
                if needs_zone:
                    await _ask_zone(talk, services, post_id)
            if is_last:
                await _unsay_that_it_comes(talk, services)
    finally:
        coming.end(chat_id, number)


async def _join(
    talk: Conversation, services: Services, message: Message, sent: SentFile, read: Read
) -> PostView | LeftOut:
    """The post that it is part of now, or why it is part of none."""
    owner_id = talk.creator.id
    known = await services.photos.known(owner_id, message.message_id)
    if known is not None:
        return known
    if sent.size is not None and sent.size > LARGEST_SOURCE:
        return LeftOut(name=sent.name or "", why=views.refused(Unusable.TOO_LARGE))
    try:
        await services.room.require(owner_id, sent.size or 0)
        stored = await services.downloads.fetch(
            talk.bot, sent.file_id, progress=_unheard, waiting=_unheard
        )
        return await services.photos.take(
            owner_id,
            stored,
            message_id=message.message_id,
            media_group_id=message.media_group_id,
            file_id=sent.file_id if message.photo else None,  # a file is no photo of Telegram's
            sent_at=message.date,
            caption=read.caption,
            moment=read.moment,
            time_words=read.lead,
        )
    except NoRoom as error:
        why = uploading_views.no_room(error).text
    except TooBig:
        why = views.too_big()
    except (DownloadFailed, NotShared):
        why = views.download_failed()
    except TooManyPhotos:
        why = views.too_many()
    except PhotoRefused as error:
        why = views.refused(error.why)
    except OSError:
        log.exception("disk_refused_photo")
        why = words.disk_fault().text
    return LeftOut(name=sent.name or "", why=why)


async def _draw(
    talk: Conversation,
    services: Services,
    message: Message,
    post_id: int,
    read: Read,
    *,
    is_last: bool,
) -> None:
    """The card, as far as Telegram likes it: at first, once in a while, and with the last photo.

    It stays at the end of the chat; a question that is open about the post stays where it is.
    """
    chat_id = talk.creator.chat_id
    coming = services.coming_photos
    shown = coming.of(chat_id)
    try:
        post = await services.posts.get(talk.creator.id, post_id)
    except NotFound:
        return  # discarded meanwhile
    is_new = post.card_message_id is None
    due = is_last or is_new or bool(read.lead or read.problem)
    if not (due or coming.gathering.may_draw(chat_id)):
        return
    expected = await services.chat_states.expected(chat_id)
    if expected is not None and expected.post_id == post.id:
        return
    coming.gathering.drawn(chat_id)
    notes = [] if is_last else [views.on_their_way(coming.gathering.left(chat_id) - 1)]
    of_clips_too = coming.holds(message.media_group_id, photo=False)  # which was said already
    if not of_clips_too and await services.batches.collecting(talk.creator.id) is not None:
        notes.append(views.not_in_bulk())
    if is_new or is_last:
        notes.append(await showing.posting_trouble(talk, services, post))
    screen = times.card(services, post, read, note="\n\n".join(filter(None, notes)))
    target = shown.said_in if shown.said_in is not None else post.card_message_id
    if is_last and coming.gathering.is_above(chat_id, target):
        target = None
    await showing.put(replace(talk, tapped_message_id=target), services, post, screen)
    if target is not None:
        shown.said_in = None


async def _ask_zone(talk: Conversation, services: Services, post_id: int) -> None:
    """A time stood below a photo, and nobody knows of which clock."""
    post = await services.posts.get(talk.creator.id, post_id)
    on_card = replace(talk, tapped_message_id=post.card_message_id)
    why = zone_views.caption_has_time(post.caption)
    await zones.ask(on_card, services, post=post, why=why)


async def _leave_out(
    talk: Conversation, services: Services, left_out: LeftOut, *, is_last: bool
) -> None:
    """Say which photos are left out, all that come now in one message."""
    shown = services.coming_photos.of(talk.creator.chat_id)
    shown.left_out.append(left_out)
    if shown.left_out_in is None and is_last and not shown.post_ids:
        shown.left_out_in, shown.said_in = shown.said_in, None
    there = replace(talk, tapped_message_id=shown.left_out_in)
    shown.left_out_in = await there.show(views.left_out(shown.left_out))


def _photo_in(message: Message) -> SentFile:
    if message.photo:
        largest = _largest(message.photo)
        return SentFile(file_id=largest.file_id, size=largest.file_size)
    document = message.document
    assert document is not None  # noqa: S101 - `is_photo` has looked
    return SentFile(file_id=document.file_id, size=document.file_size, name=document.file_name)


def _largest(sizes: Sequence[PhotoSize]) -> PhotoSize:
    return max(sizes, key=lambda size: size.width * size.height)


async def _unheard(_far: object) -> None:
    """Nobody waits for the percents of a photo."""
