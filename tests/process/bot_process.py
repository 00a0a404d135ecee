"""The product as the operator runs it: `python -m bot` in a process of its own."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Self

import httpx

ROOT = Path(__file__).parents[2]
UP_WITHIN = 60
DOWN_WITHIN = 20
"""Seconds; the second is what the product promises after SIGTERM."""


class BotProcess:
    """One child process; it can be started again after it has ended, and ends with the block.

    It sees only `variables` (and where programs and modules are), runs in `folder`, where no .env
    lies, and writes to `{name}.log` there, run after run. With a `clock`, the file of a
    `KeptClock`, it goes by that clock.
    """

    def __init__(
        self,
        variables: Mapping[str, str],
        folder: Path,
        *,
        name: str = "bot",
        clock: Path | None = None,
    ) -> None:
        self.url = f"http://127.0.0.1:{variables['WEB_PORT']}"
        self._variables = variables
        self._folder = folder
        self._log = folder / f"{name}.log"
        self._command = ("tests.process.timed_bot", str(clock)) if clock else ("bot",)
        self._child: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    @property
    def logs(self) -> str:
        """All that every run so far has written."""
        return self._log.read_text()

    @property
    def pid(self) -> int:
        return self._running().pid

    async def launch(self) -> None:
        """Start the process without waiting for it to serve."""
        assert self._child is None, "the process runs already"
        with self._log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *self._command,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self._variables},
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def start(self) -> None:
        """Start the process and return once it says that it is healthy."""
        await self.launch()
        child, deadline = self._running(), monotonic() + UP_WITHIN
        async with httpx.AsyncClient(timeout=2) as operator:
            while monotonic() < deadline and child.returncode is None:
                try:
                    if (await operator.get(f"{self.url}/healthz")).is_success:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        raise AssertionError(f"not healthy (exit code {child.returncode}):\n{self.logs}")

    async def kill(self) -> None:
        """End it as a crash does, if it runs: SIGKILL, nothing is tidied up."""
        if self._child is not None:
            if self._child.returncode is None:
                self._child.send_signal(signal.SIGKILL)
            await self.ended()

    async def stop(self) -> int:
        """Ask it to end as an operator does, SIGTERM, and return the exit code."""
        self._running().send_signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        """Wait until it has ended and return the exit code."""
        try:
            async with asyncio.timeout(DOWN_WITHIN):
                code = await self._running().wait()
        except TimeoutError:
            raise AssertionError(f"still running after {DOWN_WITHIN} s:\n{self.logs}") from None
        self._child = None
        return code

    def _running(self) -> asyncio.subprocess.Process:
        assert self._child is not None, "the process does not run"
        return self._child
