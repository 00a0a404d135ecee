"""How a clip is made to fit TikTok's rules: how many frames, which size, what is left as it is."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from core.media.limits import (
    FASTEST_FPS,
    LARGEST_SIDE,
    SLOWEST_FPS,
    SMALLEST_SIDE,
    ProblemCode,
    problems,
)
from core.media.probe import Probe

COPIED = ("h264", "hevc")
"""Codecs whose pictures an MP4 takes as they are."""
LONGEST_SHRUNK = 1920
"""Pixels of the longer side of a picture that has to be made smaller: TikTok shows no more."""
EVERYDAY_FPS = (Fraction(24), Fraction(25), Fraction(30), Fraction(50), Fraction(60))
_MENDED_BY_COPYING = {ProblemCode.CONTAINER, ProblemCode.NO_DURATION}


@dataclass(frozen=True, kw_only=True)
class Size:
    """Pixels: of the picture itself, and with the bars that make a narrow one wide enough."""

    width: int
    height: int
    padded_width: int
    padded_height: int


def can_be_copied(probe: Probe, size: int) -> bool:
    """Whether another container is all that the clip of `size` bytes needs."""
    wrong = {problem.code for problem in problems(probe, size)}
    return probe.video_codec in COPIED and wrong <= _MENDED_BY_COPYING


def fitting_fps(average: Fraction, *, uneven: bool) -> Fraction:
    """Frames per second that TikTok takes, and so that each frame is shown equally long.

    Of 120 every second one is left out, each of 12 is shown twice; uneven ones get the everyday
    rate next to their average.
    """
    if uneven or average <= 0:
        return min(EVERYDAY_FPS, key=lambda rate: abs(rate - average))
    if average > FASTEST_FPS:
        # Cameras waver: 120.04 is meant to be twice 60.
        return min(Fraction(FASTEST_FPS), average / ceil(average / FASTEST_FPS - Fraction(1, 20)))
    if average < SLOWEST_FPS:
        repeated = average * ceil(SLOWEST_FPS / average)
        return repeated if repeated <= FASTEST_FPS else Fraction(SLOWEST_FPS)
    return average


def fitting_size(width: float, height: float, *, most: int = LARGEST_SIDE) -> Size:
    """The size of a picture of square pixels, as it is displayed, that TikTok takes.

    The aspect stays; one so narrow that no size fits gets bars. Sides are even, as H.264 with
    `yuv420p` wants them. One with a side above `most` is made smaller.
    """
    shorter, longer = sorted((width, height))
    scale = LONGEST_SHRUNK / longer if longer > most else 1.0
    scale = max(scale, SMALLEST_SIDE / shorter)
    scale = min(scale, LARGEST_SIDE / longer)
    wide, high = _even(width * scale), _even(height * scale)
    return Size(
        width=wide,
        height=high,
        padded_width=max(wide, SMALLEST_SIDE),
        padded_height=max(high, SMALLEST_SIDE),
    )


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)
