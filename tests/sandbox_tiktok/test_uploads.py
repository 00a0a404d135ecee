"""The bytes: what is stored, what is dropped, and that the digest is right in the end."""

import asyncio
import hashlib
import os
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from sandbox.tiktok import Creator, TikTok
from tests.sandbox_tiktok.caller import Caller, Clock, caller_of, video

CHUNK = 5 * 1024 * 1024
SIZE = 3 * CHUNK + 1234
VIDEO = os.urandom(SIZE)
DIGEST = hashlib.sha256(VIDEO).hexdigest()
ENDS = [CHUNK, 2 * CHUNK, SIZE]


class Sender:
    """One video of three chunks on its way."""

    def __init__(self, caller: Caller, upload_url: str) -> None:
        self.caller = caller
        self.upload_url = upload_url

    async def send(self, first: int, end: int) -> httpx.Response:
        return await self.caller.put(self.upload_url, VIDEO[first:end], first, end - 1, SIZE)

    async def send_cut(self, first: int, end: int, sent: int) -> httpx.Response:
        """Announce a chunk and break off within it, without a word."""

        async def body() -> AsyncIterator[bytes]:
            yield VIDEO[first : first + sent]

        return await self.caller.put(self.upload_url, body(), first, end - 1, SIZE)


async def begin(caller: Caller) -> Sender:
    token = await caller.connect()
    answer = await caller.init(token, video(SIZE, CHUNK, 3))
    return Sender(caller, answer.json()["data"]["upload_url"])


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(name="folder", params=["in memory", "on disk"])
def _folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "tiktok" if request.param == "on disk" else None


async def test_chunks_in_order_make_the_video(folder: Path | None) -> None:
    clock = Clock()
    world = TikTok(now=clock, folder=folder)
    async with caller_of(world.app) as caller:
        sender, first = await begin(caller), 0
        for end in ENDS:
            answer = await sender.send(first, end)
            assert answer.status_code == (201 if end == SIZE else 206)
            assert answer.headers["content-range"] == f"bytes 0-{end - 1}/{SIZE}"
            first = end
    clock.forward(1)
    (post,) = world.posts
    assert (post.sha256, post.size) == (DIGEST, SIZE)
    if folder:
        assert post.content
        assert post.content.read_bytes() == VIDEO
    else:
        assert post.content is None


async def test_a_range_that_is_not_the_next_chunk_is_refused_with_the_progress() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        sender = await begin(caller)
        early = await sender.send(CHUNK, 2 * CHUNK)
        assert (early.status_code, early.headers["content-range"]) == (416, f"bytes 0-0/{SIZE}")
        assert (await sender.send(0, CHUNK)).status_code == 206
        for first, end in [
            (0, CHUNK),  # stored already
            (2 * CHUNK, SIZE),  # leaves a gap
            (CHUNK, 2 * CHUNK - 1),  # shorter than planned
            (CHUNK, 2 * CHUNK + 1),  # longer than planned
            (CHUNK, SIZE),  # two at once
            (CHUNK - 1, 2 * CHUNK),  # overlaps
        ]:
            answer = await sender.send(first, end)
            assert answer.status_code == 416
            assert answer.headers["content-range"] == f"bytes 0-{CHUNK - 1}/{SIZE}"
    assert world.uploads[0].received == CHUNK


@pytest.mark.parametrize("sent", [0, 1000, 3 * 1024 * 1024])
async def test_a_chunk_cut_short_is_dropped_and_can_be_sent_again(
    folder: Path | None, sent: int
) -> None:
    clock = Clock()
    world = TikTok(now=clock, folder=folder)
    async with caller_of(world.app) as caller:
        sender = await begin(caller)
        await sender.send(0, CHUNK)
        assert (await sender.send_cut(CHUNK, 2 * CHUNK, sent)).status_code == 400
        assert world.uploads[0].received == CHUNK
        assert (await sender.send(CHUNK, 2 * CHUNK)).status_code == 206
        assert (await sender.send_cut(2 * CHUNK, SIZE, sent)).status_code == 400
        assert (await sender.send(2 * CHUNK, SIZE)).status_code == 201
        assert (await sender.send(2 * CHUNK, SIZE)).status_code == 416
    clock.forward(1)
    assert world.posts[0].sha256 == DIGEST


async def test_a_body_longer_than_announced_is_dropped() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        _, upload_url = await caller.start(await caller.connect(), 15)
        assert (await caller.put(upload_url, bytes(16), 0, 14, 15)).status_code == 400
    assert world.uploads[0].received == 0


