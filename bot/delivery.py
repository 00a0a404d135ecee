"""Takes notices from the outbox to the chats."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import structlog
from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from bot.telegram_errors import Trouble, trouble
from bot.views.notices import notice
from core.clock import Clock
from core.notifications import Notice, Outbox

AT_ONCE = 8
LONGEST_SLEEP = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(minutes=10)

log = structlog.get_logger()


class Delivery:
    """Sleeps until a notice is due, then sends up to `AT_ONCE` side by side."""

    def __init__(self, *, outbox: Outbox, bot: Bot, clock: Clock) -> None:
        self._outbox = outbox
        self._bot = bot
        self._clock = clock
        self._bell = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._outbox.on_new(self._bell.set)
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; a notice under way is tried again at the next start."""
        if self._loop:
            self._loop.cancel()
            with suppress(asyncio.CancelledError):
                await self._loop

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            try:
                while notices := await self._outbox.take(AT_ONCE):
                    await asyncio.gather(*(self._deliver(owed) for owed in notices))
                due = await self._outbox.next_due()
            except Exception:
                log.exception("delivery_failed")
                due = None
            sleep = LONGEST_SLEEP
            if due is not None:
                sleep = min(sleep, max(due - self._clock(), timedelta()))
            with suppress(TimeoutError):
                async with asyncio.timeout(sleep.total_seconds()):
                    await self._bell.wait()

    async def _deliver(self, owed: Notice) -> None:
        screen = notice(owed)
        try:
            message = await self._bot.send_message(
                owed.chat_id, screen.text, reply_markup=screen.keyboard
            )
        except RetryAfter as error:
            wait = error.retry_after
            delay = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
            await self._outbox.postpone(owed, delay)
        except TelegramError as error:
            await self._undelivered(owed, trouble(error))
        else:
            await self._outbox.delivered(owed, message.message_id)
            log.info("notice_delivered", notice=owed.id, kind=owed.kind)

    async def _undelivered(self, owed: Notice, kind: Trouble) -> None:
        log.warning("notice_undelivered", notice=owed.id, trouble=kind)
        if kind is Trouble.UNREACHABLE:
            await self._outbox.unreachable(owed)
        elif kind is Trouble.REFUSED:
            await self._outbox.refused(owed, kind)
        else:
            pause = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(owed.attempts, 12)))
            await self._outbox.postpone(owed, pause)
