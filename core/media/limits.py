"""TikTok's rules for a video, checked before it is sent: TikTok checks after it took every byte.

Mirrors "Video restrictions" of the Content Posting API's media transfer guide. How long a video
may be depends on the account, so that rule is one of its own.

Some things TikTok does not rule out and yet is known to stumble over; those are doubts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from core.media.probe import MOV, MP4, WEBM, Probe

CONTAINERS = (MP4, MOV, WEBM)
VIDEO_CODECS = ("h264", "hevc", "vp8", "vp9")
PIXEL_FORMATS = ("yuv420p", "yuvj420p")
"""What the everyday profiles of these codecs hold: 8 bits, colours at half the resolution."""
SLOWEST_FPS, FASTEST_FPS = 23, 60
SMALLEST_SIDE, LARGEST_SIDE = 360, 4096  # pixels
LARGEST_FILE = 4 * 1024**3  # bytes
INBOX_LONGEST = timedelta(minutes=10)
"""Of a clip for the inbox, whatever the account may post."""

_CONTENT_TYPES = {MP4: "video/mp4", MOV: "video/quicktime", WEBM: "video/webm"}

# Cameras waver: a clip shot at 60 averages 60.02.
_FPS_TOLERANCE = 0.1
# A dropped frame makes a second uneven, not a clip.
_UNEVEN_TOLERANCE = 2.0


class ProblemCode(StrEnum):
    """Which rule a clip breaks, and what `Problem.measured` and `Problem.limit` are then."""

    CONTAINER = "container"  # name; the names allowed
    VIDEO_CODEC = "video_codec"  # name; the names allowed
    FPS_TOO_LOW = "fps_too_low"  # frames per second
    FPS_TOO_HIGH = "fps_too_high"
    PICTURE_TOO_SMALL = "picture_too_small"  # pixels of the shorter side
    PICTURE_TOO_LARGE = "picture_too_large"  # pixels of the longer side
    NO_DURATION = "no_duration"  # seconds; zero
    FILE_TOO_LARGE = "file_too_large"  # bytes
    UNEVEN_FPS = "uneven_fps"  # frames per second of the slowest and the fastest second, "12–75"
    PIXEL_FORMAT = "pixel_format"  # name; the names without doubt


DOUBTS = frozenset({ProblemCode.UNEVEN_FPS, ProblemCode.PIXEL_FORMAT})
"""What TikTok may take as it is."""


Measure = str | int | float


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A rule that a clip breaks: which, the clip's value, and the limit (or what is allowed)."""

    code: ProblemCode
    measured: Measure
    limit: Measure | tuple[str, ...]


def problems(probe: Probe, size: int) -> tuple[Problem, ...]:
    """Return every rule of TikTok's that the clip of `size` bytes breaks; none: it may be sent."""
    return tuple(_problems(probe, size))


def certain(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those problems for which TikTok refuses a clip; the others are doubts."""
    return tuple(problem for problem in found if problem.code not in DOUBTS)


def is_too_long(duration: timedelta, max_video_post_duration_sec: int) -> bool:
    """Whether a clip is longer than its account may post, in creator_info's seconds."""
    return duration > timedelta(seconds=max_video_post_duration_sec)


def _problems(probe: Probe, size: int) -> Iterator[Problem]:
    if probe.container not in CONTAINERS:
        yield Problem(code=ProblemCode.CONTAINER, measured=probe.container, limit=CONTAINERS)
    if probe.video_codec not in VIDEO_CODECS:
        yield Problem(code=ProblemCode.VIDEO_CODEC, measured=probe.video_codec, limit=VIDEO_CODECS)
    if probe.fps < SLOWEST_FPS - _FPS_TOLERANCE:
        yield Problem(code=ProblemCode.FPS_TOO_LOW, measured=probe.fps, limit=SLOWEST_FPS)
    if probe.fps > FASTEST_FPS + _FPS_TOLERANCE:
        yield Problem(code=ProblemCode.FPS_TOO_HIGH, measured=probe.fps, limit=FASTEST_FPS)
    yield from _doubts(probe)
    shorter, longer = sorted((probe.width, probe.height))
    if shorter < SMALLEST_SIDE:
        yield Problem(code=ProblemCode.PICTURE_TOO_SMALL, measured=shorter, limit=SMALLEST_SIDE)
    if longer > LARGEST_SIDE:
        yield Problem(code=ProblemCode.PICTURE_TOO_LARGE, measured=longer, limit=LARGEST_SIDE)
    if probe.duration <= 0:
        yield Problem(code=ProblemCode.NO_DURATION, measured=probe.duration, limit=0)
    if size > LARGEST_FILE:
        yield Problem(code=ProblemCode.FILE_TOO_LARGE, measured=size, limit=LARGEST_FILE)


def _doubts(probe: Probe) -> Iterator[Problem]:
    average_fits = SLOWEST_FPS - _FPS_TOLERANCE <= probe.fps <= FASTEST_FPS + _FPS_TOLERANCE
    is_uneven = (
        probe.slowest_fps < SLOWEST_FPS - _UNEVEN_TOLERANCE
        or probe.fastest_fps > FASTEST_FPS + _UNEVEN_TOLERANCE
    )
    if average_fits and is_uneven:
        yield Problem(
            code=ProblemCode.UNEVEN_FPS,
            measured=f"{probe.slowest_fps:.0f}–{probe.fastest_fps:.0f}",
            limit=f"{SLOWEST_FPS}–{FASTEST_FPS}",
        )
    if probe.video_codec in VIDEO_CODECS and probe.pixel_format not in PIXEL_FORMATS:
        yield Problem(
            code=ProblemCode.PIXEL_FORMAT, measured=probe.pixel_format, limit=PIXEL_FORMATS
        )


def content_type(container: str) -> str:
    """Return the media type of "mp4", "mov" or "webm"; raise ValueError for any other container."""
    try:
        return _CONTENT_TYPES[container]
    except KeyError:
        raise ValueError(f"no media type for container {container!r}") from None
