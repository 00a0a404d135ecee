"""Settings, and finding out which zone a creator's clock is in."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from bot.callbacks import MenuTap, MenuVerb
from bot.views.screen import Screen, button, clock, in_rows
from core.times import at_instant, describe_offset


def settings(zone: str | None, now: datetime) -> Screen:
    """What can be set."""
    if zone:
        line = f"🌍 Time zone: <b>{escape(zone)}</b> ({describe_offset(zone, now)}), " \
               f"there it is {at_instant(now, zone).wall:%H:%M}"  # fmt: skip
    else:
        line = "🌍 Time zone: <i>not set yet</i>"
    return Screen(
        text=f"<b>Settings</b>\n{line}",
        rows=[[button("Change time zone", MenuTap(MenuVerb.ZONE))]],
    )


def ask_zone(*, problem: str = "") -> Screen:
    """Telegram tells bots no time zone, so it is asked for."""
    return Screen(
        text=(f"{problem}\n\n" if problem else "")
        + "<b>Which clock do you live by?</b>\nType your city (“Madrid”), or what time it is for "
        "you right now (“14:30”)."
    )


def candidates(zones: Sequence[str], now: datetime) -> Screen:
    """Zones to choose from."""
    choices = [
        button(
            f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} · {at_instant(now, zone).wall:%H:%M}",
            MenuTap(MenuVerb.SET_ZONE, zone),
        )
        for zone in zones
    ]
    return Screen(
        text="Which of these? The time beside each is what clocks show there now.",
        rows=in_rows(choices),
    )


def zone_set(zone: str, now: datetime) -> Screen:
    """Says what was kept."""
    return Screen(
        text=f"🌍 Your times are in <b>{escape(zone)}</b> now "
        f"({describe_offset(zone, now)}): {clock(at_instant(now, zone))}.\n"
        "Posts already scheduled keep the moment they were scheduled for."
    )
