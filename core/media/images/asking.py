"""Has images made fit for TikTok, and drawn side by side, by processes that may fail.

An image may take its reader over, or unpack to more than this machine has: the bot only asks
(`core.media.images.fitter`, `core.media.images.sheet`) and decodes none itself.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.children import ChildDied, Children, ChildSlow
from core.media.images.image import FittedImage, ImageRefused, Unusable

SECONDS = 20.0  # a photo of 108 megapixels takes three
MEMORY = 1 << 30  # bytes of addresses; that photo takes half
AT_ONCE = 2

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
        try:
            written = await self._fitters.ask(str(source), str(target))
        except ChildSlow:
            raise ImageRefused(Unusable.SLOW) from None
        except ChildDied:
            raise ImageRefused(Unusable.NO_IMAGE) from None
        answer: dict[str, Any] = json.loads(written)
        if "unusable" in answer:
            raise ImageRefused(Unusable(answer["unusable"]))
        if "errno" in answer:
            raise OSError(answer["errno"], os.strerror(answer["errno"]), str(target))
        return FittedImage(**answer["fitted"])

    async def sheet(self, paths: Sequence[Path], *, cover: int) -> bytes:
        """All images side by side, numbered from 1, as a JPEG; that with index `cover` is marked.

        Raises `ImageRefused`, and FileNotFoundError where one is gone.
        """
        request = json.dumps({"paths": [str(path) for path in paths], "cover": cover}).encode()
        try:
            written = await self._drawers.ask(request=request)
        except ChildSlow:
            raise ImageRefused(Unusable.SLOW) from None
        except ChildDied:
            raise ImageRefused(Unusable.NO_IMAGE) from None
        head, _, picture = written.partition(b"\n")
        answer: dict[str, Any] = json.loads(head)
        if "unusable" in answer:
            raise ImageRefused(Unusable(answer["unusable"]))
        if "errno" in answer:
            raise OSError(answer["errno"], os.strerror(answer["errno"]))
        return picture
