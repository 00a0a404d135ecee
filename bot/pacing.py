"""How often one chat may be written to, and how often one user may ask.

Telegram takes about one message a second for each chat, and short bursts; where it finds that too
much it says how long to wait.
"""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic

INTERVAL = 1.0
"""Seconds between two messages to one chat, on average."""
BURST = 3
"""Messages that may come at once after a while of silence."""
USERS_REMEMBERED = 4096
"""Users whose asking is counted before those who have been quiet are looked for and forgotten."""


class Pace:
    """Per chat, the moment at which all it was sent would be paid off, one message an interval."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._paid_off: dict[int, float] = {}

    def sent(self, chat_id: int) -> None:
        """A message went there."""
        self._paid_off[chat_id] = max(self._paid_off.get(chat_id, 0), self._now()) + INTERVAL

    def rest(self, chat_id: int, delay: timedelta) -> None:
        """Telegram asks to leave the chat alone for so long; then one message may go."""
        until = self._now() + delay.total_seconds() + (BURST - 1) * INTERVAL
        self._paid_off[chat_id] = max(self._paid_off.get(chat_id, 0), until)

    def until_quiet(self, chat_id: int) -> float:
        """Seconds until all is paid off: what can wait goes then, and keeps nothing waiting."""
        return max(0.0, self._paid_off.get(chat_id, 0) - self._now())

    def resting(self) -> dict[int, float]:
        """Chats that must not be written to now, and for how many seconds yet."""
        now = self._now()
        self._paid_off = {chat: at for chat, at in self._paid_off.items() if at > now}
        waits = {chat: at - now - (BURST - 1) * INTERVAL for chat, at in self._paid_off.items()}
        return {chat: wait for chat, wait in waits.items() if wait > 0}


class Allowance:
    """How often each user may ask for something: so often at once, then so often a second.

    What a user has asked beyond that is kept as the moment at which all of it would be paid off, so
    one that is quiet for a while is forgotten.
    """

    def __init__(
        self, *, at_once: int, per_second: float, now: Callable[[], float] = monotonic
    ) -> None:
        self._ahead = at_once / per_second
        self._interval = 1 / per_second
        self._now = now
        self._paid_off: dict[int, float] = {}

    @property
    def counted(self) -> int:
        """How many users are remembered."""
        return len(self._paid_off)

    def take(self, user_id: int) -> float:
        """Count one more, and return in how many seconds it may go: 0 for at once."""
        now = self._now()
        if len(self._paid_off) >= USERS_REMEMBERED:
            self._paid_off = {user: at for user, at in self._paid_off.items() if at > now}
        paid_off = max(self._paid_off.get(user_id, 0), now) + self._interval
        self._paid_off[user_id] = paid_off
        return max(0.0, paid_off - now - self._ahead)
