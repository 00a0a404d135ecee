"""The queue of updates that wait for the bot."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.telegram.errors import ApiError
from sandbox.telegram.pulse import Pulse

Json = dict[str, Any]

LONGEST_POLL = 50
_KEPT = timedelta(hours=24)
_CALLBACK_KEPT = timedelta(seconds=150)
_LEFT_OUT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")


@dataclass(frozen=True, kw_only=True)
class Update:
    id: int
    kind: str
    content: Json
    made_at: datetime

    def as_json(self) -> Json:
        return {"update_id": self.id, self.kind: self.content}


class Updates:
    """Updates in order; those nobody fetched in time are dropped, callback queries first."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.allowed: list[str] = []
        self._now = now
        self._waiting: deque[Update] = deque()
        # Of a server begun later, so that a bot never takes a new update for one it has seen.
        self._next_id = int(now().timestamp())
        self._arrivals = Pulse()
        self._turn = 0
        self._ended_by = ""

    @property
    def waiting(self) -> int:
        """How many the bot has not confirmed yet."""
        return len(self._waiting)

    def push(self, kind: str, content: Json) -> None:
        """Queue an update, unless the bot said that it does not want this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in _LEFT_OUT_BY_DEFAULT
        if wanted:
            update = Update(id=self._next_id, kind=kind, content=content, made_at=self._now())
            self._waiting.append(update)
            self._next_id += 1
            self._arrivals.beat()

    async def fetch(self, *, offset: int, limit: int, timeout: int) -> list[Json]:
        """What getUpdates returns; a positive offset confirms all before it.

        A poll that waits is ended with 409 when another one begins or a webhook is set.
        """
        self.end_poll("other getUpdates request; make sure that only one bot instance is running")
        turn = self._turn
        self._confirm(offset)
        limit = limit if 1 <= limit <= 100 else 100
        loop = asyncio.get_running_loop()
        deadline = loop.time() + min(timeout, LONGEST_POLL)
        while True:
            if turn != self._turn:
                raise ApiError(f"terminated by {self._ended_by}", 409)
            seen = self._arrivals.count
            ready = self._ready()[:limit]
            left = deadline - loop.time()
            if ready or left <= 0:
                return [update.as_json() for update in ready]
            await self._arrivals.after(seen, left)

    def end_poll(self, by: str) -> None:
        """End the poll that waits now, if one does."""
        self._turn += 1
        self._ended_by = by
        self._arrivals.beat()

    async def front(self) -> Update:
        """Wait for the oldest update; it stays until `drop` is called with it."""
        while True:
            seen = self._arrivals.count
            ready = self._ready()
            if ready:
                return ready[0]
            await self._arrivals.after(seen, LONGEST_POLL)

    def drop(self, update: Update) -> None:
        """Take a delivered update off the queue."""
        if update in self._waiting:
            self._waiting.remove(update)

    def clear(self) -> None:
        self._waiting.clear()

    def __len__(self) -> int:
        return len(self._ready())

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        while offset > 0 and self._waiting and self._waiting[0].id < offset:
            self._waiting.popleft()

    def _ready(self) -> list[Update]:
        now = self._now()
        for update in list(self._waiting):
            kept = _CALLBACK_KEPT if update.kind == "callback_query" else _KEPT
            if now - update.made_at > kept:
                self._waiting.remove(update)
        return list(self._waiting)
