"""The creator's own settings: what they hear of and when, their clock, and where drafts go."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram import Message

from bot.callbacks import BadTap, SettingsTap, SettingsVerb
from bot.conversation import Conversation
from bot.handlers import times, zones
from bot.language import LANGUAGES, _, language_of, speak
from bot.services import Services
from bot.views import quiet
from bot.views import settings as views
from core.preferences import QuietHours
from core.states import AccountStatus
from core.users.users import Creator


async def show(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/settings`"""
    creator = await services.users.get(talk.creator.id)
    accounts = await services.accounts.of(creator.id)
    screen = views.settings(
        creator, services.clock(), tolerance=_tolerance(creator, services), accounts=accounts
    )
    await talk.show(screen)


async def tapped(talk: Conversation, services: Services, tap: SettingsTap) -> None:
    """A button of the settings, or of the questions they lead to."""
    await _ACTIONS[tap.verb](talk, services, tap.argument)


async def ask_lateness(talk: Conversation, services: Services, _argument: str) -> None:
    """Offer how late a post may still go out by itself."""
    await talk.show(views.ask_lateness(_tolerance(talk.creator, services)))


async def set_lateness(talk: Conversation, services: Services, minutes: str) -> None:
    """Keep what was tapped, and show the settings as they are now."""
    offered = {str(each // timedelta(minutes=1)): each for each in views.LATENESS}
    if minutes not in offered:
        raise BadTap(minutes)
    await services.users.set_late_tolerance(talk.creator.id, offered[minutes])
    await show(talk, services, None)


def _tolerance(creator: Creator, services: Services) -> timedelta:
    if creator.late_tolerance is not None:
        return creator.late_tolerance
    return timedelta(minutes=services.settings.late_tolerance_minutes)


async def ask_notices(talk: Conversation, _services: Services, _argument: str) -> None:
    """Offer to hear of everything, or of failures only."""
    await talk.show(views.ask_notices(only_failures=talk.creator.tells_only_failures))


async def set_notices(talk: Conversation, services: Services, which: str) -> None:
    if which not in {views.ALL, views.FAILURES}:
        raise BadTap(which)
    await services.users.set_notices(talk.creator.id, only_failures=which == views.FAILURES)
    await show(talk, services, None)


async def ask_quiet(talk: Conversation, services: Services, _argument: str) -> None:
    """Offer hours of the day in which good news waits; they need a clock."""
    if talk.creator.zone is None:
        await zones.ask(talk, services, post=None, why=_(quiet.NEEDS_ZONE))
        return
    screen = quiet.ask(talk.creator.quiet_hours, zone=talk.creator.zone, now=services.clock())
    await talk.show(screen)


async def ask_quiet_from(talk: Conversation, _services: Services, _argument: str) -> None:
    await talk.show(quiet.ask_start())


async def ask_quiet_until(talk: Conversation, _services: Services, start: str) -> None:
    if start not in quiet.HOURS:
        raise BadTap(start)
    await talk.show(quiet.ask_end(int(start)))


async def set_quiet(talk: Conversation, services: Services, hours: str) -> None:
    """Keep the hours that were tapped; none of them turns it off."""
    await services.users.set_quiet_hours(talk.creator.id, _quiet_hours(hours))
    await show(talk, services, None)


def _quiet_hours(hours: str) -> QuietHours | None:
    if not hours:
        return None
    start, _sep, end = hours.partition("-")
    if start == end or not {start, end} <= quiet.HOURS.keys():
        raise BadTap(hours)
    return QuietHours(start=int(start), end=int(end))


async def ask_new_drafts(talk: Conversation, services: Services, _argument: str) -> None:
    """Offer the accounts that new drafts can go to by themselves."""
    accounts = await services.accounts.of(talk.creator.id)
    usable = [each for each in accounts if each.status is AccountStatus.CONNECTED]
    await talk.show(views.ask_new_drafts(usable, chosen=talk.creator.default_account_id))


async def set_new_drafts(talk: Conversation, services: Services, account_id: str) -> None:
    accounts = await services.accounts.of(talk.creator.id)
    offered: dict[str, int | None] = {str(each.id): each.id for each in accounts} | {"": None}
    if account_id not in offered:
        raise BadTap(account_id)
    await services.users.set_default_account(talk.creator.id, offered[account_id])
    await show(talk, services, None)


async def ask_language(talk: Conversation, _services: Services, _argument: str) -> None:
    await talk.show(views.ask_language(talk.creator))


async def set_language(talk: Conversation, services: Services, language: str) -> None:
    """Speak it from now on; none is the language of the creator's Telegram."""
    if language and language not in LANGUAGES:
        raise BadTap(language)
    await services.users.set_language(talk.creator.id, language or None)
    speak(language_of(language or talk.creator.locale))
    await show(talk, services, None)


async def ask_keeping(talk: Conversation, _services: Services, _argument: str) -> None:
    """Offer how long clips are kept after they are published."""
    await talk.show(views.ask_keeping(talk.creator.keeps_files))


async def set_keeping(talk: Conversation, services: Services, days: str) -> None:
    offered = {str(each.days): each for each in views.KEEPING}
    if days not in offered:
        raise BadTap(days)
    await services.users.set_keeps_files(talk.creator.id, offered[days])
    await show(talk, services, None)


async def ask_zone(talk: Conversation, services: Services, _argument: str) -> None:
    await zones.ask(talk, services, post=None)


async def ask_location(talk: Conversation, services: Services, _argument: str) -> None:
    await zones.ask_location(talk, services)


async def set_zone(talk: Conversation, services: Services, zone: str) -> None:
    """Keep the zone, and go on with the post that waits for it."""
    waiting = await zones.set_zone(talk, services, zone)
    if waiting is not None:
        await times.zone_known(talk, services, waiting)


async def located(talk: Conversation, services: Services, message: Message) -> None:
    """A location came, asked for or not."""
    waiting = await zones.located(talk, services, message)
    if waiting is not None:
        await times.zone_known(talk, services, waiting)


_ACTIONS: dict[SettingsVerb, Callable[[Conversation, Services, str], Awaitable[None]]] = {
    SettingsVerb.ZONE: ask_zone,
    SettingsVerb.SET_ZONE: set_zone,
    SettingsVerb.LOCATION: ask_location,
    SettingsVerb.KEEP_CLOCK_TIMES: zones.keep_clock_times,
    SettingsVerb.KEEP_MOMENTS: zones.keep_moments,
    SettingsVerb.LATENESS: ask_lateness,
    SettingsVerb.SET_LATENESS: set_lateness,
    SettingsVerb.NOTICES: ask_notices,
    SettingsVerb.SET_NOTICES: set_notices,
    SettingsVerb.QUIET: ask_quiet,
    SettingsVerb.QUIET_FROM: ask_quiet_from,
    SettingsVerb.QUIET_UNTIL: ask_quiet_until,
    SettingsVerb.SET_QUIET: set_quiet,
    SettingsVerb.NEW_DRAFTS: ask_new_drafts,
    SettingsVerb.SET_NEW_DRAFTS: set_new_drafts,
    SettingsVerb.LANGUAGE: ask_language,
    SettingsVerb.SET_LANGUAGE: set_language,
    SettingsVerb.KEEPING: ask_keeping,
    SettingsVerb.SET_KEEPING: set_keeping,
}
