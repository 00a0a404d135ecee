"""How many frames and which size TikTok is given."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.media.limits import FASTEST_FPS, LARGEST_SIDE, SLOWEST_FPS, SMALLEST_SIDE
from core.media.recipes import fitting_fps, fitting_size


@pytest.mark.parametrize(
    ("average", "fitting"),
    [
        (30, 30),
        (120, 60),
        (240, 60),
        (100, 50),
        (90, 45),
        (Fraction(120_000, 1001), Fraction(60_000, 1001)),
        (Fraction(12_004, 100), 60),  # a camera that wavers
        (12, 24),
        (15, 30),
        (10, 30),
        (20, 40),
        (1, 23),
        (0, 24),
    ],
)
def test_frames_are_left_out_or_repeated_evenly(average: Fraction, fitting: Fraction) -> None:
    assert fitting_fps(Fraction(average), uneven=False) == fitting


@pytest.mark.parametrize(("average", "fitting"), [(41, 50), (28, 30), (23, 24), (59, 60)])
def test_uneven_ones_get_an_everyday_rate(average: int, fitting: int) -> None:
    assert fitting_fps(Fraction(average), uneven=True) == fitting


@given(st.fractions(min_value=0, max_value=2000), st.booleans())
def test_tiktok_takes_every_rate(average: Fraction, uneven: bool) -> None:
    assert SLOWEST_FPS <= fitting_fps(average, uneven=uneven) <= FASTEST_FPS


@pytest.mark.parametrize(
    ("given_", "fitting"),
    [
        ((1080, 1920), (1080, 1920, 1080, 1920)),
        ((4096, 2160), (4096, 2160, 4096, 2160)),
        ((320, 240), (480, 360, 480, 360)),
        ((240, 320), (360, 480, 360, 480)),
        ((7680, 4320), (1920, 1080, 1920, 1080)),
        ((8192, 1000), (2950, 360, 2950, 360)),
        ((1280, 64), (4096, 204, 4096, 360)),
        ((641, 361), (640, 360, 640, 360)),
    ],
)
def test_sizes(given_: tuple[int, int], fitting: tuple[int, int, int, int]) -> None:
    size = fitting_size(*given_)
    assert (size.width, size.height, size.padded_width, size.padded_height) == fitting


@given(*[st.integers(min_value=1, max_value=20_000)] * 2)
def test_tiktok_takes_every_size(width: int, height: int) -> None:
    size = fitting_size(width, height)
    for side in (size.padded_width, size.padded_height):
        assert SMALLEST_SIDE <= side <= LARGEST_SIDE
        assert side % 2 == 0
    assert size.width <= size.padded_width
    assert size.height <= size.padded_height
