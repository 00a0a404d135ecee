"""Finding out which zone a creator's clock is in."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from bot.callbacks import MenuTap, MenuVerb
from bot.views.screen import Screen, button, in_rows
from core.times import at_instant, describe_offset

UNKNOWN_PLACE = "I know no city or time of that name. A bigger city near you?"
CAPTION_HAS_TIME = (
    "Your caption begins with a time. Which moment that is depends on where you live."
)


def ask_zone(*, lead: str = "") -> Screen:
    """Telegram tells bots no time zone, so it is asked for; `lead` says why."""
    return Screen(
        text=(f"{lead}\n\n" if lead else "")
        + "<b>Which clock do you live by?</b>\nType your city (“Madrid”), or what time it is for "
        "you right now (“14:30”)."
    )


def candidates(zones: Sequence[str], now: datetime) -> Screen:
    """Zones to choose from."""
    choices = [
        button(
            f"{_place(zone, now)} · {at_instant(now, zone).wall:%H:%M}",
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
        text=f"🌍 Your times are in <b>{zone_name(zone, now)}</b> now "
        f"({describe_offset(zone, now)}), where it is {at_instant(now, zone).wall:%H:%M}.\n"
        "Posts that are scheduled keep their moment."
    )


def zone_name(zone: str, now: datetime) -> str:
    """The zone in full; a bare offset the everyday way, since Etc/GMT-3 is three hours ahead."""
    return describe_offset(zone, now) if zone.startswith("Etc/") else escape(zone)


def _place(zone: str, now: datetime) -> str:
    """The city alone."""
    return zone_name(zone, now).rsplit("/", 1)[-1].replace("_", " ")