async def test_two_at_once_never_mix(folder: Path | None) -> None:
    clock = Clock()
    world = TikTok(now=clock, folder=folder)
    async with caller_of(world.app) as caller:
        sender, first = await begin(caller), 0
        for end in ENDS:
            answers = await asyncio.gather(*(sender.send(first, end) for _ in range(3)))
            statuses = sorted(answer.status_code for answer in answers)
            assert statuses == [201 if end == SIZE else 206, 416, 416]
            first = end
    clock.forward(1)
    assert world.posts[0].sha256 == DIGEST


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": None},
        {"content_type": "application/octet-stream"},
        {"content_length": "14"},
        {"content_length": None},
        {"content_range": None},
        {"content_range": "bytes 0-14"},
        {"content_range": "bytes 0-14/*"},
        {"content_range": "bytes=0-14/15"},
        {"content_range": "bytes 00-14/15"},
        {"content_range": "bytes 14-0/15"},
        {"content_range": "bytes 0-14/16"},
        {"authorization": "Bearer act.x"},
    ],
)
async def test_headers_are_exact(headers: dict[str, str | None]) -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        _, upload_url = await caller.start(await caller.connect(), 15)

        async def body() -> AsyncIterator[bytes]:
            yield bytes(15)

        answer = await caller.put(upload_url, body(), 0, 14, 15, **headers)
        assert answer.status_code == 400
        assert (await caller.put(upload_url, bytes(15), 0, 14, 15)).status_code == 201


async def test_an_unknown_or_expired_url_takes_nothing() -> None:
    clock = Clock()
    world = TikTok(now=clock)
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        publish_id, upload_url = await caller.start(token, 15)
        assert (await caller.put(upload_url + "x", bytes(15), 0, 14, 15)).status_code == 404
        assert (await caller.put("video/?upload_id=x", bytes(15), 0, 14, 15)).status_code == 404
        clock.forward(3600)
        assert (await caller.put(upload_url, bytes(15), 0, 14, 15)).status_code == 403
        clock.forward(10)
        assert await caller.status(token, publish_id) == {
            "status": "PROCESSING_UPLOAD",
            "uploaded_bytes": 0,
        }
    assert world.posts == []


async def test_a_restart_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    clock = Clock()
    first = TikTok(now=clock, folder=tmp_path)
    first.creators["quiet_max"].private = False
    first.add_creator(Creator(username="new", nickname="New"))
    async with caller_of(first.app) as caller:
        tokens = await caller.exchange((await caller.consent("quiet_max"))["code"])
        code = (await caller.consent())["code"]
        answer = await caller.init(tokens["access_token"], video(SIZE, CHUNK, 3, title="Hé 🌊"))
        data = answer.json()["data"]
        sender = Sender(caller, data["upload_url"])
        await sender.send(0, CHUNK)
        await sender.send_cut(CHUNK, 2 * CHUNK, 2_000_000)

    second = TikTok(now=clock, folder=tmp_path)
    async with caller_of(second.app) as caller:
        sender = Sender(caller, data["upload_url"])
        assert (await sender.send(0, CHUNK)).status_code == 416
        assert (await sender.send(CHUNK, 2 * CHUNK)).status_code == 206
        assert (await sender.send(2 * CHUNK, SIZE)).status_code == 201
        assert "access_token" in await caller.exchange(code)
        clock.forward(1)
        status = await caller.status(tokens["access_token"], data["publish_id"])
        assert status["status"] == "PUBLISH_COMPLETE"
        assert "access_token" in await caller.refresh(tokens["refresh_token"])

    third = TikTok(now=clock, folder=tmp_path)
    assert third.posts == second.posts
    assert (third.posts[0].sha256, third.posts[0].title) == (DIGEST, "Hé 🌊")
    assert third.uploads == []
    assert not third.creators["quiet_max"].private
    assert third.creators["new"].nickname == "New"
    async with caller_of(third.app) as caller:
        assert (await caller.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"


async def test_many_changes_at_once_are_all_kept(tmp_path: Path) -> None:
    clock = Clock()
    world = TikTok(now=clock, folder=tmp_path)
    world.limits.per_minute.clear()
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        started = await asyncio.gather(*(caller.start(token, 15) for _ in range(50)))
    kept = TikTok(now=clock, folder=tmp_path)
    assert {upload.publish_id for upload in kept.uploads} == {id_ for id_, _ in started}
    assert names_in(tmp_path) == ["state.json", "videos"]


async def test_a_chunk_is_never_held_in_memory(folder: Path | None) -> None:
    size = 48_000_000
    piece = bytes(64 * 1024)

    async def body() -> AsyncIterator[bytes]:
        left = size
        while left:
            yield piece[: min(left, len(piece))]
            left -= min(left, len(piece))

    world = TikTok(now=Clock(), folder=folder)
    async with caller_of(world.app) as caller:
        _, upload_url = await caller.start(await caller.connect(), size)
        tracemalloc.start()
        try:
            assert (await caller.put(upload_url, body(), 0, size - 1, size)).status_code == 201
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 8_000_000
