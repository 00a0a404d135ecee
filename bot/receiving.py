"""Telegram's side of the process: connects, takes updates in, survives Telegram being away."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta

import structlog
from telegram import BotCommand, BotCommandScopeAllPrivateChats, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, Defaults
from telegram.request import HTTPXRequest

from bot.intake import Arrivals, BotApplication
from bot.polling import Poller
from bot.telegram_errors import trouble
from bot.views.words import COMMANDS
from core.intake import Json
from core.unbroken import ended

ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
LONGEST_PAUSE = 60
END_WITHIN = timedelta(seconds=1)

log = structlog.get_logger()


def build_application(*, token: str, api_base_url: str, local_mode: bool) -> BotApplication:
    """python-telegram-bot, without its job queue, rate limiter and web server."""
    return (
        Application.builder()
        .token(token)
        .base_url(f"{api_base_url}/bot")
        .base_file_url(f"{api_base_url}/file/bot")
        .local_mode(local_mode)
        .request(HTTPXRequest(connection_pool_size=32, read_timeout=20, pool_timeout=20))
        .updater(None)  # updates are fetched, stored and put in order by us
        .defaults(
            Defaults(
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        .job_queue(None)
        .build()
    )


def webhook_secret(token: str) -> str:
    """What Telegram has to show with each update; made from the token, so nobody keeps it."""
    return hmac.new(token.encode(), b"clipcue webhook", hashlib.sha256).hexdigest()


class Receiver:
    """Connects to Telegram, trying until it is there, and has updates brought to `arrivals`."""

    def __init__(
        self, application: BotApplication, arrivals: Arrivals, *, webhook_url: str | None
    ) -> None:
        self._application = application
        self._arrivals = arrivals
        self._webhook_url = webhook_url
        self._connecting: asyncio.Task[None] | None = None
        self._poller = Poller(
            url=application.bot.base_url, allowed_updates=ALLOWED_UPDATES, take=arrivals.take
        )
        self._initialised = False
        self.refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Fails with `InvalidToken` when Telegram does not know the bot."""

    @property
    def username(self) -> str | None:
        """The bot's name, once Telegram has told it."""
        return self._application.bot.username if self._initialised else None

    def start(self, when_connected: Callable[[], None]) -> None:
        """Connect in the background; `when_connected` is called once updates come in."""
        self._connecting = asyncio.create_task(self._connect(when_connected))

    async def process(self, data: Json) -> None:
        """Take one update that came over the webhook; it is stored when this returns."""
        await self._arrivals.take([data])

    async def stop(self) -> None:
        """Take no more updates, finish or park those at hand."""
        await ended(self._connecting, within=END_WITHIN)
        await self._poller.stop()
        await self._arrivals.stop()
        if self._initialised:
            await self._application.shutdown()

    async def _connect(self, when_connected: Callable[[], None]) -> None:
        pause = 1
        while True:
            try:
                await self._connect_once()
            except InvalidToken as error:
                self.refused.set_exception(error)
                return
            except TelegramError as error:
                log.warning("telegram_not_reached", trouble=trouble(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            else:
                break
        log.info("telegram_connected", bot=self.username)
        when_connected()

    async def _connect_once(self) -> None:
        application = self._application
        if not self._initialised:
            await application.initialize()
            self._initialised = True
        await application.bot.set_my_commands(
            [BotCommand(name, what) for name, what in COMMANDS.items()],
            scope=BotCommandScopeAllPrivateChats(),
        )
        if self._webhook_url:
            await application.bot.set_webhook(
                self._webhook_url,
                allowed_updates=ALLOWED_UPDATES,
                secret_token=webhook_secret(application.bot.token),
            )
        else:
            await application.bot.delete_webhook()
        self._arrivals.start()
        if not self._webhook_url:
            self._poller.start()
