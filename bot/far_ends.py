"""The far ends: where Telegram and TikTok are, the real ones or the sandbox's.

Only this part of the composition root knows that a sandbox exists: without credentials it puts the
sandbox's Telegram and TikTok on our own web server and points the same clients at them, over HTTP.
Where TikTok is the sandbox's, so is the clock, for its panel can put it forward.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from fastapi import FastAPI

from bot.language import N_, _
from bot.web.pages import Page
from bot.web.tiktok_webhook import TIKTOK_WEBHOOK_PATH
from core.clock import Clock
from core.settings import PHOTOS_PATH, Settings

if TYPE_CHECKING:
    from sandbox.telegram import Telegram
    from sandbox.tiktok import Clock as SandboxClock
    from sandbox.tiktok import TikTok

SANDBOX_TELEGRAM_PATH = "/sandbox/telegram"
SANDBOX_TIKTOK_PATH = "/sandbox/tiktok"
SANDBOX_TOKEN = "1000:sandbox"  # noqa: S105 - opens nothing but the sandbox


@dataclass(frozen=True, kw_only=True)
class FarEnds:
    """Where Telegram and TikTok are: the real ones, or the sandbox on our own server.

    `clock` is what everything is to live by.
    """

    clock: Clock
    telegram_token: str = field(repr=False)
    telegram_api_base_url: str
    tiktok_client_key: str
    tiktok_client_secret: str = field(repr=False)
    tiktok_auth_base_url: str
    tiktok_api_base_url: str
    tiktok_fetches_from: str
    """Where TikTok reaches our web server."""
    tiktok_audited: bool
    tiktok_video_list: bool
    tiktok_video_upload: bool
    sandbox_telegram: "Telegram | None"
    sandbox_tiktok: "TikTok | None"
    sandbox_clock: "SandboxClock | None"
    sandbox_chat_url: str | None

    def mount(self, site: FastAPI) -> None:
        """Serve the sandbox's side, where there is one."""
        if self.sandbox_telegram:
            site.mount(SANDBOX_TELEGRAM_PATH, self.sandbox_telegram.app)
        if self.sandbox_tiktok:
            site.mount(SANDBOX_TIKTOK_PATH, self.sandbox_tiktok.app)

    def start(self, stack: AsyncExitStack) -> None:
        """Let the sandbox work until the stack is left: webhooks, polls, open chat pages."""
        if self.sandbox_tiktok:
            stack.push_async_callback(self.sandbox_tiktok.aclose)
        if self.sandbox_telegram:
            stack.push_async_callback(self.sandbox_telegram.aclose)
            stack.callback(self.sandbox_telegram.updates.end_poll, "the end of the sandbox")

    def keep_up(
        self, *looks: Callable[[], None], at_rest: Callable[[], Awaitable[datetime | None]]
    ) -> None:
        """Call each of `looks` when the clock has jumped, for timers do not notice that.

        On its way it stops whenever something is due, as `at_rest` tells.
        """
        if self.sandbox_clock:
            self.sandbox_clock.on_jump(*looks)
            self.sandbox_clock.stop_at(at_rest)

    def front(self) -> Page:
        """The front page: what runs here, and what is a stand-in."""
        lines = [_("ClipCue gets a creator's clips onto TikTok at the right moment.")]
        if self.sandbox_telegram:
            lines.append(_("No bot token is set: the chat below is a stand-in for Telegram."))
        if self.sandbox_tiktok:
            lines.append(_("TikTok is the sandbox's: nothing leaves this machine."))
        return Page(
            icon="🎬",
            title=_("ClipCue is running"),
            lines=tuple(lines),
            button=N_("Open the chat"),
        )


def far_ends(settings: Settings, clock: Clock) -> FarEnds:
    """The real Telegram and TikTok where there are credentials, the sandbox's elsewhere."""
    token, key, secret = (
        settings.telegram_bot_token,
        settings.tiktok_client_key,
        settings.tiktok_client_secret,
    )
    telegram = tiktok_ = sandbox_clock = None
    if settings.sandbox_tiktok:
        from sandbox import tiktok  # noqa: PLC0415 - not loaded where it is not used

        folder = settings.data_dir / "sandbox" / "tiktok"
        clock = sandbox_clock = tiktok.Clock(real=clock, folder=folder)
        tiktok_ = tiktok.TikTok(now=clock, folder=folder)
        tiktok_.webhook_url = own_address(settings) + TIKTOK_WEBHOOK_PATH
        tiktok_.verified_prefixes = [
            base + PHOTOS_PATH for base in (settings.public_base_url, own_address(settings))
        ]
    if settings.sandbox_telegram:
        from sandbox.telegram import Telegram  # noqa: PLC0415 - not loaded where it is not used

        telegram = Telegram(
            now=clock, token=SANDBOX_TOKEN, folder=settings.data_dir / "sandbox" / "telegram"
        )
    if telegram and tiktok_:
        tiktok_.chat_url = f"{SANDBOX_TELEGRAM_PATH}/"
        telegram.links = [
            ("TikTok's site", f"{SANDBOX_TIKTOK_PATH}/", "note"),
            ("Control panel", f"{SANDBOX_TIKTOK_PATH}/panel", "panel"),
        ]
    ours = own_address(settings)
    shown = for_phones(settings.public_base_url)
    return FarEnds(
        clock=clock,
        telegram_token=token.get_secret_value() if token else SANDBOX_TOKEN,
        telegram_api_base_url=(
            ours + SANDBOX_TELEGRAM_PATH if telegram else settings.telegram_api_base_url
        ),
        tiktok_client_key=tiktok_.client_key if tiktok_ else str(key),
        tiktok_client_secret=(
            tiktok_.client_secret if tiktok_ else secret.get_secret_value() if secret else ""
        ),
        tiktok_auth_base_url=(
            shown + SANDBOX_TIKTOK_PATH if tiktok_ else settings.tiktok_auth_base_url
        ),
        tiktok_api_base_url=(
            ours + SANDBOX_TIKTOK_PATH if tiktok_ else settings.tiktok_api_base_url
        ),
        tiktok_fetches_from=ours if tiktok_ else settings.public_base_url,
        tiktok_audited=True if tiktok_ else settings.tiktok_audited,
        tiktok_video_list=True if tiktok_ else settings.tiktok_video_list,
        tiktok_video_upload=True if tiktok_ else settings.tiktok_video_upload,
        sandbox_telegram=telegram,
        sandbox_tiktok=tiktok_,
        sandbox_clock=sandbox_clock,
        sandbox_chat_url=f"{shown}{SANDBOX_TELEGRAM_PATH}/" if telegram else None,
    )


def own_address(settings: Settings) -> str:
    """Where this process reaches its own web server."""
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared with, not bound to
    return f"http://{anywhere.get(settings.web_host, settings.web_host)}:{settings.web_port}"


def for_phones(address: str) -> str:
    """Telegram refuses buttons to a host without a dot, so localhost goes by its number."""
    parts = urlsplit(address)
    if parts.hostname != "localhost":
        return address
    return urlunsplit(parts._replace(netloc=f"127.0.0.1:{parts.port or 80}"))
