"""Clips or photos on their way into one post or batch: how many of each chat, and whether the
message that shows them is due.

Kept in memory: after a restart they are fetched again, and counted again.
"""

import math
import time
from dataclasses import dataclass, field

DRAW_EVERY = 3.0
"""Seconds between two edits of that message while more still come."""


@dataclass
class _Coming:
    updates: set[int] = field(default_factory=set)
    latest_message_id: int = 0
    drawn_at: float = -math.inf


class Gathering:
    def __init__(self, *, draw_every: float = DRAW_EVERY) -> None:
        self._chats: dict[int, _Coming] = {}
        self._draw_every = draw_every

    def expect(self, chat_id: int, update: int, message_id: int) -> bool:
        """One begins to come; says whether it is the first of them."""
        is_first = chat_id not in self._chats
        coming = self._chats.setdefault(chat_id, _Coming())
        coming.updates.add(update)
        coming.latest_message_id = max(coming.latest_message_id, message_id)
        return is_first

    def left(self, chat_id: int) -> int:
        """How many are still to come."""
        coming = self._chats.get(chat_id)
        return len(coming.updates) if coming else 0

    def is_above(self, chat_id: int, message_id: int | None) -> bool:
        """Whether the message stands above something that came after it."""
        coming = self._chats.get(chat_id)
        return message_id is None or (coming is not None and coming.latest_message_id > message_id)

    def may_draw(self, chat_id: int) -> bool:
        """Whether enough time has gone by since the last drawing."""
        coming = self._chats.get(chat_id)
        return coming is None or time.monotonic() - coming.drawn_at >= self._draw_every

    def drawn(self, chat_id: int) -> None:
        """The message that shows them is drawn now."""
        if (coming := self._chats.get(chat_id)) is not None:
            coming.drawn_at = time.monotonic()

    def end(self, chat_id: int, update: int) -> None:
        """One has come, or will not."""
        coming = self._chats.get(chat_id)
        if coming is not None:
            coming.updates.discard(update)
            if not coming.updates:
                del self._chats[chat_id]
