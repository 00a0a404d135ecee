"""Picking the time of a post with taps: day, hour, minute. Buttons carry what is picked so far."""

from datetime import datetime

from bot.callbacks import BadTap, PostTap
from bot.conversation import Conversation
from bot.handlers import questions, times, zones
from bot.handlers.showing import current
from bot.services import Services
from bot.views import picker as views
from bot.views.screen import Screen
from core.posts.view import PostView
from core.states import Expecting
from core.times import (
    HORIZON,
    TimeProblem,
    at_instant,
    at_wall,
    country_of,
    first_weekday,
    minutes_of,
)
from core.users.users import ENGLISH


async def pick_day(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Offer the days of the month that the button names; of the post's own, or this one."""
    post = await current(talk, services, tap)
    zone = talk.creator.zone
    if zone is None:
        await zones.ask(talk, services, post=post)
        return
    now = services.clock()
    first, last = (at_instant(each, zone).wall.date() for each in (now, now + HORIZON))
    if tap.argument:
        shown = _read(f"{tap.argument}-01").date()
    else:
        shown = post.moment.wall.date() if post.moment else first
    month = min(max(shown, first), last).replace(day=1)
    week_from = first_weekday(talk.creator.reads or ENGLISH, territory=country_of(zone))
    screen = views.pick_day(post, month, zone=zone, now=now, week_from=week_from)
    await _ask(talk, services, post, screen)


async def pick_hour(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Offer the hours of the day that was tapped."""
    post = await current(talk, services, tap)
    zone = _zone(talk, tap)
    screen = views.pick_hour(post, _read(tap.argument).date(), zone=zone, now=services.clock())
    await _ask(talk, services, post, screen)


async def pick_minute(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Offer the minutes of the hour that was tapped; those of its day where it has gone by."""
    post = await current(talk, services, tap)
    zone, now, hour = _zone(talk, tap), services.clock(), _read(tap.argument)
    clocks = list(minutes_of(hour.date(), hour.hour, zone=zone, now=now))
    if clocks:
        screen = views.pick_minute(post, hour.date(), clocks, zone=zone, now=now)
    else:
        screen = views.pick_hour(post, hour.date(), zone=zone, now=now)
    await _ask(talk, services, post, screen)


async def picked(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Give the post the time that was picked; a doubled one is asked about."""
    post = await current(talk, services, tap)
    wall = _read(tap.argument)
    zone = _zone(talk, tap)
    try:
        moment = at_wall(wall, zone, now=services.clock())
    except TimeProblem as error:
        await times.refuse(talk, services, post, error)
    else:
        await times.take(talk, services, post, moment)


async def _ask(talk: Conversation, services: Services, post: PostView, screen: Screen) -> None:
    """Show a step; a time can still be typed instead."""
    await questions.ask(talk, services, Expecting.TIME, screen, post=post)


def _zone(talk: Conversation, tap: PostTap) -> str:
    """The creator's zone: no picker is shown without one."""
    if talk.creator.zone is None:
        raise BadTap(tap.argument)
    return talk.creator.zone


def _read(wall: str) -> datetime:
    """What a button carries: a day, an hour or a minute."""
    try:
        return datetime.fromisoformat(wall).replace(tzinfo=None)
    except ValueError:
        raise BadTap(wall) from None
