"""What it costs to find who is due, however many posts there are.

Each time one post has come due, others are under way, and very many wait for later or are done.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeVar

from benchmarks.filled import add_due, fill, migrated
from benchmarks.table import Row, note
from core.publishing.claims import Claims
from core.workers import Worker

SIZES = (10_000, 100_000, 1_000_000)
SCHEDULED = 20
"""Percent of the posts."""
RUNS = 150
APART = timedelta(milliseconds=100)
"""Between two posts that come due: the claims of all runs are still under way at the last one."""
AT_MOST = 100

Result = TypeVar("Result")


class _Bench:
    """One database, and a clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.took: defaultdict[str, list[float]] = defaultdict(list)
        self.claims: Claims

    def clock(self) -> datetime:
        return self.now

    async def run(self) -> None:
        """Let the next post come due, and take the time of what the scheduler does then."""
        self.now += APART
        await self._time("dead", self.claims.free_dead)
        taken = await self._time("claim", lambda: self.claims.take(AT_MOST))
        if len(taken) != 1:
            raise RuntimeError(f"{len(taken)} posts were due instead of one")
        await self._time("next", self.claims.next_wake)

    async def _time(self, what: str, work: Callable[[], Awaitable[Result]]) -> Result:
        begun = perf_counter()
        result = await work()
        self.took[what].append((perf_counter() - begun) * 1000)
        return result


async def measure(folder: Path) -> list[Row]:
    benches = {}
    async with AsyncExitStack() as stack:
        for size in SIZES:
            note(f"finding who is due among {size:,} posts")
            bench = benches[size] = _Bench()
            path = folder / f"due-{size}.db"
            database = await migrated(path)
            stack.push_async_callback(database.close)
            due = [bench.now + number * APART for number in range(1, RUNS + 1)]
            await asyncio.to_thread(fill, path, size, scheduled=SCHEDULED, now=bench.now)
            await asyncio.to_thread(add_due, path, due)
            worker = Worker(folder / "workers")
            stack.callback(worker.close)
            bench.claims = Claims(database=database, worker=worker, clock=bench.clock)
        for _ in range(RUNS):
            for bench in benches.values():
                await bench.run()
    smallest = benches[SIZES[0]]
    return [
        Row(
            what=f"{words}, {size:,} posts",
            unit="ms",
            ours=median(benches[size].took[what]),
            baseline=median(smallest.took[what]),
            against=f"the same with {SIZES[0]:,} posts",
        )
        for what, words in (
            ("claim", "finding and claiming what is due"),
            ("next", "finding when the next is due"),
            ("dead", "finding claims of dead workers"),
        )
        for size in SIZES[1:]
    ]
