"""Clips as phones, cameras and screen recorders really write them: what TikTok does not take.

Four quarters, red and green above blue and white, tell how a picture is turned and coloured.
"""

import io
import math
import random
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast
from zipfile import ZipFile

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 180, 30), (30, 30, 200), (235, 235, 235)
PQ, HLG = 16, 18  # transfer characteristics of ITU-T H.273
MIRRORED = (-1, 0, 0, 1)

_BT2020, _BT2020_MATRIX = 9, 9
_SOUND_RATE = 48_000
_SD_LINES = 576
_IDENTITY = (1, 0, 0, 1)
_FASTEST = {
    "libx264": {"preset": "ultrafast", "threads": "1"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:pools=1"},
    "libsvtav1": {"preset": "12", "svtav1-params": "lp=1"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
}


@dataclass(frozen=True, kw_only=True)
class Oddity:
    """A clip that can be made; the suffix of `name` picks the container.

    `uneven` spreads the frames at random around the rate, `transfer` tags it as BT.2020 with that
    curve, `aspect` is that of a pixel, and `matrix` (a, b, c, d) is written into an MP4's track.
    """

    name: str
    seconds: float = 1.0
    width: int = 640
    height: int = 360
    fps: int = 30
    codec: str = "libx264"
    sound: str | None = "aac"
    pixels: str = "yuv420p"
    rotation: int = 0
    uneven: bool = False
    transfer: int | None = None
    aspect: Fraction = Fraction(1)
    matrix: tuple[int, int, int, int] | None = None

    def make(self, folder: Path) -> Path:
        """Write it into the folder."""
        path = folder / self.name
        with av.open(str(path), "w") as container:
            self._write(container)
        if self.matrix is not None:
            _turn(path, self.matrix)
        return path

    def _write(self, container: OutputContainer) -> None:
        options = _FASTEST.get(self.codec)
        video = cast(VideoStream, container.add_stream(self.codec, self.fps, options))
        encoder = video.codec_context
        encoder.width, encoder.height, encoder.pix_fmt = self.width, self.height, self.pixels
        encoder.time_base = Fraction(1, 90_000) if self.uneven else Fraction(1, self.fps)
        encoder.sample_aspect_ratio = self.aspect
        if self.rotation:
            video.set_display_rotation(self.rotation)
        self._tag(encoder)
        sound = self._sound(container)
        whole: VideoFrame = VideoFrame.from_image(quarters(self.width, self.height))  # type: ignore[no-untyped-call]  # PyAV leaves it so
        matrix = "ITU601" if self.height <= _SD_LINES else "ITU709"  # as players guess
        frame = whole.reformat(format=self.pixels, dst_colorspace=matrix)
        for at in self._times():
            frame.pts, frame.time_base = round(at / encoder.time_base), encoder.time_base
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None:
            _hum(container, sound, self.seconds)

    def _tag(self, encoder: VideoCodecContext) -> None:
        if self.transfer is not None:
            encoder.color_primaries, encoder.color_trc = _BT2020, self.transfer
            encoder.colorspace = _BT2020_MATRIX
            encoder.color_range = 1

    def _sound(self, container: OutputContainer) -> AudioStream | None:
        if self.sound is None:
            return None
        sound = cast(AudioStream, container.add_stream(self.sound, _SOUND_RATE))
        sound.layout = "stereo"
        return sound

    def _times(self) -> Iterator[Fraction]:
        """When each frame is shown; the uneven ones stand still for a third of the time."""
        chance = random.Random(7)  # noqa: S311 - only so that it is uneven
        for number in range(max(1, round(self.seconds * self.fps))):
            at = Fraction(number, self.fps)
            if self.uneven and self.seconds / 3 < at < self.seconds * 2 / 3 and number % 5:
                continue
            late = Fraction(chance.randrange(5), self.fps * 10) if self.uneven else 0
            yield at + late


def quarters(width: int, height: int) -> Image.Image:
    """Red and green above blue and white."""
    picture = Image.new("RGB", (width, height), RED)
    half, middle = width // 2, height // 2
    picture.paste(GREEN, (half, 0, width, middle))
    picture.paste(BLUE, (0, middle, half, height))
    picture.paste(WHITE, (half, middle, width, height))
    return picture


def _hum(container: OutputContainer, sound: AudioStream, seconds: float) -> None:
    samples = 960
    for start in range(0, round(seconds * _SOUND_RATE), samples):
        wave = array("h")
        for at in range(start, start + samples):
            wave.extend([round(3000 * math.sin(math.tau * 440 * at / _SOUND_RATE))] * 2)
        frame = av.AudioFrame("s16", "stereo", samples)
        frame.planes[0].update(wave.tobytes())
        frame.sample_rate, frame.pts = _SOUND_RATE, start
        container.mux(sound.encode(frame))
    container.mux(sound.encode(None))


def _turn(path: Path, matrix: tuple[int, int, int, int]) -> None:
    """Write the matrix into the first track of an MP4; the file itself has one before it."""
    content = path.read_bytes()
    first = content.index(_matrix(_IDENTITY))
    at = content.index(_matrix(_IDENTITY), first + 1)
    with path.open("r+b") as file:
        file.seek(at)
        file.write(_matrix(matrix))


def _matrix(parts: tuple[int, int, int, int]) -> bytes:
    a, b, c, d = (part << 16 for part in parts)
    return struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)


ODDITIES = (
    Oddity(name="mkv.mkv"),
    Oddity(name="mkv-120.mkv", fps=120),
    Oddity(name="mpegts.ts"),
    Oddity(name="avi-mpeg4.avi", codec="mpeg4", sound="mp3"),
    Oddity(name="avi-h264.avi", sound="mp3"),
    Oddity(name="flv.flv"),
    Oddity(name="3gp.3gp"),
    Oddity(name="hevc.mkv", codec="libx265"),
    Oddity(name="fps-120.mp4", fps=120),
    Oddity(name="fps-240.mov", fps=240),
    Oddity(name="fps-90.mp4", fps=90),
    Oddity(name="fps-10.mp4", fps=10),
    Oddity(name="fps-15.mp4", fps=15),
    Oddity(name="uneven.mp4", fps=60, seconds=6, uneven=True),
    Oddity(name="uneven.mkv", fps=60, seconds=6, uneven=True),
    Oddity(name="hevc-10bit.mp4", codec="libx265", pixels="yuv420p10le"),
    Oddity(name="h264-422.mov", pixels="yuv422p"),
    Oddity(name="hlg.mov", codec="libx265", pixels="yuv420p10le", transfer=HLG),
    Oddity(name="pq.mov", codec="libx265", pixels="yuv420p10le", transfer=PQ),
    Oddity(name="av1.mp4", codec="libsvtav1"),
    Oddity(name="prores.mov", codec="prores_ks", pixels="yuv422p10le", sound="pcm_s16le"),
    Oddity(name="mpeg2.mpg", codec="mpeg2video", sound="mp2"),
    Oddity(name="mpeg4.mp4", codec="mpeg4"),
    Oddity(name="mjpeg.mov", codec="mjpeg", pixels="yuvj422p", sound="pcm_s16le"),
    Oddity(name="small.mp4", width=320, height=240),
    Oddity(name="tiny-ribbon.mp4", width=1280, height=64),
    Oddity(name="large.mp4", width=4480, height=2016, seconds=0.2, fps=24),
    Oddity(name="turned.mov", fps=120, rotation=90),
    Oddity(name="upside-down.mov", fps=10, rotation=180),
    Oddity(name="turned.mkv", rotation=270),
    Oddity(name="mirrored.mp4", fps=10, matrix=MIRRORED),
    Oddity(name="wide-pixels.avi", codec="mpeg4", width=360, height=576, aspect=Fraction(2),
           sound=None),
    Oddity(name="vp9.mkv", codec="libvpx-vp9", sound="libopus"),
)  # fmt: skip


def broken(folder: Path) -> list[Path]:
    """Write files that no fitting mends: what only claims to be a clip, and what is cut off."""
    whole = Oddity(name="whole.mp4").make(folder).read_bytes()
    song = folder / "song.mp4"
    with av.open(str(song), "w") as container:
        sound = container.add_stream("aac", _SOUND_RATE)
        sound.layout = "stereo"
        _hum(container, sound, 1.0)
    zipped = io.BytesIO()
    with ZipFile(zipped, "w") as archive:
        archive.writestr("clip.mp4", whole)
    contents = {
        "empty.mp4": b"",
        "text.mp4": b"This is a text, whatever its name says.",
        "zip.mp4": zipped.getvalue(),
        "program.mp4": b"MZ" + b"\x90\0\3\0" * 1000,
        "noise.mkv": random.Random(1).randbytes(100_000),  # noqa: S311 - only noise
        "cut-off.mp4": whole[: len(whole) // 2],
        "no-index.mp4": whole[: whole.index(b"moov")],
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [song, *(folder / name for name in contents)]
