"""Lists of posts, and what can be done with a post from there."""

from contextlib import suppress
from dataclasses import replace

from telegram import Message

from bot.callbacks import BadTap, ListTap, ListVerb, PostTap
from bot.conversation import Conversation
from bot.handlers import questions, showing
from bot.language import _
from bot.services import Services
from bot.views import history as history_views
from bot.views import narrowing
from bot.views import posts as views
from core.errors import NotFound, WrongState
from core.lists.places import Place
from core.lists.selection import Selection, Tab, fitting
from core.states import Expecting, PostStatus
from core.times import UTC_ZONE, at_instant, country_of, first_weekday


async def show(talk: Conversation, services: Services, message: Message | None) -> None:
    """`/posts`: what is open, first what needs its creator; with words, what has them."""
    typed = (message.text or "").partition(" ")[2] if message else ""
    await _show(talk, services, _search(typed) if typed.strip() else None)


async def tapped(talk: Conversation, services: Services, tap: ListTap) -> None:
    """A button of a list; raises `BadTap` for data that no button carries."""
    try:
        selection = Selection.named(tap.selection)
        match tap.verb:
            case ListVerb.PAGE:
                await _come_back(talk, services, tap.at)
                await _show(talk, services, selection, at=tap.at)
            case ListVerb.OPEN:
                await _open(talk, services, selection, tap.at)
            case ListVerb.SEARCH:
                screen = views.ask_words(selection)
                await questions.ask(talk, services, Expecting.WORDS, screen, post=None)
            case ListVerb.LEAVE:
                await questions.over(talk, services, Expecting.WORDS)
                await _show(talk, services, selection)
            case ListVerb.NARROW | ListVerb.FROM_DAY | ListVerb.TO_DAY:
                await _narrow(talk, services, tap.verb, selection)
    except ValueError:
        raise BadTap(tap.at) from None


async def words_typed(talk: Conversation, services: Services, text: str) -> None:
    """The words to search for."""
    await questions.over(talk, services, Expecting.WORDS)
    await _show(talk, services, _search(text))


def _search(text: str) -> Selection:
    return Selection(tab=Tab.ALL, words=fitting(text))


async def _show(
    talk: Conversation,
    services: Services,
    selection: Selection | None,
    *,
    at: str = "",
) -> None:
    """A page of the list, or of a day of the calendar."""
    owner_id, zone = talk.creator.id, zone_of(talk)
    page = await services.lists.page(owner_id, selection, zone=zone, limit=views.LISTED, at=at)
    accounts = await services.accounts.of(owner_id)
    await talk.show(views.listing(page, accounts))


async def _open(talk: Conversation, services: Services, selection: Selection, at: str) -> None:
    """The card of a post of the list, with the way back."""
    _side, place = Place.named(at)
    post = await services.posts.get(talk.creator.id, place.post_id)
    await questions.leave(talk, services, post.id)
    below = views.back_to_list(selection, at)
    await showing.put(talk, services, post, showing.card(services, post, below=below))


async def _come_back(talk: Conversation, services: Services, at: str) -> None:
    """Where a post's card gives its message back to the list, it is the post's card no more."""
    if not at.startswith("="):
        return
    _side, place = Place.named(at)
    with suppress(NotFound):  # discarded meanwhile
        post = await services.posts.get(talk.creator.id, place.post_id)
        if post.card_message_id == talk.tapped_message_id:
            await services.cards.gone(post)


async def _narrow(
    talk: Conversation, services: Services, verb: ListVerb, selection: Selection
) -> None:
    begins = week_begins(talk)
    match verb:
        case ListVerb.FROM_DAY:
            screen = narrowing.pick_first(selection, first_weekday=begins)
        case ListVerb.TO_DAY:
            screen = narrowing.pick_last(selection, first_weekday=begins)
        case _:
            today = at_instant(services.clock(), zone_of(talk)).wall.date()
            accounts = await services.accounts.of(talk.creator.id)
            screen = narrowing.narrow(selection, accounts, today=today, first_weekday=begins)
    await talk.show(screen)


def zone_of(talk: Conversation) -> str:
    """The zone whose days count for the creator."""
    return talk.creator.zone or UTC_ZONE


def week_begins(talk: Conversation) -> int:
    """The first day of the creator's weeks, 0 for Monday."""
    return first_weekday(talk.creator.reads or "en", country_of(zone_of(talk)))


async def history(talk: Conversation, services: Services, tap: PostTap) -> None:
    """What happened to a post."""
    post = await services.posts.get(talk.creator.id, tap.post_id)
    events, is_all = await services.history.of(talk.creator.id, post.id)
    zone = zone_of(talk)
    await talk.show(history_views.history(post, events, is_all=is_all, zone=zone))


async def duplicate(talk: Conversation, services: Services, tap: PostTap) -> None:
    """A draft like this post, in a message of its own."""
    copy = await services.copies.duplicate(talk.creator.id, tap.post_id, version=tap.version)
    await showing.show(talk, services, tap.post_id)
    below = replace(talk, tapped_message_id=None)
    await showing.draw(below, services, copy, note=_(views.COPIED))


async def undo(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Take the cancelling of a post back."""
    try:
        post = await services.undoing.cancel(talk.creator.id, tap.post_id, version=tap.version)
    except WrongState as error:
        if error.status is not PostStatus.CANCELLED:
            raise
        await showing.show(talk, services, tap.post_id, note=views.too_late_to_undo())
        return
    note = views.UNDONE if post.status is PostStatus.SCHEDULED else views.UNDONE_BUT_HELD
    await showing.draw(talk, services, post, note=_(note))
