"""The bytes of a video on their way to TikTok (Media Transfer Guide).

The upload URL carries its own credential, so no token goes along. Reading 1 MiB at a time in a
thread keeps the event loop free and memory flat, however large the chunk.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import httpx

from . import wire
from .chunks import Chunk
from .errors import (
    FileChanged,
    RangeMismatch,
    UploadError,
    UploadExpired,
    UploadMalformed,
    UploadNotFound,
    UploadUnavailable,
    UploadUrlRefused,
)

_PIECE_BYTES = 1024 * 1024
_TIKTOK_HOST = re.compile(rb"([a-z0-9-]+\.)+tiktokapis\.com")
_CONTENT_RANGE = re.compile(r"bytes 0-(\d{1,18})/(\d{1,18})")
_REFUSALS: dict[int, type[UploadError]] = {
    400: UploadMalformed,
    403: UploadExpired,
    404: UploadNotFound,
}


@dataclass(frozen=True, kw_only=True)
class ChunkReceipt:
    """TikTok holds the first `uploaded_bytes` bytes; `complete` says that posting has begun."""

    uploaded_bytes: int
    complete: bool


async def send_chunk(
    http: httpx.AsyncClient,
    upload_url: str,
    path: Path,
    chunk: Chunk,
    *,
    total: int,
    content_type: str,
    on_sent: Callable[[int], None] | None,
) -> ChunkReceipt:
    """Send `chunk` of the file at `path`, which must be `total` bytes long."""
    headers = {
        "Content-Type": content_type,
        "Content-Length": str(chunk.size),
        "Content-Range": f"bytes {chunk.first}-{chunk.last}/{total}",
    }
    if (await asyncio.to_thread(path.stat)).st_size != total:
        raise FileChanged
    async with aclosing(_pieces(path, chunk, on_sent)) as content:
        response = await wire.send(
            http,
            "PUT",
            upload_url,
            headers=headers,
            content=content,
            timeout=wire.UPLOAD_TIMEOUT,
        )
    return _read_receipt(response, chunk, total)


async def _pieces(
    path: Path, chunk: Chunk, on_sent: Callable[[int], None] | None
) -> AsyncGenerator[bytes, None]:
    position = chunk.first
    while position <= chunk.last:
        wanted = min(_PIECE_BYTES, chunk.last + 1 - position)
        piece = await asyncio.to_thread(_read, path, position, wanted)
        if not piece:
            raise FileChanged
        yield piece
        position += len(piece)
        if on_sent is not None:
            on_sent(position)


def _read(path: Path, position: int, count: int) -> bytes:
    # Opened anew for each piece: no file stays open when the upload is cancelled half-way.
    with path.open("rb", buffering=0) as file:
        file.seek(position)
        return file.read(count)


def _read_receipt(response: httpx.Response, chunk: Chunk, total: int) -> ChunkReceipt:
    status = response.status_code
    held = _uploaded_bytes(response, chunk, total)
    # 200 is not in the guide: it ends an upload only where nothing says that bytes are missing.
    if status == 201 or (status == 200 and chunk.last + 1 == total and held in (None, total)):
        return ChunkReceipt(uploaded_bytes=total, complete=True)
    if status in (200, 206):
        return ChunkReceipt(uploaded_bytes=chunk.last + 1 if held is None else held, complete=False)
    if status == 416:
        raise RangeMismatch(uploaded_bytes=held, http_status=status)
    kind = UploadUnavailable if status >= 500 else _REFUSALS.get(status, UploadError)
    raise kind(http_status=status)


def _uploaded_bytes(response: httpx.Response, chunk: Chunk, total: int) -> int | None:
    """The bytes TikTok says it holds, from `Content-Range: bytes 0-{uploaded}/{total}`.

    The guide does not say whether `uploaded` is a count or, as in HTTP, the last byte's index.
    Where it matches the end of this chunk or of the file either way, that end is meant; 0 is read
    as nothing, since TikTok never stops after a single byte; the rest is read as HTTP has it.
    """
    match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if match is None or int(match[2]) != total:
        return None
    uploaded = int(match[1])
    if uploaded in (0, chunk.last + 1, total):
        return uploaded
    return uploaded + 1 if uploaded < total else None


def require_tiktok_url(upload_url: str, api_base_url: str) -> None:
    """Let no bytes go anywhere but TikTok or the very origin of the API.

    Raises UploadUrlRefused.
    """
    try:
        url, api = httpx.URL(upload_url), httpx.URL(api_base_url)
    except (httpx.InvalidURL, ValueError):
        accepted = False  # refused below, so that the address in the error does not come along
    else:
        at_tiktok = url.scheme == "https" and _TIKTOK_HOST.fullmatch(url.raw_host) is not None
        accepted = not url.userinfo and (at_tiktok or _origin(url) == _origin(api))
    if not accepted:
        raise UploadUrlRefused


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host, url.port
