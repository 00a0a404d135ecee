"""Finding out which zone a creator's clock is in."""

from collections.abc import Sequence
from datetime import datetime
from html import escape, unescape

from telegram import (
    InlineKeyboardButton,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.callbacks import MenuTap, MenuVerb, SettingsTap, SettingsVerb
from bot.language import N_, _, clock_words, near_moment_words, ngettext, number
from bot.views.screen import Rows, Screen, button, in_rows, place, zone_name
from core.notifications import Notice
from core.times import at_instant, describe_offset
from core.users.zone_change import Shift, Shifted

UNKNOWN_PLACE = N_("I know no city or time of that name. A bigger city near you?")


def caption_has_time(caption: str) -> str:
    """Why the zone is asked for, though nobody asked for a time (HTML)."""
    return _(
        "“{caption}”\n\nYour caption begins with a time. Which moment that is depends on where you "
        "live."
    ).format(caption=escape(caption))


def ask_zone(back: InlineKeyboardButton, *, lead: str = "") -> Screen:
    """Telegram tells bots no time zone, so it is asked for; `lead` says why (HTML)."""
    return Screen(
        text=(f"{lead}\n\n" if lead else "")
        + _(
            "<b>Which clock do you live by?</b>\nType your city (“Madrid”), or what time it is for "
            "you right now (“14:30”). Or send me your location."
        ),
        rows=[[button(_("📍 Send my location"), SettingsTap(SettingsVerb.LOCATION))], [back]],
    )


def ask_location() -> Screen:
    """Asks for the location with the chat's own keyboard: only that can send it."""
    key = KeyboardButton(_("📍 Send my location"), request_location=True)
    return Screen(
        text=_(
            "Tap <b>Send my location</b> below the text field of your phone: I only look up its "
            "time zone. Or type your city."
        ),
        chat_keyboard=ReplyKeyboardMarkup(
            [[key]],
            resize_keyboard=True,
            one_time_keyboard=True,
            input_field_placeholder=_("Or type your city"),
        ),
    )


def located(zone: str | None, now: datetime) -> Screen:
    """Says which zone a location lies in, and puts the keyboard away."""
    if zone is None:
        text = _("I know no time zone for that place. Please type your city instead.")
    else:
        text = _("📍 Clocks there: {zone} ({offset}).").format(
            zone=zone_name(zone, now), offset=describe_offset(zone, now)
        )
    return Screen(text=text, chat_keyboard=ReplyKeyboardRemove())


def no_location_needed() -> Screen:
    """Puts the keyboard away once the zone is known without it."""
    return Screen(text=_("No location needed any more."), chat_keyboard=ReplyKeyboardRemove())


def offer(zone: str, now: datetime) -> Screen:
    """Offers the zone of a place that nobody had asked for."""
    return Screen(text=_("Shall I read your times by that clock?"), rows=[[_use(zone, now)]])


def from_browser(owed: Notice) -> Screen:
    """The zone that a browser told: set where none was, else offered."""
    zone, told_at = str(owed.payload["zone"]), datetime.fromisoformat(owed.payload["told_at"])
    clock = _("🌍 Your browser's clock is that of <b>{zone}</b> ({offset}).").format(
        zone=zone_name(zone, told_at), offset=describe_offset(zone, told_at)
    )
    if owed.payload["is_set"]:
        text = _("I read your times by it from now on.")
        choice = button(_("Change time zone"), SettingsTap(SettingsVerb.ZONE))
    else:
        text = _("Your times stay as they are, unless you say otherwise.")
        choice = _use(zone, told_at)
    return Screen(text=f"{clock} {text}", rows=[[choice]])


def _use(zone: str, now: datetime) -> InlineKeyboardButton:
    label = _("Use {place}").format(place=unescape(place(zone, now)))
    return button(label, SettingsTap(SettingsVerb.SET_ZONE, zone))


def candidates(zones: Sequence[str], now: datetime) -> Screen:
    """Zones to choose from."""
    choices = [
        button(
            f"{unescape(place(zone, now))} · {clock_words(at_instant(now, zone).wall)}",
            SettingsTap(SettingsVerb.SET_ZONE, zone),
        )
        for zone in zones
    ]
    return Screen(
        text=_("Which of these? The time beside each is what clocks show there now."),
        rows=in_rows(choices),
    )


def zone_set(zone: str, now: datetime, shifts: Sequence[Shift] = ()) -> Screen:
    """Says what was kept; asks about planned posts whose clock time means another moment there."""
    lines = [
        _("🌍 Your times are in <b>{zone}</b> now ({offset}), where it is {time}.").format(
            zone=zone_name(zone, now),
            offset=describe_offset(zone, now),
            time=clock_words(at_instant(now, zone).wall),
        )
    ]
    if not shifts:
        return Screen(text="\n".join([*lines, _("Posts that are scheduled keep their moment.")]))
    following = shifts[0]
    old, new = following.before, at_instant(following.before.utc, zone)
    lines += [
        "",
        ngettext(
            "You have {count} post planned by another clock, for {old} in {zone}. By your clock "
            "now, that is {new}.",
            "You have {count} posts planned by another clock, the next for {old} in {zone}. By "
            "your clock now, that is {new}.",
            len(shifts),
        ).format(
            count=number(len(shifts)),
            old=near_moment_words(old.wall),
            zone=zone_name(old.zone, now),
            new=near_moment_words(new.wall),
        ),
        _("<b>Keep the clock time, or the moment?</b> Until you choose, the moment stays."),
    ]
    return Screen(
        text="\n".join(lines),
        rows=[
            [
                button(
                    _("Keep the clock time ({time} there)").format(
                        time=clock_words(following.after.wall)
                    ),
                    SettingsTap(SettingsVerb.KEEP_CLOCK_TIMES, zone),
                )
            ],
            [button(_("Keep the same moment"), SettingsTap(SettingsVerb.KEEP_MOMENTS, zone))],
        ],
    )


def moments_kept() -> Screen:
    """Says that nothing moves."""
    return Screen(text=_("👍 Your posts go out at the same moment as before."), rows=_posts())


def clock_times_kept(zone: str, now: datetime, done: Shifted) -> Screen:
    """Says how many posts have another moment now, and how many could not follow."""
    lines = []
    if done.moved:
        moved = ngettext(
            "👍 {count} post moved: the clock time stays, now in <b>{zone}</b>.",
            "👍 {count} posts moved: the clock time stays, now in <b>{zone}</b>.",
            done.moved,
        )
        lines.append(moved.format(count=number(done.moved), zone=zone_name(zone, now)))
    if done.left:
        left = ngettext(
            "ℹ️ {count} post kept the moment: there the clock time has gone by.",
            "ℹ️ {count} posts kept the moment: there the clock time has gone by.",
            done.left,
        )
        lines.append(left.format(count=number(done.left)))
    if not lines:
        lines.append(_("Your posts keep that clock time already."))
    return Screen(text="\n".join(lines), rows=_posts())


def _posts() -> Rows:
    return [[button(_("Posts"), MenuTap(MenuVerb.POSTS))]]
