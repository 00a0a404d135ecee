"""However a picture is turned and mirrored: the strip of frames and the fitted file show it alike,
and as the display matrix says."""

from io import BytesIO
from pathlib import Path
from typing import cast

import av
import pytest
from PIL import Image

from core.media import frames
from core.media.fitter import fit
from core.media.reader import read
from core.media.side_by_side import GAP, LONGER_SIDE
from sandbox.oddities import BLUE, GREEN, RED, WHITE, Oddity

CLOSE = 30
TURNS = [
    ((1, 0, 0, 1), (RED, GREEN, BLUE, WHITE)),
    ((-1, 0, 0, -1), (WHITE, BLUE, GREEN, RED)),
    ((-1, 0, 0, 1), (GREEN, RED, WHITE, BLUE)),
    ((1, 0, 0, -1), (BLUE, WHITE, RED, GREEN)),
    ((0, 1, -1, 0), (BLUE, RED, WHITE, GREEN)),  # a phone held upright: clockwise
    ((0, -1, 1, 0), (GREEN, WHITE, RED, BLUE)),
    ((0, 1, 1, 0), (RED, BLUE, GREEN, WHITE)),
    ((0, -1, -1, 0), (WHITE, GREEN, BLUE, RED)),
]
"""The matrix (a, b, c, d), and the quarters as they are seen, line by line."""


def quarters(picture: Image.Image) -> list[tuple[int, ...]]:
    wide, high = picture.size
    return [
        cast(tuple[int, ...], picture.getpixel((wide * x // 4, high * y // 4)))
        for y in (1, 3)
        for x in (1, 3)
    ]


@pytest.mark.parametrize(("matrix", "colours"), TURNS)
def test_a_picture_is_shown_as_its_matrix_says(
    tmp_path: Path, matrix: tuple[int, int, int, int], colours: tuple[tuple[int, ...], ...]
) -> None:
    clip = Oddity(name="a.mp4", fps=10, seconds=0.5, matrix=matrix).make(tmp_path)
    fit(clip, tmp_path / "fitted", tell=lambda _: None)
    with av.open(str(tmp_path / "fitted")) as container:
        frame = next(container.decode(video=0))
        fitted: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]  # PyAV leaves it so
    strip = Image.open(BytesIO(frames.strip(clip, seconds=20)["picture"]))
    probe = read(clip)
    assert (probe.width, probe.height) == fitted.size == (frame.width, frame.height)
    scale = LONGER_SIDE / max(fitted.size)
    wide, high = (round(side * scale) for side in fitted.size)
    first = strip.crop((GAP, GAP, GAP + wide, GAP + high))
    for shown in (quarters(fitted), quarters(first)):
        for seen, colour in zip(shown, colours, strict=True):
            assert all(abs(a - b) < CLOSE for a, b in zip(seen, colour, strict=True)), shown
