"""The machine: can it read clips, is its clock right, does it know time zones?"""

import asyncio
import zoneinfo
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from bot.doctor.finding import Finding, failed, ok, skipped, warning
from bot.doctor.set_up import SetUp
from bot.doctor.telegram import CLOUD
from core.media.probe import SlowClip, UnreadableClip

CLIP = Path(__file__).with_name("clip.mp4")
"""A quarter of a second of H.264, 32 pixels wide."""
SLOW_CLOCK = timedelta(seconds=5)
WRONG_CLOCK = timedelta(minutes=1)
_HALF = timedelta(seconds=0.5)  # of the second that a Date header is cut off to


async def media(set_up: SetUp) -> Finding:
    """Has a clip read the way creators' clips are: by PyAV, in a process of its own."""
    try:
        probe = await set_up.prober.probe(CLIP)
    except SlowClip:
        return failed("reading a tiny clip took too long", "See what else keeps this machine busy")
    except (UnreadableClip, RuntimeError, OSError) as error:
        return failed(
            f"the process that reads clips cannot read a good one ({error})",
            "Install ClipCue's dependencies again (PyAV brings FFmpeg's libraries), and give it "
            "1 GiB of memory: no ffmpeg program is needed",
        )
    return ok(f"a clip was read: {probe.video_codec}, {probe.width}×{probe.height}")


async def clock(set_up: SetUp) -> Finding:
    """Compares this machine's clock with those of Telegram and TikTok."""
    settings = set_up.settings
    servers = []
    # A Bot API server of one's own goes by the clock of its machine, most often this one.
    if not settings.sandbox_telegram and settings.telegram_api_base_url == CLOUD:
        servers.append(settings.telegram_api_base_url)
    if not settings.sandbox_tiktok:
        servers.append(settings.tiktok_api_base_url)
    if not servers:
        return skipped("there is nothing outside this machine to compare its clock with")
    found = await asyncio.gather(*(_ahead(set_up, server) for server in servers))
    known = [ahead for ahead in found if ahead is not None]
    if not known:
        return warning("no server told its time", "See bot token and TikTok keys")
    ahead = min(known, key=abs)
    told = f"{abs(ahead).total_seconds():.0f} seconds {'fast' if ahead > timedelta() else 'slow'}"
    if abs(ahead) > WRONG_CLOCK:
        return failed(
            f"this machine's clock is {told}, and so is every post", "Let it be set by NTP"
        )
    if abs(ahead) > SLOW_CLOCK:
        return warning(f"this machine's clock is {told}", "Let it be set by NTP")
    return ok("this machine's clock is right")


async def _ahead(set_up: SetUp, server: str) -> timedelta | None:
    """How far our clock is ahead of a server's; None where it does not tell the time."""
    asked = set_up.clock()
    try:
        answer = await set_up.http.head(server)
        said = parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, KeyError, ValueError):
        return None
    halfway = asked + (set_up.clock() - asked) / 2
    return halfway - said.astimezone(UTC) - _HALF


async def time_zones(_set_up: SetUp) -> Finding:
    """Whether the rules of the world's clocks are there."""
    try:
        zoneinfo.ZoneInfo("Europe/Madrid")
        count = len(await asyncio.to_thread(zoneinfo.available_timezones))
    except (zoneinfo.ZoneInfoNotFoundError, OSError):
        count = 0
    if not count:
        return failed("time zones are not known here", "pip install --upgrade tzdata")
    return ok(f"{count} time zones are known")
