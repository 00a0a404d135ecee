"""Updates delivered to a webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import BadRequest, Conflict

from sandbox.telegram import Telegram

from .conftest import Clock, bot_of

URL = "https://bot.example.com/telegram"


class Receiver:
    """A bot's web side that answers what the test tells it to, 200 otherwise."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.secrets: list[str | None] = []
        self.answers: list[int] = []
        self.both = asyncio.Event()
        self.app = Starlette(routes=[Route("/telegram", self.receive, methods=["POST"])])

    async def receive(self, request: Request) -> Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.taken.append((await request.json())["message"]["text"])
            if len(self.taken) == 2:
                self.both.set()
        return Response(status_code=status)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def world(clock: Clock, receiver: Receiver) -> AsyncIterator[Telegram]:
    transport = httpx.ASGITransport(app=receiver.app)
    world = Telegram(now=clock, webhook_delay=0.01, webhook_transport=transport)
    yield world
    await world.aclose()


async def test_updates_come_in_order_with_the_secret(
    world: Telegram, bot: Bot, receiver: Receiver
) -> None:
    receiver.answers = [500, 503]
    ana = world.person(42)
    await ana.send("queued before")
    await bot.set_webhook(URL, secret_token="s3cret")
    await ana.send("second")
    await asyncio.wait_for(receiver.both.wait(), 5)
    assert receiver.taken == ["queued before", "second"]
    assert receiver.secrets == ["s3cret"] * 4
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == (URL, 0)
    assert info.last_error_message == ("Wrong response from the webhook: 503 Service Unavailable")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    await ana.send("polled")
    assert len(await bot.get_updates()) == 1


async def test_setting_a_webhook_ends_a_poll(world: Telegram, bot: Bot) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    async with bot_of(world) as other:
        await other.set_webhook(URL)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await polling


async def test_pending_updates_can_be_dropped(world: Telegram, bot: Bot) -> None:
    await world.person(42).send("old")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://bot.example.com/x", "An HTTPS URL must be provided for webhook"),
        (
            "https://bot.example.com:8080/x",
            "Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ("https://localhost/x", "IP address 127.0.0.1 is reserved"),
        ("https://10.0.0.1/x", "IP address 10.0.0.1 is reserved"),
    ],
)
async def test_addresses_the_server_would_not_call(bot: Bot, url: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i)^Bad webhook: {reason}$"):
        await bot.set_webhook(url)
