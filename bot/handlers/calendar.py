"""`/calendar`: a month of posts, and its picture."""

from datetime import date
from typing import Any

import structlog
from telegram import Message
from telegram.constants import ChatAction

from bot.callbacks import BadTap, CalendarTap, CalendarVerb
from bot.conversation import Conversation
from bot.handlers import faults
from bot.handlers.posts import week_begins, zone_of
from bot.pictures import NoPicture
from bot.services import Services
from bot.views import calendar as views
from bot.views.screen import Screen
from bot.views.when import times_are_in
from core.selection import FIRST_DAY, LAST_DAY
from core.times import at_instant

log = structlog.get_logger()


async def show(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/calendar`: this month."""
    await _show(talk, services, _today(talk, services).replace(day=1))


async def tapped(talk: Conversation, services: Services, tap: CalendarTap) -> None:
    """Another month, or its picture."""
    try:
        first = date.fromisoformat(f"{tap.month}-01")
    except ValueError:
        raise BadTap(tap.month) from None
    if not FIRST_DAY <= first <= LAST_DAY.replace(day=1):
        raise BadTap(tap.month)
    match tap.verb:
        case CalendarVerb.MONTH:
            await _show(talk, services, first)
        case CalendarVerb.PICTURE:
            await _picture(talk, services, first)


async def _show(talk: Conversation, services: Services, first: date) -> None:
    zone = zone_of(talk)
    month = await services.calendar.month(talk.creator.id, first, zone=zone)
    screen = views.month(
        month,
        today=_today(talk, services),
        first_weekday=week_begins(talk),
        times_are_in=times_are_in(zone, services.clock()),
    )
    await talk.show(screen)


async def _picture(talk: Conversation, services: Services, first: date) -> None:
    """Draw beside the creator's turns: it takes a second or two."""
    month = await services.calendar.month(talk.creator.id, first, zone=zone_of(talk))
    today = _today(talk, services)
    data = views.picture_of(month, today=today, first_weekday=week_begins(talk))
    below = views.caption(month)
    talk.arrival.afterwards(lambda: faults.explained(talk, _draw(talk, services, data, below)))


async def _draw(
    talk: Conversation, services: Services, data: dict[str, Any], below: Screen
) -> None:
    async with talk.doing(ChatAction.UPLOAD_PHOTO):
        try:
            picture = await services.pictures.draw("month", data)
        except NoPicture as error:
            log.error("no_picture", error=str(error))  # noqa: TRY400 - the child's trace is not here
            await talk.say(views.no_picture())
            return
        await talk.send_picture(picture, below)


def _today(talk: Conversation, services: Services) -> date:
    return at_instant(services.clock(), zone_of(talk)).wall.date()
