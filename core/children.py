"""Work that may fail is given to child processes: one a piece, bounded in time, memory and number.

A child is `python -m MODULE ARGUMENTS... SECONDS BYTES`; it bounds itself (`core.bounds`), reads
its request from stdin where there is one, and writes its answer to stdout. Those that read files
answer with a line of JSON, and what may follow it: an object with what there is to tell, or with
why there is nothing, `refused` (a word for it) or `errno`.
"""

import asyncio
import json
import os
import sys
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGALRM
from typing import Any

from core.unbroken import unbroken

Heard = Callable[[bytes], Awaitable[None]]

_NEEDED = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")
_ROOT = Path(__file__).parents[1]


class ChildSlow(Exception):
    """The child did not end in time."""


class ChildDied(Exception):
    """The child was ended by a signal, or would not stop talking."""


@dataclass(frozen=True, kw_only=True)
class Ends:
    """What whoever asks raises where there is nothing."""

    slow: Callable[[], Exception]
    """The child did not end in time."""
    died: Callable[[str], Exception]
    """It was ended; hears by what."""
    refused: Callable[[str], Exception]
    """It gives this word for why there is nothing."""


class Children:
    """Runs `module` in processes of its own, each within `seconds` and `memory` (bytes).

    What waits for its turn, `at_once` being run at a time, has its seconds still before it. An
    answer has `largest_answer` bytes at most. Children know of the environment what Python needs
    and the variables of `environment`: no token.
    """

    def __init__(
        self,
        module: str,
        *,
        seconds: float,
        memory: int,
        at_once: int,
        largest_answer: int,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._module = module
        self._bounds = (str(seconds), str(memory))
        self._seconds = seconds
        self._largest_answer = largest_answer
        self._environment = {**_environment(), **(environment or {})}
        self._places = asyncio.Semaphore(at_once)

    async def ask(
        self, *arguments: str, request: bytes | None = None, heard: Heard | None = None
    ) -> bytes:
        """What a child with these arguments answers to `request`.

        With `heard` the answer is its last line: that hears of those before it as they come, and
        what it raises ends the child. Raises `ChildSlow`, `ChildDied`, or RuntimeError where the
        child's own code fails.
        """
        async with self._places:
            child = await self._start(arguments, DEVNULL if request is None else PIPE)
            assert child.stdout is not None  # noqa: S101 - it is a pipe
            try:
                async with asyncio.timeout(self._seconds):
                    if child.stdin is not None:
                        await _tell(child.stdin, request or b"")
                    if heard is None:
                        answer = await self._all_of(child.stdout)
                    else:
                        answer = await self._last_of(child.stdout, heard)
                    code = await child.wait()
            except TimeoutError:
                raise ChildSlow from None
            finally:
                await unbroken(_end(child, child.stdout))
        if code == -SIGALRM:
            raise ChildSlow
        if code < 0:
            raise ChildDied(f"ended by signal {-code}")
        if code > 0:
            raise RuntimeError(f"{self._module} failed with exit code {code}")
        return answer

    async def told(
        self,
        *arguments: str,
        ends: Ends,
        about: Path | None = None,
        request: bytes | None = None,
        heard: Heard | None = None,
    ) -> tuple[dict[str, Any], bytes]:
        """The same of a child that answers with a line of JSON: its object, and what follows it.

        Raises as `ends` says, and OSError about that file where the child met one.
        """
        try:
            answer = await self.ask(*arguments, request=request, heard=heard)
        except ChildSlow:
            raise ends.slow() from None
        except ChildDied as error:
            raise ends.died(str(error)) from None
        line, _, rest = answer.partition(b"\n")
        told: dict[str, Any] = json.loads(line)
        if "refused" in told:
            raise ends.refused(told["refused"])
        if "errno" in told:
            met = (told["errno"], os.strerror(told["errno"]))
            raise OSError(*met) if about is None else OSError(*met, str(about))
        return told, rest

    async def _start(self, arguments: tuple[str, ...], stdin: int) -> Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", self._module, *arguments, *self._bounds),
            env=self._environment,
            stdin=stdin,
            stdout=PIPE,
            stderr=DEVNULL,
        )

    async def _all_of(self, stream: StreamReader) -> bytes:
        try:
            await stream.readexactly(self._largest_answer + 1)
        except IncompleteReadError as ended:
            return ended.partial
        raise ChildDied("does not stop talking")

    async def _last_of(self, stream: StreamReader, heard: Heard) -> bytes:
        """The last line; `readline` bounds each."""
        last = b""
        try:
            while line := await stream.readline():
                if last:
                    await heard(last)
                last = line
        except ValueError:
            raise ChildDied("does not stop talking") from None
        return last


def _environment() -> dict[str, str]:
    """What Python needs."""
    needed = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    known = [needed["PYTHONPATH"]] if "PYTHONPATH" in needed else []
    return {**needed, "PYTHONPATH": os.pathsep.join([str(_ROOT), *known])}


async def _tell(stdin: StreamWriter, request: bytes) -> None:
    """Write all of the request; a child that ends before it has read it says so by its end."""
    with suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(request)
        await stdin.drain()
    stdin.close()


async def _end(child: Process, answer: StreamReader) -> None:
    """Leave no process behind, nor the pipes between."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
    if child.stdin is not None:
        child.stdin.close()
        with suppress(BrokenPipeError, ConnectionResetError):
            await child.stdin.wait_closed()
    await answer.read()
    await child.wait()
