"""Sending chunks over a real loopback connection: what streams, and what it costs."""

import asyncio
import hashlib
import socket
import threading
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response

from core import tiktok

MIB = 1024 * 1024


def whole(size: int) -> tiktok.Chunk:
    return tiktok.Chunk(first=0, last=size - 1)


def write_clip(path: Path, size: int) -> str:
    """A clip without two equal mebibytes; its sha256."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for start in range(0, size, MIB):
            piece = hashlib.sha256(str(start).encode()).digest() * (MIB // 32)
            piece = piece[: size - start]
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def connect(http: httpx.AsyncClient, api_base_url: str) -> tiktok.Client:
    return tiktok.Client(
        client_key="key", client_secret="secret", http=http, api_base_url=api_base_url
    )


class UploadHost:
    """An upload host that hashes what it gets, answers as TikTok does, and stores nothing."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.held = 0
        self.headers: list[dict[str, str]] = []
        self.targets: list[str] = []

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        request = Request(scope, receive)  # type: ignore[arg-type]  # plain ASGI, typed loosely
        self.headers.append(dict(request.headers))
        self.targets.append(f"{request.url.path}?{request.url.query}")
        async for piece in request.stream():
            self.digest.update(piece)
            self.held += len(piece)
        total = int(request.headers["content-range"].rpartition("/")[2])
        response = Response(
            status_code=201 if self.held == total else 206,
            headers={"Content-Range": f"bytes 0-{self.held - 1}/{total}"},
        )
        await response(scope, receive, send)  # type: ignore[arg-type]  # as above


Served = Callable[[Callable[..., Awaitable[None]]], str]


@pytest.fixture
def serve() -> Iterator[Served]:
    """Serve an ASGI app on a free loopback port, in a thread with its own loop; its base URL."""
    running: list[tuple[uvicorn.Server, threading.Thread, socket.socket]] = []

    def start(app: Callable[..., Awaitable[None]]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(app, lifespan="off", ws="none", log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        running.append((server, thread, listener))
        while not server.started:
            time.sleep(0.01)
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for server, thread, listener in running:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
        assert not thread.is_alive()


async def test_streams_a_clip_chunk_by_chunk(serve: Served, tmp_path: Path) -> None:
    host = UploadHost()
    base_url = serve(host)
    clip = tmp_path / "clip.mp4"
    size = 7 * MIB + 3
    digest = write_clip(clip, size)
    plan = tiktok.ChunkPlan(video_size=size, chunk_size=3 * MIB, total_chunk_count=2)
    sent: list[int] = []
    async with httpx.AsyncClient(headers={"Authorization": "Bearer act.1"}) as http:
        client = connect(http, f"{base_url}/tiktok")
        receipts = [
            await client.send_chunk(
                f"{base_url}/upload?upload_token=sesame",
                clip,
                chunk,
                total=size,
                content_type="video/mp4",
                on_sent=sent.append,
            )
            for chunk in plan.chunks()
        ]
    assert receipts == [
        tiktok.ChunkReceipt(uploaded_bytes=3 * MIB, complete=False),
        tiktok.ChunkReceipt(uploaded_bytes=size, complete=True),
    ]
    assert host.digest.hexdigest() == digest
    assert host.targets == ["/upload?upload_token=sesame"] * 2
    assert sent == [MIB, 2 * MIB, 3 * MIB, 4 * MIB, 5 * MIB, 6 * MIB, 7 * MIB, size]
    for headers, chunk in zip(host.headers, plan.chunks(), strict=True):
        assert headers["content-type"] == "video/mp4"
        assert headers["content-length"] == str(chunk.size)
        assert headers["content-range"] == f"bytes {chunk.first}-{chunk.last}/{size}"
        assert not {"authorization", "transfer-encoding"} & set(headers)


async def test_memory_does_not_grow_with_the_chunk(serve: Served, tmp_path: Path) -> None:
    host = UploadHost()
    base_url = serve(host)
    clip = tmp_path / "clip.mp4"
    size = 48 * MIB
    digest = write_clip(clip, size)
    async with httpx.AsyncClient() as http:
        client = connect(http, base_url)
        tracemalloc.start()
        try:
            receipt = await client.send_chunk(
                f"{base_url}/upload", clip, whole(size), total=size, content_type="video/mp4"
            )
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert receipt.complete
    assert host.digest.hexdigest() == digest
    assert peak < size / 4  # both ends together; a chunk held as bytes would be all of it


async def test_the_event_loop_stays_free(serve: Served, tmp_path: Path) -> None:
    base_url = serve(UploadHost())
    clip = tmp_path / "clip.mp4"
    size = 16 * MIB
    write_clip(clip, size)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    async with httpx.AsyncClient() as http:
        client = connect(http, base_url)
        ticking = asyncio.create_task(tick())
        await client.send_chunk(
            f"{base_url}/upload", clip, whole(size), total=size, content_type="video/mp4"
        )
        ticking.cancel()
    assert ticks > 16  # at least once for every mebibyte read


async def test_a_refusal_ends_a_chunk_early(serve: Served, tmp_path: Path) -> None:
    async def expired(scope: object, receive: object, send: object) -> None:
        response = Response(status_code=403, headers={"Connection": "close"})
        await response(scope, receive, send)  # type: ignore[arg-type]  # as above

    base_url = serve(expired)
    clip = tmp_path / "clip.mp4"
    size = 48 * MIB
    write_clip(clip, size)
    sent: list[int] = []
    async with httpx.AsyncClient() as http:
        client = connect(http, base_url)
        # The closing connection may swallow the answer, which is then a dropped connection.
        with pytest.raises((tiktok.UploadExpired, tiktok.ConnectionDropped)):
            await client.send_chunk(
                f"{base_url}/upload",
                clip,
                whole(size),
                total=size,
                content_type="video/mp4",
                on_sent=sent.append,
            )
    assert max(sent, default=0) < size


async def test_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    (tmp_path / "clip.mp4").write_bytes(b"12345")
    async with httpx.AsyncClient() as http:
        client = connect(http, base_url)
        with pytest.raises(tiktok.NotSent) as caught:
            await client.send_chunk(
                base_url, tmp_path / "clip.mp4", whole(5), total=5, content_type="video/mp4"
            )
    assert not caught.value.may_have_arrived
