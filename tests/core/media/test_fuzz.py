"""Harmful files against what reads clips, the quick part; `python -m benchmarks.fuzz` is the long.

The reader of each is a process that may come to any end; what it says has to be understood.
"""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.media.fitter import fit
from core.media.limits import problems
from core.media.probe import Probe, UnreadableClip
from core.media.probing import MEMORY, Prober
from core.media.reader import read
from sandbox.crafted import Crafted, by_hand, changed, whole

CASES = 300
SEED = 6
SECONDS = 10.0
NO_CLIPS = {
    *("empty.mp4", "zip.mp4", "zip-bomb.mp4", "gzip.mp4", "tar.mp4", "program.mp4", "elf.mp4"),
    *("html.mp4", "script.mp4", "picture.mp4", "list.m3u8.mp4", "concat.mp4", "sdp.mp4"),
    *("dash.mp4", "asx.mp4", "svg.mp4", "packed-index.mp4", "moov-in-moov.mp4"),
}
"""What is never taken for a clip, whatever its name says."""


@pytest.fixture(scope="module")
def clips() -> dict[str, bytes]:
    return whole()


@pytest.fixture
def secret(tmp_path: Path, clips: dict[str, bytes]) -> Path:
    """A clip elsewhere on this machine: who gets at it is told a width of 128."""
    path = tmp_path / "secret.mp4"
    path.write_bytes(clips["h264.mp4"])
    return path


def write(folder: Path, cases: list[Crafted]) -> None:
    folder.mkdir()
    for case in cases:
        (folder / case.name).write_bytes(case.content)


async def read_apart(folder: Path, cases: list[Crafted]) -> dict[str, Any]:
    """What became of the reader of each file, by its name."""
    await asyncio.to_thread(write, folder, cases)
    reading = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.core.media.forked", str(folder), str(SECONDS), str(MEMORY)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    told, _ = await reading.communicate()
    assert reading.returncode == 0
    ends = {each["name"]: each for each in map(json.loads, told.splitlines())}
    assert ends.keys() == {case.name for case in cases}
    assert set(await asyncio.to_thread(os.listdir, folder)) == ends.keys(), "nothing is added"
    return ends


def outcome(end: dict[str, Any]) -> str:
    """How it ended; an exit code is a fault of ours, a signal the file's."""
    if end["code"] == 0:
        (what,) = json.loads(end["said"])
        return str(what)
    assert end["code"] < 0, end
    return signal.Signals(-end["code"]).name


async def test_changed_clips(tmp_path: Path, clips: dict[str, bytes]) -> None:
    cases = list(changed(clips, seed=SEED, count=CASES))
    ends = await read_apart(tmp_path / "clips", cases)
    found = Counter(map(outcome, ends.values()))
    assert found["probe"] > CASES / 10, "else they are too broken to find anything"
    assert found["refused"] > CASES / 10
    assert found.total() == CASES
    assert found.keys() <= {"probe", "refused", "SIGSEGV", "SIGALRM", "SIGXCPU"}


async def test_crafted_files(tmp_path: Path, clips: dict[str, bytes], secret: Path) -> None:
    called: list[str] = []

    async def hear(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.append("somebody")
        writer.close()

    listening = await asyncio.start_server(hear, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/clip.mp4"
    cases = list(by_hand(clips, elsewhere=address, secret=secret))
    ends = await read_apart(tmp_path / "clips", cases)
    listening.close()
    await listening.wait_closed()

    assert {name for name in NO_CLIPS if outcome(ends[name]) != "refused"} == set()
    assert not called
    for name in ("file-by-url.mov", "file-by-alis.mov"):
        # The frames that it names lie in another file: they are looked for in this one.
        assert outcome(ends[name]) in {"probe", "refused"}
    assert {outcome(end) for end in ends.values()} <= {"probe", "refused", "SIGSEGV", "SIGALRM"}


async def test_the_bot_goes_on_no_larger_than_before(
    tmp_path: Path, clips: dict[str, bytes], secret: Path
) -> None:
    """The worst of them through the whole way, with its children, bounds and answers."""
    worst = {"packed-index.mp4", "packed-lie.mp4", "stts-7fffffff.mp4", "size-65535x65535.mp4",
             "many-tracks.mp4", "meta-in-meta.mp4", "zip-bomb.mp4"}  # fmt: skip
    cases = [each for each in by_hand(clips, elsewhere="", secret=secret) if each.name in worst]
    assert len(cases) == len(worst)
    me, path, prober = psutil.Process(), tmp_path / "clip", Prober(seconds=SECONDS)
    before, left = me.memory_info().rss, me.num_fds()
    for case in cases:
        await asyncio.to_thread(path.write_bytes, case.content)
        with suppress(UnreadableClip):
            assert isinstance(await prober.probe(path), Probe)
    assert me.memory_info().rss - before < 20 << 20
    assert me.num_fds() == left
    assert not me.children()


def test_small_clips_of_every_container_are_made_to_fit(
    tmp_path: Path, clips: dict[str, bytes]
) -> None:
    """Also those whose sound comes long before their first picture."""
    for name, content in clips.items():
        source, target = tmp_path / name, tmp_path / "fitted"
        source.write_bytes(content)
        fit(source, target, tell=lambda _: None)
        assert problems(read(target), target.stat().st_size) == (), name


def test_a_clip_that_goes_on_long_after_its_end_is_not_made_to_fit(
    tmp_path: Path, clips: dict[str, bytes]
) -> None:
    """Its last frame is said to be shown in a month: filling the gap would take for ever."""
    content = bytearray(clips["h264.mp4"])
    at = content.index(b"stts") + 12
    content[at : at + 4] = (1).to_bytes(4)  # one frame as before, and all others a year later
    content[at + 4 : at + 8] = (0x7FFFFFFF).to_bytes(4)
    clip = tmp_path / "endless.mp4"
    clip.write_bytes(content)
    with pytest.raises(UnreadableClip, match="long after its end"):
        fit(clip, tmp_path / "fitted", tell=lambda _: None)
