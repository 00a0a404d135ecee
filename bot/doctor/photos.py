"""Photo posts: will TikTok fetch photos from here?"""

import ipaddress
from urllib.parse import urlsplit

import httpx

from bot.doctor.finding import Finding, failed, ok, skipped, warning
from bot.doctor.set_up import SetUp, why
from bot.doctor.tiktok import STAND_IN
from bot.web.photos import verification_file
from core.settings import PHOTOS_PATH, is_loopback

_SHOW_IT = (
    "In TikTok's portal verify the URL prefix {prefix} and set TIKTOK_URL_VERIFICATION to what "
    "its signature file holds (docs/run.md); not needed where the whole domain is verified by DNS"
)


async def prefix(set_up: SetUp) -> Finding:
    """Whether TikTok would fetch from PUBLIC_BASE_URL, and finds its signature file there."""
    settings = set_up.settings
    if settings.sandbox_tiktok:
        return skipped(STAND_IN)
    base = settings.public_base_url
    parts = urlsplit(base)
    if parts.scheme != "https":
        return failed(f"TikTok fetches photos over https only: {base}", _ADDRESS)
    if _is_number(parts.hostname or "") or is_loopback(parts.hostname or ""):
        return failed(f"TikTok fetches photos from no host without a name: {base}", _ADDRESS)
    if settings.tiktok_url_verification is None:
        return warning(
            "TIKTOK_URL_VERIFICATION is not set; TikTok refuses photo posts unless the domain is "
            "verified some other way",
            _SHOW_IT.format(prefix=base + PHOTOS_PATH),
        )
    if not set_up.instances:
        return skipped("ClipCue is not running", "Start it, then ask again")
    return await _fetched(set_up, settings.tiktok_url_verification)


async def _fetched(set_up: SetUp, token: str) -> Finding:
    name, content = verification_file(token)
    address = set_up.settings.public_base_url + PHOTOS_PATH + name
    try:
        answer = await set_up.http.get(address)
    except httpx.HTTPError as error:
        return failed(f"{address} cannot be reached from here: {why(error)}", _ADDRESS)
    if answer.is_redirect:
        return failed(
            f"{address} leads on to {answer.headers.get('location', 'nowhere')}, and TikTok "
            "follows nobody",
            "Set PUBLIC_BASE_URL to the address that answers by itself",
        )
    if answer.text != content:
        return failed(
            f"something else answers at {address} (HTTP {answer.status_code})",
            "Let the proxy pass on /photos/ unchanged",
        )
    return ok(f"TikTok finds its signature file at {address}", "Verify the prefix in its portal")


_ADDRESS = "Set PUBLIC_BASE_URL to the https address under which TikTok reaches ClipCue"


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
