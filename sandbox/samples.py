"""Sample clips: small, real, playable files made on the spot.

`python -m sandbox.samples FOLDER` writes a few, good ones and ones that TikTok would refuse.
"""

import hashlib
import math
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

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

SAMPLES: dict[str, dict[str, Any]] = {
    "upright.mp4": {},
    "silent.mp4": {"audio": False},
    "phone.mov": {"width": 1280, "height": 720, "rotation": 90},
    "square.webm": {"width": 540, "height": 540},
    "large.mp4": {"pad_to": 40 * _PIECE},
    "refused-small.mp4": {"width": 320, "height": 240},
    "refused-slow.mp4": {"fps": 12},
    "refused-codec.mp4": {"codec": "mpeg4"},
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
) -> Path:
    """Write a clip of a moving pattern to `path` and return the path.

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
        _write_pictures(container, video, frames=max(1, round(seconds * fps)))
        if sound:
            _write_tone(container, sound, seconds)
    if pad_to is not None:
        _pad(path, pad_to)
    return path


def _write_pictures(container: OutputContainer, video: VideoStream, *, frames: int) -> None:
    for number in range(frames):
        frame = av.VideoFrame(video.width, video.height, "yuv420p")
        for plane, speed in zip(frame.planes, (8, 2, -2), strict=True):
            # Waves that move sideways: each line alike, so that making it costs nothing.
            wave = bytes(abs((x + speed * number) % 256 - 128) for x in range(256))
            line = (wave * (plane.line_size // 256 + 1))[: plane.line_size]
            plane.update((line * plane.height).ljust(plane.buffer_size, b"\0"))
        frame.pts = number
        container.mux(video.encode(frame))
    container.mux(video.encode(None))


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
    """Write `SAMPLES` into the folder named as the only argument."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m sandbox.samples FOLDER\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, parts in SAMPLES.items():
        path = make_clip(folder / name, **parts)
        sys.stdout.write(f"{path}  {path.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
