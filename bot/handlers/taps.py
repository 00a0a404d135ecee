"""A button was tapped: answered at once, then read and sent where it belongs."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from telegram import CallbackQuery
from telegram.error import TelegramError

from bot.callbacks import (
    AccountTap,
    AccountVerb,
    BatchTap,
    BatchVerb,
    CalendarTap,
    CalendarVerb,
    DataTap,
    DataVerb,
    FitTap,
    ListTap,
    MenuTap,
    MenuVerb,
    PostTap,
    PostVerb,
    QueueTap,
    SettingsTap,
    StatsTap,
    Tap,
    TemplateTap,
    read,
)
from bot.conversation import Conversation
from bot.handlers import (
    accounts,
    calendar,
    caption,
    card,
    consent,
    cover,
    fitting,
    inbox,
    mydata,
    photo_sheet,
    picker,
    posts,
    preview,
    queue,
    settings,
    several,
    showing,
    stats,
    templates,
    times,
)
from bot.handlers.bulk import batch as bulk
from bot.services import Services
from bot.telegram_errors import Trouble, trouble
from bot.views.accounts import wait
from core.errors import NotFound
from core.limits import LimitReached

CHATS_REMEMBERED = 1024
SENT_LATELY = timedelta(seconds=10)
"""What was sent so lately is not sent again by the second tap of the same finger."""


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
        last = self._last.pop(talk.creator.chat_id, None)
        if seen == last and not self._is_over(last):
            self._remember(talk, last)
            return
        await _act(talk, self._services, tap)
        left, at = await self._state(talk, tap), self._services.clock()
        done = replace(seen, left=left, at=at)
        if done != seen or _sends(tap):
            self._remember(talk, done)

    def _is_over(self, done: "_Done") -> bool:
        """Whether the same tap means once more: what was sent may have scrolled away since."""
        if not _sends(done.tap) or done.at is None:
            return False
        return self._services.clock() - done.at > SENT_LATELY

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
                case BatchTap(batch_id=batch_id):
                    return (await self._services.batches.get(talk.creator.id, batch_id)).stamp
                case FitTap(clip_id=clip_id):
                    return await self._services.fitting.of(talk.creator.id, clip_id)
        except NotFound:
            pass
        return None


@dataclass(frozen=True, kw_only=True)
class _Done:
    """A tap on a message, and the state that it left."""

    message_id: int | None
    tap: Tap
    left: object
    at: datetime | None = field(default=None, compare=False)


def _sends(tap: Tap) -> bool:
    """Whether the tap brings a message, a picture or a file, and changes nothing."""
    match tap:
        case PostTap(verb=PostVerb.PREVIEW | PostVerb.COVER | PostVerb.PHOTOS):
            return True
        case AccountTap(verb=AccountVerb.RECONNECT) | MenuTap(verb=MenuVerb.CONNECT):
            return True
        case BatchTap(verb=BatchVerb.EXAMPLE) | DataTap(verb=DataVerb.EXPORT):
            return True
        case CalendarTap(verb=CalendarVerb.PICTURE) | StatsTap():
            return True
    return False


async def _act(talk: Conversation, services: Services, tap: Tap) -> None:
    match tap:
        case PostTap():
            await _post(talk, services, tap)
        case AccountTap():
            await accounts.tapped(talk, services, tap)
        case MenuTap():
            await _menu(talk, services, tap)
        case ListTap():
            await posts.tapped(talk, services, tap)
        case CalendarTap():
            await calendar.tapped(talk, services, tap)
        case SettingsTap():
            await settings.tapped(talk, services, tap)
        case StatsTap():
            await stats.tapped(talk, services, tap)
        case DataTap():
            await mydata.tapped(talk, services, tap)
        case BatchTap():
            await bulk.tapped(talk, services, tap)
        case QueueTap():
            await queue.tapped(talk, services, tap)
        case TemplateTap():
            await templates.tapped(talk, services, tap)
        case FitTap():
            await fitting.tapped(talk, services, tap)


async def _menu(talk: Conversation, services: Services, tap: MenuTap) -> None:
    match tap.verb:
        case MenuVerb.CONNECT:
            await accounts.connect(talk, services, None)
        case MenuVerb.ACCOUNTS:
            await accounts.turn_to(talk, services, tap.argument)
        case MenuVerb.POSTS:
            await posts.show(talk, services, None)
        case MenuVerb.SETTINGS:
            await settings.show(talk, services, None)
        case MenuVerb.NOTHING:
            pass  # it only shows something


async def _post(talk: Conversation, services: Services, tap: PostTap) -> None:
    """A button of a post; an outdated one shows how things stand instead."""
    action = _POST_ACTIONS[tap.verb](talk, services, tap)
    try:
        await showing.possible(talk, services, tap.post_id, action)
    except LimitReached as error:
        await talk.say(wait(error.wait))


_POST_ACTIONS: dict[PostVerb, Callable[[Conversation, Services, PostTap], Awaitable[None]]] = {
    PostVerb.SHOW: card.show_again,
    PostVerb.CAPTION: caption.ask,
    PostVerb.NO_CAPTION: caption.take_away,
    PostVerb.HASHTAG: caption.toggle_hashtag,
    PostVerb.KEEP_CAPTION: times.keep_caption,
    PostVerb.WHEN: times.ask,
    PostVerb.AT: times.tapped,
    PostVerb.PICK_DAY: picker.pick_day,
    PostVerb.PICK_HOUR: picker.pick_hour,
    PostVerb.PICK_MINUTE: picker.pick_minute,
    PostVerb.PICKED: picker.picked,
    PostVerb.PRIVACY: card.ask_privacy,
    PostVerb.SET_PRIVACY: card.set_privacy,
    PostVerb.INTERACTIONS: card.ask_interactions,
    PostVerb.DISCLOSURE: card.ask_disclosure,
    PostVerb.TOGGLE: card.toggle,
    PostVerb.ACCOUNT: card.ask_account,
    PostVerb.SET_ACCOUNT: card.set_account,
    PostVerb.ALSO: several.ask,
    PostVerb.SET_ALSO: several.chosen,
    PostVerb.TOGETHER: several.together,
    PostVerb.PREVIEW: preview.send,
    PostVerb.COVER: cover.ask,
    PostVerb.SET_COVER: cover.choose,
    PostVerb.KEEP_COVER: cover.keep,
    PostVerb.DESCRIPTION: caption.ask,
    PostVerb.TITLE: photo_sheet.ask_title,
    PostVerb.NO_TITLE: photo_sheet.no_title,
    PostVerb.MUSIC: photo_sheet.toggle_music,
    PostVerb.PHOTOS: photo_sheet.ask,
    PostVerb.PHOTO: photo_sheet.choose,
    PostVerb.PHOTO_PLACES: photo_sheet.ask_place,
    PostVerb.MOVE_PHOTO: photo_sheet.change,
    PostVerb.COVER_PHOTO: photo_sheet.change,
    PostVerb.REMOVE_PHOTO: photo_sheet.change,
    PostVerb.PHOTOS_DONE: photo_sheet.done,
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
    PostVerb.UNDO: posts.undo,
    PostVerb.DUPLICATE: posts.duplicate,
    PostVerb.HISTORY: posts.history,
    PostVerb.SLOT: queue.take_next,
    PostVerb.TEMPLATE: templates.apply,
    PostVerb.SAVE_TEMPLATE: templates.ask_name,
    PostVerb.INBOX: inbox.ask,
    PostVerb.TO_INBOX: inbox.choose,
    PostVerb.TO_INBOX_NOW: inbox.choose,
    PostVerb.DIRECT: inbox.leave,
    PostVerb.SEND_NOW: consent.confirm,
    PostVerb.IS_IN_INBOX: consent.settle,
    PostVerb.WAS_POSTED: inbox.settle,
    PostVerb.WAS_DELETED: inbox.settle,
}
