"""Files that mean harm: whatever they do to the process that reads them, the bot goes on."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from core.media.probe import SlowClip, UnreadableClip
from core.media.probing import AT_ONCE, Prober
from sandbox.samples import make_clip

FOR_EVER = 60
SHORT = 0.5
LIBRARIES = 170 << 20  # bytes of addresses: enough to begin with, too few for a large picture


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A file whose first byte never comes."""
    path = tmp_path / "endless.mp4"
    os.mkfifo(path)
    return path


def readers() -> list[psutil.Process]:
    return [
        child for child in psutil.Process().children() if "core.media.reader" in child.cmdline()
    ]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - a process, no event tells of it
            await asyncio.sleep(0.01)


async def test_a_file_that_takes_too_long_is_given_up(endless: Path) -> None:
    with pytest.raises(SlowClip):
        await Prober(seconds=SHORT).probe(endless)
    assert not readers()


async def test_a_file_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", seconds=0.05, width=7680, height=4320, codec="mpeg4")
    with pytest.raises(UnreadableClip):
        await Prober(memory=LIBRARIES).probe(clip)
    assert (await Prober().probe(clip)).width == 7680
    small = make_clip(tmp_path / "b.mp4", seconds=0.1)
    assert (await Prober(memory=LIBRARIES).probe(small)).width == 720


async def test_a_reader_that_a_file_brings_down_is_the_files_fault(endless: Path) -> None:
    probing = asyncio.create_task(Prober(seconds=FOR_EVER).probe(endless))
    await until(lambda: len(readers()) == 1)
    readers()[0].send_signal(signal.SIGSEGV)
    with pytest.raises(UnreadableClip):
        await probing


async def test_a_reader_is_gone_when_its_clip_is_no_longer_wanted(endless: Path) -> None:
    probing = asyncio.create_task(Prober(seconds=FOR_EVER).probe(endless))
    await until(lambda: len(readers()) == 1)
    probing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probing
    assert not readers()


async def test_a_reader_that_nobody_waits_for_ends_by_itself(endless: Path) -> None:
    reader = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "core.media.reader", str(endless), str(SHORT), str(1 << 30))
    )
    async with asyncio.timeout(10):
        assert await reader.wait() == -signal.SIGALRM


async def test_few_files_are_read_at_a_time_and_each_has_its_turn(
    endless: Path, tmp_path: Path
) -> None:
    prober = Prober(seconds=FOR_EVER)
    slow = [asyncio.create_task(prober.probe(endless)) for _ in range(AT_ONCE)]
    clip = asyncio.create_task(prober.probe(make_clip(tmp_path / "a.mp4", seconds=0.1)))
    await until(lambda: len(readers()) == AT_ONCE)
    await asyncio.sleep(SHORT)
    assert len(readers()) == AT_ONCE
    assert not clip.done()
    for task in slow:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert (await clip).width == 720


async def test_a_reader_knows_no_token(endless: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1000:secret")
    probing = asyncio.create_task(Prober(seconds=FOR_EVER).probe(endless))
    await until(lambda: len(readers()) == 1)
    assert "TELEGRAM_BOT_TOKEN" not in readers()[0].environ()
    probing.cancel()
    with suppress(asyncio.CancelledError):
        await probing


async def test_a_file_that_is_not_there_is_no_broken_clip(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await Prober().probe(tmp_path / "none.mp4")
