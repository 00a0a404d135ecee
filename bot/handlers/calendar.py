"""`/calendar`: a month of posts, and its picture."""

from datetime import date

from telegram import Message

from bot.callbacks import BadTap, CalendarTap, CalendarVerb
from bot.conversation import Conversation
from bot.handlers import pictures
from bot.handlers.posts import week_begins, zone_of
from bot.services import Services
from bot.views import calendar as views
from bot.views.when import times_are_in
from core.lists.selection import FIRST_DAY, LAST_DAY
from core.times import at_instant


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
    month = await services.calendar.month(talk.creator.id, first, zone=zone_of(talk))
    today = _today(talk, services)
    data = views.picture_of(month, today=today, first_weekday=week_begins(talk))
    pictures.follow(
        talk,
        services,
        "month",
        data,
        below=views.caption(month),
        otherwise=views.no_picture(),
    )


def _today(talk: Conversation, services: Services) -> date:
    return at_instant(services.clock(), zone_of(talk)).wall.date()
