"""How much memory the bot takes while clips of different sizes pass through it.

The bot is a process of its own, `python -m bot`; both far ends run in this one. Telegram is a Bot
API server of the operator's own, since the cloud hands out 20 MB at most.
"""

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Self

import psutil

from benchmarks.table import Row, note
from sandbox.samples import make_clip
from tests.clock import Clock
from tests.process.bot_process import BotProcess
from tests.stage import staged

SIZES = (30_000_000, 1_000_000_000)
RUNS = 3
SAMPLE_EVERY = 0.005
"""Seconds."""
SETTLE = 1
"""Seconds that an idle bot gets before it is looked at."""
MB = 1_000_000


@dataclass(frozen=True, kw_only=True)
class _Run:
    """Resident memory of the bot in MB: at rest, and at its highest in each phase."""

    idle: float
    intake: float
    upload: float


async def measure(folder: Path) -> list[Row]:
    rows = []
    for size in SIZES:
        name = f"a clip of {size // MB} MB"
        note(f"memory of the bot: {name}")
        clip = await asyncio.to_thread(make_clip, folder / f"{size}.mp4", pad_to=size)
        runs = [await _run(folder / f"{size}-{number}", clip) for number in range(RUNS)]
        clip.unlink()
        idle = median(run.idle for run in runs)
        for phase, peaks in (
            ("taking in", [run.intake - run.idle for run in runs]),
            ("uploading", [run.upload - run.idle for run in runs]),
        ):
            rows.append(
                Row(
                    what=f"memory above idle, {phase} {name}",
                    unit="MB",
                    ours=median(peaks),
                    baseline=idle,
                    against="the bot when idle, in all",
                )
            )
    return rows


async def _run(folder: Path, clip: Path) -> _Run:
    async with staged(folder, Clock(), local=True) as stage:
        stage.environment["TELEGRAM_LOCAL_MODE"] = "true"
        async with BotProcess(stage.variables(), folder) as bot:
            await bot.start()
            ana = await stage.meet()
            await stage.connect(ana)
            await asyncio.sleep(SETTLE)
            with Peak(bot.pid) as idle:
                await asyncio.sleep(SETTLE)
            with Peak(bot.pid) as intake:
                await stage.draft(ana, clip)
            await stage.write_post(ana)
            with Peak(bot.pid) as upload:
                await stage.post_now(ana)
                await ana.see("Published", timeout=60)
            await bot.stop()
    return _Run(idle=idle.megabytes, intake=intake.megabytes, upload=upload.megabytes)


class Peak:
    """The highest resident memory within a block of a process and those that it starts."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        ours = self._process.cmdline()
        while not self._over.wait(SAMPLE_EVERY):
            family = [self._process, *self._process.children()]
            total = sum(_resident(each) for each in family if not self._is_forked(each, ours))
            self.megabytes = max(self.megabytes, total)

    def _is_forked(self, process: psutil.Process, ours: list[str]) -> bool:
        """Whether it is a child that runs no program of its own yet: its memory is the parent's."""
        try:
            return process != self._process and process.cmdline() == ours
        except psutil.NoSuchProcess:
            return False


def _resident(process: psutil.Process) -> float:
    """Megabytes, none where it has ended."""
    try:
        return process.memory_info().rss / MB
    except psutil.NoSuchProcess:
        return 0.0
