"""The few pages we show ourselves: one template, words from here."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates

from bot.language import N_, _, spoken
from bot.web.security import PAGE_POLICY, SCRIPT_POLICY
from core.errors import (
    ConnectFailed,
    ConsentDenied,
    ExchangeFailed,
    ScopesMissing,
    StateExpired,
    StateUnknown,
    StateUsed,
)

ZONE_PATH = "/api/zone"
"""Where a page tells the browser's time zone."""
STATIC = Path(__file__).with_name("static")
_templates = Jinja2Templates(Path(__file__).with_name("templates"))


@dataclass(frozen=True, kw_only=True)
class Page:
    """A heading with an icon, a few sentences, and one way on: into the chat.

    The words of `button` are translated when the page is shown.
    """

    icon: str
    title: str
    lines: tuple[str, ...]
    button: str = N_("Back to the chat")
    status: int = 200
    zone_ticket: str | None = None
    """Has the browser tell its time zone, with this."""


def connected(name: str, *, zone_ticket: str) -> Page:
    return Page(
        zone_ticket=zone_ticket,
        icon="✅",
        title=_("Connected {account}").format(account=name),
        lines=(
            _(
                "You can close this page. In Telegram, send me a clip or photos and I will make a "
                "post of them."
            ),
        ),
    )


def connect_failed(error: ConnectFailed) -> Page:
    """What happened, in the creator's words, and what to do next."""
    title, *lines = _explain(error)
    return Page(
        icon="⚠️",
        title=title,
        lines=(*lines, _("Go back to the chat and send /connect for a new link.")),
        status=400,
    )


def _explain(error: ConnectFailed) -> tuple[str, ...]:
    match error:
        case ConsentDenied():
            return _("Not connected"), _("You said no at TikTok, so nothing was connected.")
        case StateUsed():
            return (
                _("This link was used already"),
                _(
                    "If you have just connected your account, all is well: the chat says so. A "
                    "link works once."
                ),
            )
        case StateExpired():
            return _("This link is too old"), _("A link works for 10 minutes.")
        case StateUnknown():
            return (_("This link is not known here"),)
        case ScopesMissing():
            return (
                _("A permission is missing"),
                _(
                    "ClipCue needs every permission on TikTok's page to post for you, so please "
                    "leave all the switches on. Nothing was kept."
                ),
            )
        case ExchangeFailed():
            answer = _("It did not answer.")
            if error.answered:
                answer = _("Its answer was “{code}”.").format(code=error.code)
            nothing = _("Nothing was connected.")
            return _("TikTok did not finish the connection"), f"{answer} {nothing}"
    return (_("Not connected"),)


def refused(status: int) -> Page:
    """For an address that is none, or asked for too often, or that something broke behind."""
    match status:
        case 429:
            icon, title = "⏳", _("Too many requests")
            lines = (_("Please wait a minute, then try again."),)
        case _ if status >= 500:
            icon, title = "⚠️", _("Something went wrong here")
            lines = (_("Nothing is lost. Please try again in a minute."),)
        case _:
            icon, title = "🔎", _("There is no such page")
            lines = (_("The address may be cut off, or too old."),)
    return Page(icon=icon, title=title, lines=lines, status=status)


def render(request: Request, page: Page, *, way_on: str | None) -> Response:
    """The page as an answer that nobody may keep or frame."""
    return _templates.TemplateResponse(
        request,
        "page.html",
        {
            "page": page,
            "button": _(page.button),
            "language": spoken(),
            "way_on": way_on,
            "zone_path": ZONE_PATH,
        },
        status_code=page.status,
        headers={
            "Content-Security-Policy": SCRIPT_POLICY if page.zone_ticket else PAGE_POLICY,
            "Cache-Control": "no-store",
        },
    )
