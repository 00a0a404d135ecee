"""The web side: TikTok's way back, Telegram's webhook, and the front page."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import structlog
from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.exception_handlers import (
    http_exception_handler,
    request_validation_exception_handler,
)
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException

from bot.language import accepted_language, speak
from bot.web import pages
from bot.web.pages import STATIC, ZONE_PATH, Page
from bot.web.security import SecurityHeaders, Throttle
from core.accounts.connecting import Connecting
from core.errors import ConnectFailed
from core.settings import OAUTH_CALLBACK_PATH, Settings
from core.users.browser_zone import BrowserZone

TELEGRAM_WEBHOOK_PATH = "/telegram/webhook"
LONGEST_PARAMETER = 4096

log = structlog.get_logger()

Parameter = Annotated[str, Query(max_length=LONGEST_PARAMETER)]
OnUpdate = Callable[[dict[str, Any]], Awaitable[None]]


def build_site(
    settings: Settings,
    connecting: Connecting,
    browser_zone: BrowserZone,
    *,
    chat_url: Callable[[], str | None],
    front: Callable[[], Page],
) -> FastAPI:
    """The site; `chat_url` leads back into the chat once the bot's name is known, `front` is the
    page that stands first.
    """
    site = FastAPI(title="ClipCue", docs_url=None, redoc_url=None, openapi_url=None)
    site.add_middleware(SecurityHeaders, https=settings.public_base_url.startswith("https:"))
    site.mount("/static", StaticFiles(directory=STATIC), name="static")
    throttled = [Depends(Throttle()), Depends(_speak_as_the_browser)]

    def page(request: Request, shown: Page) -> Response:
        return pages.render(request, shown, way_on=chat_url())

    @site.get("/", dependencies=throttled)
    async def index(request: Request) -> Response:
        return page(request, front())

    @site.get("/favicon.ico")
    async def icon() -> FileResponse:
        return FileResponse(STATIC / "icon.svg")

    @site.get(OAUTH_CALLBACK_PATH, dependencies=throttled)
    async def callback(
        request: Request, state: Parameter = "", code: Parameter = "", error: Parameter = ""
    ) -> Response:
        try:
            if error or not code:
                await connecting.refuse(state, error=error or "no_code")
            account = await connecting.finish(state, code=code)
        except ConnectFailed as failure:
            log.info("connect_failed", reason=type(failure).__name__)
            return page(request, pages.connect_failed(failure))
        ticket = browser_zone.ticket(account.id)
        return page(request, pages.connected(account.name, zone_ticket=ticket))

    @site.post(ZONE_PATH, dependencies=throttled, status_code=204)
    async def told_zone(ticket: Parameter, zone: Parameter) -> None:
        await browser_zone.told(ticket, zone)

    @site.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> Response:
        if error.status_code >= 500 or not _is_for_a_person(request):
            return await http_exception_handler(request, error)  # operators read what is wrong
        return page(request, pages.refused(error.status_code))

    @site.exception_handler(RequestValidationError)
    async def not_understood(request: Request, error: RequestValidationError) -> Response:
        if not _is_for_a_person(request):
            return await request_validation_exception_handler(request, error)
        return page(request, pages.refused(422))

    @site.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:  # noqa: ARG001 - it is logged
        if not _is_for_a_person(request):
            return PlainTextResponse("Internal Server Error", status_code=500)
        return page(request, pages.refused(500))

    return site


def _is_for_a_person(request: Request) -> bool:
    """Whether a browser shows the answer to somebody, whose language is then spoken."""
    speak(accepted_language(request.headers.get("accept-language", "")))
    return "text/html" in request.headers.get("accept", "")


async def _speak_as_the_browser(accept_language: Annotated[str, Header()] = "") -> None:
    """A dependency that has the rest of the request speak a language the browser asks for."""
    speak(accepted_language(accept_language))


def add_telegram_webhook(site: FastAPI, *, secret: str, on_update: OnUpdate) -> None:
    """Take updates over HTTP; answered only when stored, else Telegram sends them again."""

    @site.post(TELEGRAM_WEBHOOK_PATH)
    async def webhook(
        request: Request,
        x_telegram_bot_api_secret_token: Annotated[str, Header()] = "",
    ) -> dict[str, bool]:
        if not hmac.compare_digest(x_telegram_bot_api_secret_token.encode(), secret.encode()):
            raise HTTPException(403, "This address is for Telegram only.")
        await on_update(await request.json())
        return {"ok": True}
