"""Has clips read by processes that may fail: one a clip, bounded in time, memory and number."""

import asyncio
import json
import os
import sys
from asyncio import IncompleteReadError, StreamReader
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from signal import SIGALRM
from typing import Any

from core.media.probe import Probe, SlowClip, UnreadableClip
from core.unbroken import unbroken

SECONDS = 30.0  # a header and a picture take a tenth of one
MEMORY = 1 << 30  # bytes of addresses; a picture of 8K takes a third
AT_ONCE = 2

_LARGEST_ANSWER = 1 << 16  # bytes
_NEEDED = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")
_ROOT = Path(__file__).parents[2]


class Prober:
    """Asks `core.media.reader` what files are; `seconds` and `memory` (bytes) bound each reading.

    What waits for its turn, `AT_ONCE` being read at a time, has its seconds still before it.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._places = asyncio.Semaphore(AT_ONCE)

    async def probe(self, path: Path) -> Probe:
        """What the clip at `path` is.

        Raises UnreadableClip where it is no video, broken, or the end of its reader; SlowClip
        where time runs out; OSError where the file cannot be opened.
        """
        async with self._places:
            child = await self._start(path)
            assert child.stdout is not None  # noqa: S101 - it is a pipe
            try:
                async with asyncio.timeout(self._seconds):
                    written = await _all_of(child.stdout)
                    code = await child.wait()
            except TimeoutError:
                raise SlowClip from None
            finally:
                await unbroken(_end(child, child.stdout))
        if code == -SIGALRM:
            raise SlowClip
        if code < 0:
            raise UnreadableClip(f"its reader was ended by signal {-code}")
        if code > 0:
            raise RuntimeError(f"the reader of clips failed with exit code {code}")
        return _understood(written, path)

    async def _start(self, path: Path) -> Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "core.media.reader"),
            *(str(path), str(self._seconds), str(self._memory)),
            env=_environment(),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
        )


def _environment() -> dict[str, str]:
    """What Python needs, and no token: a file may take its reader over."""
    needed = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    known = [needed["PYTHONPATH"]] if "PYTHONPATH" in needed else []
    return {**needed, "PYTHONPATH": os.pathsep.join([str(_ROOT), *known])}


async def _all_of(stream: StreamReader) -> bytes:
    try:
        await stream.readexactly(_LARGEST_ANSWER + 1)
    except IncompleteReadError as ended:
        return ended.partial
    raise UnreadableClip("its reader does not stop talking")


async def _end(child: Process, answer: StreamReader) -> None:
    """Leave no process behind, nor the pipe that it wrote to."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
    await answer.read()
    await child.wait()


def _understood(written: bytes, path: Path) -> Probe:
    answer: dict[str, Any] = json.loads(written)
    if "unreadable" in answer:
        raise UnreadableClip(answer["unreadable"])
    if "errno" in answer:
        raise OSError(answer["errno"], os.strerror(answer["errno"]), str(path))
    return Probe(**answer["probe"])
