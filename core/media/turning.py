"""How a picture has to be turned and mirrored so that it needs no display matrix to be seen right.

The matrix of QuickTime files maps a pixel (x, y) to (ax + cy, bx + dy), y downwards; its nine
numbers stand row by row, a b u c d v x y w.
"""

import struct

from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame

Steps = tuple[tuple[str, str], ...]

_TURNS: dict[tuple[int, int, int, int], Steps] = {
    (1, 0, 0, 1): (),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (-1, 0, 0, 1): (("hflip", ""),),
    (1, 0, 0, -1): (("vflip", ""),),
    (0, 1, -1, 0): (("transpose", "clock"),),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
}


def turned(frame: VideoFrame) -> tuple[Steps, bool]:
    """The filters that turn frames like this one, and whether width and height change places.

    A matrix that does not turn by right angles is passed over, as most players do.
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if not isinstance(matrix, SideData):
        return (), False
    a, b, _, c, d = struct.unpack("=5i", bytes(matrix)[:20])
    steps = _TURNS.get((_sign(a), _sign(b), _sign(c), _sign(d)), ())
    return steps, bool(steps) and steps[0][0] == "transpose"


def _sign(value: int) -> int:
    """-1, 0 or 1 of a fixed-point number whose rounding may leave crumbs."""
    return 0 if abs(value) < 1 << 8 else (1 if value > 0 else -1)
