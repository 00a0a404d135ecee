"""A phone: a browser with a small touch screen that remembers all that goes wrong on it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # has none
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    ViewportSize,
)

from tests.browser.chromium import PATIENCE

SCREEN: ViewportSize = {"width": 390, "height": 844}
GIVEN_UP = "net::ERR_ABORTED"
"""The browser's own doing: a page was left, or a video is read from another place."""

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(kw_only=True)
class Phone:
    """One person's phone: its tabs share cookies with no other phone's."""

    context: BrowserContext
    pictures: Path
    """The beginning of every screenshot's path."""
    refusals: set[str] = field(default_factory=set)
    """Paths that a story expects to be refused by the server."""
    _troubles: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    async def taken_up(
        cls,
        browser: Browser,
        pictures: Path,
        *,
        language: str = "en-GB",
        zone: str = "Europe/Madrid",
    ) -> Self:
        context = await browser.new_context(
            viewport=SCREEN,
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            locale=language,
            timezone_id=zone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        phone = cls(context=context, pictures=pictures)
        context.on("console", phone._console)
        context.on("weberror", lambda error: phone._note(error.page, str(error.error)))
        context.on("requestfailed", phone._request_failed)
        context.on("response", phone._response)
        return phone

    @property
    def troubles(self) -> list[str]:
        """What consoles complained of and what could not be loaded, but for expected refusals."""
        return [what for url, what in self._troubles if urlsplit(url).path not in self.refusals]

    async def open(self, url: str) -> Page:
        page = await self.context.new_page()
        await page.goto(url)
        return page

    async def follow(self, link: Locator) -> Page:
        """Tap a link that opens a tab of its own; returns that tab."""
        async with self.context.expect_page() as opened:
            await link.tap()
        page = await opened.value
        await page.wait_for_load_state()
        return page

    async def look(self, page: Page, name: str) -> None:
        """Keep a picture of a page by day and by night, and note what keeps people out of it."""
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            await self._shoot(page, f"{name}-{scheme}")
            for barrier in await _barriers(page):
                self._troubles.append((page.url, f"{name}, {scheme}: {barrier}"))
        await page.emulate_media(color_scheme="null")

    async def put_away(self) -> None:
        """Close all tabs; a picture of each one's last moment is kept."""
        for number, page in enumerate(self.context.pages, start=1):
            await self._shoot(page, f"end-{number}")
        await self.context.close()

    async def _shoot(self, page: Page, name: str) -> None:
        path = self.pictures.with_name(f"{self.pictures.name}-{name}.png")
        await page.screenshot(path=path, animations="disabled")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._troubles.append((message.location["url"], f"console: {message.text}"))

    def _request_failed(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self._troubles.append((request.url, f"{request.url}: {request.failure}"))

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._troubles.append((response.url, f"{response.url}: {response.status}"))

    def _note(self, page: Page | None, what: str) -> None:
        self._troubles.append((page.url if page else "", what))


async def _barriers(page: Page) -> list[str]:
    """What keeps people with disabilities out of a page, as axe-core finds it."""
    found = await Axe().run(page)
    return [
        f"{violation['id']}: {node['failureSummary']} {node['html']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
