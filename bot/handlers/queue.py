"""Posting slots: seen, added and removed; and a draft put into the next free one."""

from collections.abc import Collection

from bot.callbacks import BadTap, PostTap, QueueTap, QueueVerb
from bot.conversation import Conversation
from bot.handlers import questions, showing, times, zones
from bot.handlers.showing import current
from bot.services import Services
from bot.views import queue as views
from core.posts.queueing import NoFreeSlot
from core.queue.queue import TooManySlots
from core.queue.week_words import read_week_times
from core.queue.weeks import WeekTime, week_times
from core.states import Expecting
from core.times import NotUnderstood


async def tapped(talk: Conversation, services: Services, tap: QueueTap) -> None:
    """A button of an account's slots."""
    owner_id, account_id = talk.creator.id, tap.account_id
    account = await services.accounts.get(owner_id, account_id)
    match tap.verb:
        case QueueVerb.SHOW:
            await show(talk, services, account_id)
        case QueueVerb.HOUR:
            await talk.show(views.hours(account))
        case QueueVerb.DAYS:
            await talk.show(views.days(account, _minute(tap.argument)))
        case QueueVerb.ADD:
            await _add(talk, services, account_id, _chosen(tap.argument))
        case QueueVerb.REMOVE:
            await services.queue.remove(owner_id, account_id, _minute(tap.argument))
            await show(talk, services, account_id)
        case QueueVerb.CLEAR:
            await services.queue.remove(owner_id, account_id)
            await show(talk, services, account_id)


async def show(talk: Conversation, services: Services, account_id: int, *, note: str = "") -> None:
    """The slots of an account; what is typed next are times to add."""
    account = await services.accounts.get(talk.creator.id, account_id)
    times_ = await services.queue.slots(talk.creator.id, account_id)
    screen = views.slots(account, times_, note=note)
    await questions.ask(talk, services, Expecting.SLOTS, screen, post=None, subject_id=account_id)


async def typed(talk: Conversation, services: Services, text: str, account_id: int) -> None:
    """Times of the week for the account that they were asked for."""
    try:
        found = read_week_times(text, talk.creator.time_languages)
    except NotUnderstood:
        await talk.say(views.not_understood())
    else:
        await _add(talk, services, account_id, found)


async def take_next(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The next free slot for a post; one that was agreed to is moved there after a last look."""
    post = await current(talk, services, tap)
    if post.can_move:
        moment = await services.queueing.next_free(talk.creator.id, post.id)
        if moment is None:
            await showing.draw(talk, services, post, note=views.none_free())
        else:
            await times.take(talk, services, post, moment)
        return
    try:
        changed = await services.queueing.take(talk.creator.id, post.id, version=post.version)
    except NoFreeSlot:
        await showing.draw(talk, services, post, note=views.none_free())
        return
    await questions.leave(talk, services, post.id)
    await showing.draw(talk, services, changed)


async def _add(
    talk: Conversation, services: Services, account_id: int, found: Collection[WeekTime]
) -> None:
    if talk.creator.zone is None:
        await zones.ask(talk, services, post=None)
        return
    try:
        await services.queue.add(talk.creator.id, account_id, found)
    except TooManySlots:
        await show(talk, services, account_id, note=views.too_many())
    else:
        await show(talk, services, account_id)


def _minute(argument: str) -> int:
    if not argument.isdecimal() or int(argument) >= 24 * 60:
        raise BadTap(argument)
    return int(argument)


def _chosen(argument: str) -> frozenset[WeekTime]:
    """A time of day, and a name of several days or a weekday: "1140.work", "720.5"."""
    minute, _, which = argument.partition(".")
    if which in views.DAYS:
        return week_times(views.DAYS[which][1], [_minute(minute)])
    if which not in {str(day) for day in range(7)}:
        raise BadTap(argument)
    return week_times([int(which)], [_minute(minute)])
