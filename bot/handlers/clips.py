"""A clip comes in: fetched with progress, checked, and turned into a post card."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from telegram import Animation, Document, Message, Video
from telegram.error import TelegramError

from bot.conversation import Conversation
from bot.downloads import DownloadFailed, TooBig
from bot.handlers import faults, photos, showing, times, uploading, zones
from bot.handlers.bulk import clips as bulk_clips
from bot.handlers.bulk import sheets
from bot.handlers.times import Read, read_caption
from bot.sent_file import SentFile
from bot.services import Services
from bot.shared_folder import NotShared
from bot.telegram_errors import trouble
from bot.views import fitting as fitting_views
from bot.views import photos as photos_views
from bot.views import posts as posts_views
from bot.views import uploading as uploading_views
from bot.views import words
from bot.views import zone as zone_views
from bot.views.bulk import batch as bulk_views
from bot.views.screen import Screen
from core.clips import ClipKind
from core.errors import ClipNotRead, ClipRefused
from core.times import UTC_ZONE
from core.uploads.room import NoRoom

EDIT_EVERY = 3.0
"""Seconds between two edits that show progress."""

VIDEO_SUFFIXES = (
    *(".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".3gp", ".ts", ".mts", ".m2ts"),
    *(".mpg", ".mpeg", ".flv", ".wmv", ".ogv"),
)

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class _SentClip(SentFile):
    kind: ClipKind


async def received(talk: Conversation, services: Services, message: Message) -> None:
    """A video, an animation, or a file: a clip, a photo or a sheet, unless of another kind."""
    if message.document is not None and sheets.is_sheet(message.document):
        await sheets.received(talk, services, message.document)
        return
    if photos.is_photo(message):
        await photos.received(talk, services, message)
        return
    sent = _clip_in(message)
    if sent is None:
        await not_a_clip(talk, services, message)
        return
    if services.coming_photos.is_mixed(message.media_group_id, photo=False):
        await talk.say(photos_views.mixed_album())
    limit = services.downloads.limit
    if limit is not None and sent.size is not None and sent.size > limit:
        await talk.say(await uploading.too_big(talk, services))
        return
    try:
        await services.room.require(talk.creator.id, sent.size or 0)
    except NoRoom as error:
        await talk.say(uploading_views.no_room(error))
        return
    batch_id = await bulk_clips.batch_for(talk, services, message)
    progress = _Progress(talk, sent, silent=batch_id is not None)
    if batch_id is None:
        work = partial(_take, talk, services, message, sent, progress)
        begun = progress.begin()
    else:
        work = partial(_take_for_batch, talk, services, message, sent, progress, batch_id)
        begun = bulk_clips.begin(talk, services, message, batch_id)
    talk.arrival.afterwards(lambda: faults.explained(talk, work()))
    await begun


async def not_a_clip(talk: Conversation, _services: Services, message: Message) -> None:
    """Anything the bot cannot make a post of."""
    await talk.say(words.round_clip() if message.video_note else words.not_a_clip())


async def _take(
    talk: Conversation, services: Services, message: Message, sent: _SentClip, progress: "_Progress"
) -> None:
    """Fetch the clip beside the creator's turns, and open its card in one of them."""
    clip_id = talk.arrival.trail.clip_id
    if clip_id is None:
        clip_id = await _fetch(talk, services, message, sent, progress)
    if clip_id is None:
        return
    async with talk.arrival.turn():
        if unfit := await services.fitting.of(talk.creator.id, clip_id):
            await progress.say(fitting_views.offer(unfit))
        else:
            await _open_card(talk, services, message, clip_id, progress)


async def _take_for_batch(
    talk: Conversation,
    services: Services,
    message: Message,
    sent: _SentClip,
    progress: "_Progress",
    batch_id: int,
) -> None:
    """The same for a clip that joins a batch: it has no card unless its creator opens one."""
    clip_id = talk.arrival.trail.clip_id
    try:
        if clip_id is None:
            clip_id = await _fetch(talk, services, message, sent, progress)
        async with talk.arrival.turn():
            unfit = clip_id and await services.fitting.of(talk.creator.id, clip_id)
            if clip_id is None:
                pass
            elif unfit and not unfit.is_doubtful:
                await progress.refuse(fitting_views.offer(unfit))
            else:
                await services.fitting.take_as_it_is(talk.creator.id, clip_id)
                joined = await bulk_clips.join(talk, services, message, batch_id, clip_id)
                if not joined:
                    await _open_card(talk, services, message, clip_id, progress)
            await bulk_clips.end(talk, services, batch_id)
    except Exception:
        services.gathering.end(talk.creator.chat_id, talk.arrival.kept.number)
        raise


async def _fetch(
    talk: Conversation, services: Services, message: Message, sent: _SentClip, progress: "_Progress"
) -> int | None:
    """The id of the stored clip; None when the creator was told why there is none."""
    try:
        stored = await services.downloads.fetch(
            talk.bot, sent.file_id, progress=progress.at, waiting=progress.waiting
        )
        clip = await services.clips.take(
            talk.creator.id,
            stored,
            kind=sent.kind,
            file_id=sent.file_id,
            file_name=sent.name,
            words=message.caption or "",
            sent_at=message.date,
            update=talk.arrival.kept.number,
            together=services.room.require_counted,
        )
    except NoRoom as error:
        told = uploading_views.no_room(error)
    except TooBig:
        told = await uploading.too_big(talk, services)
    except DownloadFailed:
        told = words.download_failed()
    except NotShared:
        told = words.not_shared()
    except OSError:
        log.exception("disk_refused_clip")
        told = words.disk_fault()
    except ClipNotRead:
        told = words.not_read()
    except ClipRefused:
        told = words.unreadable()
    except Exception:
        log.exception("clip_fault", user=talk.creator.id)
        told = words.fault()
    else:
        talk.arrival.became(clip.id)
        return clip.id
    await progress.refuse(told)
    return None


