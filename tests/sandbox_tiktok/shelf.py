"""A place on the web where photos lie, for the sandbox's TikTok to fetch."""

import asyncio
from io import BytesIO

import httpx
from PIL import Image

from sandbox.tiktok import TikTok

PREFIX = "https://bot.example/photos/"


def picture(width: int = 60, height: int = 80, kind: str = "JPEG", color: str = "tomato") -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), color).save(file, kind)
    return file.getvalue()


class Shelf:
    """Answers each address with what lies there, and remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self._lying: dict[str, httpx.Response | Exception] = {}
        self.transport = httpx.MockTransport(self._give)

    def lay(self, name: str, content: bytes | httpx.Response | Exception) -> str:
        """Lay it there; returns the address."""
        url = PREFIX + name
        given = httpx.Response(200, content=content) if isinstance(content, bytes) else content
        self._lying[url] = given
        return url

    async def _give(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        lies = self._lying.get(str(request.url), httpx.Response(404))
        if isinstance(lies, Exception):
            raise lies
        return lies


async def fetched(world: TikTok, publish_id: str) -> None:
    """Wait until it is settled what becomes of photos."""
    async with asyncio.timeout(10):
        while world.state.carousels[publish_id].processing is None:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.01)
