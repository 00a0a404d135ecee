"""Telegram's side of the process: connects, takes updates in, survives Telegram being away."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from telegram import BotCommand, BotCommandScopeAllPrivateChats, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, Defaults
from telegram.request import HTTPXRequest

from bot.ordering import OneByOnePerUser
from bot.telegram_errors import Trouble, trouble
from bot.views.words import COMMANDS

ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
POLL_SECONDS = 30
LONGEST_PAUSE = 60
RECENT = 1000
"""How many updates are remembered, to know a copy."""

log = structlog.get_logger()

BotApplication = Application[Any, Any, Any, Any, Any, Any]


def build_application(*, token: str, api_base_url: str, local_mode: bool) -> BotApplication:
    """python-telegram-bot, without its job queue, rate limiter and web server."""
    return (
        Application.builder()
        .token(token)
        .base_url(f"{api_base_url}/bot")
        .base_file_url(f"{api_base_url}/file/bot")
        .local_mode(local_mode)
        .request(HTTPXRequest(connection_pool_size=32, read_timeout=20, pool_timeout=20))
        # More than the default single connection: one that hangs must not end polling for good.
        .get_updates_request(
            _UpdatesRequest(connection_pool_size=4, read_timeout=20, pool_timeout=20)
        )
        .concurrent_updates(OneByOnePerUser())
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


class _UpdatesRequest(HTTPXRequest):
    """How updates are fetched: one that cannot be read must not hold up those behind it."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = HTTPXRequest.parse_json_payload(payload)
        updates = answer.get("result")
        if isinstance(updates, list):
            answer["result"] = [_readable(update) for update in updates]
        return answer


def _readable(data: dict[str, Any]) -> dict[str, Any]:
    """The update, or an empty one of its number, which is confirmed and forgotten.

    python-telegram-bot would ask for an update that it cannot read again and again, without end.
    """
    try:
        Update.de_json(data, bot=None)
    except Exception as error:
        number = data["update_id"]
        log.error("update_not_readable", update=number, error=type(error).__name__)  # noqa: TRY400 - its content is private
        return {"update_id": number}
    return data


class Receiver:
    """Brings updates to the handlers; tries until Telegram is there."""

    def __init__(self, application: BotApplication, *, webhook_url: str | None) -> None:
        self._application = application
        self._webhook_url = webhook_url
        self._connecting: asyncio.Task[None] | None = None
        self._initialised = False
        self._recent: dict[int, None] = {}
        """Numbers of the latest updates that came over the webhook, the oldest first."""
        self.refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Fails with `InvalidToken` when Telegram does not know the bot."""

    @property
    def username(self) -> str | None:
        """The bot's name, once Telegram has told it."""
        return self._application.bot.username if self._initialised else None

    def start(self, when_connected: Callable[[], None]) -> None:
        """Connect in the background; `when_connected` is called once updates come in."""
        self._connecting = asyncio.create_task(self._connect(when_connected))

    async def process(self, data: dict[str, Any]) -> None:
        """Work off one update that came over the webhook.

        Telegram sends an update again when the answer takes it too long, as with a big clip: such
        a copy is passed over.
        """
        application = self._application
        update = Update.de_json(_readable(data), application.bot)
        if update.update_id in self._recent:
            return
        self._recent[update.update_id] = None
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
        try:
            await application.update_processor.process_update(
                update, application.process_update(update)
            )
        except Exception:
            self._recent.pop(update.update_id, None)
            raise

    async def stop(self) -> None:
        """Take no more updates, finish those at hand."""
        if self._connecting:
            self._connecting.cancel()
            with suppress(asyncio.CancelledError):
                await self._connecting
        application = self._application
        if application.updater and application.updater.running:
            await application.updater.stop()
        if application.running:
            await application.stop()
        if self._initialised:
            await application.shutdown()

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
        elif application.updater:
            await application.updater.start_polling(
                timeout=POLL_SECONDS,
                allowed_updates=ALLOWED_UPDATES,
                bootstrap_retries=-1,
                error_callback=_poll_failed,
            )
        await application.start()


def _poll_failed(error: TelegramError) -> None:
    kind = trouble(error)
    level = log.warning if kind is Trouble.PASSING else log.error
    level("poll_failed", trouble=kind, error=type(error).__name__)
