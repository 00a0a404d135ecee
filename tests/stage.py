"""The stage for a creator's walk: the real bot between strict stand-ins of Telegram and TikTok.

Everything talks over loopback HTTP. Only the clock and the two far ends are not the real ones.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
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
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.app import App, running
from bot.web.server import WebServer
from core.settings import Settings
from sandbox.samples import make_clip
from sandbox.telegram import ChatMessage, Person, Telegram
from sandbox.tiktok import TikTok
from tests.clock import Clock
from tests.databases import ON_POSTGRESQL, a_database
from tests.outside import ask

TOKEN = "123456789:AAsandboxsandboxsandboxsandboxsandbox"
TIKTOK_KEY = "sandbox-key"
TIKTOK_SECRET = "sandbox-secret"
SWEEP = timedelta(milliseconds=80)
"""How soon the scheduler notices a jump of the clock; 20 s would make tests long."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def a_browser() -> httpx.AsyncClient:
    """A browser that follows no redirect; everything here is plain HTTP on loopback."""
    return httpx.AsyncClient(timeout=20, verify=False)  # noqa: S501 - reading certificates takes time


@dataclass(kw_only=True)
class Stage:
    """Telegram, TikTok, the clock, and the bot once it is started."""

    folder: Path
    clock: Clock
    telegram: Telegram
    tiktok: TikTok
    ends_url: str
    downloads: "BreakableDownloads"
    database: str
    """The address of the bot's database."""
    bot_port: int = field(default_factory=free_port)
    environment: dict[str, Any] = field(default_factory=dict)
    _bot: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def bot_url(self) -> str:
        return f"http://127.0.0.1:{self.bot_port}"

    @property
    def webhook_url(self) -> str:
        """Where TikTok may report to; a test that wants that sets it at TikTok."""
        return f"{self.bot_url}/api/social/tiktok/webhook"

    def variables(self) -> dict[str, str]:
        """The environment of the bot, as an operator would write it."""
        return {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": f"{self.ends_url}/telegram",
            "TELEGRAM_LOCAL_FOLDER": str(self.telegram.files.local_folder),
            "TIKTOK_CLIENT_KEY": TIKTOK_KEY,
            "TIKTOK_CLIENT_SECRET": TIKTOK_SECRET,
            "TIKTOK_AUTH_BASE_URL": f"{self.ends_url}/tiktok",
            "TIKTOK_API_BASE_URL": f"{self.ends_url}/tiktok",
            "TIKTOK_AUDITED": "true",
            "PUBLIC_BASE_URL": self.bot_url,
            "WEB_PORT": str(self.bot_port),
            "DATA_DIR": str(self.folder / "data"),
            **({} if self.database.startswith("sqlite") else {"DATABASE_URL": self.database}),
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

    async def meet(self, user_id: int = 42, name: str = "Ana") -> Person:
        """A creator who has said hello."""
        person = self.person(user_id, name)
        await person.send("/start")
        await person.see("I get your clips onto TikTok")
        return person

    async def creator(
        self, user_id: int = 42, name: str = "Ana", *, username: str = "lena.cooks"
    ) -> Person:
        """A creator who has connected TikTok and told where they live."""
        person = await self.meet(user_id, name)
        await self.connect(person, username=username)
        await self.set_zone(person)
        return person

    async def ask_to_connect(self, person: Person) -> str:
        """The address behind the button that `/connect` brings."""
        sent = await person.send("/connect")
        card = await person.see("works once and for 10 minutes", after=sent)
        url = await person.tap("Connect TikTok", message=card)
        assert url is not None
        return url

    async def decide_at_tiktok(
        self,
        url: str,
        *,
        username: str = "lena.cooks",
        decision: str = "authorize",
        without: str | None = None,
    ) -> str:
        """Read TikTok's page, tick, send; returns the address that leads back to the bot."""
        async with a_browser() as browser:
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
            return sent.headers["location"]

    async def browse(self, address: str) -> httpx.Response:
        """Open a page of the bot's web side; a path will do."""
        async with a_browser() as browser:
            return await browser.get(httpx.URL(self.bot_url).join(address))

    async def open_consent_page(self, url: str, **decision: Any) -> httpx.Response:
        """What a browser does with the link: decide at TikTok, follow back to the bot."""
        return await self.browse(await self.decide_at_tiktok(url, **decision))

    async def connect(self, person: Person, *, username: str = "lena.cooks") -> ChatMessage:
        """The creator connects a TikTok account, from the chat and back into it."""
        url = await self.ask_to_connect(person)
        card = await person.see("works once and for 10 minutes")
        page = await self.open_consent_page(url, username=username)
        assert page.status_code == 200, page.text
        return await person.see("Connected:", after=card)

    async def set_zone(self, person: Person, city: str = "Madrid") -> None:
        await person.send("/settings")
        await person.see("Settings")
        await person.tap("Change time zone")
        await person.see("Which clock do you live by?")
        await person.send(city)
        await person.see("Which of these?")
        await person.tap(city)
        await person.see("Your times are in")

    async def draft(self, person: Person, clip: Path, *, caption: str | None = None) -> ChatMessage:
        """Send a clip and return the card it becomes."""
        sent = await person.send_clip(clip, caption=caption)
        return await person.see("📝 Draft", after=sent)

    async def write_post(
        self,
        person: Person,
        *,
        caption: str | None = None,
        when: str | None = None,
        privacy: str | None = "Everyone",
        on: str = "📝 Draft",
    ) -> None:
        """Fill in the newest draft card, or the newest screen that says `on`, as a creator does."""
        card = await person.see(on)
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

    async def open(self, person: Person, button: str, shows: str) -> ChatMessage:
        """Tap a button of the newest draft card and return the screen it opens."""
        card = await person.see("📝 Draft")
        await person.tap(button, message=card)
        return await person.see(shows, after=card)

    async def schedule(self, person: Person) -> ChatMessage:
        """Consent to the newest draft; returns its card."""
        asked = await self.open(person, "Schedule", "By posting, you agree to TikTok's")
        await person.tap("Agree and schedule", message=asked)
        return await person.see("✅ Scheduled.", after=asked)

    async def post_now(self, person: Person) -> ChatMessage:
        """Consent to the newest draft going out at once; returns its card."""
        asked = await self.open(person, "Post now", "By posting, you agree to TikTok's")
        await person.tap("Agree and post", message=asked)
        return await person.see("On its way.", after=asked)

    async def scheduled(
        self, person: Person, clip: Path, *, caption: str = "New recipe", when: str = "in 2h"
    ) -> ChatMessage:
        """A whole post on the schedule; returns its card."""
        await self.draft(person, clip, caption=f"{when} {caption}")
        await self.write_post(person)
        return await self.schedule(person)

    async def posted_now(
        self, person: Person, clip: Path, *, caption: str = "New recipe"
    ) -> ChatMessage:
        """A whole post on its way; returns its card."""
        await self.draft(person, clip, caption=caption)
        await self.write_post(person)
        return await self.post_now(person)

    async def see_in_time(
        self,
        person: Person,
        text: str,
        *,
        after: ChatMessage | None = None,
        step: timedelta = timedelta(seconds=2),
    ) -> ChatMessage:
        """Wait for a message while the clock runs on, `step` at a time."""
        for _ in range(100):
            try:
                return await person.see(text, after=after, timeout=0.12)
            except AssertionError:
                await self.at_rest()
                self.clock.jump(step)
        return await person.see(text, after=after)

    async def at_rest(self) -> None:
        """Wait until nothing is under way and nothing due, however slow this machine is."""
        async with asyncio.timeout(10):
            while await asyncio.to_thread(self._works):  # noqa: ASYNC110 - its database tells nobody
                await asyncio.sleep(0.02)

    def _works(self) -> bool:
        busy = "SELECT 1 FROM posts WHERE claim_owner IS NOT NULL OR wake_at <= ?"
        return bool(self.ask(busy, self.clock()))

    def ask(self, statement: str, *values: Any) -> Sequence[Any]:
        """Run a statement on the bot's database beside the bot; in a thread, for it may wait."""
        return ask(self.database, statement, *values)

    async def until(self, condition: Callable[[], bool], *, timeout: float = 20) -> None:
        """Wait for something that no message tells."""
        async with asyncio.timeout(timeout):
            while not condition():  # noqa: ASYNC110 - whatever it is, no event tells of it
                await asyncio.sleep(0.01)

    @property
    def clips_on_disk(self) -> list[Path]:
        """What the bot's clip store holds, unfinished downloads included."""
        folder = self.folder / "data" / "clips"
        return sorted(path for path in folder.rglob("*") if path.is_file())

    def clip(self, name: str = "clip.mp4", **how: Any) -> Path:
        """A real clip, made now."""
        return make_clip(self.folder / name, **how)


@asynccontextmanager
async def staged(
    folder: Path, clock: Clock, *, local: bool = False, on_postgresql: bool = ON_POSTGRESQL
) -> AsyncIterator[Stage]:
    """The two far ends, listening; the bot is started by the test."""
    with a_database(folder / "data", on_postgresql=on_postgresql) as database:
        async with _staged(folder, clock, local=local, database=database) as stage:
            yield stage


@asynccontextmanager
async def _staged(
    folder: Path, clock: Clock, *, local: bool, database: str
) -> AsyncIterator[Stage]:
    telegram = Telegram(now=clock, token=TOKEN, folder=folder / "telegram", local=local)
    tiktok = TikTok(now=clock, client_key=TIKTOK_KEY, client_secret=TIKTOK_SECRET)
    downloads = BreakableDownloads(telegram.app)
    ends = Starlette(routes=[Mount("/telegram", downloads), Mount("/tiktok", tiktok.app)])
    port = free_port()
    server = WebServer(ends, host="127.0.0.1", port=port)
    await server.start()
    stage = Stage(
        folder=folder,
        clock=clock,
        telegram=telegram,
        tiktok=tiktok,
        ends_url=f"http://127.0.0.1:{port}",
        downloads=downloads,
        database=database,
    )
    tiktok.verified_prefixes = [f"{stage.bot_url}/photos/"]
    try:
        yield stage
    finally:
        await telegram.aclose()
        await tiktok.aclose()
        await asyncio.gather(_leave(stage), server.stop())  # each takes its time: side by side


async def _leave(stage: Stage) -> None:
    await stage.stop_bot()
    stage.telegram.updates.end_poll("the end of the story")


class BreakableDownloads:
    """Telegram's door, where the next file downloads can be made to break off half-way."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.to_break = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "/file/bot" not in scope["path"] or not self.to_break:
            await self._app(scope, receive, send)
            return
        self.to_break -= 1

        async def send_half(message: Message) -> None:
            if message["type"] == "http.response.body":
                body = message.get("body", b"")
                message = {**message, "body": body[: len(body) // 2], "more_body": True}
            await send(message)

        await self._app(scope, receive, send_half)


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
