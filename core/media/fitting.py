"""Has clips made to fit by processes that may fail, take long, and may be told to stop."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from core.children import Children
from core.media.probing import ENDS

SECONDS = 3600.0  # ten minutes in 4K take most of it
MEMORY = 3 << 30  # bytes of addresses; encoding in 4K takes a third
AT_ONCE = 2

_LARGEST_ANSWER = 1 << 12  # bytes


class Fitter:
    """Asks `core.media.fitter` to make clips fit; `seconds` and `memory` (bytes) bound each."""

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._children = Children(
            "core.media.fitter",
            seconds=seconds,
            memory=memory,
            at_once=AT_ONCE,
            largest_answer=_LARGEST_ANSWER,
        )

    async def fit(
        self, source: Path, target: Path, *, at: Callable[[float], Awaitable[None]]
    ) -> None:
        """Write the clip at `source` to `target` so that TikTok takes it.

        `at` hears the share that is done, about once a second; what it raises stops the work.
        Raises UnreadableClip where it cannot be done, SlowClip where time runs out, and OSError
        where a file cannot be read or written.
        """

        async def heard(line: bytes) -> None:
            await at(json.loads(line)["share"])

        await self._children.told(str(source), str(target), ends=ENDS, about=target, heard=heard)
