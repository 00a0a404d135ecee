"""Photos: what their pixels may be, and the sizes that Telegram keeps of each."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from sandbox.telegram.chats import Json
from sandbox.telegram.errors import ApiError
from sandbox.telegram.files import Files, StoredFile

MOST_SIDES = 10_000
"""Pixels that width and height of a bot's photo may have together."""
MOST_RATIO = 20
THUMBNAIL = 320
"""Pixels of the longer side of a photo's smaller size."""
_UNKNOWN = (720, 1280)  # of a photo that is none: what a phone has sent is not looked at


async def of(files: Files, file: StoredFile) -> Json:
    """The field of a message with this photo: its sizes, each a file of its own, smallest first.

    Source: https://core.telegram.org/bots/api#photosize
    """
    sides = await asyncio.to_thread(measured, file.path)
    width, height = sides or _UNKNOWN
    sizes = [{**file.ids(), "width": width, "height": height}]
    if max(width, height) > THUMBNAIL and (small := await asyncio.to_thread(_small, file.path)):
        content, (width, height) = small
        kept = await files.receive(
            io.BytesIO(content), kind="photo", name="small.jpg", mime_type="image/jpeg"
        )
        sizes.insert(0, {**kept.ids(), "width": width, "height": height})
    return {"photo": sizes}


async def check(file: StoredFile) -> None:
    """Refuse what a bot cannot send as photo. Source: https://core.telegram.org/bots/api#sendphoto"""
    sides = await asyncio.to_thread(measured, file.path)
    if sides is None:
        raise ApiError("IMAGE_PROCESS_FAILED")
    if sum(sides) > MOST_SIDES or max(sides) > MOST_RATIO * min(sides):
        raise ApiError("PHOTO_INVALID_DIMENSIONS")


def measured(path: Path) -> tuple[int, int] | None:
    """Width and height in pixels, None of what is no picture."""
    try:
        with Image.open(path) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None


def _small(path: Path) -> tuple[bytes, tuple[int, int]] | None:
    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (THUMBNAIL, THUMBNAIL))
            picture.thumbnail((THUMBNAIL, THUMBNAIL))
            out = io.BytesIO()
            picture.convert("RGB").save(out, "JPEG")
            return out.getvalue(), picture.size
    except (OSError, ValueError, SyntaxError):
        return None
