"""The times of a batch: how they are spread, typed or tapped, and when they begin."""

from datetime import datetime, time, timedelta

from bot.callbacks import BadTap, BatchTap
from bot.conversation import Conversation
from bot.handlers import questions, queue, zones
from bot.handlers.bulk.showing import ask_for_account, current, put
from bot.services import Services
from bot.views.bulk import times as views
from core.bulk.view import BatchView
from core.queue.plans import EveryHours, NoRoom, PostingSlots, Spread, Weekly
from core.queue.week_words import read_week_times
from core.states import Expecting
from core.times import DoesNotExist, HappensTwice, NotUnderstood, at_instant, at_wall


async def ask(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """Offer ways to spread the times; ask for the zone first where it is not known."""
    batch = await services.batches.get(talk.creator.id, tap.batch_id)
    if talk.creator.zone is None:
        await zones.ask(talk, services, post=None)
        return
    if batch.without_account:
        await ask_for_account(talk, services, batch)
        return
    await _offer(talk, services, batch)


async def typed(talk: Conversation, services: Services, batch: BatchView, text: str) -> None:
    """Times of day, or of the week, that were asked for."""
    try:
        found = read_week_times(text, talk.creator.time_languages)
    except NotUnderstood:
        await _offer(talk, services, batch, note=views.not_understood())
        return
    await _spread(talk, services, batch, Weekly(times=tuple(sorted(found))), batch.start)


async def every(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """One post each so many hours."""
    if tap.argument not in {str(hours) for hours in views.HOURS}:
        raise BadTap(tap.argument)
    batch = await current(talk, services, tap)
    await _spread(talk, services, batch, EveryHours(hours=int(tap.argument)), batch.start)


async def slots(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """Into the posting slots of each account; one that has none gets them first."""
    batch = await current(talk, services, tap)
    for account_id in batch.account_ids:
        if not await services.queue.slots(talk.creator.id, account_id):
            await queue.show(talk, services, account_id, note=views.no_slots())
            return
    await _spread(talk, services, batch, PostingSlots(), batch.start)


async def start(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """When the plan begins; where there is a plan, it is made anew."""
    if tap.argument not in views.STARTS:
        raise BadTap(tap.argument)
    batch = await current(talk, services, tap)
    begins = _starts(talk, services)[tap.argument]
    if batch.spread is None:
        changed = await services.planning.begin(
            talk.creator.id, batch.id, seen=batch.stamp, start=begins
        )
        await _offer(talk, services, changed)
    else:
        await _spread(talk, services, batch, batch.spread, begins)


async def _spread(
    talk: Conversation,
    services: Services,
    batch: BatchView,
    spread: Spread,
    begins: datetime | None,
) -> None:
    if not batch.posts:
        await put(talk, services, batch, note=views.no_posts())
        return
    try:
        planned = await services.planning.spread(
            talk.creator.id, batch.id, seen=batch.stamp, spread=spread, start=begins
        )
    except NoRoom:
        await _offer(talk, services, batch, note=views.no_room())
        return
    await questions.over(talk, services, Expecting.BATCH_TIMES)
    await put(talk, services, planned)


async def _offer(
    talk: Conversation, services: Services, batch: BatchView, *, note: str = ""
) -> None:
    await questions.expect(talk, services, Expecting.BATCH_TIMES, post_id=None)
    screen = views.times(
        batch,
        zone=talk.creator.zone or "",
        now=services.clock(),
        quiet=talk.creator.quiet_hours,
        starts=_starts(talk, services),
        note=note,
    )
    await put(talk, services, batch, screen=screen)


def _starts(talk: Conversation, services: Services) -> dict[str, datetime | None]:
    """The instants of `views.STARTS` for the creator now."""
    zone, now = talk.creator.zone or "", services.clock()
    today = at_instant(now, zone).wall.date()
    days = {"tomorrow": 1, "monday": 7 - today.weekday()}
    return {"now": None} | {
        key: _midnight(datetime.combine(today + timedelta(days=ahead), time()), zone, now)
        for key, ahead in days.items()
    }


def _midnight(wall: datetime, zone: str, now: datetime) -> datetime:
    try:
        return at_wall(wall, zone, now=now).utc
    except DoesNotExist as jump:
        return jump.nearest.utc
    except HappensTwice as twice:
        return twice.first.utc
