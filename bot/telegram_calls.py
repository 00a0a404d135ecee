"""The way to Telegram's Bot API: python-telegram-bot's own, with every answer counted."""

import asyncio
from collections.abc import Callable
from typing import Any

from telegram.request import HTTPXRequest

OnAnswer = Callable[[int | None], None]
"""Hears the HTTP status of an answer, or None where no answer came."""


class CountedRequest(HTTPXRequest):
    """Calls beyond `at_once` wait here in a line.

    In httpx each one that came or went would have it look through all that wait.
    """

    def __init__(self, on_answer: OnAnswer, *, at_once: int = 1, **how: Any) -> None:
        """`how` is what `HTTPXRequest` takes."""
        super().__init__(connection_pool_size=at_once, **how)
        self._on_answer = on_answer
        self._places = asyncio.Semaphore(at_once)

    async def do_request(self, *args: Any, **how: Any) -> tuple[int, bytes]:
        status = None
        try:
            async with self._places:
                status, body = await super().do_request(*args, **how)
            return status, body
        finally:
            self._on_answer(status)
