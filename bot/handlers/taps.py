"""A button was tapped: answered at once, then read and sent where it belongs."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import CallbackQuery
from telegram.error import TelegramError

from bot.callbacks import AccountTap, MenuTap, MenuVerb, PostTap, PostVerb, Tap, read
from bot.conversation import Conversation
from bot.handlers import accounts, card, consent, posts, settings, showing, times
from bot.services import Services
from bot.telegram_errors import Trouble, trouble
from bot.views.accounts import wait
from core.errors import NotFound
from core.limits import LimitReached

CHATS_REMEMBERED = 1024


async def acknowledge(query: CallbackQuery) -> None:
    """Stop the button's spinner before anything that takes time."""
    try:
        await query.answer()
    except TelegramError as error:
        if trouble(error) not in {Trouble.QUERY_EXPIRED, Trouble.PASSING, Trouble.SLOW_DOWN}:
            raise


class Taps:
    """Does what buttons say, and knows the last tap of each chat that changed something.

    A finger that taps twice sends the same data twice from the same message: the second time there
    is nothing to do and nothing to say, as long as what the first one left is as it left it.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._last: OrderedDict[int, _Done] = OrderedDict()

    async def tapped(self, talk: Conversation, data: str) -> None:
        """Do what the button says; raises `BadTap` for data that no button carries."""
        tap = read(data)
        seen = _Done(message_id=talk.tapped_message_id, tap=tap, left=await self._state(talk, tap))
        if seen == self._last.pop(talk.creator.chat_id, None):
            self._remember(talk, seen)
            return
        await _act(talk, self._services, tap)
        done = replace(seen, left=await self._state(talk, tap))
        if done != seen:
            self._remember(talk, done)

    def _remember(self, talk: Conversation, done: "_Done") -> None:
        self._last[talk.creator.chat_id] = done
        if len(self._last) > CHATS_REMEMBERED:
            self._last.popitem(last=False)

    async def _state(self, talk: Conversation, tap: Tap) -> object:
        """What a tap can change, as a value to compare."""
        try:
            match tap:
                case PostTap(post_id=post_id):
                    return (await self._services.posts.get(talk.creator.id, post_id)).version
                case AccountTap(account_id=account_id):
                    account = await self._services.accounts.get(
                        talk.creator.id, account_id, let_go=True
                    )
                    return account.status
        except NotFound:
            pass
        return None


@dataclass(frozen=True, kw_only=True)
class _Done:
    """A tap on a message, and the state that it left."""

    message_id: int | None
    tap: Tap
    left: object


async def _act(talk: Conversation, services: Services, tap: Tap) -> None:
    match tap:
        case PostTap():
            await _post(talk, services, tap)
        case AccountTap():
            await accounts.tapped(talk, services, tap)
        case MenuTap():
            await _menu(talk, services, tap)


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
            await settings.ask_zone(talk, services, post=None)
        case MenuVerb.SET_ZONE:
            waiting = await settings.set_zone(talk, services, tap.argument)
            if waiting is not None:
                await times.zone_known(talk, services, waiting)
        case MenuVerb.KEEP_CLOCK_TIMES:
            await settings.keep_clock_times(talk, services, tap.argument)
        case MenuVerb.KEEP_MOMENTS:
            await settings.keep_moments(talk, services, tap.argument)


async def _post(talk: Conversation, services: Services, tap: PostTap) -> None:
    """A button of a post; an outdated one shows how things stand instead."""
    action = _POST_ACTIONS[tap.verb](talk, services, tap)
    try:
        await showing.possible(talk, services, tap.post_id, action)
    except LimitReached as error:
        await talk.say(wait(error.wait))


_POST_ACTIONS: dict[PostVerb, Callable[[Conversation, Services, PostTap], Awaitable[None]]] = {
    PostVerb.SHOW: card.show_again,
    PostVerb.CAPTION: card.ask_caption,
    PostVerb.NO_CAPTION: card.no_caption,
    PostVerb.KEEP_CAPTION: times.keep_caption,
    PostVerb.WHEN: times.ask,
    PostVerb.AT: times.tapped,
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
    PostVerb.EDIT: card.change,
    PostVerb.MOVE: times.ask,
    PostVerb.MOVE_SURE: times.move,
    PostVerb.RETRY: consent.retry,
    PostVerb.IS_LIVE: consent.settle,
    PostVerb.IS_NOT_LIVE: consent.settle,
    PostVerb.CANCEL: consent.ask_cancel,
    PostVerb.CANCEL_SURE: consent.cancel,
}
