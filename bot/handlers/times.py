"""The time of a post: asked for, typed, tapped, moved, and taken from its caption."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.callbacks import BadTap, PostTap
from bot.conversation import Conversation
from bot.handlers import questions, settings, showing
from bot.handlers.showing import current
from bot.services import Services
from bot.views import when as views
from core.posts import PostView
from core.states import Expecting
from core.times import (
    Moment,
    TimeProblem,
    at_instant,
    check_range,
    parse,
    quick_times,
    split_leading,
)


@dataclass(frozen=True, kw_only=True)
class Read:
    """What was written below a clip: `lead` are the time words taken from it, `problem` is why
    they name no time that can be kept (HTML), `caption` is what remains.
    """

    moment: Moment | None
    caption: str
    lead: str
    problem: str


def read_caption(text: str, *, now: datetime, zone: str) -> Read:
    """Tell the time words that lead a caption from the caption."""
    problem = ""
    try:
        moment, rest = split_leading(text, now=now, zone=zone)
    except TimeProblem as error:
        moment, rest, problem = None, error.rest, views.explain(error)
    if moment is None and not problem:
        return Read(moment=None, caption=text.strip(), lead="", problem="")
    lead = text.strip().removesuffix(rest).strip()
    return Read(moment=moment, caption=rest, lead=lead, problem=problem)


async def ask(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Offer times; ask for the zone first where it is not known."""
    post = await current(talk, services, tap)
    if talk.creator.zone is None:
        await settings.ask_zone(talk, services, post=post)
    else:
        await _offer(talk, services, post, zone=talk.creator.zone)


async def _offer(talk: Conversation, services: Services, post: PostView, *, zone: str) -> None:
    now = services.clock()
    screen = views.when(post, quick_times(now, zone), zone=zone, now=now)
    await questions.ask(talk, services, Expecting.TIME, screen, post=post)


async def typed(talk: Conversation, services: Services, post_id: int, text: str) -> None:
    """The time that was asked for."""
    post = await services.posts.get(talk.creator.id, post_id)
    if talk.creator.zone is None:
        await settings.ask_zone(talk, services, post=post)
        return
    try:
        moment = parse(text, now=services.clock(), zone=talk.creator.zone)
    except TimeProblem as error:
        await showing.put(talk, services, post, views.problem(post, error))
    else:
        await _take(talk, services, post, moment)


async def tapped(talk: Conversation, services: Services, tap: PostTap) -> None:
    """A time that was offered."""
    post = await current(talk, services, tap)
    try:
        moment = _moment(talk, services, tap)
    except TimeProblem as error:
        await showing.put(talk, services, post, views.problem(post, error))
    else:
        await _take(talk, services, post, moment)


async def _take(talk: Conversation, services: Services, post: PostView, moment: Moment) -> None:
    """Give a post its time; one that was agreed to is moved, after a look at both times."""
    if post.can_move:
        await showing.put(talk, services, post, views.move_sure(post, moment))
    else:
        await showing.edit(talk, services, post, moment=moment)


async def move(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The creator has confirmed another time for a post they had agreed to."""
    try:
        moment = _moment(talk, services, tap)
    except TimeProblem as error:
        post = await current(talk, services, tap)
        await showing.put(talk, services, post, views.problem(post, error))
        return
    post = await services.posts.move(talk.creator.id, tap.post_id, version=tap.version, to=moment)
    await questions.leave(talk, services, post.id)
    await showing.draw(talk, services, post, note=views.MOVED)


def _moment(talk: Conversation, services: Services, tap: PostTap) -> Moment:
    """What the button carries; raises `TimeProblem` for a time that cannot be kept any more."""
    try:
        instant = datetime.fromtimestamp(int(tap.argument), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadTap(tap.argument) from None
    if talk.creator.zone is None:
        raise BadTap(tap.argument)
    return check_range(at_instant(instant, talk.creator.zone), now=services.clock())


async def zone_known(talk: Conversation, services: Services, post_id: int) -> None:
    """The zone that a post waited for is set: go on with its time, in a new message."""
    post = await services.posts.get(talk.creator.id, post_id)
    creator = await services.users.get(talk.creator.id)
    if creator.zone is None:
        return
    fresh = replace(talk, creator=creator, tapped_message_id=None)
    read = read_caption(post.caption, now=services.clock(), zone=creator.zone)
    if not post.untouched or not read.lead:
        await _offer(fresh, services, post, zone=creator.zone)
        return
    changed = await services.posts.edit(
        creator.id, post.id, version=post.version, caption=read.caption, moment=read.moment
    )
    screen = showing.card(services, changed, note=read.problem, taken=read.lead)
    await showing.put(fresh, services, changed, screen)


async def keep_caption(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The time words were meant to stay in the caption: put them back."""
    post = await current(talk, services, tap)
    caption = f"{tap.argument} {post.caption}".strip()
    await showing.edit(talk, services, post, caption=caption, moment=None)
