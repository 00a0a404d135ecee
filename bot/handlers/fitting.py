"""A clip that TikTok would not take as it is: made to fit, taken as it is, or discarded."""

import time
from dataclasses import dataclass, field

import structlog
from telegram.error import TelegramError

from bot.callbacks import FitTap, FitVerb
from bot.conversation import Conversation
from bot.handlers import faults
from bot.handlers.clips import EDIT_EVERY, open_card
from bot.services import Services
from bot.telegram_errors import trouble
from bot.views import fitting as views
from bot.views import words
from bot.views.screen import Screen
from bot.views.uploading import no_room
from core.errors import ClipNotRead, ClipRefused
from core.fitting import CalledOff, Far
from core.uploads.room import NoRoom

log = structlog.get_logger()


async def tapped(talk: Conversation, services: Services, tap: FitTap) -> None:
    """Do it; a button of a clip that fits by now shows its post."""
    match tap.verb:
        case FitVerb.FIT:
            await _begin(talk, services, tap.clip_id)
        case FitVerb.CALL_OFF:
            await services.fitting.call_off(talk.creator.id, tap.clip_id)
            await _show(talk, services, tap.clip_id, note=views.called_off())
        case FitVerb.AS_IT_IS:
            await services.fitting.take_as_it_is(talk.creator.id, tap.clip_id)
            await _show(talk, services, tap.clip_id)
        case FitVerb.DISCARD:
            await services.fitting.discard(talk.creator.id, tap.clip_id)
            await talk.show(views.discarded())


async def _begin(talk: Conversation, services: Services, clip_id: int) -> None:
    """Make it fit beside the creator's turns, in a line of its own: it may take long.

    A tap that a restart cut off comes again, and its trail leads to the clip: it goes on with
    what was begun, unless that was called off meanwhile.
    """
    unfit = await services.fitting.of(talk.creator.id, clip_id)
    if unfit is None:
        await _show(talk, services, clip_id)
        return
    number = talk.arrival.kept.number
    if talk.arrival.trail.clip_id is None:
        try:
            await services.room.require_beside(clip_id)
        except NoRoom as error:
            await talk.show(views.offer(unfit, note=no_room(error).text))
            return
        if not await services.fitting.begin(talk.creator.id, clip_id, update=number):
            return  # another tap has begun it
    elif unfit.update != number:
        return
    await talk.show(_far(clip_id, Far(before=services.fitting.before_next)))
    work = _Work(talk=talk, services=services, clip_id=clip_id)
    talk.arrival.afterwards(lambda: faults.explained(talk, work.run()), line=-clip_id)


async def _show(talk: Conversation, services: Services, clip_id: int, *, note: str = "") -> None:
    """Where the clip stands now: on offer, under way, or with a card."""
    unfit = await services.fitting.of(talk.creator.id, clip_id)
    if unfit is not None:
        if unfit.update is None:
            await talk.show(views.offer(unfit, note=note))
        return  # what is under way shows itself
    written = await services.fitting.written(talk.creator.id, clip_id)
    await open_card(
        talk,
        services,
        clip_id,
        written=written.words,
        sent_at=written.at,
        say=talk.show,
        note=note,
    )


@dataclass(kw_only=True)
class _Work:
    """One clip on its way to fitting, and the message that shows it."""

    talk: Conversation
    services: Services
    clip_id: int
    edited_at: float = field(default_factory=time.monotonic)

    async def run(self) -> None:
        """Make it fit and open its card; say how it ended where it did not."""
        number = self.talk.arrival.kept.number
        try:
            clip = await self.services.fitting.fit(
                self.talk.creator.id, self.clip_id, update=number, at=self._at
            )
        except CalledOff:
            note = views.called_off()
        except ClipNotRead:
            note = views.not_in_time()
        except ClipRefused as error:
            note = views.not_made(error.problems)
        except OSError:
            log.exception("disk_refused_clip")
            note = words.disk_fault().text
        else:
            note = views.fits(clip)
        async with self.talk.arrival.turn():
            await _show(self.talk, self.services, self.clip_id, note=note)

    async def _at(self, far: Far) -> None:
        if time.monotonic() - self.edited_at < EDIT_EVERY:
            return
        self.edited_at = time.monotonic()
        try:
            await self.talk.show(_far(self.clip_id, far))
        except TelegramError as error:
            log.info("progress_not_shown", trouble=trouble(error))


def _far(clip_id: int, far: Far) -> Screen:
    return views.waits(clip_id, far.before) if far.before else views.works(clip_id, far.share)
