"""The creator's own settings: their time zone, and how late a post may go out."""

from contextlib import suppress
from datetime import timedelta

from telegram import InlineKeyboardButton, Message

from bot.callbacks import BadTap, MenuTap, MenuVerb
from bot.conversation import Conversation
from bot.handlers import questions
from bot.services import Services
from bot.views import settings as settings_views
from bot.views import zone as views
from bot.views.card import back
from bot.views.screen import button
from core.posts import PostView
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
    talk: Conversation, services: Services, *, post: PostView | None, why: str = ""
) -> None:
    """Ask where the creator lives; `post` is what to come back to afterwards."""
    screen = views.ask_zone(_back(post), lead=why)
    await questions.ask(talk, services, Expecting.ZONE, screen, post=post)


def _back(post: PostView | None) -> InlineKeyboardButton:
    return back(post) if post else button("‹ Settings", MenuTap(MenuVerb.SETTINGS))


async def zone_typed(
    talk: Conversation, services: Services, text: str, *, post_id: int | None
) -> None:
    """A city, a zone, or what time it is: offers what it could mean."""
    now = services.clock()
    zones = find_zones(text, limit=OFFERED)
    if not zones:
        with suppress(NotUnderstood):  # no time of day either
            zones = zones_where_it_is(text, now)[:OFFERED]
    if not zones:
        post = await services.posts.get(talk.creator.id, post_id) if post_id else None
        await ask_zone(talk, services, post=post, why=views.UNKNOWN_PLACE)
        return
    await talk.say(views.candidates(zones, now))


async def set_zone(talk: Conversation, services: Services, zone: str) -> int | None:
    """Keep the zone that was tapped; returns the post that waits for it, if one does."""
    try:
        at_instant(services.clock(), zone)
    except ValueError:
        raise BadTap(zone) from None
    await services.users.set_zone(talk.creator.id, zone)
    shifts = await services.zone_change.shifts(talk.creator.id, zone)
    await talk.show(views.zone_set(zone, services.clock(), shifts))
    expected = await services.chat_states.expected(talk.creator.chat_id)
    if expected is None or expected.what is not Expecting.ZONE:
        return None  # something else is asked for meanwhile: that stays open
    await services.chat_states.forget(talk.creator.chat_id)
    return expected.post_id


async def keep_clock_times(talk: Conversation, services: Services, zone: str) -> None:
    """Planned posts go out at the same time of day as before, by the new clock."""
    if zone != talk.creator.zone:  # they have moved on since: that question is over
        await show(talk, services, None)
        return
    done = await services.zone_change.keep_wall_times(talk.creator.id, zone)
    await talk.show(views.clock_times_kept(zone, services.clock(), done))


async def keep_moments(talk: Conversation, services: Services, zone: str) -> None:
    """Planned posts go out when they would have anyway."""
    if zone != talk.creator.zone:
        await show(talk, services, None)
        return
    await talk.show(views.MOMENTS_KEPT)
