"""Finding out which zone a creator's clock is in."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from telegram import InlineKeyboardButton

from bot.callbacks import MenuTap, MenuVerb
from bot.views.screen import Screen, button, in_rows, number_of_posts, place, zone_name
from core.times import Moment, at_instant, describe_offset
from core.zone_change import Shift, Shifted

UNKNOWN_PLACE = "I know no city or time of that name. A bigger city near you?"


def caption_has_time(caption: str) -> str:
    """Why the zone is asked for, though nobody asked for a time (HTML)."""
    return (
        f"“{escape(caption)}”\n\nYour caption begins with a time. Which moment that is depends on "
        "where you live."
    )


def ask_zone(back: InlineKeyboardButton, *, lead: str = "") -> Screen:
    """Telegram tells bots no time zone, so it is asked for; `lead` says why (HTML)."""
    return Screen(
        text=(f"{lead}\n\n" if lead else "")
        + "<b>Which clock do you live by?</b>\nType your city (“Madrid”), or what time it is for "
        "you right now (“14:30”).",
        rows=[[back]],
    )


def candidates(zones: Sequence[str], now: datetime) -> Screen:
    """Zones to choose from."""
    choices = [
        button(
            f"{place(zone, now)} · {at_instant(now, zone).wall:%H:%M}",
            MenuTap(MenuVerb.SET_ZONE, zone),
        )
        for zone in zones
    ]
    return Screen(
        text="Which of these? The time beside each is what clocks show there now.",
        rows=in_rows(choices),
    )


def zone_set(zone: str, now: datetime, shifts: Sequence[Shift] = ()) -> Screen:
    """Says what was kept; asks about planned posts whose clock time means another moment there."""
    lines = [
        f"🌍 Your times are in <b>{zone_name(zone, now)}</b> now "
        f"({describe_offset(zone, now)}), where it is {at_instant(now, zone).wall:%H:%M}."
    ]
    if not shifts:
        return Screen(text="\n".join([*lines, "Posts that are scheduled keep their moment."]))
    following = shifts[0]
    old, new = following.before, at_instant(following.before.utc, zone)
    lines += [
        "",
        f"You have {number_of_posts(len(shifts))} planned by another clock, the next for "
        f"{_wall(old)} in {zone_name(old.zone, now)}. By your clock now, that is {_wall(new)}.",
        "<b>Keep the clock time, or the moment?</b> Until you choose, the moment stays.",
    ]
    return Screen(
        text="\n".join(lines),
        rows=[
            [
                button(
                    f"Keep the clock time ({following.after.wall:%H:%M} there)",
                    MenuTap(MenuVerb.KEEP_CLOCK_TIMES, zone),
                )
            ],
            [button("Keep the same moment", MenuTap(MenuVerb.KEEP_MOMENTS, zone))],
        ],
    )


_POSTS = [[button("Posts", MenuTap(MenuVerb.POSTS))]]
MOMENTS_KEPT = Screen(text="👍 Your posts go out at the same moment as before.", rows=_POSTS)


def clock_times_kept(zone: str, now: datetime, done: Shifted) -> Screen:
    """Says how many posts have another moment now, and how many could not follow."""
    lines = []
    if done.moved:
        here = zone_name(zone, now)
        moved = number_of_posts(done.moved)
        lines.append(f"👍 {moved} moved: the clock time stays, now in <b>{here}</b>.")
    if done.left:
        left = number_of_posts(done.left)
        lines.append(f"ℹ️ {left} kept the moment: there the clock time has gone by.")
    if not lines:
        lines.append("Your posts keep that clock time already.")
    return Screen(text="\n".join(lines), rows=_POSTS)


def _wall(moment: Moment) -> str:
    return f"{moment.wall:%a} {moment.wall.day} {moment.wall:%b, %H:%M}"
