"""What a creator can set."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from telegram import InlineKeyboardButton

from bot.callbacks import MenuTap, MenuVerb, SettingsTap, SettingsVerb
from bot.language import LANGUAGES, N_, _, clock_words, language_of, ngettext, number
from bot.views import quiet
from bot.views.screen import MOST_CHOICES, Screen, button, handle, in_rows, zone_name
from core.accounts.accounts import ConnectedAccount
from core.retention import KEPT
from core.times import at_instant, describe_offset
from core.users.users import Creator

LATENESS = {
    timedelta(): N_("Not at all"),
    timedelta(minutes=15): N_("15 min"),
    timedelta(minutes=30): N_("30 min"),
    timedelta(hours=2): N_("2 h"),
    timedelta(days=1): N_("1 day"),
}
"""How late a post may go out by itself, as offered."""
KEEPING = tuple(timedelta(days=days) for days in (0, 1, 7, 30, 90))
"""How long clips and photos may be kept after they are published, as offered."""
ALL, FAILURES = "all", "failures"
_CHOSEN = "● "


def settings(
    creator: Creator,
    now: datetime,
    *,
    tolerance: timedelta,
    accounts: Sequence[ConnectedAccount],
) -> Screen:
    """What can be set, and how it is now."""
    lines = [
        f"<b>{_('Settings')}</b>",
        f"🌍 {_zone(creator.zone, now)}",
        f"⏰ {_late(tolerance)}",
        f"🔔 {_notices(creator)}",
        f"🌙 {quiet.now_set(creator.quiet_hours)}",
        f"🗣 {_language(creator)}",
        f"🗂 {_kept(creator.keeps_files)}",
    ]
    choices = [
        button(_("Change time zone"), SettingsTap(SettingsVerb.ZONE)),
        button(_("Late posts"), SettingsTap(SettingsVerb.LATENESS)),
        button(_("Notices"), SettingsTap(SettingsVerb.NOTICES)),
        button(_("Quiet hours"), SettingsTap(SettingsVerb.QUIET)),
        button(_("Language"), SettingsTap(SettingsVerb.LANGUAGE)),
        button(_("Keeping files"), SettingsTap(SettingsVerb.KEEPING)),
    ]
    if len(accounts) > 1:
        lines.append(f"👤 {_new_drafts(creator, accounts)}")
        choices.append(button(_("New drafts"), SettingsTap(SettingsVerb.NEW_DRAFTS)))
    return Screen(text="\n".join(lines), rows=in_rows(choices))


def back_to_settings() -> InlineKeyboardButton:
    return button(_("‹ Settings"), MenuTap(MenuVerb.SETTINGS))


def ask_lateness(tolerance: timedelta) -> Screen:
    """Offers how late a post may go out by itself."""
    choices = [
        button(
            (_CHOSEN if each == tolerance else "") + _(label),
            SettingsTap(SettingsVerb.SET_LATENESS, str(each // timedelta(minutes=1))),
        )
        for each, label in LATENESS.items()
    ]
    return Screen(
        text=_(
            "<b>When a post could not start in time, how late may it still go out?</b>\n"
            "Beyond that it waits, and I ask you what to do."
        ),
        rows=[*in_rows(choices), [back_to_settings()]],
    )


def ask_notices(*, only_failures: bool) -> Screen:
    """Offers to hear of everything, or of failures only."""
    choices = [
        button((_CHOSEN if chosen else "") + label, SettingsTap(SettingsVerb.SET_NOTICES, which))
        for which, label, chosen in (
            (ALL, _("All"), not only_failures),
            (FAILURES, _("Failures only"), only_failures),
        )
    ]
    return Screen(
        text=_(
            "<b>What shall I tell you of?</b>\n"
            "With “Failures only” I am silent when a post goes out as planned. Whatever needs you, "
            "and how it ends, I always tell."
        ),
        rows=[choices, [back_to_settings()]],
    )


def ask_new_drafts(accounts: Sequence[ConnectedAccount], *, chosen: int | None) -> Screen:
    """Offers the account that new drafts go to."""
    named = [
        (str(each.id), f"{each.nickname} · {each.name}", each.id == chosen)
        for each in accounts[:MOST_CHOICES]
    ]
    choices = [
        button((_CHOSEN if is_it else "") + name, SettingsTap(SettingsVerb.SET_NEW_DRAFTS, value))
        for value, name, is_it in [*named, ("", _("I choose each time"), chosen is None)]
    ]
    return Screen(
        text=_(
            "<b>Which account do new drafts go to?</b>\n"
            "Each draft's account can still be changed. Who can see a post, and what they may do "
            "with it, TikTok wants chosen anew each time."
        ),
        rows=[*in_rows(choices, 1), [back_to_settings()]],
    )


def ask_language(creator: Creator) -> Screen:
    """Offers the languages, each in its own words, and that of the creator's Telegram."""
    named = [*LANGUAGES.items(), ("", _("As in Telegram"))]
    choices = [
        button(
            (_CHOSEN if value == (creator.language or "") else "") + name,
            SettingsTap(SettingsVerb.SET_LANGUAGE, value),
        )
        for value, name in named
    ]
    return Screen(
        text=_("<b>Which language shall I speak?</b>\nTimes I understand in many more."),
        rows=[*in_rows(choices), [back_to_settings()]],
    )


