"""How many updates the bot answers in a second, storing each before Telegram hears of it.

`python -m bot` beside the echo bot of python-telegram-bot's documentation, which stores nothing.
Telegram is a process of its own, the same for both; people write as much as the bot will take.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from benchmarks.table import Row, note
from tests.process.bot_process import BotProcess
from tests.stage import TOKEN, free_port

UPDATES = 2000
PEOPLE = 100
ROUNDS = 3
WARM_UP = 400
"""Updates before the first that are measured: a program's first ones are slow."""


async def measure(folder: Path) -> list[Row]:
    ours, echo = [], []
    for number in range(ROUNDS):
        note(f"updates a second, round {number + 1} of {ROUNDS}")
        async with telegram_server() as (telegram, url):
            place = folder / f"updates-{number}"
            await asyncio.to_thread(place.mkdir)
            async with BotProcess(variables(place, url), place) as bot:
                await bot.start()
                ours.append(await _rate(telegram))
                await bot.stop()
        async with telegram_server() as (telegram, url), _echo_bot(url):
            echo.append(await _rate(telegram))
    return [
        Row(
            what="updates stored and answered",
            unit="1/s",
            ours=median(ours),
            baseline=median(echo),
            against="python-telegram-bot's echo bot, storing nothing",
        )
    ]


async def _rate(telegram: Process) -> float:
    """Updates a second, once the bot is warm."""
    await _seconds_of(WARM_UP, telegram)
    return UPDATES / await _seconds_of(UPDATES, telegram)


async def _seconds_of(updates: int, telegram: Process) -> float:
    assert telegram.stdin is not None and telegram.stdout is not None  # noqa: S101 - both are pipes
    telegram.stdin.write(f"{updates} {PEOPLE}\n".encode())
    async with asyncio.timeout(60):
        return float(await telegram.stdout.readline())


def variables(folder: Path, telegram_url: str) -> dict[str, str]:
    """The environment of a bot that talks to that server."""
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": telegram_url,
        "TIKTOK_CLIENT_KEY": "key",
        "TIKTOK_CLIENT_SECRET": "secret",
        "TIKTOK_API_BASE_URL": telegram_url,
        "WEB_PORT": str(free_port()),
        "DATA_DIR": str(folder / "data"),
    }


@asynccontextmanager
async def telegram_server() -> AsyncIterator[tuple[Process, str]]:
    """A Bot API server, and its address."""
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.telegram"), stdin=PIPE, stdout=PIPE
    )
    assert server.stdin is not None and server.stdout is not None  # noqa: S101 - both are pipes
    try:
        yield server, f"http://127.0.0.1:{int(await server.stdout.readline())}"
    finally:
        server.stdin.close()
        await server.wait()


@asynccontextmanager
async def _echo_bot(telegram_url: str) -> AsyncIterator[None]:
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.echo", telegram_url, TOKEN)
    )
    try:
        yield
    finally:
        bot.terminate()
        await bot.wait()
