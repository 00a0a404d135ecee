"""Which addresses Telegram lets a button or a link carry."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")


def checked_link(url: str) -> str:
    """The address as Telegram keeps it: http, https or tg, a bare host read as http.

    Raises ValueError with the server's words: "Unsupported URL protocol", "Wrong HTTP URL" (a host
    without a dot, such as localhost, is no address to Telegram), "URL host is empty".
    """
    url = url.strip()
    if not _SCHEME.match(url):
        url = f"http://{url}"
    parts = urlsplit(url)
    if parts.scheme in ("tg", "ton"):
        return url
    if parts.scheme not in ("http", "https"):
        raise ValueError("Unsupported URL protocol")
    host = parts.hostname or ""
    if not host:
        raise ValueError("URL host is empty")
    if not re.fullmatch(r"[^\s.@/<>]+(\.[^\s.@/<>]+)+", host):
        raise ValueError("Wrong HTTP URL")
    return url
