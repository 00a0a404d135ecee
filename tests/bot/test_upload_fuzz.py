"""The protocol and its links against whatever comes: nothing crashes, nothing leaves its folder.

What is kept is compared with a plain model: the bytes that were said to count, and nothing else.
"""

import asyncio
import base64
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from starlette.requests import ClientDisconnect

from bot.web.pages import STATIC
from bot.web.uploads import add_upload_page
from core.media.files.storage import ClipStore
from core.notifications import Outbox
from core.settings import Settings
from core.store.database import Database
from core.store.models import Upload, UploadLink, User
from core.uploads.links import Links
from core.uploads.room import Room
from core.uploads.uploads import Uploads

CASES = 400
SEQUENCES = 100
MB = 1_000_000
BEGINNING = b"\x00\x00\x00\x18ftypmp42"
KEY = "k" * 64
UNDERSTOOD = {
    200,
    307,
    201,
    204,
    400,
    401,
    403,
    404,
    405,
    408,
    409,
    410,
    412,
    413,
    415,
    422,
    423,
    429,
    460,
}

counted = {"requests": 0}


@dataclass(kw_only=True)
class House:
    """The site with nothing but the upload page, its disk and its database."""

    folder: Path
    http: httpx.AsyncClient
    database: Database
    uploads: Uploads

    @property
    def headers(self) -> dict[str, str]:
        return {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {KEY}"}


@asynccontextmanager
async def a_house() -> AsyncIterator[House]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(f"sqlite+aiosqlite:///{folder / 'clipcue.db'}")
        await database.migrate()
        store = ClipStore(folder / "clips")
        await asyncio.to_thread(store.prepare)
        outbox = Outbox(database=database, clock=_now)
        room = Room(database=database, store=store, quota=10 * MB, spare=0)
        links = Links(database=database, clock=_now)
        uploads = Uploads(database=database, store=store, room=room, outbox=outbox, clock=_now)
        site = FastAPI()
        site.mount("/static", StaticFiles(directory=STATIC), name="static")
        add_upload_page(
            site,
            Settings.load(_env_file=None, data_dir=folder),
            links=links,
            uploads=uploads,
            room=room,
            chat_url=lambda: None,
        )
        async with database.transaction() as change:
            change.add(User(id=1, chat_id=1, created_at=_now()))
        await links.open(await links.make(1), KEY)
        transport = httpx.ASGITransport(site)  # what fails inside fails the test
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
            yield House(folder=folder, http=http, database=database, uploads=uploads)
        await database.close()


def _now() -> datetime:
    return datetime.now(UTC)


odd = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["../../clipcue.db", "..%2f..", "0" * 32, "A" * 32, "%00", "\\..\\x", "-1", "1e9"]
    ),
)
header = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
    st.sampled_from(
        ["0", "1", "10", "-1", "9" * 30, "sha256 AAAA", "sha1 !", "filename", "a b,c d"]
    ),
)
anything = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "PUT"]),
        "path": st.one_of(st.just(""), odd.map(lambda text: f"/{text}"), st.just("/open")),
        "headers": st.dictionaries(
            st.sampled_from(
                [
                    *("Upload-Length", "Upload-Offset", "Upload-Metadata", "Upload-Checksum"),
                    *("Upload-Defer-Length", "Content-Type", "Authorization", "Tus-Resumable"),
                ]
            ),
            header,
            max_size=5,
        ),
        "body": st.binary(max_size=200),
        "ours": st.booleans(),
    }
)
piece = st.fixed_dictionaries(
    {
        "content": st.binary(max_size=3000),
        "shift": st.sampled_from([0, 0, 0, 0, 1, -1, 5000]),
        "sum": st.sampled_from(["right", "right", "wrong", "none"]),
        "cut": st.booleans(),
    }
)


def test_any_request_is_answered_and_stays_in_its_folder() -> None:
    with asyncio.Runner() as runner:

        @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(anything)
        def answered(case: dict[str, Any]) -> None:
            runner.run(_answered(house, case))

        entered = a_house()
        house = runner.run(entered.__aenter__())
        try:
            answered()
        finally:
            runner.run(entered.__aexit__(None, None, None))
    print(f"{CASES} requests answered")  # noqa: T201 - the count is asked for


