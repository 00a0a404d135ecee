"""The time of the sandbox, and of whoever is given the same clock: it can be put forward by hand.

It never goes back, not even over a restart: what was stored since would lie in the future.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

FURTHEST = timedelta(days=3660)
SLOWER = 2
"""How many real seconds one second takes while the real time catches up."""
PATIENCE = 20.0
"""Real seconds that a jump waits, in all, for what happens on the way."""

NextDue = Callable[[], Awaitable[datetime | None]]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class _Lead:
    """So far ahead of the real time at `since`; `shrinking` towards nothing or not."""

    ahead: timedelta
    since: datetime
    shrinking: bool

    def at(self, real: datetime) -> timedelta:
        if not self.shrinking:
            return self.ahead
        return max(self.ahead - (real - self.since) * (1 - 1 / SLOWER), timedelta())


class Clock:
    """Gives the present as aware UTC: the `real` one, and what it has been put forward since.

    With a `folder` it remembers in `clock.json` how far that was.
    """

    def __init__(
        self,
        *,
        real: Callable[[], datetime] = utc_now,
        folder: Path | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.real = real
        self._patience = patience
        self._file = folder / "clock.json" if folder else None
        self._lead = _load(self._file) or _Lead(ahead=timedelta(), since=real(), shrinking=False)
        self._turn = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []
        self._next_due: NextDue = _nothing

    def __call__(self) -> datetime:
        real = self.real()
        return real + self._lead.at(real)

    @property
    def ahead(self) -> timedelta:
        """How far it is ahead of the real time."""
        return self._lead.at(self.real())

    @property
    def slow(self) -> bool:
        """Whether it runs slow, because the real time is catching up."""
        return self._lead.shrinking and self.ahead > timedelta()

    def on_jump(self, *listeners: Callable[[], None]) -> None:
        """Call these after each jump: a timer set before it would ring too late."""
        self._listeners += listeners

    def stop_at(self, next_due: NextDue) -> None:
        """Ask this what is due on the way; it answers once nothing is due or under way any more."""
        self._next_due = next_due

    async def jump(self, by: timedelta, *, asleep: bool = False) -> bool:
        """Put it forward; False where it could not go all the way.

        On the way it stops at each moment when something is due, until that is done, so that it
        happens in time. What takes longer than `patience` keeps it there. `asleep` it goes all the
        way at once, as for a machine that slept. Raises ValueError for a way back, or further than
        `FURTHEST` ahead.
        """
        async with self._turn:
            ahead = self.ahead + by
            if by <= timedelta():
                raise ValueError("The clock only goes forward")
            if ahead > FURTHEST:
                raise ValueError(f"The clock goes {FURTHEST.days} days ahead at most")
            try:
                async with asyncio.timeout(self._patience):
                    while not asleep and (due := await self._next_due()):
                        if due - self.real() >= ahead:
                            break
                        await self._move(due - self.real())
            except TimeoutError:
                return False
            await self._move(ahead)
        return True

    async def _move(self, ahead: timedelta) -> None:
        if ahead > self.ahead:
            await self._keep(ahead, shrinking=False)
        for listener in self._listeners:
            listener()

    async def catch_up(self) -> None:
        """Run at half speed until the real time is met again."""
        async with self._turn:
            await self._keep(self.ahead, shrinking=True)

    async def _keep(self, ahead: timedelta, *, shrinking: bool) -> None:
        """Kept before it counts, so that a crash cannot turn the time back."""
        lead = _Lead(ahead=ahead, since=self.real(), shrinking=shrinking)
        if self._file is not None:
            await asyncio.to_thread(_save, self._file, lead)
        self._lead = lead


async def _nothing() -> None:
    """Nobody has said what is due."""


def _load(file: Path | None) -> _Lead | None:
    if file is None or not file.exists():
        return None
    kept = json.loads(file.read_text())
    return _Lead(
        ahead=timedelta(seconds=kept["ahead_seconds"]),
        since=datetime.fromisoformat(kept["since"]),
        shrinking=kept["shrinking"],
    )


def _save(file: Path, lead: _Lead) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    kept = {
        "ahead_seconds": lead.ahead.total_seconds(),
        "since": lead.since.isoformat(),
        "shrinking": lead.shrinking,
    }
    draft.write_text(json.dumps(kept))
    draft.replace(file)
