"""Trouble on purpose, as python-telegram-bot feels it."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import httpx
import pytest
import uvicorn
from telegram import Bot
from telegram.error import Forbidden, NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from sandbox.telegram import Person, Telegram


# The library's RetryAfter warns of a coming change of its own as soon as it is made.
@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
async def test_each_fault_happens_as_often_as_asked(world: Telegram, bot: Bot, ana: Person) -> None:
    world.faults.too_many("sendMessage", retry_after=7)
    with pytest.raises(RetryAfter, match=r"Retry in (7 seconds|0:00:07)"):
        await bot.send_message(42, "x")
    world.faults.server_error("sendMessage", code=502, times=2)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(42, "x")
    world.faults.forbidden("*")
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(42, "x")
    await bot.send_message(42, "x")
    assert ana.count("x") == 1
    assert [call.error for call in world.calls if call.method == "sendMessage"] == [
        "Too Many Requests: retry after 7",
        "Bad Gateway",
        "Bad Gateway",
        "Forbidden: user is deactivated",
        "",
    ]


async def test_a_dropped_connection_before_and_after_the_work(
    world: Telegram, bot: Bot, ana: Person
) -> None:
    world.faults.drop_before("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(42, "before")
    world.faults.drop_after("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(42, "after")
    assert (ana.count("before"), ana.count("after")) == (0, 1)


async def test_over_a_socket_slowness_drops_and_downloads_are_real(
    world: Telegram, ana: Person, clip: Path
) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(world.app, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    request = HTTPXRequest(read_timeout=0.5)
    async with Bot(
        world.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot", request=request
    ) as bot:
        world.faults.slow("sendMessage", seconds=1)
        with pytest.raises(TimedOut):
            await bot.send_message(42, "slow")
        world.faults.drop_after("sendMessage")
        with pytest.raises(NetworkError, match="RemoteProtocolError"):
            await bot.send_message(42, "lost answer")
        await ana.see("lost answer")
        sent = await ana.send_clip(clip)
        file = await bot.get_file(sent["video"]["file_id"])
        assert file.file_path is not None
        async with (
            httpx.AsyncClient() as client,
            client.stream("GET", file.file_path, headers={"Range": "bytes=4-7"}) as download,
        ):
            assert (download.status_code, await download.aread()) == (206, b"clip")
    server.should_exit = True
    await serving
