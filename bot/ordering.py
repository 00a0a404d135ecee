"""Updates of one creator in order, of different creators side by side."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

ACCEPTED = 1024
"""Updates taken in at the most, those that wait for their turn included."""
AT_ONCE = 64
"""Updates worked on at the same time."""


class OneByOnePerUser(BaseUpdateProcessor):
    """A lock per user, taken before a place: one user's flood keeps only that user waiting."""

    def __init__(self) -> None:
        super().__init__(ACCEPTED)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._turns: dict[int, asyncio.Lock] = {}
        self._waiting: dict[int, int] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        user = update.effective_user if isinstance(update, Update) else None
        key = user.id if user else 0
        turn = self._turns.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            async with turn, self._places:
                await coroutine
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._turns[key]

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""
