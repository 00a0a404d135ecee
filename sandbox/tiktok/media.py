"""The bytes of clips and photos, as a page shows them."""

import asyncio
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from .rendering import HEADERS
from .shares import Carousel, Share
from .world import World

FOR_A_DAY = {"Cache-Control": "private, max-age=86400"}
_WEBM = b"\x1aE\xdf\xa3"  # how every Matroska file begins


def kept(content: Path | None) -> Path:
    """The file, where there is one: a sandbox without a folder keeps no bytes. Raises 404."""
    if content is None:
        raise HTTPException(404)
    return content


async def clip_answer(content: Path) -> Response:
    """A clip, in ranges where asked for."""
    kind = "webm" if await asyncio.to_thread(_begins, content, _WEBM) else "mp4"
    return FileResponse(content, media_type=f"video/{kind}", headers=HEADERS)


def photo_answer(world: World, share: Share | None, number: int) -> Response:
    """The photo of that number of a carousel, counted from 0. Raises 404."""
    if not isinstance(share, Carousel) or not 0 <= number < len(share.photos):
        raise HTTPException(404)
    content = kept(world.disk.photo(share.publish_id, number))
    kind = share.photos[number].media_type
    return FileResponse(content, media_type=kind, headers=HEADERS | FOR_A_DAY)


def _begins(file: Path, mark: bytes) -> bool:
    with file.open("rb") as content:
        return content.read(len(mark)) == mark
