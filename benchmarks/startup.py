"""How long `python -m bot` takes to be ready: its health page answers and the scheduler works."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx

from benchmarks.filled import fill, migrated
from benchmarks.table import Row, note
from tests.process.bot_process import BotProcess
from tests.stage import free_port

POSTS = 100_000
RUNS = 5
LOOK_EVERY = 0.01
WITHIN = 30
"""Seconds."""


async def measure(folder: Path) -> list[Row]:
    empty, filled = folder / "empty", folder / "filled"
    for place, posts in ((empty, 0), (filled, POSTS)):
        note(f"start-up with {posts:,} scheduled posts")
        await asyncio.to_thread((place / "data").mkdir, parents=True)
        path = place / "data" / "clipcue.db"
        await (await migrated(path)).close()
        if posts:
            await asyncio.to_thread(fill, path, posts, scheduled=100, now=datetime.now(UTC))
    took: dict[Path, list[float]] = {empty: [], filled: []}
    for run in range(RUNS):
        for place, seconds in took.items():
            seconds.append(await _start(place, str(run)))
    return [
        Row(
            what=f"start-up with {POSTS:,} scheduled posts",
            unit="ms",
            ours=median(took[filled]) * 1000,
            baseline=median(took[empty]) * 1000,
            against="an empty database",
        )
    ]


async def _start(folder: Path, name: str) -> float:
    port = free_port()
    variables = {
        "WEB_PORT": str(port),
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "DATA_DIR": str(folder / "data"),
        "LOG_FORMAT": "json",
    }
    async with BotProcess(variables, folder, name=name) as bot, httpx.AsyncClient() as operator:
        begun = perf_counter()
        await bot.launch()
        async with asyncio.timeout(WITHIN):
            while not await _is_ready(bot, operator):  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(LOOK_EVERY)
        took = perf_counter() - begun
        await bot.stop()
    return took


async def _is_ready(bot: BotProcess, operator: httpx.AsyncClient) -> bool:
    """What the log says last, it says once the scheduler has started."""
    if '"event": "running"' not in bot.logs:
        return False
    return (await operator.get(f"{bot.url}/healthz")).is_success
