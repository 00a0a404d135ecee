"""Sample clips: small, real, playable files made on the spot.

`python -m sandbox.samples FOLDER [NAME ...]` writes those named, or all, and the photos of
`sandbox.pictures`: good ones and ones that TikTok would refuse. Each line it prints begins with how
far it is.
"""

import hashlib
import itertools
import math
import secrets
import sys
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from sandbox.pictures import PICTURES

_AUDIO_RATE = 48_000
_TONE = 440  # Hz
_PIECE = 1024 * 1024
_BOX_HEADER = 8  # bytes: a size of 32 bits and a type
_LARGEST_PLAIN_BOX = 2**32 - 1

# What each container holds here: video codec, audio codec.
_CODECS = {
    ".mp4": ("libx264", "aac"),
    ".mov": ("libx264", "aac"),
    ".webm": ("libvpx-vp9", "libopus"),
}
# The cheapest settings of each encoder; looks do not matter.
_FASTEST = {
    "libx264": {"preset": "ultrafast", "crf": "35"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx": {"deadline": "realtime", "cpu-used": "16"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A clip that can be made: its file name, what it is in words, and how it is made.

    `shown` is what a player shows, width and height in pixels. `refused` says what TikTok has
    against it, nothing for a good one. Without `how` it is a text that only claims to be a clip.
    """

    name: str
    title: str
    refused: str = ""
    shown: tuple[int, int] = (540, 960)
    seconds: int = 8
    how: Mapping[str, Any] | None = field(default_factory=lambda: MappingProxyType({}))

    def make(self, folder: Path, progress: Callable[[float], None]) -> Path:
        """Write it into the folder, in colours of its own."""
        path = folder / self.name
        if self.how is None:
            path.write_text("This is a text, whatever its name says.\n")
            progress(1.0)
            return path
        width, height = self.shown
        how = {"width": width, "height": height, "seconds": self.seconds, **self.how}
        return make_clip(path, colours=secrets.choice(_PALETTES), progress=progress, **how)


_PALETTES = (
    ("0xff6b6b", "0xffb36b", "0x8e44ad"),
    ("0x1f6fc0", "0x36d1c4", "0x0b2a4a"),
    ("0x2f8f4f", "0xd6e26f", "0x14532d"),
    ("0xf72585", "0x7209b7", "0x4cc9f0"),
    ("0xffd166", "0xef476f", "0x118ab2"),
)

SAMPLES = {
    sample.name: sample
    for sample in (
        Sample(name="upright.mp4", title="Upright, 8 seconds"),
        Sample(name="half-minute.mp4", title="Upright, half a minute", seconds=30),
        Sample(
            name="long.mp4",
            title="Upright, 90 seconds, too long for Sam Short",
            seconds=90,
            shown=(360, 640),
            how={"fps": 24},
        ),
        Sample(
            name="phone.mov",
            title="Filmed on a phone held upright (.mov, turned)",
            shown=(720, 1280),
            how={"width": 1280, "height": 720, "rotation": 90},
        ),
        Sample(name="wide.mp4", title="Wide, 10 seconds", seconds=10, shown=(960, 540)),
        Sample(name="square.webm", title="Square (.webm), 6 seconds", seconds=6, shown=(540, 540)),
        Sample(name="silent.mp4", title="Silent, 5 seconds", seconds=5, how={"audio": False}),
        Sample(
            name="large.mp4",
            title="40 MB, twice what Telegram gives to bots",
            how={"pad_to": 40 * _PIECE},
        ),
        Sample(
            name="refused-small.mp4",
            title="320 x 240 pixels",
            refused="too small",
            seconds=5,
            shown=(320, 240),
        ),
        Sample(
            name="refused-slow.mp4",
            title="12 frames per second",
            refused="too few pictures",
            seconds=5,
            how={"fps": 12},
        ),
        Sample(
            name="refused-codec.mp4",
            title="MPEG-4 Part 2",
            refused="an old codec",
            seconds=5,
            how={"codec": "mpeg4"},
        ),
        Sample(name="refused-text.mp4", title="No clip at all", refused="a text", how=None),
    )
}


def make_clip(
    path: Path,
    *,
    seconds: float = 4.0,
    width: int = 720,
    height: int = 1280,
    fps: int = 30,
    codec: str | None = None,
    audio: bool = True,
    rotation: int = 0,
    pad_to: int | None = None,
    colours: Sequence[str] = (),
    progress: Callable[[float], None] | None = None,
) -> Path:
    """Write a clip of a moving pattern to `path` and return the path.

    With `colours` ("0xRRGGBB", two to eight) the picture is a gradient of these that turns slowly,
    no two clips alike, over a bar that grows with the time; without, plain waves that cost next to
    nothing. `progress` is called with the share that is done, 0 to 1.

    The suffix (.mp4, .mov, .webm) picks the container and, unless an encoder of FFmpeg is named
    as `codec`, H.264 or VP9. `rotation` is how far a player turns the picture, in degrees
    counter-clockwise. `pad_to` makes the file exactly that many bytes, for .mp4 and .mov: the
    padding stands in a `free` box at the end, the index at the beginning. Raises ValueError for
    another suffix, or a `pad_to` that the clip cannot be padded to.
    """
    if path.suffix not in _CODECS:
        raise ValueError(f"no container for {path.suffix!r}")
    if pad_to is not None and path.suffix == ".webm":
        raise ValueError("only .mp4 and .mov can be padded")
    default_codec, audio_codec = _CODECS[path.suffix]
    codec = codec or default_codec
    options = {} if path.suffix == ".webm" else {"movflags": "+faststart"}
    with av.open(str(path), "w", options=options) as container:
        video = cast(VideoStream, container.add_stream(codec, fps, _FASTEST.get(codec)))
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.set_display_rotation(rotation)
        sound = cast(AudioStream, container.add_stream(audio_codec, _AUDIO_RATE)) if audio else None
        if sound:
            sound.layout = "mono"
        count = max(1, round(seconds * fps))
        pictures = _gradient(video, fps, seconds, colours) if colours else _waves(video)
        for number, frame in zip(range(count), pictures, strict=False):
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(video.encode(frame))
            if progress:
                progress((number + 1) / count)
        container.mux(video.encode(None))
        if sound:
            _write_tone(container, sound, seconds)
    if pad_to is not None:
        _pad(path, pad_to)
    return path


def _waves(video: VideoStream) -> Iterator[av.VideoFrame]:
    """Waves that move sideways: each line alike, so that making it costs nothing."""
    for number in itertools.count():
        frame = av.VideoFrame(video.width, video.height, "yuv420p")
        for plane, speed in zip(frame.planes, (8, 2, -2), strict=True):
            wave = bytes(abs((x + speed * number) % 256 - 128) for x in range(256))
            line = (wave * (plane.line_size // 256 + 1))[: plane.line_size]
            plane.update((line * plane.height).ljust(plane.buffer_size, b"\0"))
        yield frame


def _gradient(
    video: VideoStream, fps: int, seconds: float, colours: Sequence[str]
) -> Iterator[av.VideoFrame]:
    """A gradient that turns, and a bar at the bottom that has crossed the picture at the end.

    Source: https://ffmpeg.org/ffmpeg-filters.html#gradients
    """
    width, height = video.width, video.height
    size, last = f"{width}x{height}", seconds + 1  # a little longer than is taken from it
    points = {"x0": secrets.randbelow(width), "y0": 0, "x1": secrets.randbelow(width), "y1": height}
    tones = {f"c{number}": colour for number, colour in enumerate(colours)}
    looks = {"s": size, "r": fps, "d": last, "n": len(colours), "speed": 0.01, **points, **tones}
    bar = f"s={width}x{max(2, height // 60)}:r={fps}:d={last}:c=white@0.8"
    graph = av.filter.Graph()
    picture = graph.add("gradients", ":".join(f"{name}={value}" for name, value in looks.items()))
    grown = graph.add("overlay", f"x=-W+W*t/{seconds}:y=H-h")
    plain, sink = graph.add("format", "yuv420p"), graph.add("buffersink")
    picture.link_to(grown, 0, 0)
    graph.add("color", bar).link_to(grown, 0, 1)
    grown.link_to(plain)
    plain.link_to(sink)
    graph.configure()
    while True:
        yield cast(av.VideoFrame, graph.pull())


def _write_tone(container: OutputContainer, sound: AudioStream, seconds: float) -> None:
    samples = 960
    for start in range(0, round(seconds * _AUDIO_RATE), samples):
        angles = (math.tau * _TONE * at / _AUDIO_RATE for at in range(start, start + samples))
        frame = av.AudioFrame("s16", "mono", samples)
        frame.planes[0].update(
            array("h", (round(3000 * math.sin(angle)) for angle in angles)).tobytes()
        )
        frame.sample_rate, frame.pts = _AUDIO_RATE, start
        container.mux(sound.encode(frame))
    container.mux(sound.encode(None))


def _pad(path: Path, size: int) -> None:
    """Append an ISO base media `free` box (ISO/IEC 14496-12, 8.1.2) so that the file has `size`."""
    missing = size - path.stat().st_size
    if missing == 0:
        return
    if missing < _BOX_HEADER:
        raise ValueError(f"{path.name} is {size - missing} bytes: it cannot be padded to {size}")
    if missing <= _LARGEST_PLAIN_BOX:
        header = missing.to_bytes(4) + b"free"
    else:
        # A size of 1 says that the true one follows the type, in 64 bits.
        header = (1).to_bytes(4) + b"free" + missing.to_bytes(8)
    with path.open("ab") as file:
        file.write(header)
        for piece in _noise(missing - len(header)):
            file.write(piece)


def _noise(size: int) -> Iterator[bytes]:
    """Yield `size` bytes, the same each time; no two pieces alike, so that a mix-up shows."""
    for number, start in enumerate(range(0, size, _PIECE)):
        yield hashlib.shake_128(number.to_bytes(8)).digest(min(_PIECE, size - start))


def main(arguments: list[str]) -> int:
    """Write the samples named after the folder, all there are when none is."""
    all_names = [*SAMPLES, *PICTURES]
    folder, names = Path(arguments[0] if arguments else ""), arguments[1:] or all_names
    unknown = [name for name in names if name not in all_names]
    if not arguments or unknown:
        known = " ".join(all_names)
        sys.stderr.write(f"usage: python -m sandbox.samples FOLDER [NAME ...]\nnames: {known}\n")
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        told = -1

        def tell(share: float, name: str = name) -> None:
            nonlocal told
            if told < (told := int(share * 100)):
                sys.stdout.write(f"{told:3} %  {name}\n")
                sys.stdout.flush()

        if name in PICTURES:
            PICTURES[name].make(folder)
            tell(1.0)
        else:
            SAMPLES[name].make(folder, tell)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
