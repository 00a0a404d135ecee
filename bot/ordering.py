"""What concerns one creator goes in order, what concerns different creators side by side."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class OneByOnePerUser:
    """A line for each user, taken before one of the places: a flood keeps only its user waiting."""

    def __init__(self, places: int) -> None:
        self._places = asyncio.Semaphore(places)
        self._lines: dict[int, asyncio.Lock] = {}
        self._waiting: dict[int, int] = {}

    @asynccontextmanager
    async def turn(self, user_id: int) -> AsyncIterator[None]:
        """Wait for the user's turn, in the order of asking, and for a place; have both inside."""
        line = self._lines.setdefault(user_id, asyncio.Lock())
        self._waiting[user_id] = self._waiting.get(user_id, 0) + 1
        try:
            async with line, self._places:
                yield
        finally:
            self._waiting[user_id] -= 1
            if not self._waiting[user_id]:
                del self._waiting[user_id], self._lines[user_id]
