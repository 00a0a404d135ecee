"""What a clip is: container, length, size of the picture, codecs; and frames of it."""

from dataclasses import dataclass, field

MP4, MOV, WEBM = "mp4", "mov", "webm"


class UnreadableClip(Exception):
    """The file is not a video, or is broken."""


class SlowClip(Exception):
    """The file could not be read in time."""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What a clip is.

    `container` is "mp4", "mov", "webm", or FFmpeg's name of another one. `duration` is in seconds,
    zero where the file does not say. `width` and `height` are pixels as displayed, rotation
    applied. `fps` is the average, `slowest_fps` and `fastest_fps` are those of its slowest and its
    fastest second. Codecs and `pixel_format` have FFmpeg's names ("h264", "hevc", "vp9", "aac";
    "yuv420p"); no `audio_codec` is no sound.
    """

    container: str
    duration: float
    width: int
    height: int
    fps: float
    slowest_fps: float
    fastest_fps: float
    video_codec: str
    pixel_format: str
    audio_codec: str | None


@dataclass(frozen=True, kw_only=True)
class Strip:
    """Frames side by side, numbered from 1, as a JPEG; `times_ms` is where in the clip each is."""

    times_ms: tuple[int, ...]
    picture: bytes = field(repr=False)
