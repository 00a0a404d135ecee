"""Which way connections go when the environment names a proxy."""

import asyncio
import socket

import httpx
import pytest

from bot.trust import connections


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_proxy_is_for_the_world_outside(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Here the proxy and the server are told apart by what they are asked for."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode().split()[1])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, host, 0, family=socket.AF_INET)
    port = server.sockets[0].getsockname()[1]
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    async with server, httpx.AsyncClient(**connections()) as client:
        await client.get(f"http://{host}:{port}/ours")
        await client.get("http://telegram.invalid/theirs")

    assert asked == ["/ours", "http://telegram.invalid/theirs"]
