"""Quiet hours: choosing them, and saying how they are set."""

from collections.abc import Sequence
from datetime import datetime, time

from telegram import InlineKeyboardButton

from bot.callbacks import MenuTap, MenuVerb, SettingsTap, SettingsVerb
from bot.language import N_, _, clock_words
from bot.views.screen import Screen, button, in_rows
from bot.views.when import times_are_in
from core.preferences import QuietHours

HOURS = {str(60 * hour): time(hour) for hour in range(24)}
"""What can be tapped, in minutes after midnight."""
OFFERED = (
    QuietHours(start=22 * 60, end=7 * 60),
    QuietHours(start=23 * 60, end=8 * 60),
    QuietHours(start=0, end=9 * 60),
)
NEEDS_ZONE = N_("Quiet hours are by your clock, so I need to know it first.")


def now_set(hours: QuietHours | None) -> str:
    """How they are set (HTML)."""
    if hours is None:
        return _("Quiet hours: <b>none</b>")
    return _("Quiet hours: <b>{hours}</b>").format(hours=_span(hours))


def ask(hours: QuietHours | None, *, zone: str, now: datetime) -> Screen:
    """Offers some usual hours, others, and none."""
    offers = [
        button(("● " if each == hours else "") + _span(each), _set(each.start, each.end))
        for each in OFFERED
    ]
    if hours is not None and hours not in OFFERED:
        offers.append(button(f"● {_span(hours)}", _set(hours.start, hours.end)))
    none = button(("● " if hours is None else "") + _("None"), SettingsTap(SettingsVerb.SET_QUIET))
    other = button(_("Other hours"), SettingsTap(SettingsVerb.QUIET_FROM))
    lines = [
        _("<b>When shall I be quiet?</b>"),
        _(
            "Posts go out as planned; what went well you hear when the quiet hours end. What needs "
            "you I tell at once, at any hour."
        ),
        times_are_in(zone, now),
    ]
    back = button(_("‹ Settings"), MenuTap(MenuVerb.SETTINGS))
    return Screen(text="\n".join(lines), rows=[*in_rows(offers), [other, none], [back]])


def ask_start() -> Screen:
    """Asks when they begin."""
    choices = [
        button(clock_words(clock), SettingsTap(SettingsVerb.QUIET_UNTIL, minutes))
        for minutes, clock in HOURS.items()
    ]
    return _grid(_("<b>Quiet from when?</b>"), choices, SettingsVerb.QUIET)


def ask_end(start: int) -> Screen:
    """Asks when they end, the hours after `start` first."""
    minutes = [(start + each) % (24 * 60) for each in range(60, 24 * 60, 60)]
    choices = [button(clock_words(_time(each)), _set(start, each)) for each in minutes]
    heading = _("<b>Quiet from {time} until when?</b>").format(time=clock_words(_time(start)))
    return _grid(heading, choices, SettingsVerb.QUIET_FROM)


def _grid(heading: str, choices: Sequence[InlineKeyboardButton], before: SettingsVerb) -> Screen:
    back = button(_("‹ Back"), SettingsTap(before))
    return Screen(text=heading, rows=[*in_rows(choices, 4), [back]])


def _set(start: int, end: int) -> SettingsTap:
    return SettingsTap(SettingsVerb.SET_QUIET, f"{start}-{end}")


def _span(hours: QuietHours) -> str:
    return f"{clock_words(_time(hours.start))}–{clock_words(_time(hours.end))}"


def _time(minutes: int) -> time:
    return time(*divmod(minutes, 60))