def ask_keeping(kept: timedelta | None) -> Screen:
    """Offers how long clips and photos are kept after they are published."""
    choices = [
        button(
            (_CHOSEN if each == _or_default(kept) else "") + _days(each),
            SettingsTap(SettingsVerb.SET_KEEPING, str(each.days)),
        )
        for each in KEEPING
    ]
    return Screen(
        text=_(
            "<b>How long shall I keep clips and photos after they are published?</b>\n"
            "While I keep them, you can look at them here and post them again, and they count in "
            "the room that you have. What is planned always keeps its own; after a failure they "
            "stay a week at least, for another try. At TikTok nothing changes."
        ),
        rows=[*in_rows(choices), [back_to_settings()]],
    )


def _or_default(kept: timedelta | None) -> timedelta:
    return KEPT if kept is None else kept


def _kept(kept: timedelta | None) -> str:
    kept = _or_default(kept)
    if not kept:
        return _("Clips and photos: <b>deleted here once they are published</b>")
    return _("Clips and photos: kept <b>{time}</b> after they are published").format(
        time=_days(kept)
    )


def _days(kept: timedelta) -> str:
    if not kept:
        return _("Not at all")
    return ngettext("{count} day", "{count} days", kept.days).format(count=number(kept.days))


def _zone(zone: str | None, now: datetime) -> str:
    if zone is None:
        return _("Time zone: <i>not set yet</i>")
    return _("Time zone: <b>{zone}</b> ({offset}), there it is {time}").format(
        zone=zone_name(zone, now),
        offset=describe_offset(zone, now),
        time=clock_words(at_instant(now, zone).wall),
    )


def _late(tolerance: timedelta) -> str:
    if not tolerance:
        return _("Late posts: <b>always ask me first</b>")
    minutes = tolerance // timedelta(minutes=1)
    known = LATENESS.get(tolerance)
    words = _(known) if known else _("{minutes} min").format(minutes=minutes)
    return _("Late posts: go out up to <b>{time}</b> late, after that I ask you").format(time=words)


def _language(creator: Creator) -> str:
    language = language_of(creator.reads)
    name = LANGUAGES.get(language, language)
    if creator.language is None and (creator.locale or "").startswith(language):
        return _("Language: <b>{language}</b>, as in Telegram").format(language=name)
    return _("Language: <b>{language}</b>").format(language=name)


def _notices(creator: Creator) -> str:
    if creator.tells_only_failures:
        return _("Notices: <b>failures only</b>")
    return _("Notices: <b>all</b>")


def _new_drafts(creator: Creator, accounts: Sequence[ConnectedAccount]) -> str:
    for account in accounts:
        if account.id == creator.default_account_id:
            return _("New drafts go to <b>{account}</b>").format(account=handle(account.name))
    return _("New drafts: <b>I choose the account each time</b>")
