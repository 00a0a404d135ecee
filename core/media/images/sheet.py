"""Draws the photos of a post side by side, in a process of its own.

`python -m core.media.images.sheet SECONDS BYTES` gives itself that much time and memory, reads a
line of JSON (`paths`, and the index of the `cover`), and prints a line of JSON, which says why
there is no picture where there is none, and after it the picture as JPEG. The photos are ours,
fitted before: small, and of kinds that are read.
"""

import json
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from core.bounds import bound_by
from core.media.images.image import Unusable
from core.media.side_by_side import LONGER_SIDE, drawn

_WIDE = 5
"""Columns, where there are more photos than `_FEW`."""
_FEW = 9
_FEW_COLUMNS = 3
_SMALLER = 240
"""Pixels of the longer side among many."""


def sheet(paths: list[Path], cover: int) -> bytes:
    """All of them in one JPEG, that with index `cover` marked."""
    few = len(paths) <= _FEW
    longer = LONGER_SIDE if few else _SMALLER
    small = [_small(path, longer) for path in paths]
    return drawn(small, columns=_FEW_COLUMNS if few else _WIDE, marked=cover)


def _small(path: Path, longer: int) -> Image.Image:
    with Image.open(path, formats=["JPEG", "WEBP"]) as picture:
        picture.draft("RGB", (longer, longer))
        picture.thumbnail((longer, longer), reducing_gap=2.0)
        return picture.convert("RGB")


def main(arguments: list[str]) -> int:
    seconds, memory = float(arguments[0]), int(arguments[1])
    bound_by(seconds, memory)
    asked = json.loads(sys.stdin.buffer.read())
    told: dict[str, Any] = {}
    picture = b""
    try:
        picture = sheet([Path(path) for path in asked["paths"]], asked["cover"])
    except MemoryError:
        told = {"refused": Unusable.TOO_LARGE}
    except OSError as error:  # also what Pillow says of a damaged file, without a number
        told = {"errno": error.errno} if error.errno else {"refused": Unusable.NO_IMAGE}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
