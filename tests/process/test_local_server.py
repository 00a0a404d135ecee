"""A large clip over a Bot API server of the operator's own: no copy is made, and memory is flat."""

import asyncio
import hashlib
import os
from pathlib import Path

import pytest

from benchmarks.memory import MB, Peak
from sandbox.telegram import Person
from tests.process.bot_process import BotProcess
from tests.stage import Stage

SIZE = 300 * MB
MOST_MEMORY = 90
"""MB above idle, the process that reads the clip's headers included."""


@pytest.fixture
def local() -> bool:
    return True


def padded(path: Path) -> Path:
    """Make the clip `SIZE` bytes long by a box of nothing, most of it a hole in the file."""
    missing = SIZE - path.stat().st_size
    with path.open("ab") as file:
        file.write(missing.to_bytes(4) + b"free")
    os.truncate(path, SIZE)
    return path


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def test_a_large_clip_is_taken_over_as_it_lies(
    stage: Stage, bot: BotProcess, ana: Person
) -> None:
    clip = await asyncio.to_thread(padded, stage.clip(seconds=1, width=360, height=640, fps=24))
    await asyncio.sleep(0.5)
    with Peak(bot.pid) as idle:
        await asyncio.sleep(0.5)

    with Peak(bot.pid) as intake:
        await stage.draft(ana, clip)

    (download,), (kept,) = stage.telegram.files.downloads, stage.clips_on_disk
    assert kept.stat().st_ino == download.inode, "the file that the server fetched, and no copy"
    assert kept.stat().st_nlink == 1, "and the server has let go of it"
    assert kept.stat().st_size == SIZE
    assert intake.megabytes - idle.megabytes < MOST_MEMORY

    await stage.write_post(ana)
    with Peak(bot.pid) as upload:
        await stage.post_now(ana)
        await ana.see("Published", timeout=60)
    assert upload.megabytes - idle.megabytes < MOST_MEMORY
    (post,) = stage.tiktok.posts
    assert (post.size, post.sha256) == (SIZE, await asyncio.to_thread(digest_of, clip))
