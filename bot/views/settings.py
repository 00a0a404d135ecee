"""What a creator can set."""

from datetime import datetime, timedelta

from bot.callbacks import MenuTap, MenuVerb
from bot.views.screen import Screen, button, in_rows, zone_name
from core.times import at_instant, describe_offset

LATENESS = {
    timedelta(): "Not at all",
    timedelta(minutes=15): "15 min",
    timedelta(minutes=30): "30 min",
    timedelta(hours=2): "2 h",
    timedelta(days=1): "1 day",
}
"""How late a post may go out by itself, as offered."""


def settings(zone: str | None, now: datetime, *, tolerance: timedelta) -> Screen:
    """What can be set, and how it is now."""
    if zone:
        line = f"🌍 Time zone: <b>{zone_name(zone, now)}</b> ({describe_offset(zone, now)}), " \
               f"there it is {at_instant(now, zone).wall:%H:%M}"  # fmt: skip
    else:
        line = "🌍 Time zone: <i>not set yet</i>"
    return Screen(
        text=f"<b>Settings</b>\n{line}\n⏰ {_late(tolerance)}",
        rows=[
            [button("Change time zone", MenuTap(MenuVerb.ZONE))],
            [button("Late posts", MenuTap(MenuVerb.LATENESS))],
        ],
    )


def ask_lateness(tolerance: timedelta) -> Screen:
    """Offers how late a post may go out by itself."""
    choices = [
        button(
            ("● " if each == tolerance else "") + label,
            MenuTap(MenuVerb.SET_LATENESS, str(each // timedelta(minutes=1))),
        )
        for each, label in LATENESS.items()
    ]
    return Screen(
        text="<b>When a post could not start in time, how late may it still go out?</b>\n"
        "Beyond that it waits, and I ask you what to do.",
        rows=[*in_rows(choices), [button("‹ Settings", MenuTap(MenuVerb.SETTINGS))]],
    )


def _late(tolerance: timedelta) -> str:
    if not tolerance:
        return "Late posts: <b>always ask me first</b>"
    minutes = tolerance // timedelta(minutes=1)
    words = LATENESS.get(tolerance, f"{minutes} min")
    return f"Late posts: go out up to <b>{words}</b> late, after that I ask you"