async def _answered(house: House, case: dict[str, Any]) -> None:
    headers = {**(house.headers if case["ours"] else {}), **case["headers"]}
    try:
        url = httpx.URL("http://here").copy_with(path=f"/api/uploads{case['path']}")
    except httpx.InvalidURL:
        return
    answer = await house.http.request(case["method"], url, headers=headers, content=case["body"])
    assert answer.status_code in UNDERSTOOD, (case, answer.status_code)
    await _stays_inside(house)
    async with house.database.transaction() as change:
        await change.execute(delete(Upload))


async def _stays_inside(house: House) -> None:
    found = await asyncio.to_thread(lambda: [p for p in house.folder.rglob("*") if p.is_file()])
    for path in found:
        inside = path.relative_to(house.folder)
        assert inside.parts[0].startswith("clipcue.db") or (
            inside.parts[:2] == ("clips", "uploads") and len(inside.parts) == 3
        ), inside


def test_what_counts_is_what_was_sent() -> None:
    with asyncio.Runner() as runner:

        @settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.integers(2000, 9000), st.lists(piece, min_size=1, max_size=8))
        def counts(size: int, pieces: list[dict[str, Any]]) -> None:
            counted["requests"] += len(pieces)
            runner.run(_counts(house, size, pieces))

        entered = a_house()
        house = runner.run(entered.__aenter__())
        try:
            counts()
        finally:
            runner.run(entered.__aexit__(None, None, None))
    print(f"{SEQUENCES} uploads of {counted['requests']} pieces compared")  # noqa: T201


async def _counts(house: House, size: int, pieces: list[dict[str, Any]]) -> None:
    async with house.database.transaction() as change:
        await change.execute(delete(Upload))
    upload = await house.uploads.begin(1, size=size, file_name="IMG_1.mp4")
    place, holds = f"/api/uploads/{upload.id}", b""
    path = house.folder / "clips" / "uploads" / upload.id
    for each in pieces:
        content = each["content"] if holds else BEGINNING + each["content"]
        offset = max(0, len(holds) + each["shift"])
        answer = await house.http.patch(
            place,
            content=_stream(content, cut=each["cut"]),
            headers=_of(house, each, content, offset),
        )
        fits = offset == len(holds) and len(holds + content) <= size
        if each["cut"] and fits and each["sum"] == "none":
            assert answer.status_code == 408
            holds += content  # it came before the cut
        elif answer.status_code == 204:
            assert fits and each["sum"] != "wrong" and not each["cut"]
            holds += content
        else:
            assert answer.status_code in {408, 409, 413, 460}
        state = await house.http.head(place, headers=house.headers)
        assert int(state.headers["upload-offset"]) == len(holds)
        assert (await asyncio.to_thread(path.read_bytes))[: len(holds)] == holds
        if len(holds) == size:
            break


def _of(house: House, each: dict[str, Any], content: bytes, offset: int) -> dict[str, str]:
    digest = hashlib.sha256(content if each["sum"] == "right" else content + b"!").digest()
    checksum = {"Upload-Checksum": f"sha256 {base64.b64encode(digest).decode()}"}
    return {
        **house.headers,
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(offset),
        **({} if each["sum"] == "none" else checksum),
    }


async def _stream(content: bytes, *, cut: bool) -> AsyncIterator[bytes]:
    yield content
    if cut:
        raise ClientDisconnect


link_text = st.one_of(st.text(max_size=140), st.binary(max_size=60).map(lambda raw: raw.hex()))


def test_no_made_up_link_or_key_opens_anything() -> None:
    with asyncio.Runner() as runner:

        @settings(max_examples=CASES // 4, deadline=None, suppress_health_check=list(HealthCheck))
        @given(link_text, link_text)
        def closed(link: str, key: str) -> None:
            runner.run(_closed(house, link, key))

        entered = a_house()
        house = runner.run(entered.__aenter__())
        try:
            closed()
        finally:
            runner.run(entered.__aexit__(None, None, None))
    print(f"{CASES // 4} links refused")  # noqa: T201


async def _closed(house: House, link: str, key: str) -> None:
    answer = await house.http.post("/api/uploads/open", json={"link": link, "key": key})
    assert answer.status_code in {403, 422, 429}
    shown = await house.http.get("/upload", params={"link": link})
    assert shown.status_code in {200, 422, 429}
    bearer = {b"Tus-Resumable": b"1.0.0", b"Authorization": b"Bearer " + key.encode()}
    listed = await house.http.get("/api/uploads", headers=bearer)
    assert listed.status_code == 401
    async with house.database.reading() as session:
        assert await session.get(UploadLink, b"") is None
