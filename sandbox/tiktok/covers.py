"""The covers of clips, each drawn once, by a child process that knows no token."""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

SECONDS = 20
AT_ONCE = 2
_NEEDED = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")
_ROOT = Path(__file__).parents[2]


class Covers:
    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._without: set[Path] = set()

    async def of(self, clip: Path, milliseconds: int) -> Path | None:
        """A JPEG of the frame at that time, beside the clip; None where there is none to show."""
        cover = clip.with_name(f"{clip.name}.jpg")
        async with self._places:
            if clip in self._without:
                return None
            if not await asyncio.to_thread(cover.exists):
                await self._draw(clip, milliseconds, cover)
            if await asyncio.to_thread(cover.exists):
                return cover
            self._without.add(clip)
            return None

    async def _draw(self, clip: Path, milliseconds: int, cover: Path) -> None:
        known = {name: os.environ[name] for name in _NEEDED if name in os.environ}
        path = os.pathsep.join([str(_ROOT), *filter(None, [known.get("PYTHONPATH")])])
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "sandbox.cover"),
            *(str(clip), str(milliseconds), str(cover)),
            env={**known, "PYTHONPATH": path},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS):
                    await child.wait()
        finally:
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
