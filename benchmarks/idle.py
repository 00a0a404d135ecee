"""What the bot takes while nobody wants anything of it: memory, and a share of a CPU.

Started anew on the data of an earlier run, as most starts are. With credentials, as it works for
creators, and without, when the sandbox runs inside it. The baseline is Python with nothing but an
event loop that sleeps.

A development tool brings `rich`, which structlog then loads; operators do not have it, so that here
it is hidden.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from benchmarks.table import Row, note
from tests.clock import Clock
from tests.process.bot_process import BotProcess
from tests.stage import Stage, staged

RUNS = 2
SETTLE = 5
"""Seconds after the start that do not count."""
WATCHED = 30
"""Seconds."""
MB = 1_000_000
NOTHING = "import asyncio; asyncio.run(asyncio.sleep(3600))"


@dataclass(frozen=True, kw_only=True)
class _Idle:
    """Megabytes resident, of which its own alone, and percent of a core."""

    resident: float
    own: float
    cpu: float


async def measure(folder: Path) -> list[Row]:
    real: list[_Idle] = []
    sandbox: list[_Idle] = []
    nothing: list[_Idle] = []
    for number in range(RUNS):
        note(f"idle, round {number + 1} of {RUNS}")
        found = await asyncio.gather(  # side by side: none of them does much
            _run(folder / f"real-{number}", Stage.variables),
            _run(folder / f"sandbox-{number}", _without_credentials),
            _nothing(),
        )
        for runs, run in zip((real, sandbox, nothing), found, strict=True):
            runs.append(run)
    return [
        *_rows("with credentials", real, nothing),
        *_rows("with the sandbox in it", sandbox, nothing),
    ]


def _rows(name: str, runs: list[_Idle], nothing: list[_Idle]) -> list[Row]:
    figures: list[tuple[str, str, Callable[[_Idle], float]]] = [
        ("memory", "MB", lambda run: run.resident),
        ("memory of its own", "MB", lambda run: run.own),
        ("share of a CPU", "%", lambda run: run.cpu),
    ]
    return [
        Row(
            what=f"idle {name}: {what}",
            unit=unit,
            ours=median(map(figure, runs)),
            baseline=median(map(figure, nothing)),
            against="Python and asyncio, asleep",
        )
        for what, unit, figure in figures
    ]


async def _run(folder: Path, variables: Callable[[Stage], Mapping[str, str]]) -> _Idle:
    hidden = folder / "hidden"
    await asyncio.to_thread(_hide, "rich", hidden)
    async with staged(folder, Clock()) as stage:
        given = {**variables(stage), "PYTHONPATH": str(hidden)}
        async with BotProcess(given, folder) as bot:
            await bot.start()
            await bot.stop()
            await bot.start()
            return await _watch(psutil.Process(bot.pid))


async def _nothing() -> _Idle:
    async with _child(sys.executable, "-c", NOTHING) as process:
        return await _watch(process)


async def _watch(process: psutil.Process) -> _Idle:
    await asyncio.sleep(SETTLE)
    before = process.cpu_times()
    await asyncio.sleep(WATCHED)
    after, memory = process.cpu_times(), process.memory_full_info()
    spent = after.user - before.user + after.system - before.system
    return _Idle(resident=memory.rss / MB, own=memory.uss / MB, cpu=100 * spent / WATCHED)


@asynccontextmanager
async def _child(*command: str) -> AsyncIterator[psutil.Process]:
    child = await asyncio.create_subprocess_exec(*command)
    try:
        yield psutil.Process(child.pid)
    finally:
        child.kill()
        await child.wait()


def _without_credentials(stage: Stage) -> dict[str, str]:
    return {
        name: value
        for name, value in stage.variables().items()
        if not name.startswith(("TELEGRAM_", "TIKTOK_"))
    }


def _hide(package: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / f"{package}.py").write_text("raise ImportError\n")
