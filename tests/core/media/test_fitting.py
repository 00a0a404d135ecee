"""Clips that TikTok does not take, made to fit: what is said, and what the fitted file measures."""

from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import pytest
from av.video.frame import VideoFrame
from PIL import Image

from core.media.fitter import fit
from core.media.fitting import Fitter
from core.media.limits import problems
from core.media.probe import SlowClip, UnreadableClip
from core.media.probing import Prober
from core.media.reader import read
from sandbox.oddities import BLUE, GREEN, ODDITIES, RED, WHITE, Oddity, broken

UPRIGHT = (RED, GREEN, BLUE, WHITE)
LEFT = (GREEN, WHITE, RED, BLUE)
RIGHT = (BLUE, RED, WHITE, GREEN)
UPSIDE_DOWN = (WHITE, BLUE, GREEN, RED)
FLIPPED = (GREEN, RED, WHITE, BLUE)
CLOSE = 25
"""How far a colour may be from what it was; those of HDR are not compared."""
HDR = {"hlg.mov", "pq.mov"}
COPIED = {"mkv.mkv", "mpegts.ts", "avi-h264.avi", "flv.flv", "3gp.3gp", "turned.mkv"}

MATRIX: dict[str, tuple[set[str], tuple[int, int], float, Any]] = {
    "mkv.mkv": ({"container"}, (640, 360), 30, UPRIGHT),
    "mkv-120.mkv": ({"container", "fps_too_high"}, (640, 360), 60, UPRIGHT),
    "mpegts.ts": ({"container"}, (640, 360), 30, UPRIGHT),
    "avi-mpeg4.avi": ({"container", "video_codec"}, (640, 360), 30, UPRIGHT),
    "avi-h264.avi": ({"container"}, (640, 360), 30, UPRIGHT),
    "flv.flv": ({"container"}, (640, 360), 30, UPRIGHT),
    "3gp.3gp": ({"container"}, (640, 360), 30, UPRIGHT),
    "hevc.mkv": ({"container"}, (640, 360), 30, UPRIGHT),
    "fps-120.mp4": ({"fps_too_high"}, (640, 360), 60, UPRIGHT),
    "fps-240.mov": ({"fps_too_high"}, (640, 360), 60, UPRIGHT),
    "fps-90.mp4": ({"fps_too_high"}, (640, 360), 45, UPRIGHT),
    "fps-10.mp4": ({"fps_too_low"}, (640, 360), 30, UPRIGHT),
    "fps-15.mp4": ({"fps_too_low"}, (640, 360), 30, UPRIGHT),
    "uneven.mp4": ({"uneven_fps"}, (640, 360), 50, UPRIGHT),
    "uneven.mkv": ({"container", "uneven_fps"}, (640, 360), 60, UPRIGHT),
    "hevc-10bit.mp4": ({"pixel_format"}, (640, 360), 30, UPRIGHT),
    "h264-422.mov": ({"pixel_format"}, (640, 360), 30, UPRIGHT),
    "hlg.mov": ({"pixel_format"}, (640, 360), 30, UPRIGHT),
    "pq.mov": ({"pixel_format"}, (640, 360), 30, UPRIGHT),
    "av1.mp4": ({"video_codec"}, (640, 360), 30, UPRIGHT),
    "prores.mov": ({"video_codec"}, (640, 360), 30, UPRIGHT),
    "mpeg2.mpg": ({"container", "video_codec"}, (640, 360), 30, UPRIGHT),
    "mpeg4.mp4": ({"video_codec"}, (640, 360), 30, UPRIGHT),
    "mjpeg.mov": ({"video_codec"}, (640, 360), 30, UPRIGHT),
    "small.mp4": ({"picture_too_small"}, (480, 360), 30, UPRIGHT),
    "tiny-ribbon.mp4": ({"picture_too_small"}, (4096, 360), 30, UPRIGHT),
    "large.mp4": ({"picture_too_large"}, (1920, 864), 24, UPRIGHT),
    "turned.mov": ({"fps_too_high"}, (360, 640), 60, LEFT),
    "upside-down.mov": ({"fps_too_low"}, (640, 360), 30, UPSIDE_DOWN),
    "turned.mkv": ({"container"}, (360, 640), 30, RIGHT),
    "mirrored.mp4": ({"fps_too_low"}, (640, 360), 30, FLIPPED),
    "wide-pixels.avi": ({"container", "video_codec"}, (720, 576), 30, UPRIGHT),
    "vp9.mkv": ({"container"}, (640, 360), 30, UPRIGHT),
}


def first_frame(path: Path) -> VideoFrame:
    with av.open(str(path)) as container:
        return next(container.decode(video=0))


