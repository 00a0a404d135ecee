"""How late posts are that come due at the same instant, each of an account of its own.

From the due time to the durable claim, and to the moment when the init request is at TikTok.
ClipCue beside a check every minute (reckoned from the same due times), beside one stored
APScheduler job for each post, and beside the floor: nothing but the same requests. Each runs in a
process of its own against the same stand-in of TikTok, in turn within each round.
"""

import asyncio
import json
import math
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

from benchmarks.bursts import Instants
from benchmarks.table import Row, note
from benchmarks.tiktok import ARRIVALS_PATH

ROUNDS = 3
LOOK_EVERY = 0.2
WITHIN = 90
"""Seconds that all posts of a run may take."""
WAYS = {
    "ClipCue": ("benchmarks.clipcue",),
    "APScheduler": ("benchmarks.baselines", "apscheduler"),
    "the floor": ("benchmarks.baselines", "floor"),
}
PERCENTS = (50, 99)
MINUTE = 60.0


@dataclass(kw_only=True)
class _Late:
    """Of one way and one burst: percentiles of lateness in ms, round after round."""

    claim: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    init: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    minute: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))


async def measure(folder: Path) -> list[Row]:
    late: defaultdict[tuple[str, str], _Late] = defaultdict(_Late)
    names: list[str] = []
    async with _tiktok() as url:
        for round_ in range(1, ROUNDS + 1):
            for way, command in WAYS.items():
                note(f"lateness of {way}, round {round_} of {ROUNDS}")
                place = folder / f"{way}-{round_}"
                await asyncio.to_thread(place.mkdir)
                due, taken, arrived = await _run(command, place, url)
                names = list(due)
                for name, instants in due.items():
                    found = late[way, name]
                    checked = [math.ceil(instant / MINUTE) * MINUTE for instant in instants]
                    for percent in PERCENTS:
                        found.claim[percent].append(_percentile(instants, taken[name], percent))
                        found.init[percent].append(_percentile(instants, arrived[name], percent))
                        found.minute[percent].append(_percentile(instants, checked, percent))
    return [row for name in names for percent in PERCENTS for row in _rows(late, name, percent)]


def _rows(late: dict[tuple[str, str], _Late], name: str, percent: int) -> list[Row]:
    ours, jobs, floor = (late[way, name] for way in WAYS)
    claim, init = f"{name} due: to the claim, p{percent}", f"{name} due: to init, p{percent}"
    return [
        _row(claim, ours.claim[percent], ours.minute[percent], "a check every minute"),
        _row(init, ours.init[percent], jobs.init[percent], "a stored APScheduler job each"),
        _row(init, ours.init[percent], floor.init[percent], "the same requests, bare httpx"),
    ]


def _row(what: str, ours: list[float], baseline: list[float], against: str) -> Row:
    return Row(what=what, unit="ms", ours=median(ours), baseline=median(baseline), against=against)


def _percentile(due: list[float], happened: list[float], percent: int) -> float:
    """Of the lateness in ms; posts are alike, so the first that came is the first that was due."""
    late = sorted(then - at for at, then in zip(sorted(due), sorted(happened), strict=True))
    return late[min(len(late) - 1, len(late) * percent // 100)] * 1000


async def _run(
    command: tuple[str, ...], folder: Path, url: str
) -> tuple[Instants, Instants, Instants]:
    """When the posts of one way were due, were taken up, and had their init at TikTok."""
    with (folder / "log").open("wb") as log:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *command, str(folder), url),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            limit=1 << 20,
        )
    assert child.stdin is not None and child.stdout is not None  # noqa: S101 - both are pipes
    try:
        due: Instants = json.loads(await child.stdout.readline())
        arrived = await _arrivals(url, due)
        child.stdin.close()
        taken: Instants = json.loads(await child.stdout.readline())
    finally:
        child.kill()
        await child.wait()
    return due, taken, arrived


async def _arrivals(url: str, due: Instants) -> Instants:
    arrived: defaultdict[str, list[float]] = defaultdict(list)
    async with asyncio.timeout(WITHIN), httpx.AsyncClient() as http:
        while any(len(arrived[name]) < len(due[name]) for name in due):
            await asyncio.sleep(LOOK_EVERY)
            for name, instants in (await http.get(url + ARRIVALS_PATH)).json().items():
                arrived[name] += instants
    return arrived


@asynccontextmanager
async def _tiktok() -> AsyncIterator[str]:
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.tiktok"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdin is not None and server.stdout is not None  # noqa: S101 - both are pipes
    try:
        yield f"http://127.0.0.1:{int(await server.stdout.readline())}"
    finally:
        server.stdin.close()
        await server.wait()
