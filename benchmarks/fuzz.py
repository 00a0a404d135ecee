"""`python -m benchmarks.fuzz [--cases N] [--seed N]`: harmful files against what reads clips.

Each file is probed as the bot has clips probed, by a process of its own; of those that pass for
clips the frames for a cover are drawn, and they are made to fit. Whatever becomes of these
processes, this one has to go on, on time, no larger than before, with nothing left behind, nobody
called and no other file read. Prints how many cases ended how; ends with 1 where one did not end
as it should.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import psutil

from core.media.fitting import Fitter
from core.media.probe import SlowClip, UnreadableClip
from core.media.probing import SECONDS, Prober
from sandbox.crafted import Crafted, by_hand, changed, whole

FIT_SECONDS = 60.0
AT_ONCE = 3
ALLOWANCE = 5.0
"""Seconds that a child may take to start and to be ended."""
WARM_UP = 50
MAY_GROW = 8 << 20
"""Bytes by which this process may be larger at the end than after the warm-up."""


class Run:
    """What came of the cases so far; `wrong` names those that did not end as they should."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: Counter[str] = Counter()
        self.slowest: dict[str, tuple[float, str]] = {}
        self.wrong: list[str] = []
        self._prober = Prober()
        self._fitter = Fitter(seconds=FIT_SECONDS)

    async def take(self, case: Crafted) -> None:
        """Have a file probed, and if it passes for a clip, drawn and made to fit."""
        path, fitted = self.folder / case.name, self.folder / f"{case.name}.fitted"
        await asyncio.to_thread(path.write_bytes, case.content)
        if await self._ended("probe", case, lambda: self._prober.probe(path), SECONDS):
            await self._ended("frames", case, lambda: self._prober.strip(path), SECONDS)
            fit = lambda: self._fitter.fit(path, fitted, at=_nothing)  # noqa: E731
            await self._ended("fit", case, fit, FIT_SECONDS)
        await asyncio.to_thread(fitted.unlink, missing_ok=True)
        await asyncio.to_thread(path.unlink)

    async def _ended(
        self, what: str, case: Crafted, ask: Callable[[], Awaitable[object]], seconds: float
    ) -> bool:
        """Note how one question ended; whether it was answered."""
        begun = time.monotonic()
        try:
            await ask()
            how = "answered"
        except UnreadableClip as error:
            died = str(error).partition("its ")[2].partition(": ")[2]
            how = f"brought down, {died}" if died else "refused"
            if died:
                print(f"{what} of {case.name}: {died}", flush=True)
        except SlowClip:
            how = "given up as slow"
        except Exception as error:
            how = "WRONG"
            self.wrong.append(f"{what} of {case.name}: {type(error).__name__}: {error}")
        lasted = time.monotonic() - begun
        self.slowest[what] = max(self.slowest.get(what, (0.0, "")), (lasted, case.name))
        # Two others may have had their turns before it.
        if lasted > AT_ONCE * (seconds + ALLOWANCE):
            self.wrong.append(f"{what} of {case.name}: took {lasted:.0f} s")
        self.found[f"{what} {how}"] += 1
        return how == "answered"


async def _nothing(_: float) -> None:
    pass


async def fuzz(folder: Path, *, cases: int, seed: int) -> Run:
    """All that is crafted by hand, and so many changed clips."""
    place, secret, temporary = (folder / name for name in ("clips", "secret.mp4", "temporary"))
    place.mkdir()
    temporary.mkdir()
    os.environ["TMPDIR"] = str(temporary)
    clips = await asyncio.to_thread(whole)
    secret.write_bytes(clips["h264.mp4"])
    called: list[str] = []

    async def hear(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.append("somebody")
        writer.close()

    listening = await asyncio.start_server(hear, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    crafted = by_hand(clips, elsewhere=f"http://127.0.0.1:{port}/clip.mp4", secret=secret)
    run, me = Run(place), psutil.Process()
    for name, content in clips.items():
        await run.take(Crafted(name=name, content=content))
    if run.found["fit answered"] != len(clips):
        run.wrong.append("a clip that nothing was done to is not taken")
    await _all(run, crafted)
    await _all(run, changed(clips, seed=seed, count=WARM_UP))
    before, handles = me.memory_info().rss, me.num_fds()
    await _all(run, changed(clips, seed=seed + 1, count=cases))
    grown = me.memory_info().rss - before
    listening.close()
    await listening.wait_closed()
    print(f"this process: {before / 1e6:.0f} MB, and {grown / 1e6:+.1f} MB after {cases} cases")
    for what, there in (
        ("files left behind", sorted(place.rglob("*")) + sorted(temporary.rglob("*"))),
        ("calls to an address", called),
        ("children left behind", me.children()),
        ("bytes grown", [grown] if grown > MAY_GROW else []),
        ("handles kept", [me.num_fds()] if me.num_fds() > handles + 2 else []),
    ):
        if there:
            run.wrong.append(f"{what}: {there}")
    return run


async def _all(run: Run, cases: Iterable[Crafted]) -> None:
    waiting = iter(cases)

    async def worker() -> None:
        for case in waiting:
            await run.take(case)
            if run.found.total() % 250 == 0:
                print(f"{run.found.total()} questions …", file=sys.stderr, flush=True)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(worker())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("--cases", type=int, default=2000, help="changed clips (2000)")
    parser.add_argument("--seed", type=int, default=1, help="of what is changed (1)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clipcue-fuzz-") as folder:
        run = asyncio.run(fuzz(Path(folder), cases=asked.cases, seed=asked.seed))
    for what, count in sorted(run.found.items()):
        print(f"{count:6} {what}")
    for what, (lasted, name) in sorted(run.slowest.items()):
        print(f"slowest {what}: {lasted:.1f} s ({name})")
    for each in run.wrong:
        print(f"WRONG: {each}")
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
