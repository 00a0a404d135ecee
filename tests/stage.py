"""The stage for a creator's walk: the real bot between strict stand-ins of Telegram and TikTok.

Everything talks over loopback HTTP. Only the clock and the two far ends are not the real ones.
"""

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.app import App, running
from bot.web.server import WebServer
from core.settings import Settings
from sandbox.samples import make_clip
from sandbox.telegram import Person, Telegram
from sandbox.tiktok import TikTok
from tests.clock import Clock

TOKEN = "123456789:AAsandboxsandboxsandboxsandboxsandbox"
TIKTOK_KEY = "sandbox-key"
TIKTOK_SECRET = "sandbox-secret"
SWEEP = timedelta(milliseconds=200)
"""How soon the scheduler notices a jump of the clock; 20 s would make tests long."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(kw_only=True)
class Stage:
    """Telegram, TikTok, the clock, and the bot once it is started."""

    folder: Path
    clock: Clock
    telegram: Telegram
    tiktok: TikTok
    ends_url: str
    bot_port: int = field(default_factory=free_port)
    environment: dict[str, Any] = field(default_factory=dict)
    _bot: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def bot_url(self) -> str:
        return f"http://127.0.0.1:{self.bot_port}"

    def variables(self) -> dict[str, str]:
        """The environment of the bot, as an operator would write it."""
        return {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": f"{self.ends_url}/telegram",
            "TIKTOK_CLIENT_KEY": TIKTOK_KEY,
            "TIKTOK_CLIENT_SECRET": TIKTOK_SECRET,
            "TIKTOK_AUTH_BASE_URL": f"{self.ends_url}/tiktok",
            "TIKTOK_API_BASE_URL": f"{self.ends_url}/tiktok",
            "TIKTOK_AUDITED": "true",
            "PUBLIC_BASE_URL": self.bot_url,
            "WEB_PORT": str(self.bot_port),
            "DATA_DIR": str(self.folder / "data"),
            **self.environment,
        }

    def settings(self) -> Settings:
        values = {name.lower(): value for name, value in self.variables().items()}
        return Settings.load(_env_file=None, **values)

    async def start_bot(self) -> App:
        return await self._bot.enter_async_context(
            running(self.settings(), clock=self.clock, sweep_every=SWEEP)
        )

    async def stop_bot(self) -> None:
        await self._bot.aclose()
        self._bot = AsyncExitStack()

    def person(self, user_id: int = 42, name: str = "Ana") -> Person:
        return self.telegram.person(user_id, first_name=name, language_code="en")

    async def open_consent_page(
        self,
        url: str,
        *,
        username: str = "lena.cooks",
        decision: str = "authorize",
        without: str | None = None,
    ) -> httpx.Response:
        """What a browser does with the link: read the page, tick, send, follow back to the bot."""
        async with httpx.AsyncClient(timeout=20) as browser:
            page = await browser.get(url)
            assert page.status_code == 200, page.text
            form = _Form.of(page.text)
            fields = [("creator", username), ("decision", decision)]
            fields += [("scope", scope) for scope in form.scopes if scope != without]
            sent = await browser.post(
                httpx.URL(url).join(form.action),
                content=urlencode(fields),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )
            assert sent.status_code == 303, sent.text
            return await browser.get(sent.headers["location"])

    async def connect(self, person: Person, *, username: str = "lena.cooks") -> None:
        """The creator connects a TikTok account, from the chat and back into it."""
        await person.send("/connect")
        card = await person.see("works once and for 10 minutes")
        url = await person.tap("Connect TikTok", message=card)
        assert url is not None
        page = await self.open_consent_page(url, username=username)
        assert page.status_code == 200, page.text
        await person.see("Connected:", after=card)

    async def set_zone(self, person: Person, city: str = "Madrid") -> None:
        await person.send("/settings")
        await person.see("Settings")
        await person.tap("Change time zone")
        await person.see("Which clock do you live by?")
        await person.send(city)
        await person.see("Which of these?")
        await person.tap(city)
        await person.see("Your times are in")

    async def write_post(
        self,
        person: Person,
        *,
        caption: str | None = None,
        when: str | None = None,
        privacy: str | None = "Everyone",
    ) -> None:
        """Fill in the newest draft card by taps and typed words."""
        card = await person.see("📝 Draft")
        if caption is not None:
            await person.tap("Caption")
            await person.see("Send me the caption", after=card)
            typed = await person.send(caption)
            card = await person.see("📝 Draft", after=typed)
        if when is not None:
            await person.tap("When")
            await person.see("When should it go out?", after=card)
            typed = await person.send(when)
            card = await person.see("📝 Draft", after=typed)
        if privacy is not None:
            await person.tap("Privacy")
            await person.see("Who can see this post?", after=card)
            await person.tap(privacy)
            await person.see(f"👁 {privacy}", after=card)

    async def schedule(self, person: Person) -> None:
        """Consent to the newest draft."""
        await person.tap("Schedule")
        await person.see("By posting, you agree to TikTok's")
        await person.tap("Agree and schedule")
        await person.see("✅ Scheduled.")

    async def post_now(self, person: Person) -> None:
        """Consent to the newest draft going out at once."""
        await person.tap("Post now")
        await person.see("By posting, you agree to TikTok's")
        await person.tap("Agree and post")
        await person.see("On its way.")

    def clip(self, name: str = "clip.mp4", **how: Any) -> Path:
        """A real clip, made now."""
        return make_clip(self.folder / name, **how)


@asynccontextmanager
async def staged(folder: Path, clock: Clock, *, local: bool = False) -> AsyncIterator[Stage]:
    """The two far ends, listening; the bot is started by the test."""
    telegram = Telegram(now=clock, token=TOKEN, folder=folder / "telegram", local=local)
    tiktok = TikTok(now=clock, client_key=TIKTOK_KEY, client_secret=TIKTOK_SECRET)
    ends = Starlette(routes=[Mount("/telegram", telegram.app), Mount("/tiktok", tiktok.app)])
    port = free_port()
    server = WebServer(ends, host="127.0.0.1", port=port)
    await server.start()
    stage = Stage(
        folder=folder,
        clock=clock,
        telegram=telegram,
        tiktok=tiktok,
        ends_url=f"http://127.0.0.1:{port}",
    )
    try:
        yield stage
    finally:
        await stage.stop_bot()
        await telegram.aclose()
        await server.stop()


class _Form(HTMLParser):
    """The consent page as a browser reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.scopes: list[str] = []

    @classmethod
    def of(cls, html: str) -> "_Form":
        form = cls()
        form.feed(html)
        return form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.action = values.get("action") or ""
        if tag == "input" and values.get("name") == "scope" and "checked" in values:
            self.scopes.append(values.get("value") or "")