async def _open_card(
    talk: Conversation, services: Services, message: Message, clip_id: int, progress: "_Progress"
) -> None:
    """The card of a clip that has just come."""
    await open_card(
        talk,
        services,
        clip_id,
        written=message.caption or "",
        sent_at=message.date,
        say=progress.say,
    )


async def open_card(
    talk: Conversation,
    services: Services,
    clip_id: int,
    *,
    written: str,
    sent_at: datetime,
    say: Callable[[Screen], Awaitable[int]],
    note: str = "",
) -> None:
    """A draft of the clip, unless an earlier try has opened one, and its card.

    `written` is what stood below it when it was sent; `say` shows a screen and returns its message.
    """
    zone = talk.creator.zone
    read = read_caption(written, talk.creator, now=sent_at, zone=zone or UTC_ZONE)
    needs_zone = zone is None and bool(read.lead)
    if needs_zone:
        read = Read(moment=None, caption=written.strip(), lead="")
    known = await services.clips.post_of(talk.creator.id, clip_id)
    if known is None:
        post = await services.posts.draft(
            talk.creator.id,
            clip_id,
            caption=read.caption,
            moment=read.moment,
            time_words=read.lead,
        )
    else:
        post = await services.posts.get(talk.creator.id, known)
    trouble_told = await showing.posting_trouble(talk, services, post)
    post = await services.posts.get(talk.creator.id, post.id)
    before = await _sent_before(talk, services, clip_id)
    notes = "\n\n".join(filter(None, (note, before, trouble_told)))
    screen = times.card(services, post, read, note=notes)
    message_id = await say(screen)
    await services.cards.drawn(post, message_id)
    if needs_zone:
        on_card = replace(talk, tapped_message_id=message_id)
        why = zone_views.caption_has_time(post.caption)
        await zones.ask(on_card, services, post=post, why=why)


async def _sent_before(talk: Conversation, services: Services, clip_id: int) -> str:
    """What became of the same clip when it was sent before, if it was and is known."""
    alike = await services.clips.post_alike(talk.creator.id, clip_id)
    if alike is None:
        return ""
    post = await services.posts.get(talk.creator.id, alike)
    return posts_views.sent_before(post, zone=talk.creator.zone or UTC_ZONE)


def _clip_in(message: Message) -> _SentClip | None:
    if message.video:
        return _sent(message.video, ClipKind.VIDEO)
    if message.animation:  # its `document` is set as well
        return _sent(message.animation, ClipKind.ANIMATION)
    document = message.document
    if document is None:
        return None
    name, mime = (document.file_name or "").lower(), document.mime_type or ""
    if not mime.startswith("video/") and not name.endswith(VIDEO_SUFFIXES):
        return None
    return _sent(document, ClipKind.DOCUMENT)


def _sent(file: Video | Animation | Document, kind: ClipKind) -> _SentClip:
    return _SentClip(file_id=file.file_id, size=file.file_size, kind=kind, name=file.file_name)


class _Progress:
    """One message that tells how far things are, edited no more often than Telegram likes.

    After a restart it is the message of the try before. A `silent` one says only how it ended: a
    batch has one message for all its clips.
    """

    def __init__(self, talk: Conversation, sent: _SentClip, *, silent: bool) -> None:
        self._talk = talk
        self._silent = silent
        self._name = sent.name
        self._size = sent.size
        self._edited_at = time.monotonic()

    async def begin(self) -> None:
        """Say that the clip is on its way."""
        await self._step(words.receiving())

    async def at(self, done: int) -> None:
        """So many bytes are here."""
        if done == self._size:
            await self._step(words.checking())
        elif time.monotonic() - self._edited_at >= EDIT_EVERY:
            self._edited_at = time.monotonic()
            await self._step(words.receiving(done, self._size))

    async def waiting(self, so_far: timedelta) -> None:
        """It is being fetched, and nobody tells how far it is."""
        await self._step(words.fetching(so_far))

    async def _step(self, screen: Screen) -> None:
        """Show how far it is; a step that is missed is no reason to lose the clip."""
        if self._silent:
            return
        try:
            await self.say(screen)
        except TelegramError as error:
            log.info("progress_not_shown", trouble=trouble(error))

    async def refuse(self, screen: Screen) -> None:
        """Say why there is no clip, and of several which one it is about."""
        if self._silent and self._name:
            named = f"{bulk_views.about_clip(self._name)}\n{screen.text}"
            screen = replace(screen, text=named)
        await self.say(screen)

    async def say(self, screen: Screen) -> int:
        """Put a screen in that message and return its id."""
        shown_in = self._talk.arrival.trail.message_id
        if shown_in is None:
            shown_in = await self._talk.say(screen)
        else:
            shown_in = await self._talk.edit(shown_in, screen)
        await self._talk.arrival.shown_in(shown_in)
        return shown_in
