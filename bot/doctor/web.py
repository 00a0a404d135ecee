"""The web side: does it run, is its port free, and does the world get here?"""

import asyncio
import socket
from urllib.parse import urlsplit

import httpx

from bot.doctor.finding import Finding, failed, ok, skipped, warning
from bot.doctor.set_up import SetUp, why
from bot.far_ends import own_address
from bot.web.operators import INSTANCE_HEADER
from bot.web.server import PortTaken, listener
from core.settings import is_loopback

HERE_WITHIN = 3.0
"""Seconds in which a program of this very machine must answer."""
LONGEST_REDIRECT = 512
"""Characters that TikTok takes of a redirect URI (Login Kit for Web)."""


async def running(set_up: SetUp) -> Finding:
    """Whether ClipCue runs on this data folder, and is well."""
    address = own_address(set_up.settings)
    if not set_up.instances:
        return skipped(
            f"it does not run on {set_up.settings.data_dir}", "Start it with: clipcue run"
        )
    try:
        answer = await set_up.http.get(f"{address}/readyz")
    except httpx.HTTPError as error:
        return warning(
            f"it runs, but nothing answers at {address}: {why(error)}",
            "If it runs in a container or with other settings, ask the doctor there",
        )
    if answer.is_success:
        return ok("it runs, and is ready")
    reasons = answer.json().get("reasons", []) if answer.status_code == 503 else []
    return failed(
        f"it runs, and is not ready: {' '.join(reasons) or f'HTTP {answer.status_code}'}",
        "See the last lines of its log, and docs/operate.md for what they mean",
    )


async def port(set_up: SetUp) -> Finding:
    """Whether ClipCue can listen on WEB_PORT, or does."""
    settings = set_up.settings
    address = own_address(settings)
    where = f"{settings.web_host}:{settings.web_port}"
    try:
        answer = await set_up.http.get(f"{address}/healthz", timeout=HERE_WITHIN)
    except httpx.ConnectError:
        pass
    except httpx.HTTPError:
        return failed(f"another program listens on {where}", _OTHER_PORT)
    else:
        if answer.headers.get(INSTANCE_HEADER) in set_up.instances:
            return ok(f"ClipCue listens on {where}")
        return failed(f"another program listens on {where}", _OTHER_PORT)
    try:
        await asyncio.to_thread(_try_to_listen, settings.web_host, settings.web_port)
    except PortTaken as error:
        return failed(str(error), _OTHER_PORT)
    return ok(f"{where} is free")


_OTHER_PORT = "Stop that program, or choose another WEB_PORT (and tell a proxy in front of it)"


def _try_to_listen(host: str, number: int) -> None:
    found: socket.socket = listener(host, number)
    found.close()


async def redirect_uri(set_up: SetUp) -> Finding:
    """Whether TikTok would take the redirect URI (Login Kit for Web, Desktop for comparison)."""
    settings = set_up.settings
    uri = settings.redirect_uri
    if settings.sandbox_tiktok:
        return skipped("TikTok is a stand-in on this machine, and takes any")
    parts = urlsplit(uri)
    host = parts.hostname or ""
    if parts.scheme != "https":
        problem = "TikTok takes https only"
    elif is_loopback(host) or "." not in host:
        problem = "TikTok takes no host that only this machine or network knows"
    elif parts.query or parts.fragment:
        problem = "TikTok takes no query or fragment"
    elif len(uri) >= LONGEST_REDIRECT:
        problem = f"TikTok takes fewer than {LONGEST_REDIRECT} characters"
    else:
        return ok(
            f"its form is right: {uri}",
            "It must stand in TikTok's portal letter for letter, under Login Kit, Web",
        )
    return failed(
        f"{problem}: {uri}",
        "Set PUBLIC_BASE_URL to the https address under which browsers reach ClipCue",
    )


async def public_address(set_up: SetUp) -> Finding:
    """Whether whoever opens PUBLIC_BASE_URL gets to this very ClipCue."""
    settings = set_up.settings
    base, here = settings.public_base_url, own_address(settings)
    try:
        answer = await set_up.http.get(f"{base}/healthz")
    except httpx.HTTPError as error:
        if not set_up.instances and is_loopback(urlsplit(base).hostname or ""):
            return skipped("ClipCue is not running", "Start it, then ask again")
        return failed(
            f"{base} cannot be reached from here: {why(error)}",
            f"Check its name, its certificate and the proxy, which must lead to {here}. A network "
            "that does not let its own address in from inside may be to blame: try a phone",
        )
    instance = answer.headers.get(INSTANCE_HEADER)
    if instance in set_up.instances:
        return ok(f"{base} leads here")
    if not set_up.instances:
        return warning(
            f"{base} answers (HTTP {answer.status_code}), but ClipCue does not run",
            "Start it, then ask again",
        )
    if instance is not None:
        return failed(
            f"another ClipCue answers at {base}",
            f"Let the proxy lead to {here}; two of them must share one DATA_DIR",
        )
    told = f"HTTP {answer.status_code}"
    if answer.is_redirect:
        told += f" to {answer.headers.get('location', 'nowhere')}"
    return failed(f"something else answers at {base} ({told})", f"Let the proxy lead to {here}")
