"""A clip comes in: fetched with progress, checked, and turned into a post card."""

import time
from dataclasses import dataclass
from datetime import datetime

import structlog
from telegram import Message
from telegram.error import TelegramError

from bot.conversation import Conversation
from bot.downloads import DownloadFailed, TooBig
from bot.handlers import settings
from bot.services import Services
from bot.telegram_errors import Trouble, trouble
from bot.views import card, when, words
from bot.views import zone as zone_views
from bot.views.screen import Screen
from core.clips import ClipKind
from core.errors import ClipRefused
from core.times import UTC_ZONE, Moment, TimeProblem, split_leading

EDIT_EVERY = 3.0
"""Seconds between two edits that show progress."""

VIDEO_SUFFIXES = (".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi")

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class _Sent:
    """What the creator sent, whichever way."""

    file_id: str
    size: int | None
    kind: ClipKind


async def received(talk: Conversation, services: Services, message: Message) -> None:
    """A video, an animation, or a file: a clip, unless it is a file of another kind."""
    sent = _clip_in(message)
    if sent is None:
        await not_a_clip(talk, services, message)
        return
    limit = services.downloads.limit
    if limit is not None and sent.size is not None and sent.size > limit:
        await talk.say(words.too_big(limit))
        return
    await _take(talk, services, message, sent)


async def not_a_clip(talk: Conversation, _services: Services, _message: Message) -> None:
    """Anything the bot cannot make a post of."""
    await talk.say(words.NOT_A_CLIP)


async def _take(talk: Conversation, services: Services, message: Message, sent: _Sent) -> None:
    progress = _Progress(talk, await talk.say(words.RECEIVING), sent.size)
    try:
        stored = await services.downloads.fetch(talk.bot, sent.file_id, progress=progress.at)
        await progress.step(words.CHECKING)
        clip = await services.clips.take(
            talk.creator.id, stored, kind=sent.kind, file_id=sent.file_id
        )
    except TooBig:
        await progress.say(words.too_big(services.downloads.limit or 0))
        return
    except DownloadFailed:
        await progress.say(words.DOWNLOAD_FAILED)
        return
    except OSError:
        log.exception("disk_refused_clip")
        await progress.say(words.DISK_FAULT)
        return
    except ClipRefused as error:
        await progress.say(words.refused(error.problems))
        return
    zone, written = talk.creator.zone, message.caption or ""
    moment, caption, note = read_caption(written, now=services.clock(), zone=zone or UTC_ZONE)
    needs_zone = zone is None and (moment is not None or bool(note))
    if zone is None:
        moment, caption, note = None, written.strip(), ""
    post = await services.posts.draft(talk.creator.id, clip.id, caption=caption, moment=moment)
    message_id = await progress.say(card.card(post, note=note))
    await services.posts.remember_card(talk.creator.id, post.id, message_id)
    if needs_zone:
        await settings.ask_zone(talk, services, post_id=post.id, why=zone_views.CAPTION_HAS_TIME)


def _clip_in(message: Message) -> _Sent | None:
    if message.video:
        return _Sent(
            file_id=message.video.file_id, size=message.video.file_size, kind=ClipKind.VIDEO
        )
    if message.animation:  # its `document` is set as well
        return _Sent(
            file_id=message.animation.file_id,
            size=message.animation.file_size,
            kind=ClipKind.ANIMATION,
        )
    document = message.document
    if document is None:
        return None
    name, mime = (document.file_name or "").lower(), document.mime_type or ""
    if not mime.startswith("video/") and not name.endswith(VIDEO_SUFFIXES):
        return None
    return _Sent(file_id=document.file_id, size=document.file_size, kind=ClipKind.DOCUMENT)


def read_caption(text: str, *, now: datetime, zone: str) -> tuple[Moment | None, str, str]:
    """The time and the caption in what was written below a clip, and a word on the time (HTML)."""
    try:
        moment, rest = split_leading(text, now=now, zone=zone)
    except TimeProblem as error:
        return None, error.rest, when.explain(error)
    return moment, rest, ""


class _Progress:
    """One message that tells how far things are, edited no more often than Telegram likes."""

    def __init__(self, talk: Conversation, message_id: int, size: int | None) -> None:
        self._talk = talk
        self._message_id = message_id
        self._size = size
        self._edited_at = time.monotonic()

    async def at(self, done: int) -> None:
        if time.monotonic() - self._edited_at < EDIT_EVERY:
            return
        self._edited_at = time.monotonic()
        await self.step(words.receiving(done, self._size))

    async def step(self, screen: Screen) -> None:
        """Show how far it is; a step that is missed is no reason to lose the clip."""
        try:
            await self.say(screen)
        except TelegramError as error:
            if trouble(error) not in {Trouble.SLOW_DOWN, Trouble.PASSING}:
                raise

    async def say(self, screen: Screen) -> int:
        self._message_id = await self._talk.edit(self._message_id, screen)
        return self._message_id
