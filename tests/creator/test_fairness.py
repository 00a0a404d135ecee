"""Large clips and small ones share the uploads: who sends little does not wait for much."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

from sandbox.tiktok import Fault, Slow, Upload
from tests.stage import Stage

LARGE = 70_000_000
"""Seven chunks; up to 64 MB there would be one."""


def enlarge(stage: Stage) -> None:
    """Make the only clip a large one, on the disk and in the books; zeros will do."""
    (path,) = stage.clips_on_disk
    os.truncate(path, LARGE)
    stage.ask("UPDATE clips SET size = ?", LARGE)


def upload_of(stage: Stage, username: str) -> Upload | None:
    found = stage.tiktok.state.uploads.values()
    return next((each for each in found if each.username == username), None)


async def test_a_small_clip_overtakes_a_large_one(unstarted: Stage, clip: Path) -> None:
    stage = unstarted
    stage.environment["PUBLISH_CONCURRENCY"] = "1"
    await stage.start_bot()
    lena = await stage.creator(42, "Lena")
    max_ = await stage.creator(43, "Max", username="quiet_max")
    await stage.scheduled(lena, clip, caption="The feature film", when="in 2h")
    await asyncio.to_thread(enlarge, stage)
    await stage.draft(max_, clip, caption="The short")
    await stage.write_post(max_, privacy="Followers")
    stage.tiktok.faults.add(Fault(endpoint="upload", kind=Slow(seconds=0.3), times=8))
    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.until(lambda: bool((large := upload_of(stage, "lena.cooks")) and large.received))
    await stage.post_now(max_)

    await stage.until(lambda: bool((small := upload_of(stage, "quiet_max")) and small.complete))

    large = upload_of(stage, "lena.cooks")
    assert large is not None
    assert 0 < large.received < LARGE
    await stage.until(lambda: large.complete, timeout=20)
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    await stage.until(lambda: len(stage.tiktok.posts) == 2)
