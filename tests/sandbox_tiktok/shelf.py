"""A place on the web where photos lie, for the sandbox's TikTok to fetch."""

import asyncio
from io import BytesIO
from typing import Any, Self

import httpx
from PIL import Image

from sandbox.tiktok import TikTok
from tests.sandbox_tiktok.caller import POSTING_SCOPES, Caller, photos

PREFIX = "https://bot.example/photos/"
ONE, TWO = PREFIX + "1.jpg", PREFIX + "2.webp"


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

    @classmethod
    def of_two(cls) -> Self:
        """One with a photo at `ONE` and another at `TWO`."""
        shelf = cls()
        shelf.lay("1.jpg", picture())
        shelf.lay("2.webp", picture(90, 60, "WEBP"))
        return shelf

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


async def begin(caller: Caller, world: TikTok, *urls: str, **post_info: Any) -> tuple[str, str]:
    """An access token, and the publish_id of photos that have been fetched, or could not be."""
    token = await caller.connect(scope=POSTING_SCOPES)
    answer = await caller.init_photos(token, photos(*urls, **post_info))
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"].keys() == {"publish_id"}
    publish_id = answer.json()["data"]["publish_id"]
    await fetched(world, publish_id)
    return token, publish_id
