"""Has clips read by processes that may fail: a file may take its reader over."""

from pathlib import Path

from core.children import Children, Ends
from core.media.probe import Probe, SlowClip, Strip, UnreadableClip

SECONDS = 30.0  # a header and a picture take a tenth of one
MEMORY = 1 << 30  # bytes of addresses; a picture of 8K takes a third
AT_ONCE = 2
ENDS = Ends(
    slow=SlowClip,
    died=lambda how: UnreadableClip(f"its process: {how}"),
    refused=UnreadableClip,
)
"""Of processes that are given a clip."""

_LARGEST_ANSWER = 1 << 16  # bytes
_LARGEST_PICTURE = 4 << 20  # bytes


class Prober:
    """Asks `core.media.reader` what files are, and `core.media.frames` to draw frames of them;
    `seconds` and `memory` (bytes) bound each reading and drawing.

    What waits for its turn, `AT_ONCE` being read at a time, has its seconds still before it.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._readers = Children(
            "core.media.reader",
            seconds=seconds,
            memory=memory,
            at_once=AT_ONCE,
            largest_answer=_LARGEST_ANSWER,
        )
        self._drawers = Children(
            "core.media.frames",
            seconds=seconds,
            memory=memory,
            at_once=AT_ONCE,
            largest_answer=_LARGEST_PICTURE,
        )

    async def probe(self, path: Path) -> Probe:
        """What the clip at `path` is.

        Raises UnreadableClip where it is no video, broken, or the end of its reader; SlowClip
        where time runs out; OSError where the file cannot be opened.
        """
        told, _ = await self._readers.told(str(path), ends=ENDS, about=path)
        return Probe(**told["probe"])

    async def strip(self, path: Path) -> Strip:
        """Frames of the clip at `path`, to choose its cover from; raises as `probe` does."""
        told, picture = await self._drawers.told(str(path), ends=ENDS, about=path)
        return Strip(times_ms=tuple(told["times_ms"]), picture=picture)
