"""TikTok fetches photos: PULL_FROM_URL. Source: Media Transfer Guide."""

import asyncio
import hashlib
import io
import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from PIL import Image, UnidentifiedImageError

from .shares import Carousel, Photo

if TYPE_CHECKING:
    from .world import World

LARGEST_PHOTO = 20_000_000
"""Bytes."""
SHORT_SIDE = 1080
"""Pixels that the shorter side may have."""
MOST_PIXELS = 40_000_000
"""Of what is decoded at all; TikTok names no limit for the longer side."""
MEDIA_TYPES = {"JPEG": "image/jpeg", "WEBP": "image/webp"}
AT_ONCE = 2
SECONDS_A_PHOTO = 60.0
TIMEOUT = 10.0
AT_HOME = {"localhost", "127.0.0.1", "::1"}
"""Hosts that may be fetched from without https: the sandbox lives there."""


class PullFailed(Exception):
    """The photos cannot be used; `reason` is the `fail_reason` of Get Post Status."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def fetchable(url: str) -> bool:
    """Whether TikTok fetches from such an address at all: https, from a host that has a name."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    if parts.scheme == "http":
        return parts.host in AT_HOME
    return parts.scheme == "https" and bool(parts.host) and not _is_number(parts.host)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Pulls:
    """Fetches the photos of each carousel once, in their order, and settles what becomes of it.

    Follows no redirect and tries nothing twice. What a restart has cut short begins anew.
    """

    def __init__(self, world: "World", transport: httpx.AsyncBaseTransport | None) -> None:
        self._world = world
        self._transport = transport
        self._places = asyncio.Semaphore(AT_ONCE)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def go_on(self) -> None:
        """Fetch what is not fetched yet."""
        for publish_id, carousel in self._world.state.carousels.items():
            if carousel.processing is None and publish_id not in self._tasks:
                task = asyncio.create_task(self._pull(carousel), name=publish_id)
                task.add_done_callback(lambda done: self._tasks.pop(done.get_name()))
                self._tasks[publish_id] = task

    async def aclose(self) -> None:
        """Stop fetching."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _pull(self, carousel: Carousel) -> None:
        carousel.photos.clear()
        carousel.downloaded = 0
        digest, reason = hashlib.sha256(), ""
        async with (
            self._places,
            httpx.AsyncClient(transport=self._transport, timeout=TIMEOUT, trust_env=False) as http,
        ):
            try:
                for number, url in enumerate(carousel.photo_images):
                    content = await self._fetch(http, url, carousel)
                    photo = await asyncio.to_thread(examined, content)
                    place = self._world.disk.photo(carousel.publish_id, number)
                    await asyncio.to_thread(_keep, content, place)
                    digest.update(content)
                    carousel.photos.append(photo)
            except PullFailed as failed:
                reason = failed.reason
        self._world.settle(carousel, sha256=digest.hexdigest(), fail_reason=reason)
        await self._world.save()

    async def _fetch(self, http: httpx.AsyncClient, url: str, carousel: Carousel) -> bytes:
        content = bytearray()
        try:
            async with asyncio.timeout(SECONDS_A_PHOTO), http.stream("GET", url) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise PullFailed("photo_pull_failed")
                async for piece in answer.aiter_bytes():
                    content += piece
                    carousel.downloaded += len(piece)
                    if len(content) > LARGEST_PHOTO:
                        raise PullFailed("photo_pull_failed")
        except (httpx.HTTPError, TimeoutError):
            raise PullFailed("photo_pull_failed") from None
        return bytes(content)


def examined(content: bytes) -> Photo:
    """What the bytes are. Raises PullFailed for what is no JPEG or WebP of TikTok's size."""
    try:
        with Image.open(io.BytesIO(content), formats=list(MEDIA_TYPES)) as picture:
            width, height, kind = picture.width, picture.height, picture.format or ""
            if min(width, height) > SHORT_SIDE or width * height > MOST_PIXELS:
                raise PullFailed("picture_size_check_failed")
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PullFailed("picture_size_check_failed") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise PullFailed("file_format_check_failed") from None
    return Photo(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type=MEDIA_TYPES[kind],
        width=width,
        height=height,
    )


def _keep(content: bytes, place: Path | None) -> None:
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
