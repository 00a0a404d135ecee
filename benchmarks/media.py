"""`python -m benchmarks.media`: what is said of odd clips, and what the fitted ones measure.

Prints the table of docs/media.md.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from core.media.fitting import Fitter
from core.media.limits import Problem, problems
from core.media.probe import Probe, UnreadableClip
from core.media.probing import Prober
from sandbox.oddities import ODDITIES, broken


async def _line(clip: Path, clip_size: int, fitted: Path) -> str:
    """One row: the file, what is wrong with it, what the fitted file measures, and how long."""
    prober = Prober()
    try:
        probe = await prober.probe(clip)
    except UnreadableClip:
        return f"| {clip.name} | refused: no video, or broken | – | – |"
    begins = time.monotonic()
    await Fitter().fit(clip, fitted, at=_nothing)
    lasts = time.monotonic() - begins
    found = await prober.probe(fitted)
    size = (await asyncio.to_thread(fitted.stat)).st_size
    assert not problems(found, size)  # noqa: S101 - else the table would be a lie
    said = "; ".join(_said(each) for each in problems(probe, clip_size))
    return f"| {clip.name} | {said} | {_measured(found, size)} | {lasts:.1f} s |"


def _said(problem: Problem) -> str:
    measured = problem.measured
    shown = f"{measured:.0f}" if isinstance(measured, float) else str(measured)
    return f"{problem.code.value.replace('_', ' ')}: {shown}"


def _measured(probe: Probe, size: int) -> str:
    sound = probe.audio_codec or "silent"
    return (
        f"{probe.container}, {probe.video_codec}, {probe.width}×{probe.height}, "
        f"{probe.fps:.4g} fps, {probe.pixel_format}, {sound}, {probe.duration:.1f} s, "
        f"{size / 1000:.0f} KB"
    )


async def _nothing(_: float) -> None:
    pass


async def _measure(folder: Path) -> None:
    print("| File | What is wrong with it | The fitted file | Took |\n|---|---|---|---|")
    clips = await asyncio.to_thread(lambda: [oddity.make(folder) for oddity in ODDITIES])
    clips += await asyncio.to_thread(broken, folder)
    for clip in clips:
        size = (await asyncio.to_thread(clip.stat)).st_size
        print(await _line(clip, size, folder / "fitted"), flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="clipcue-media-") as place:
        asyncio.run(_measure(Path(place)))
