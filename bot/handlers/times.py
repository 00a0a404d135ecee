"""The time of a post: asked for, typed, tapped, moved, and taken from its caption."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.callbacks import BadTap, PostTap
from bot.conversation import Conversation
from bot.handlers import questions, showing, zones
from bot.handlers.showing import current
from bot.language import _
from bot.services import Services
from bot.views import when as views
from bot.views.screen import Screen
from core.posts.view import PostView
from core.states import Expecting
from core.times import (
    Moment,
    TimeProblem,
    at_instant,
    check_range,
    quick_times,
    split_leading,
    understand,
)
from core.users.users import Creator


@dataclass(frozen=True, kw_only=True)
class Read:
    """What was written below a clip: `lead` are the time words taken from it, `caption` is what
    remains. Where they name no time that can be kept, `problem` says why (HTML) and `offers` are
    the moments that may have been meant.
    """

    moment: Moment | None
    caption: str
    lead: str
    problem: str = ""
    offers: Sequence[Moment] = ()


def read_caption(text: str, creator: Creator, *, now: datetime, zone: str) -> Read:
    """Tell the time words that lead a caption from the caption."""
    moment, problem = None, None
    try:
        moment, rest = split_leading(text, now=now, zone=zone, languages=creator.time_languages)
    except TimeProblem as error:
        rest, problem = error.rest, error
    if moment is None and problem is None:
        return Read(moment=None, caption=text.strip(), lead="")
    return Read(
        moment=moment,
        caption=rest,
        lead=text.strip().removesuffix(rest).strip(),
        problem=views.explain(problem) if problem else "",
        offers=views.nearest(problem) if problem else (),
    )


def card(services: Services, post: PostView, read: Read, *, note: str = "") -> Screen:
    """The card of a post whose caption was read: what was taken from it, and what is asked."""
    notes = "\n\n".join(filter(None, (note, read.problem)))
    screen = showing.card(services, post, note=notes)
    return replace(screen, rows=[*views.offers(post, read.offers), *screen.rows])


async def ask(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Offer times; ask for the zone first where it is not known."""
    post = await current(talk, services, tap)
    if talk.creator.zone is None:
        await zones.ask(talk, services, post=post)
    else:
        await _offer(talk, services, post, zone=talk.creator.zone)


async def _offer(talk: Conversation, services: Services, post: PostView, *, zone: str) -> None:
    now = services.clock()
    free = await services.queueing.next_free(talk.creator.id, post.id)
    screen = views.when(post, quick_times(now, zone), zone=zone, now=now, free_slot=free)
    await questions.ask(talk, services, Expecting.TIME, screen, post=post)


async def typed(talk: Conversation, services: Services, post_id: int, text: str) -> None:
    """The time that was asked for."""
    post = await services.posts.get(talk.creator.id, post_id)
    if talk.creator.zone is None:
        await zones.ask(talk, services, post=post)
        return
    now, zone, languages = services.clock(), talk.creator.zone, talk.creator.time_languages
    try:
        moment = await understand(text, now=now, zone=zone, languages=languages)
    except TimeProblem as error:
        await refuse(talk, services, post, error)
    else:
        await take(talk, services, post, moment)


async def tapped(talk: Conversation, services: Services, tap: PostTap) -> None:
    """A time that was offered."""
    post = await current(talk, services, tap)
    try:
        moment = _moment(talk, services, tap)
    except TimeProblem as error:
        await refuse(talk, services, post, error)
    else:
        await take(talk, services, post, moment)


async def refuse(
    talk: Conversation, services: Services, post: PostView, error: TimeProblem
) -> None:
    """Say why a time cannot be kept, and offer the nearest."""
    await showing.put(talk, services, post, views.problem(post, error))


async def take(talk: Conversation, services: Services, post: PostView, moment: Moment) -> None:
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
        await refuse(talk, services, post, error)
        return
    post = await services.posts.move(talk.creator.id, tap.post_id, version=tap.version, to=moment)
    await questions.leave(talk, services, post.id)
    await showing.draw(talk, services, post, note=_(views.MOVED))


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
    read = read_caption(post.caption, creator, now=services.clock(), zone=creator.zone)
    if not post.untouched or not read.lead:
        await _offer(fresh, services, post, zone=creator.zone)
        return
    changed = await services.posts.edit(
        creator.id,
        post.id,
        version=post.version,
        caption=read.caption,
        moment=read.moment,
        time_words=read.lead,
    )
    await showing.put(fresh, services, changed, card(services, changed, read))


async def keep_caption(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The time words were meant to stay in the caption: put them back."""
    post = await current(talk, services, tap)
    caption = f"{post.time_words} {post.caption}".strip()
    await showing.edit(talk, services, post, caption=caption, moment=None)
