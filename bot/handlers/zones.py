"""Where a creator lives: asked for, typed, tapped, shared as a location, and left for another."""

import asyncio
from contextlib import suppress

from telegram import InlineKeyboardButton, Message

from bot.callbacks import BadTap, MenuTap, MenuVerb
from bot.conversation import Conversation
from bot.handlers import questions
from bot.language import _
from bot.services import Services
from bot.views import zone as views
from bot.views.post_buttons import back
from bot.views.screen import button
from core.posts.view import PostView
from core.states import Expecting
from core.times import NotUnderstood, find_zones, zone_at, zone_named, zones_where_it_is
from core.users.chat_state import Expected

OFFERED = 8
ASKED = frozenset({Expecting.ZONE, Expecting.LOCATION})


async def ask(
    talk: Conversation,
    services: Services,
    *,
    post: PostView | None,
    why: str = "",
    what: Expecting = Expecting.ZONE,
) -> None:
    """Ask where the creator lives; `post` is what to come back to afterwards."""
    screen = views.ask_zone(_back(post), lead=why)
    await questions.ask(talk, services, what, screen, post=post)


def _back(post: PostView | None) -> InlineKeyboardButton:
    return back(post) if post else button(_("‹ Settings"), MenuTap(MenuVerb.SETTINGS))


async def ask_location(talk: Conversation, services: Services) -> None:
    """Put up a keyboard whose one key sends the creator's location."""
    expected = await services.chat_states.expected(talk.creator.chat_id)
    post_id = expected.post_id if expected and expected.what in ASKED else None
    await talk.say(views.ask_location())
    await questions.expect(talk, services, Expecting.LOCATION, post_id=post_id)


async def located(talk: Conversation, services: Services, message: Message) -> int | None:
    """A location came: its zone is set if one was asked for, else offered.

    Returns the post that waits for the zone, if one does.
    """
    if message.location is None:
        return None
    place = message.location
    found = await asyncio.to_thread(zone_at, place.latitude, place.longitude)
    zone = zone_named(found) if found else None
    await talk.say(views.located(zone, services.clock()))
    if zone is None:
        return None
    expected = await services.chat_states.expected(talk.creator.chat_id)
    if expected and expected.what in ASKED:
        return await set_zone(talk, services, zone, keyboard_is_up=False)
    if zone != talk.creator.zone:
        await talk.say(views.offer(zone, services.clock()))
    return None


async def typed(talk: Conversation, services: Services, text: str, expected: Expected) -> None:
    """A city, a zone, or what time it is: offers what it could mean."""
    now, languages = services.clock(), talk.creator.time_languages
    zones = find_zones(text, limit=OFFERED, languages=languages)
    if not zones:
        with suppress(NotUnderstood):  # no time of day either
            zones = zones_where_it_is(text, now, languages=languages)[:OFFERED]
    if zones:
        await talk.say(views.candidates(zones, now))
        return
    post = None
    if expected.post_id is not None:
        post = await services.posts.get(talk.creator.id, expected.post_id)
    why = _(views.UNKNOWN_PLACE)
    await ask(talk, services, post=post, why=why, what=expected.what)


async def set_zone(
    talk: Conversation, services: Services, zone: str, *, keyboard_is_up: bool = True
) -> int | None:
    """Keep the zone that was tapped; returns the post that waits for it, if one does."""
    if zone_named(zone) != zone:
        raise BadTap(zone)
    await services.users.set_zone(talk.creator.id, zone)
    shifts = await services.zone_change.shifts(talk.creator.id, zone)
    await talk.show(views.zone_set(zone, services.clock(), shifts))
    expected = await services.chat_states.expected(talk.creator.chat_id)
    if expected is None or expected.what not in ASKED:
        return None  # something else is asked for meanwhile: that stays open
    if expected.what is Expecting.LOCATION and keyboard_is_up:
        await talk.say(views.no_location_needed())
    await services.chat_states.forget(talk.creator.chat_id)
    return expected.post_id


async def keep_clock_times(talk: Conversation, services: Services, zone: str) -> None:
    """Planned posts go out at the same time of day as before, by the new clock."""
    if await _still_asked(talk, services, zone):
        done = await services.zone_change.keep_wall_times(talk.creator.id, zone)
        await talk.show(views.clock_times_kept(zone, services.clock(), done))


async def keep_moments(talk: Conversation, services: Services, zone: str) -> None:
    """Planned posts go out when they would have anyway."""
    if await _still_asked(talk, services, zone):
        await talk.show(views.moments_kept())


async def _still_asked(talk: Conversation, services: Services, zone: str) -> bool:
    """Whether they live there still; if they have moved on since, what is asked now is shown."""
    home = talk.creator.zone
    if home is None:
        raise BadTap(zone)
    if home == zone:
        return True
    shifts = await services.zone_change.shifts(talk.creator.id, home)
    await talk.show(views.zone_set(home, services.clock(), shifts))
    return False
