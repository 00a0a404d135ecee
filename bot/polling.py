"""Asking Telegram for updates, without end.

python-telegram-bot's own updater confirms what it has only in memory, and a connection that is
lost inside it can leave it silent for good. Here updates are stored before the next poll confirms
them, each poll has an end, and after a failure the next one begins on new connections.
"""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.telegram_calls import CountedRequest, OnAnswer
from bot.telegram_errors import asked_pause, trouble
from bot.trust import connections
from core.intake import Json
from core.unbroken import ended
from core.workers import Duty

POLL_SECONDS = 30
"""How long Telegram keeps a poll open when there is nothing; its own limit is 50."""
ANSWER_WITHIN = 15
"""Seconds on top of that before a poll is given up."""
LONGEST_PAUSE = 30.0
SILENT_AFTER = 120
"""Seconds without a poll that went well, after which it is an error and no mere warning."""
LOOK_EVERY = 1.0
"""Seconds between two looks whether the process of this machine that polls is gone."""
END_WITHIN = timedelta(seconds=1)

log = structlog.get_logger()


class Poller:
    """Hands updates to `take`, and asks for the next only once it has returned.

    Of several processes in one data folder one has the `duty`; the others wait until it is gone,
    for Telegram ends the poll of the one when another asks.
    """

    def __init__(
        self,
        *,
        url: str,
        allowed_updates: Sequence[str],
        take: Callable[[Sequence[Json]], Awaitable[None]],
        duty: Duty,
        poll_seconds: int = POLL_SECONDS,
        answer_within: float = ANSWER_WITHIN,
        on_answer: OnAnswer = lambda _status: None,
    ) -> None:
        """`url` is the address of the bot at Telegram; the token is part of it."""
        self._url = url
        self._allowed_updates = json.dumps(list(allowed_updates))
        self._take = take
        self._duty = duty
        self._poll_seconds = poll_seconds
        self._answer_within = answer_within
        self._offset = 0
        self._on_answer = on_answer
        self._request = self._connections()
        self._polling: asyncio.Task[None] | None = None
        self._next_poll_by = math.inf
        self.heard_at = monotonic()
        """When a poll last went well, or this was made; on the clock of `time.monotonic`."""

    @property
    def stuck_seconds(self) -> float:
        """For how long the next poll has been owed: 0 while this works, however ill Telegram is."""
        return max(0.0, monotonic() - self._next_poll_by)

    def start(self) -> None:
        """Begin to ask, once no other process of the folder does."""
        self._polling = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ask no more; what was not stored yet stays at Telegram."""
        await ended(self._polling, within=END_WITHIN)
        self._duty.leave()
        await self._close(self._request)

    async def _run(self) -> None:
        failures, self.heard_at = 0, monotonic()
        while True:
            try:
                await self._on_duty()
                await self._poll()
            except Exception as error:
                failures += 1
                pause = _pause(error, failures)
                _report(error, monotonic() - self.heard_at, pause)
                self._next_poll_by = monotonic() + pause
                await asyncio.sleep(pause)
                if not isinstance(error, RetryAfter | Conflict):
                    await self._renew()
            else:
                failures, self.heard_at = 0, monotonic()

    async def _on_duty(self) -> None:
        """Wait until nobody else here polls; what another hears is no silence of Telegram's."""
        if self._duty.take():
            return
        log.info("polling_left_to_another_process")
        self._next_poll_by = math.inf
        while not self._duty.take():
            self.heard_at = monotonic()
            await asyncio.sleep(LOOK_EVERY)
        log.info("polling_taken_over")

    async def _poll(self) -> None:
        asked = {
            "offset": self._offset,
            "timeout": self._poll_seconds,
            "allowed_updates": self._allowed_updates,
        }
        longest = self._poll_seconds + self._answer_within
        self._next_poll_by = monotonic() + longest
        async with asyncio.timeout(longest):  # whatever the connections below do meanwhile
            # Not Bot.get_updates: it hands out parsed updates, and ends for good at one it cannot
            # parse.
            updates: Any = await self._request.post(
                f"{self._url}/getUpdates?{urlencode(asked)}", read_timeout=longest
            )
        if updates:
            await self._take(updates)
            self._offset = max(update["update_id"] for update in updates) + 1

    async def _renew(self) -> None:
        old, self._request = self._request, self._connections()
        await self._close(old)

    def _connections(self) -> HTTPXRequest:
        return CountedRequest(self._on_answer, httpx_kwargs=connections())

    async def _close(self, request: HTTPXRequest) -> None:
        await asyncio.wait(
            {asyncio.create_task(request.shutdown())}, timeout=END_WITHIN.total_seconds()
        )


def _pause(error: Exception, failures: int) -> float:
    """Seconds until the next poll."""
    if isinstance(error, RetryAfter):
        return asked_pause(error).total_seconds()
    if isinstance(error, InvalidToken):
        return LONGEST_PAUSE
    return min(LONGEST_PAUSE, 2.0 ** min(failures - 1, 10))


def _report(error: Exception, silent: float, pause: float) -> None:
    if isinstance(error, Conflict):  # from elsewhere: once it ends, this one has what comes
        log.warning("another_process_polls", silent_for=round(silent), again_in=pause)
        return
    kind = trouble(error) if isinstance(error, TelegramError) else None
    level = log.error if silent > SILENT_AFTER or kind is None else log.warning
    level(
        "poll_failed",
        trouble=kind,
        error=type(error).__name__,
        silent_for=round(silent),
        again_in=pause,
    )
