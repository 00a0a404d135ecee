"""Who may use what is meant for the person at this machine only."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request

_NAMES = ("localhost", "127.0.0.1", "::1")


def is_loopback(host: str) -> bool:
    """Whether a client's address is one of this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def from_this_machine(request: Request) -> bool:
    """Whether somebody at this machine asks, by one of its own names.

    The name matters, too: a tunnel from outside ends here, and so may a stranger's domain.
    """
    client = request.client.host if request.client else ""
    return is_loopback(client) and request.url.hostname in _NAMES


def from_own_page(request: Request) -> bool:
    """The same, and no other site's page has sent it."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "none")  # "none": typed in, or no browser
    own = origin is None or urlsplit(origin).netloc == request.url.netloc
    return own and site in ("same-origin", "none") and from_this_machine(request)
