"""A button was tapped: answered at once, then read and sent where it belongs."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery
from telegram.error import TelegramError

from bot.callbacks import AccountTap, BadTap, MenuTap, MenuVerb, PostTap, PostVerb, read
from bot.conversation import Conversation
from bot.handlers import accounts, card, consent, posts, settings, showing
from bot.services import Services
from bot.telegram_errors import Trouble, trouble
from bot.views.accounts import wait
from bot.views.consent import OUTDATED, TOO_LATE
from core import verdicts
from core.errors import ClipGone, Outdated, WrongState
from core.limits import LimitReached


async def acknowledge(query: CallbackQuery) -> None:
    """Stop the button's spinner before anything that takes time."""
    try:
        await query.answer()
    except TelegramError as error:
        if trouble(error) not in {Trouble.QUERY_EXPIRED, Trouble.PASSING, Trouble.SLOW_DOWN}:
            raise


async def tapped(talk: Conversation, services: Services, data: str) -> None:
    """Do what the button says; raises `BadTap` for data that no button carries."""
    match read(data):
        case PostTap() as tap:
            await _post(talk, services, tap)
        case AccountTap() as tap:
            await accounts.tapped(talk, services, tap)
        case MenuTap() as tap:
            await _menu(talk, services, tap)
        case _:
            raise BadTap(data)


async def _menu(talk: Conversation, services: Services, tap: MenuTap) -> None:
    match tap.verb:
        case MenuVerb.CONNECT:
            await accounts.connect(talk, services, None)
        case MenuVerb.ACCOUNTS:
            await accounts.show(talk, services, None)
        case MenuVerb.POSTS:
            await posts.upcoming(talk, services, at=tap.argument)
        case MenuVerb.PAST:
            await posts.past(talk, services, at=tap.argument)
        case MenuVerb.SETTINGS:
            await settings.show(talk, services, None)
        case MenuVerb.LATENESS:
            await settings.ask_lateness(talk, services)
        case MenuVerb.SET_LATENESS:
            await settings.set_lateness(talk, services, tap.argument)
        case MenuVerb.ZONE:
            await settings.ask_zone(talk, services, post_id=None)
        case MenuVerb.SET_ZONE:
            waiting = await settings.set_zone(talk, services, tap.argument)
            if waiting is not None:
                await card.zone_known(talk, services, waiting)


async def _post(talk: Conversation, services: Services, tap: PostTap) -> None:
    """A button of a post; an outdated one shows how things stand instead."""
    try:
        await _POST_ACTIONS[tap.verb](talk, services, tap)
    except Outdated:
        await showing.show(talk, services, tap.post_id, note=OUTDATED)
    except WrongState:
        await showing.show(talk, services, tap.post_id, note=TOO_LATE)
    except ClipGone:
        note = verdicts.of_code("clip_missing").says
        await showing.show(talk, services, tap.post_id, note=note)
    except LimitReached as error:
        await talk.say(wait(error.wait))


_POST_ACTIONS: dict[PostVerb, Callable[[Conversation, Services, PostTap], Awaitable[None]]] = {
    PostVerb.SHOW: card.show_again,
    PostVerb.CAPTION: card.ask_caption,
    PostVerb.NO_CAPTION: card.no_caption,
    PostVerb.WHEN: card.ask_when,
    PostVerb.AT: card.set_time,
    PostVerb.PRIVACY: card.ask_privacy,
    PostVerb.SET_PRIVACY: card.set_privacy,
    PostVerb.INTERACTIONS: card.ask_interactions,
    PostVerb.DISCLOSURE: card.ask_disclosure,
    PostVerb.TOGGLE: card.toggle,
    PostVerb.ACCOUNT: card.ask_account,
    PostVerb.SET_ACCOUNT: card.set_account,
    PostVerb.PREVIEW: card.preview,
    PostVerb.SCHEDULE: consent.confirm,
    PostVerb.POST_NOW: consent.confirm,
    PostVerb.AGREE: consent.agree,
    PostVerb.AGREE_NOW: consent.agree,
    PostVerb.DISCARD: consent.ask_discard,
    PostVerb.DISCARD_SURE: consent.discard,
    PostVerb.EDIT: consent.reopen,
    PostVerb.MOVE: consent.reopen,
    PostVerb.RETRY: consent.retry,
    PostVerb.IS_LIVE: consent.settle,
    PostVerb.IS_NOT_LIVE: consent.settle,
    PostVerb.CANCEL: consent.ask_cancel,
    PostVerb.CANCEL_SURE: consent.cancel,
}
