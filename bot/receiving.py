"""Telegram's side of the process: connects, takes updates in, survives Telegram being away."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import timedelta
from time import monotonic

import structlog
from telegram import BotCommand, BotCommandScopeAllPrivateChats, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, Defaults
from telegram.request import HTTPXRequest

from bot.arrivals import Arrivals, BotApplication
from bot.downloads import LOCAL_AT_ONCE
from bot.language import ENGLISH, LANGUAGES, speaking
from bot.polling import Poller
from bot.telegram_calls import CountedRequest, OnAnswer
from bot.telegram_errors import trouble
from bot.trust import connections
from bot.views.words import commands
from core.intake import Json
from core.metrics import Metrics
from core.unbroken import ended
from core.workers import Duty

ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
CALLS_AT_ONCE = 8
"""Calls to Telegram: at a tenth of a second each more than it takes of a bot. A local server is
asked for files beside them."""
LONGEST_PAUSE = 60
END_WITHIN = timedelta(seconds=1)

log = structlog.get_logger()


def build_application(
    *,
    token: str,
    api_base_url: str,
    local_mode: bool,
    on_answer: OnAnswer = lambda _status: None,
) -> BotApplication:
    """python-telegram-bot, without its job queue, rate limiter and web server."""
    return (
        Application.builder()
        .token(token)
        .base_url(f"{api_base_url}/bot")
        .base_file_url(f"{api_base_url}/file/bot")
        .local_mode(local_mode)
        .request(
            CountedRequest(
                on_answer,
                at_once=CALLS_AT_ONCE + (LOCAL_AT_ONCE if local_mode else 0),
                read_timeout=20,
                httpx_kwargs=connections(),
            )
        )
        .updater(None)  # updates are fetched, stored and put in order by us
        # Never used, but made all the same where none is given.
        .get_updates_request(HTTPXRequest(httpx_kwargs=connections()))
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
        self,
        application: BotApplication,
        arrivals: Arrivals,
        *,
        webhook_url: str | None,
        polling: Duty,
        metrics: Metrics,
    ) -> None:
        self._application = application
        self._arrivals = arrivals
        self._webhook_url = webhook_url
        self._connecting: asyncio.Task[None] | None = None
        self._poller = Poller(
            url=application.bot.base_url,
            allowed_updates=ALLOWED_UPDATES,
            take=self._take,
            duty=polling,
            on_answer=metrics.telegram_answered,
        )
        self._metrics = metrics
        self._heard_at = monotonic()
        self._initialised = False
        self.refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Fails with `InvalidToken` when Telegram does not know the bot."""

    @property
    def username(self) -> str | None:
        """The bot's name, once Telegram has told it."""
        return self._application.bot.username if self._initialised else None

    @property
    def polls(self) -> bool:
        """Whether Telegram is asked for updates; else it brings them, when there are any."""
        return self._webhook_url is None

    @property
    def silent_seconds(self) -> float:
        """Since a poll went well or an update was brought; at first since the start."""
        return monotonic() - (self._poller.heard_at if self.polls else self._heard_at)

    @property
    def stuck_seconds(self) -> float:
        """For how long polling has stood still by a fault of ours; 0 while it works."""
        return self._poller.stuck_seconds

    def start(self, *when_connected: Callable[[], None]) -> None:
        """Connect in the background; `when_connected` are called once updates come in."""
        self._connecting = asyncio.create_task(self._connect(when_connected))

    async def process(self, data: Json) -> None:
        """Take one update that came over the webhook; it is stored when this returns."""
        await self._take([data])
        self._heard_at = monotonic()

    async def _take(self, updates: Sequence[Json]) -> None:
        await self._arrivals.take(updates)
        self._metrics.updates_taken(len(updates))

    async def stop(self) -> None:
        """Take no more updates, finish or park those at hand."""
        await ended(self._connecting, within=END_WITHIN)
        await self._poller.stop()
        await self._arrivals.stop()

    async def close(self) -> None:
        """Close the connections to Telegram, once nobody else needs them."""
        if self._initialised:
            closing = asyncio.create_task(self._application.shutdown())
            await asyncio.wait({closing}, timeout=END_WITHIN.total_seconds())

    async def _connect(self, when_connected: Sequence[Callable[[], None]]) -> None:
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
        for begin in when_connected:
            begin()

    async def _connect_once(self) -> None:
        application = self._application
        if not self._initialised:
            await application.initialize()
            self._initialised = True
        await self._describe_commands()
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

    async def _describe_commands(self) -> None:
        """The list of commands in each language; English is for all that have none of their own."""
        for language in LANGUAGES:
            with speaking(language):
                described = [BotCommand(name, what) for name, what in commands().items()]
            await self._application.bot.set_my_commands(
                described,
                scope=BotCommandScopeAllPrivateChats(),
                language_code=None if language == ENGLISH else language,
            )
