"""The chat page and its JSON API."""

from __future__ import annotations

import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.telegram import Person, Telegram

from .conftest import CLIP, Clock, bot_of


async def test_the_page_needs_nothing_from_elsewhere(world: Telegram) -> None:
    app = Starlette(routes=[Mount("/sandbox/telegram", world.app)])
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        page = await client.get("/sandbox/telegram/")
        assert page.headers["content-security-policy"].startswith("default-src 'self';")
        assert not re.search(r"<style|<script>|\son\w+=|https?://", page.text)
        found = re.findall(r'(?:href|src)="(static/[^"]+)"', page.text)
        assert len(found) == 3
        for path in found:
            assert (await client.get(f"/sandbox/telegram/{path}")).status_code == 200


async def test_a_page_sends_taps_and_follows(api: httpx.AsyncClient, bot: Bot) -> None:
    first = (await api.get("/person/9/events?first_name=Kim&language_code=de")).json()
    assert (first["fresh"], first["messages"]) == (True, [])
    await api.post("/person/9/send", json={"text": "/start"})
    (update,) = await bot.get_updates()
    assert update.effective_user is not None
    assert (update.effective_user.first_name, update.effective_user.language_code) == ("Kim", "de")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    card = await bot.send_message(9, "<b>Hi</b>", parse_mode="HTML", reply_markup=markup)
    news = (await api.get("/person/9/events", params={"after": first["cursor"]})).json()
    shown = news["messages"][-1]
    assert (shown["text"], shown["entities"][0]["type"]) == ("Hi", "bold")
    await api.post("/person/9/tap", json={"message": card.message_id, "data": "go"})
    uploaded = await api.post(
        "/person/9/clip?as=document&name=a.mov&type=video/quicktime&width=9&height=16&duration=3.7",
        content=CLIP,
    )
    assert uploaded.status_code == 200
    tap, sent = (await bot.get_updates(offset=update.update_id + 1))[:2]
    assert tap.callback_query is not None
    assert tap.callback_query.data == "go"
    await tap.callback_query.answer("Done")
    assert sent.message is not None and sent.message.document is not None
    assert sent.message.document.file_name == "a.mov"
    later = (await api.get("/person/9/events", params={"after": news["cursor"]})).json()
    assert (later["fresh"], later["toasts"]) == (False, [{"text": "Done", "alert": False}])
    file = await api.get(f"/person/9/files/{sent.message.document.file_id}")
    assert (file.headers["content-type"], file.content) == ("video/quicktime", CLIP)


async def test_a_cursor_of_another_run_starts_anew(api: httpx.AsyncClient, ana: Person) -> None:
    news = (await api.get(f"/person/{ana.id}/events", params={"after": "0ld.9999"})).json()
    assert (news["fresh"], len(news["messages"])) == (True, 1)


async def test_what_a_person_cannot_do_is_said(api: httpx.AsyncClient, ana: Person) -> None:
    await ana.block()
    answer = await api.post(f"/person/{ana.id}/send", json={"text": "hi"})
    assert answer.status_code == 400
    assert "blocked" in answer.json()["reason"]


@pytest.mark.parametrize("client", ["192.168.1.7", "2001:db8::1", ""])
async def test_other_machines_are_sent_away(world: Telegram, client: str) -> None:
    transport = httpx.ASGITransport(app=world.app, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as outside:
        for path in ("/", "/person/42/events", f"/bot{world.token}/getMe"):
            assert (await outside.get(path)).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Host": "rebound.example.com"}, {"Origin": "https://evil.example.com"}]
)
async def test_other_sites_cannot_speak_for_the_person(
    api: httpx.AsyncClient, ana: Person, headers: dict[str, str]
) -> None:
    answer = await api.post(f"/person/{ana.id}/send", json={"text": "hi"}, headers=headers)
    assert answer.status_code == 403
    assert len(ana.chat) == 1


async def test_a_person_starts_the_bot_once_whatever_restarts(
    world: Telegram, api: httpx.AsyncClient, bot: Bot, clock: Clock
) -> None:
    assert not await started(api), "the page offers its Start button"
    await api.post("/person/9/send", json={"text": "/start"})
    assert await started(api)
    (update,) = await bot.get_updates()
    sent = await bot.send_message(9, "Hi")
    assert not await started(api, 10)

    clock.forward(minutes=5)
    again = Telegram(now=clock, folder=world.files.folder)
    transport = httpx.ASGITransport(app=again.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert await started(client)
    async with bot_of(again) as later:
        answer = await later.send_message(9, "Still here")
        assert answer.message_id > sent.message_id, "an old card is no other message"
        await again.person(9).send("/posts")
        (newer,) = await later.get_updates()
        assert newer.update_id > update.update_id, "no update is taken for one seen before"


async def started(client: httpx.AsyncClient, person: int = 9) -> bool:
    """Whether the page shows a chat that has begun."""
    return bool((await client.get(f"/person/{person}/events")).json()["started"])
