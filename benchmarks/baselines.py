"""Other ways to publish bursts of posts: `python -m benchmarks.baselines WAY FOLDER TIKTOK_URL`.

Each makes the same two requests for a post as ClipCue does, creator info and init, with as many
posts side by side and as many connections kept open.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from benchmarks.bursts import (
    CLIP_BYTES,
    PAUSE,
    Burst,
    Instants,
    announce,
    bursts,
    report_when_asked,
)
from bot.app import KEPT_OPEN
from core.publishing.attempts import TALKS_AT_ONCE

PROBES = 50
"""Jobs that are stored, and thrown away, to see how long storing takes."""


class _Posts:
    """Brings posts to TikTok with bare httpx."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url
        self._places = asyncio.Semaphore(TALKS_AT_ONCE)
        self.taken: Instants = defaultdict(list)

    async def post(self, burst: str) -> None:
        self.taken[burst].append(time.time())
        async with self._places:
            await self._call("creator_info/query/", b"")
            info = {
                "privacy_level": "SELF_ONLY", "title": burst, "disable_comment": True,
                "disable_duet": True, "disable_stitch": True, "brand_content_toggle": False,
                "brand_organic_toggle": False, "is_aigc": False,
            }  # fmt: skip
            source = {
                "source": "FILE_UPLOAD", "video_size": CLIP_BYTES, "chunk_size": CLIP_BYTES,
                "total_chunk_count": 1,
            }  # fmt: skip
            body = {"post_info": info, "source_info": source}
            await self._call("video/init/", json.dumps(body).encode())

    async def _call(self, path: str, content: bytes) -> None:
        answer = await self._http.post(
            f"{self._url}/v2/post/publish/{path}",
            content=content,
            headers={
                "Authorization": f"Bearer act.{'0' * 64}",
                "Content-Type": "application/json; charset=UTF-8",
            },
        )
        answer.json()


async def floor(_folder: Path, posts: _Posts) -> None:
    """Nothing but the requests: a task for each burst sleeps until it is due."""
    planned = bursts()
    announce(planned)

    async def run(burst: Burst) -> None:
        await asyncio.sleep((burst.due - datetime.now(UTC)).total_seconds())
        await asyncio.gather(*(posts.post(burst.name) for _ in range(burst.posts)))

    running = asyncio.gather(*map(run, planned))
    await report_when_asked(posts.taken)
    await running


_post: Callable[[str], Awaitable[None]]


async def post_job(burst: str) -> None:
    """What APScheduler runs; its stores keep a job as the name of a module's function."""
    await _post(burst)


async def apscheduler(folder: Path, posts: _Posts) -> None:
    """One stored job for each post, as the obvious design has it."""
    global _post  # noqa: PLW0603 - see post_job
    _post = posts.post
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.db'}")},
        job_defaults={"misfire_grace_time": None},  # its default drops a burst as misfires
    )
    scheduler.start(paused=True)
    planned = bursts(_time_to_store(scheduler))
    for burst in planned:
        for _ in range(burst.posts):
            scheduler.add_job(post_job, "date", run_date=burst.due, args=[burst.name])
    if datetime.now(UTC) > planned[0].due:
        raise RuntimeError("the jobs were stored too slowly: nothing can be said of lateness")
    scheduler.resume()
    announce(planned)
    await report_when_asked(posts.taken)
    scheduler.shutdown(wait=False)


def _time_to_store(scheduler: AsyncIOScheduler) -> timedelta:
    """Twice what the jobs of all bursts take, so that all are stored before the first is due."""
    begun, later = time.perf_counter(), datetime.now(UTC) + timedelta(days=1)
    for _ in range(PROBES):
        scheduler.add_job(post_job, "date", run_date=later, args=[""])
    each = (time.perf_counter() - begun) / PROBES
    scheduler.remove_all_jobs()
    return PAUSE + timedelta(seconds=2 * each * sum(burst.posts for burst in bursts()))


WAYS = {"floor": floor, "apscheduler": apscheduler}


async def _main(way: str, folder: Path, url: str) -> None:
    async with httpx.AsyncClient(limits=KEPT_OPEN) as http:
        await WAYS[way](folder, _Posts(http, url))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
