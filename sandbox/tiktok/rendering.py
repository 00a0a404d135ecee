"""How the sandbox's pages are drawn: the templates, their words for values, and their headers."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self'; media-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # A form's POST must name its origin to the panel; other sites are told nothing.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""form-action is left open: Chromium holds it against the redirect from the consent form, too."""

AUDIENCES = {
    "PUBLIC_TO_EVERYONE": "Everyone",
    "MUTUAL_FOLLOW_FRIENDS": "Friends",
    "FOLLOWER_OF_CREATOR": "Followers",
    "SELF_ONLY": "Only me",
}
_HASHTAG = re.compile(r"(?<![\w&])#\w+")
_UNITS = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count:,} bytes"


def _moment(at: datetime) -> str:
    return f"{at:%a %d %b %Y, %H:%M:%S} UTC"


def span(length: timedelta) -> str:
    """A length of time in its two largest units."""
    words = []
    for unit, name in _UNITS:
        count, length = divmod(length, unit)
        if count:
            words.append(_counted(count, name))
    return " ".join(words[:2]) or _counted(int(length.total_seconds()), "second")


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _seconds(count: int) -> str:
    return _counted(count, "second") if count % 60 else span(timedelta(seconds=count))


def _short(count: int) -> str:
    """A count as it stands under a picture: 913K, 48.2K, 311."""
    for size, letter in ((1_000_000, "M"), (1_000, "K")):
        if count >= size:
            return f"{count / size:.1f}".removesuffix(".0") + letter
    return str(count)


def _tagged(caption: str) -> Markup:
    """The caption with its hashtags marked."""
    parts, last = [], 0
    for found in _HASHTAG.finditer(caption):
        parts += [escape(caption[last : found.start()])]
        parts += [Markup('<span class="tag">{}</span>').format(found.group())]
        last = found.end()
    return Markup("").join([*parts, escape(caption[last:])])


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "size": _size,
    "moment": _moment,
    "span": span,
    "seconds": _seconds,
    "short": _short,
    "tagged": _tagged,
    "audience": AUDIENCES.__getitem__,
}


def page(template: str, status: int = 200, **values: Any) -> Response:
    return HTMLResponse(_templates.get_template(template).render(**values), status, HEADERS)
