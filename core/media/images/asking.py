"""Has images made fit for TikTok, and drawn side by side, by processes that may fail.

An image may take its reader over, or unpack to more than this machine has: the bot only asks
(`core.media.images.fitter`, `core.media.images.sheet`) and decodes none itself.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from core.children import Children, Ends
from core.media.images.image import FittedImage, ImageRefused, Unusable

SECONDS = 20.0  # a photo of 108 megapixels takes three
MEMORY = 1 << 30  # bytes of addresses; that photo takes half
AT_ONCE = 2

_ENDS = Ends(
    slow=lambda: ImageRefused(Unusable.SLOW),
    died=lambda _how: ImageRefused(Unusable.NO_IMAGE),
    refused=lambda word: ImageRefused(Unusable(word)),
)
_LARGEST_ANSWER = 1 << 12  # bytes
_LARGEST_SHEET = 4 << 20  # bytes


class Images:
    """Asks for images to be made fit and drawn; `seconds` and `memory` (bytes) bound each."""

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._fitters = Children(
            "core.media.images.fitter",
            seconds=seconds,
            memory=memory,
            at_once=AT_ONCE,
            largest_answer=_LARGEST_ANSWER,
        )
        self._drawers = Children(
            "core.media.images.sheet",
            seconds=seconds,
            memory=memory,
            at_once=AT_ONCE,
            largest_answer=_LARGEST_SHEET,
        )

    async def fit(self, source: Path, target: Path) -> FittedImage:
        """Write the image at `source` to `target` as TikTok takes it, and with nothing else in it.

        Raises `ImageRefused`, and OSError where a file cannot be read or written.
        """
        told, _ = await self._fitters.told(str(source), str(target), ends=_ENDS, about=target)
        return FittedImage(**told["fitted"])

    async def sheet(self, paths: Sequence[Path], *, cover: int) -> bytes:
        """All images side by side, numbered from 1, as a JPEG; that with index `cover` is marked.

        Raises `ImageRefused`, and FileNotFoundError where one is gone.
        """
        request = json.dumps({"paths": [str(path) for path in paths], "cover": cover}).encode()
        _, picture = await self._drawers.told(ends=_ENDS, request=request)
        return picture
