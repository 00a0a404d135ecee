"""The upload page's side of its conversation with the server, as its script has it."""

import asyncio
import base64
import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx

from core.media.files.pieces import sample_of

PIECE = 4 << 20
WORDS = {"Tus-Resumable": "1.0.0"}


@dataclass(kw_only=True)
class UploadPage:
    """A page that has opened its link; `url` is the bot's."""

    http: httpx.AsyncClient
    key: str

    @classmethod
    async def opened(cls, http: httpx.AsyncClient, link: str, *, key: str | None = None) -> Self:
        page = cls(http=http, key=key or secrets.token_hex(32))
        answer = await page.open(link)
        assert answer.status_code == 204, answer.text
        return page

    async def open(self, link: str) -> httpx.Response:
        (secret,) = parse_qs(urlsplit(link).query)["link"]
        return await self.http.post("/api/uploads/open", json={"link": secret, "key": self.key})

    @property
    def headers(self) -> dict[str, str]:
        return {**WORDS, "Authorization": f"Bearer {self.key}"}

    async def begin(self, clip: Path, **told: Any) -> httpx.Response:
        """Ask for an upload; `told` replaces what is said of the file."""
        size = (await asyncio.to_thread(clip.stat)).st_size
        said = {"filename": clip.name, "sample": await asyncio.to_thread(_sample, clip), **told}
        length = str(said.pop("length", size))
        metadata = ",".join(f"{name} {_base64(str(value))}" for name, value in said.items())
        headers = {**self.headers, "Upload-Length": length, "Upload-Metadata": metadata}
        return await self.http.post("/api/uploads", headers=headers)

    async def offset(self, place: str) -> int:
        answer = await self.http.head(place, headers=self.headers)
        assert answer.status_code == 200
        return int(answer.headers["upload-offset"])

    async def piece(
        self,
        place: str,
        offset: int,
        content: Any,
        *,
        digest: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send bytes that begin at `offset`, with their checksum unless `content` is a stream."""
        if isinstance(content, bytes) and digest is None:
            digest = hashlib.sha256(content).digest()
        checksum = {"Upload-Checksum": f"sha256 {_base64(digest)}"} if digest else {}
        return await self.http.patch(
            place,
            content=content,
            headers={
                **self.headers,
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
                **checksum,
                **(headers or {}),
            },
        )

    async def send(self, clip: Path, place: str, *, until: int | None = None) -> int:
        """Send what is missing, piece by piece, up to about `until` bytes; returns how far."""
        offset = await self.offset(place)
        size = (await asyncio.to_thread(clip.stat)).st_size
        while offset < (size if until is None else until):
            content = await asyncio.to_thread(_read, clip, offset)
            answer = await self.piece(place, offset, content)
            assert answer.status_code == 204, (answer.status_code, answer.text)
            offset = int(answer.headers["upload-offset"])
        return offset

    async def upload(self, clip: Path, **told: Any) -> str:
        """All of a clip; returns where it is."""
        begun = await self.begin(clip, **told)
        assert begun.status_code == 201, begun.text
        place: str = begun.headers["location"]
        await self.send(clip, place)
        return place

    async def listed(self) -> list[dict[str, Any]]:
        answer = await self.http.get("/api/uploads", headers=self.headers)
        assert answer.status_code == 200, answer.text
        uploads: list[dict[str, Any]] = answer.json()["uploads"]
        return uploads


def _sample(clip: Path) -> str:
    with clip.open("rb") as file:
        return sample_of(file)


def _read(clip: Path, offset: int) -> bytes:
    with clip.open("rb") as file:
        file.seek(offset)
        return file.read(PIECE)


def _base64(value: str | bytes) -> str:
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode()
