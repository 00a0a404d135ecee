"""The chat page and its JSON API."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.pictures import make_photo
from sandbox.telegram import Person, Telegram

from .conftest import CLIP

STATIC = Path("sandbox/telegram/static")


async def news(api: httpx.AsyncClient, after: str = "") -> dict[str, Any]:
    """What the page is told next."""
    answer: dict[str, Any] = (await api.get("/events", params={"after": after})).json()
    return answer


def chat_of(told: dict[str, Any], person: int) -> dict[str, Any]:
    found: dict[str, Any] = next(chat for chat in told["chats"] if chat["person"]["id"] == person)
    return found


async def test_the_page_needs_nothing_from_elsewhere(world: Telegram) -> None:
    app = Starlette(routes=[Mount("/sandbox/telegram", world.app)])
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        page = await client.get("/sandbox/telegram/")
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert not re.search(r"<style|<script>|\s(?:on\w+|style)=|https?://", page.text)
        found = re.findall(r'(?:href|src)="(static/[^"#]+)', page.text)
        assert len(set(found)) > 9
        for path in set(found):
            static = await client.get(f"/sandbox/telegram/{path}")
            assert static.status_code == 200
            assert static.headers["cache-control"] == "no-cache", "a new version shows at once"


@pytest.mark.parametrize("script", sorted((STATIC / "script").glob("*.js")), ids=lambda p: p.name)
def test_modules_name_what_is_there(script: Path) -> None:
    """Each import names a module and an export that exist, each icon is in the sprite."""
    text = script.read_text()
    for names, module in re.findall(r'import \{ ([^}]+) \} from "\./([\w.]+)";', text):
        exported = (STATIC / "script" / module).read_text()
        for name in names.split(", "):
            exports = rf"export (?:async )?(?:function|const|class) {name.split(' as ')[0]}\b"
            assert re.search(exports, exported), f"{name} of {module}"
    sprite = (STATIC / "icons.svg").read_text()
    for name in re.findall(r'icon\("(\w+)"\)|icon: "(\w+)"', text):
        assert f'id="{"".join(name)}"' in sprite


async def test_first_people_are_there_and_others_come(api: httpx.AsyncClient) -> None:
    told = await news(api)
    names = [chat["person"]["first_name"] for chat in told["chats"]]
    assert names == ["Ana", "Ben", "Vera"]
    assert len({chat["person"]["language_code"] for chat in told["chats"]}) == 3
    eve = {"first_name": " Eve ", "language_code": "pt-br"}
    number = (await api.post("/people", json=eve)).json()["id"]
    later = await news(api, told["cursor"])
    assert [chat["person"] for chat in later["chats"]] == [
        {"id": number, "first_name": "Eve", "language_code": "pt-br"}
    ]


async def test_someone_known_is_met_again_by_their_number(
    api: httpx.AsyncClient, ana: Person
) -> None:
    someone = {"id": ana.id, "first_name": "Anna", "language_code": "de"}
    assert (await api.post("/people", json=someone)).json() == {"id": ana.id}
    person = (await news(api))["chats"][0]["person"]
    assert person == {"id": ana.id, "first_name": "Ana", "language_code": "en"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_name": " "},
        {"first_name": "E" * 65},
        {"language_code": "English"},
        {"language_code": ""},
        {"id": -5},
        {"id": 1 << 60},
    ],
)
async def test_who_cannot_be_is_refused_in_words(
    api: httpx.AsyncClient, wrong: dict[str, Any]
) -> None:
    body = {"first_name": "Eve", "language_code": "en", **wrong}
    answer = await api.post("/people", json=body)
    assert answer.status_code == 400
    assert answer.json()["reason"].endswith(".")


async def test_a_page_sends_taps_and_follows(api: httpx.AsyncClient, bot: Bot) -> None:
    await api.post("/people", json={"id": 9, "first_name": "Kim", "language_code": "de"})
    first = await news(api)
    assert (first["fresh"], chat_of(first, 9)["messages"]) == (True, [])
    await api.post("/person/9/send", json={"text": "/start"})
    (update,) = await bot.get_updates()
    assert update.effective_user is not None
    assert (update.effective_user.first_name, update.effective_user.language_code) == ("Kim", "de")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    card = await bot.send_message(9, "<b>Hi</b>", parse_mode="HTML", reply_markup=markup)
    told = await news(api, first["cursor"])
    shown = chat_of(told, 9)["messages"][-1]
    assert (shown["text"], shown["entities"][0]["type"]) == ("Hi", "bold")

    await api.post("/person/9/tap", json={"message": card.message_id, "data": "go"})
    told = await news(api, told["cursor"])
    assert chat_of(told, 9)["waiting"] == [{"message": card.message_id, "data": "go"}]
    (tap,) = await bot.get_updates(offset=update.update_id + 1)
    assert tap.callback_query is not None
    await tap.callback_query.answer("Done")
    told = await news(api, told["cursor"])
    assert (told["fresh"], chat_of(told, 9)["waiting"]) == (False, [])
    assert chat_of(told, 9)["toasts"] == [{"text": "Done", "alert": False}]
    assert chat_of(await news(api), 9)["toasts"] == [], "what popped up before is over"


@pytest.mark.usefixtures("ana")
async def test_one_chats_news_leave_out_the_others(
    api: httpx.AsyncClient, world: Telegram, bot: Bot
) -> None:
    ben = world.person(43, first_name="Ben")
    await ben.send("/start")
    told = await news(api)
    await bot.send_message(ben.id, "For Ben")
    later = await news(api, told["cursor"])
    assert [chat["person"]["id"] for chat in later["chats"]] == [ben.id]
    assert [message["text"] for message in later["chats"][0]["messages"]] == ["For Ben"]


@pytest.mark.usefixtures("ana")
async def test_a_page_that_waits_hears_of_any_chat(api: httpx.AsyncClient, world: Telegram) -> None:
    told = await news(api)
    waiting = asyncio.create_task(news(api, told["cursor"]))
    await asyncio.sleep(0.02)
    await world.person(43, first_name="Ben").send("hi")
    assert (await waiting)["chats"][0]["person"]["first_name"] == "Ben"


async def test_a_menu_of_the_bots_is_never_marked_as_edited(
    api: httpx.AsyncClient, bot: Bot, ana: Person
) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    menu = await bot.send_message(ana.id, "Menu", reply_markup=markup)
    plain = await bot.send_message(ana.id, "Plain")
    await bot.edit_message_text("Menu 2", ana.id, menu.message_id, reply_markup=markup)
    await bot.edit_message_text("Plain 2", ana.id, plain.message_id)
    marks = {one["text"]: one["edited"] for one in chat_of(await news(api), ana.id)["messages"]}
    assert (marks["Menu 2"], marks["Plain 2"]) == (False, True)


async def test_replies_edits_deletions_and_places(
    api: httpx.AsyncClient, bot: Bot, ana: Person
) -> None:
    asked = await bot.send_message(ana.id, "Where are you?")
    reply = {"text": "There", "reply_to": asked.message_id}
    said = (await api.post(f"/person/{ana.id}/send", json=reply)).json()
    new = {"message": said["message_id"], "text": "Here"}
    await api.post(f"/person/{ana.id}/edit", json=new)
    place = {"latitude": 27.7, "longitude": 85.3}
    await api.post(f"/person/{ana.id}/location", json=place)
    written, edited, located = await bot.get_updates()
    assert written.message is not None and written.message.reply_to_message is not None
    assert written.message.reply_to_message.text == "Where are you?"
    assert edited.edited_message is not None and edited.edited_message.text == "Here"
    assert located.message is not None and located.message.location is not None
    assert located.message.location.latitude == 27.7

    told = await news(api)
    quoted = {"id": asked.message_id, "from_bot": True, "text": "Where are you?"}
    shown = {one["id"]: one for one in chat_of(told, ana.id)["messages"]}[said["message_id"]]
    assert (shown["text"], shown["edited"], shown["reply_to"]) == ("Here", True, quoted)
    await api.post(f"/person/{ana.id}/delete", json={"message": said["message_id"]})
    later = await news(api, told["cursor"])
    assert chat_of(later, ana.id)["removed"] == [said["message_id"]]


async def test_a_person_stops_the_bot_and_starts_it_again(
    api: httpx.AsyncClient, ana: Person
) -> None:
    await api.post(f"/person/{ana.id}/stop", json={})
    assert chat_of(await news(api), ana.id)["blocked"]
    answer = await api.post(f"/person/{ana.id}/send", json={"text": "hi"})
    assert answer.status_code == 400
    assert "blocked" in answer.json()["reason"]
    await api.post(f"/person/{ana.id}/restart", json={})
    assert (await api.post(f"/person/{ana.id}/send", json={"text": "hi"})).status_code == 200


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("tap", {"message": 999, "data": "go"}),
        ("edit", {"message": 999, "text": "x"}),
        ("delete", {"message": 999}),
        ("send", {"text": "x" * 4097}),
        ("send", {"text": ""}),
        ("location", {"latitude": "north", "longitude": 1}),
    ],
)
async def test_what_cannot_be_done_is_said(
    api: httpx.AsyncClient, ana: Person, deed: str, body: dict[str, Any]
) -> None:
    answer = await api.post(f"/person/{ana.id}/{deed}", json=body)
    assert answer.status_code == 400
    assert answer.json()["reason"]


@pytest.mark.usefixtures("ana")
async def test_nobody_speaks_for_somebody_unknown(api: httpx.AsyncClient) -> None:
    answer = await api.post("/person/77/send", json={"text": "hi"})
    assert (answer.status_code, "Nobody" in answer.json()["reason"]) == (400, True)


async def test_files_are_sent_shown_and_saved(
    api: httpx.AsyncClient, bot: Bot, ana: Person, tmp_path: Path
) -> None:
    async def upload(content: bytes, **query: Any) -> dict[str, Any]:
        answer = await api.post(f"/person/{ana.id}/file", params=query, content=content)
        assert answer.status_code == 200
        sent: dict[str, Any] = answer.json()
        return sent

    size = {"width": 9, "height": 16}
    await upload(CLIP, name="a.mov", type="video/quicktime", duration=3.7, caption="One #a", **size)
    sheet = await upload(CLIP, **{"as": "document"}, name="sheet.csv", type="text/csv")
    picture = make_photo(tmp_path / "p.jpg", width=40, height=20).read_bytes()
    await upload(picture, **{"as": "photo"}, name="p.png", album="12", width=40, height=20)
    clip, document, photo = (update.message for update in await bot.get_updates())
    assert clip is not None and clip.video is not None
    assert (clip.video.duration, clip.video.width) == (timedelta(seconds=3), 9)
    assert clip.caption == "One #a"
    assert document is not None and document.document is not None
    assert document.document.mime_type == "text/csv"
    assert photo is not None and photo.media_group_id == "12"
    assert [(size.width, size.height) for size in photo.photo] == [(40, 20)]

    shown = await api.get(f"/files/{clip.video.file_id}")
    assert (shown.headers["content-type"], shown.content) == ("video/quicktime", CLIP)
    assert "content-disposition" not in shown.headers
    part = await api.get(f"/files/{clip.video.file_id}", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"clip")
    saved = await api.get(f"/files/{sheet['document']['file_id']}")
    assert saved.headers["content-type"] == "application/octet-stream", "no page of its own"
    assert 'filename="sheet.csv"' in saved.headers["content-disposition"]
    assert (await api.get("/files/video-000009-none")).status_code == 404


@pytest.mark.parametrize("query", ["as=poem", "width=wide", "album=x", "as=photo&album=x"])
async def test_a_file_that_cannot_be_sent_leaves_nothing(
    api: httpx.AsyncClient, world: Telegram, ana: Person, query: str
) -> None:
    answer = await api.post(f"/person/{ana.id}/file?{query}", content=CLIP)
    assert answer.status_code == 400
    assert len(ana.chat) == 1
    left = await asyncio.to_thread(lambda: list(world.files.folder.glob("tmp*")))
    assert left == []


async def test_a_cursor_of_another_run_starts_anew(api: httpx.AsyncClient, ana: Person) -> None:
    told = await news(api, "0ld.9999")
    assert (told["fresh"], len(chat_of(told, ana.id)["messages"])) == (True, 1)


@pytest.mark.usefixtures("ana")
async def test_who_waits_is_let_go_when_the_sandbox_stops(
    api: httpx.AsyncClient, world: Telegram
) -> None:
    cursor = (await news(api))["cursor"]
    waiting = asyncio.create_task(api.get("/events", params={"after": cursor}))
    await asyncio.sleep(0.02)
    await world.aclose()
    assert (await waiting).status_code == 503
    assert (await api.get("/events")).status_code == 503


@pytest.mark.parametrize("client", ["192.168.1.7", "2001:db8::1", ""])
async def test_other_machines_are_sent_away(world: Telegram, client: str) -> None:
    transport = httpx.ASGITransport(app=world.app, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as outside:
        for path in ("/", "/events", "/samples", f"/bot{world.token}/getMe"):
            assert (await outside.get(path)).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example.com"},
        {"Origin": "https://evil.example.com"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_sites_cannot_speak_for_the_person(
    api: httpx.AsyncClient, ana: Person, headers: dict[str, str]
) -> None:
    answer = await api.post(f"/person/{ana.id}/send", json={"text": "hi"}, headers=headers)
    assert answer.status_code == 403
    assert len(ana.chat) == 1
    assert (await api.get("/events", headers=headers)).status_code == 403
