"""A world, a person in it, and the real python-telegram-bot connected without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from sandbox.telegram import Person, Telegram


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock, tmp_path: Path) -> Telegram:
    return Telegram(now=clock, folder=tmp_path / "files")


def request_to(world: Telegram) -> HTTPXRequest:
    return HTTPXRequest(httpx_kwargs={"transport": httpx.ASGITransport(app=world.app)})


def bot_of(world: Telegram, token: str | None = None) -> Bot:
    return Bot(
        token or world.token,
        base_url="http://localhost/bot",
        base_file_url="http://localhost/file/bot",
        request=request_to(world),
        get_updates_request=request_to(world),
    )


@pytest.fixture
async def bot(world: Telegram) -> AsyncIterator[Bot]:
    async with bot_of(world) as bot:
        yield bot


@pytest.fixture
async def ana(world: Telegram) -> Person:
    """A person who has started the bot; that update is fetched already."""
    person = world.person(42, first_name="Ana")
    await person.send("/start")
    world.updates.clear()
    return person


@pytest.fixture
async def api(world: Telegram) -> AsyncIterator[httpx.AsyncClient]:
    """Bare HTTP, for what the library would not send."""
    transport = httpx.ASGITransport(app=world.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


CLIP = b"clip" * 1000


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_1.MOV"
    path.write_bytes(CLIP)
    return path
