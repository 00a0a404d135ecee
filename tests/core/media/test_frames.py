"""Frames to choose a cover from: what the picture shows, and what it costs to draw."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.media.frames import COLUMNS, FRAMES
from core.media.probe import SlowClip, UnreadableClip
from core.media.probing import Prober
from core.media.side_by_side import GAP, LONGER_SIDE, NARROWEST
from sandbox.samples import make_clip


@pytest.mark.parametrize(
    ("name", "how", "frame"),
    [
        ("upright.mp4", {}, (225, 400)),
        ("phone.mov", {"width": 1280, "height": 720, "rotation": 90}, (225, 400)),
        ("square.webm", {"width": 540, "height": 540}, (400, 400)),
        ("ribbon.mp4", {"width": 360, "height": 4096}, (NARROWEST, 400)),
    ],
)
async def test_frames_are_spread_over_the_clip_and_stand_upright(
    tmp_path: Path, name: str, how: dict[str, Any], frame: tuple[int, int]
) -> None:
    strip = await Prober().strip(make_clip(tmp_path / name, seconds=3, **how))

    assert len(strip.times_ms) == FRAMES
    assert strip.times_ms[0] == 0, "what TikTok takes without a choice is one of them"
    assert all(200 < after - before < 500 for before, after in pairwise(strip.times_ms))
    assert strip.times_ms[-1] < 3000
    with Image.open(BytesIO(strip.picture)) as picture:
        assert picture.format == "JPEG"
        assert picture.size == tuple(COLUMNS * (side + GAP) + GAP for side in frame)
    assert len(strip.picture) < 10 << 20, "what Telegram takes as a photo"


async def test_each_frame_is_the_one_of_its_time(tmp_path: Path) -> None:
    """The samples move: no two frames of one second are alike."""
    strip = await Prober().strip(make_clip(tmp_path / "a.mp4", seconds=1))
    with Image.open(BytesIO(strip.picture)) as picture:
        width = 225
        frames = [
            picture.crop((left, 200, left + width, 201)).tobytes()
            for left in range(GAP, COLUMNS * (width + GAP), width + GAP)
        ]
    assert len(set(frames)) == COLUMNS
    assert LONGER_SIDE > 200


async def test_a_clip_of_few_frames_shows_each_once(tmp_path: Path) -> None:
    strip = await Prober().strip(make_clip(tmp_path / "a.mp4", seconds=0.1, fps=30))
    assert strip.times_ms == (0, 33, 67)


async def test_a_clip_without_frames_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"not a clip at all")
    with pytest.raises(UnreadableClip):
        await Prober().strip(broken)
    with pytest.raises(FileNotFoundError):
        await Prober().strip(tmp_path / "none.mp4")


async def test_drawing_has_an_end(tmp_path: Path) -> None:
    with pytest.raises(SlowClip):
        await Prober(seconds=0.05).strip(make_clip(tmp_path / "a.mp4", seconds=0.5))
