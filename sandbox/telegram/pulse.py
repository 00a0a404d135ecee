"""A counter that others can wait on."""

from __future__ import annotations

import asyncio


class Pulse:
    """Counts changes of one thing and wakes who waits for the next.

    The count doubles as a revision number: whatever changed remembers the count it changed at. A
    pulse `within` another beats with it and takes its count, so that revisions of all parts can be
    compared, while who waits for one part sleeps through the others.
    """

    def __init__(self, *, within: Pulse | None = None) -> None:
        self.count = 0
        self._whole = within
        self._next = asyncio.Event()

    def beat(self) -> int:
        """Count one change and return its number."""
        self.count = self.count + 1 if self._whole is None else self._whole.beat()
        self._next.set()
        self._next = asyncio.Event()
        return self.count

    async def after(self, count: int, timeout: float) -> bool:
        """Wait until the count has passed `count`; False when `timeout` seconds came first."""
        try:
            async with asyncio.timeout(timeout):
                while self.count <= count:
                    await self._next.wait()
        except TimeoutError:
            return False
        return True