def as_seen(frame: VideoFrame) -> Image.Image:
    picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]  # PyAV leaves it so
    return picture.rotate(frame.rotation, expand=True)


def test_the_matrix_is_whole() -> None:
    assert set(MATRIX) == {oddity.name for oddity in ODDITIES}


@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda oddity: oddity.name)
def test_a_clip_is_made_to_fit(tmp_path: Path, oddity: Oddity) -> None:
    clip, fitted = oddity.make(tmp_path), tmp_path / "fitted"
    said, size, fps, quarters = MATRIX[oddity.name]
    probe = read(clip)
    assert {problem.code.value for problem in problems(probe, clip.stat().st_size)} == said

    fit(clip, fitted, tell=lambda _: None)

    found = read(fitted)
    assert problems(found, fitted.stat().st_size) == ()
    assert (found.container, found.video_codec) == ("mp4", "h264")
    assert found.audio_codec == ("aac" if oddity.sound else None)
    assert (found.width, found.height) == size
    assert found.fps == pytest.approx(fps, abs=1)
    assert found.duration == pytest.approx(oddity.seconds, abs=0.1)
    assert fitted.read_bytes().index(b"moov") < fitted.read_bytes().index(b"mdat")
    frame = first_frame(fitted)
    if oddity.name not in COPIED:
        # Numbers of ITU-T H.273: BT.709, limited range; and nothing is left to be turned.
        tags = (frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range)
        assert [int(tag) for tag in tags] == [1, 1, 1, 1]
        assert frame.rotation == 0
    seen, (wide, high) = as_seen(frame), size
    above, below = high // 2 - 9, high // 2 + 9
    places = [(x, y) for y in (above, below) for x in (wide // 4, wide * 3 // 4)]
    for at, colour in zip(places, quarters, strict=True):
        shown = cast(tuple[int, int, int], seen.getpixel(at))
        if oddity.name in HDR:
            assert shown.index(max(shown)) == colour.index(max(colour)) or colour == WHITE
        else:
            assert all(abs(a - b) < CLOSE for a, b in zip(shown, colour, strict=True)), (at, shown)


async def test_what_no_fitting_mends_is_refused(tmp_path: Path) -> None:
    for path in broken(tmp_path):
        with pytest.raises(UnreadableClip):
            await Prober().probe(path)
        with pytest.raises(UnreadableClip):
            await Fitter().fit(path, tmp_path / "fitted", at=_nothing)


async def test_progress_comes_from_the_process(tmp_path: Path) -> None:
    heard: list[float] = []

    async def at(share: float) -> None:
        heard.append(share)

    clip = Oddity(name="a.mkv", fps=120, seconds=12).make(tmp_path)
    await Fitter().fit(clip, tmp_path / "fitted", at=at)
    assert heard
    assert heard == sorted(heard)
    assert all(0 <= share <= 1 for share in heard)
    assert read(tmp_path / "fitted").fps == 60


async def test_what_hears_of_it_can_stop_it(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    async def at(_: float) -> None:
        raise Enough

    clip = Oddity(name="a.mkv", fps=120, seconds=12).make(tmp_path)
    with pytest.raises(Enough):
        await Fitter().fit(clip, tmp_path / "fitted", at=at)


async def test_time_and_memory_are_bounded(tmp_path: Path) -> None:
    clip = Oddity(name="a.mp4", fps=120, seconds=12).make(tmp_path)
    with pytest.raises(SlowClip):
        await Fitter(seconds=0.5).fit(clip, tmp_path / "fitted", at=_nothing)
    clip = Oddity(name="b.mp4", fps=120, width=4096, height=2304, seconds=0.3).make(tmp_path)
    with pytest.raises(UnreadableClip):
        await Fitter(memory=350 << 20).fit(clip, tmp_path / "fitted", at=_nothing)


async def test_a_target_that_cannot_be_written(tmp_path: Path) -> None:
    clip = Oddity(name="a.mp4", fps=120).make(tmp_path)
    with pytest.raises(OSError, match="No such file"):
        await Fitter().fit(clip, tmp_path / "none" / "fitted", at=_nothing)


def test_sound_stays_with_its_picture(tmp_path: Path) -> None:
    """A transport stream begins at 1.4 seconds: both move to the beginning together."""
    clip = Oddity(name="a.ts", fps=120).make(tmp_path)
    fit(clip, tmp_path / "fitted", tell=lambda _: None)
    with av.open(str(tmp_path / "fitted")) as container:
        begins = [
            float((stream.start_time or 0) * (stream.time_base or Fraction(0)))
            for stream in container.streams
        ]
    assert begins == pytest.approx([0, 0], abs=0.05)


async def _nothing(_: float) -> None:
    pass
