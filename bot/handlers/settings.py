"""The creator's own settings: their time zone, and how late a post may go out."""

from contextlib import suppress
from datetime import timedelta

from telegram import Message

from bot.callbacks import BadTap
from bot.conversation import Conversation
from bot.services import Services
from bot.views import settings as settings_views
from bot.views import zone as views
from core.states import Expecting
from core.times import NotUnderstood, at_instant, find_zones, zones_where_it_is
from core.users import Creator

OFFERED = 8


async def show(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/settings`"""
    creator = await services.users.get(talk.creator.id)
    tolerance = _tolerance(creator, services)
    screen = settings_views.settings(creator.zone, services.clock(), tolerance=tolerance)
    await talk.show(screen)


async def ask_lateness(talk: Conversation, services: Services) -> None:
    """Offer how late a post may still go out by itself."""
    await talk.show(settings_views.ask_lateness(_tolerance(talk.creator, services)))


async def set_lateness(talk: Conversation, services: Services, minutes: str) -> None:
    """Keep what was tapped, and show the settings as they are now."""
    offered = {str(each // timedelta(minutes=1)): each for each in settings_views.LATENESS}
    if minutes not in offered:
        raise BadTap(minutes)
    await services.users.set_late_tolerance(talk.creator.id, offered[minutes])
    await show(talk, services, None)


def _tolerance(creator: Creator, services: Services) -> timedelta:
    if creator.late_tolerance is not None:
        return creator.late_tolerance
    return timedelta(minutes=services.settings.late_tolerance_minutes)


async def ask_zone(
    talk: Conversation, services: Services, *, post_id: int | None, why: str = ""
) -> None:
    """Ask where the creator lives; `post_id` is the post to come back to afterwards."""
    await services.chat_states.expect(talk.creator.chat_id, Expecting.ZONE, post_id=post_id)
    await talk.show(views.ask_zone(lead=why))


async def zone_typed(talk: Conversation, services: Services, text: str) -> None:
    """A city, a zone, or what time it is: offers what it could mean."""
    now = services.clock()
    zones = find_zones(text, limit=OFFERED)
    if not zones:
        with suppress(NotUnderstood):  # no time of day either
            zones = zones_where_it_is(text, now)[:OFFERED]
    if not zones:
        await talk.say(views.ask_zone(lead=views.UNKNOWN_PLACE))
        return
    await talk.say(views.candidates(zones, now))


async def set_zone(talk: Conversation, services: Services, zone: str) -> int | None:
    """Keep the zone that was tapped; returns the post that waits for it, if one does."""
    try:
        at_instant(services.clock(), zone)
    except ValueError:
        raise BadTap(zone) from None
    await services.users.set_zone(talk.creator.id, zone)
    expected = await services.chat_states.expected(talk.creator.chat_id)
    await services.chat_states.forget(talk.creator.chat_id)
    await talk.show(views.zone_set(zone, services.clock()))
    return expected.post_id if expected and expected.what is Expecting.ZONE else None
