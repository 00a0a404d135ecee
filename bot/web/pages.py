"""The few pages we show ourselves: one template, words from here."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates

from bot.web.security import PAGE_POLICY
from core.errors import (
    ConnectFailed,
    ConsentDenied,
    ExchangeFailed,
    ScopesMissing,
    StateExpired,
    StateUnknown,
    StateUsed,
)

STATIC = Path(__file__).with_name("static")
_templates = Jinja2Templates(Path(__file__).with_name("templates"))


@dataclass(frozen=True, kw_only=True)
class Page:
    """A heading with an icon, a few sentences, and one way on: into the chat."""

    icon: str
    title: str
    lines: tuple[str, ...]
    button: str = "Back to the chat"
    status: int = 200


def connected(name: str) -> Page:
    return Page(
        icon="✅",
        title=f"Connected {name}",
        lines=(
            "You can close this page. In Telegram, send me a clip and I will make a post of it.",
        ),
    )


def connect_failed(error: ConnectFailed) -> Page:
    """What happened, in the creator's words, and what to do next."""
    title, *lines = _explain(error)
    return Page(
        icon="⚠️",
        title=title,
        lines=(*lines, "Go back to the chat and send /connect for a new link."),
        status=400,
    )


def _explain(error: ConnectFailed) -> tuple[str, ...]:
    match error:
        case ConsentDenied():
            return "Not connected", "You said no at TikTok, so nothing was connected."
        case StateUsed():
            return (
                "This link was used already",
                "If you have just connected your account, all is well: the chat says so. "
                "A link works once.",
            )
        case StateExpired():
            return "This link is too old", "A link works for 10 minutes."
        case StateUnknown():
            return ("This link is not known here",)
        case ScopesMissing():
            return (
                "A permission is missing",
                "ClipCue needs every permission on TikTok's page to post for you, so please leave "
                "all the switches on. Nothing was kept.",
            )
        case ExchangeFailed():
            answer = f"Its answer was “{error.code}”." if error.answered else "It did not answer."
            return "TikTok did not finish the connection", f"{answer} Nothing was connected."
    return ("Not connected",)


def render(request: Request, page: Page, *, way_on: str | None) -> Response:
    """The page as an answer that nobody may keep or frame."""
    return _templates.TemplateResponse(
        request,
        "page.html",
        {"page": page, "way_on": way_on},
        status_code=page.status,
        headers={"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store"},
    )
