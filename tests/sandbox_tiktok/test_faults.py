"""Faults on demand, in process and through a real server."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from sandbox.tiktok import (
    DropBefore,
    EndToken,
    FailProcessing,
    Fault,
    LoseAnswer,
    NeverEnd,
    Refuse,
    Slow,
    TikTok,
)
from tests.sandbox_tiktok.caller import Caller, Clock, caller_of, video


async def test_refuse_answers_before_any_work_and_as_often_as_told() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        refuse = Refuse(status=503, code="internal_error")
        world.faults.add(Fault(endpoint="video/init", kind=refuse, times=2, after=1))
        statuses = [(await caller.init(token, video(15))).status_code for _ in range(4)]
    assert statuses == [200, 503, 503, 200]
    assert len(world.uploads) == 2
    assert [call[:3] for call in world.calls if call.endpoint == "video/init"] == [
        ("video/init", 200, "ok"),
        ("video/init", 503, "internal_error"),
        ("video/init", 503, "internal_error"),
        ("video/init", 200, "ok"),
    ]


async def test_creator_info_refuses_with_200() -> None:
    world = TikTok(now=Clock())
    world.faults.add(
        Fault(
            endpoint="creator_info/query",
            kind=Refuse(status=200, code="spam_risk_too_many_posts"),
        )
    )
    async with caller_of(world.app) as caller:
        answer = await caller.creator_info(await caller.connect())
    assert answer.status_code == 200
    assert answer.json()["error"]["code"] == "spam_risk_too_many_posts"
    assert answer.json()["data"] == {}


async def test_each_endpoint_refuses_in_its_own_shape() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        _, upload_url = await caller.start(await caller.connect(), 15)
        refuse = Refuse(status=503, code="server_error", message="Busy")
        world.faults.add(Fault(endpoint="authorize", kind=refuse))
        world.faults.add(Fault(endpoint="oauth/token", kind=refuse))
        world.faults.add(Fault(endpoint="upload", kind=refuse))
        shown = await caller.http.get(caller.authorize_path())
        token = await caller.http.post("v2/oauth/token/")
        put = await caller.put(upload_url, bytes(15), 0, 14, 15)
    assert [each.status_code for each in (shown, token, put)] == [503, 503, 503]
    assert "Busy" in shown.text
    assert token.json()["error"] == "server_error"
    assert token.json()["error_description"] == "Busy"
    assert put.text == "Busy"


async def test_a_dropped_connection_in_process() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        world.faults.add(Fault(endpoint="video/init", kind=DropBefore()))
        with pytest.raises(httpx.RemoteProtocolError):
            await caller.init(token, video(15))
        assert world.uploads == []
        world.faults.add(Fault(endpoint="video/init", kind=LoseAnswer()))
        with pytest.raises(httpx.RemoteProtocolError):
            await caller.init(token, video(15))
        assert len(world.uploads) == 1
    assert [call[1:3] for call in world.calls if call.endpoint == "video/init"] == [
        (0, "dropped"),
        (200, "ok"),
    ]


async def test_a_lost_refresh_answer_has_rotated_the_token() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        tokens = await caller.exchange((await caller.consent())["code"])
        world.faults.add(Fault(endpoint="oauth/token", kind=LoseAnswer()))
        with pytest.raises(httpx.TransportError):
            await caller.refresh(tokens["refresh_token"])
        assert (await caller.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"


async def test_a_lost_chunk_answer_has_stored_the_chunk() -> None:
    clock = Clock()
    world = TikTok(now=clock)
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        publish_id, upload_url = await caller.start(token, 15)
        world.faults.add(Fault(endpoint="upload", kind=LoseAnswer()))
        with pytest.raises(httpx.TransportError):
            await caller.put(upload_url, bytes(15), 0, 14, 15)
        clock.forward(1)
        assert (await caller.status(token, publish_id))["status"] == "PUBLISH_COMPLETE"


async def test_a_slow_answer_comes_after_the_work() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        world.faults.add(Fault(endpoint="video/init", kind=Slow(seconds=0.2)))
        began = time.monotonic()
        answer = asyncio.create_task(caller.init(token, video(15)))
        await asyncio.sleep(0.1)
        assert len(world.uploads) == 1
        assert (await answer).status_code == 200
        assert time.monotonic() - began >= 0.2


async def test_a_token_ends_with_the_call_that_brings_it_and_another_lives_on() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        tokens = await caller.exchange((await caller.consent())["code"])
        token, refresh_token = tokens["access_token"], tokens["refresh_token"]
        world.faults.add(Fault(endpoint="video/init", kind=EndToken(), after=1))
        answers = [await caller.init(token, video(15)) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 401, 401]
        assert answers[1].json()["error"]["code"] == "access_token_invalid"
        assert len(world.uploads) == 1
        renewed = await caller.refresh(refresh_token)
        assert (await caller.init(renewed["access_token"], video(15))).status_code == 200


async def test_processing_fails_or_never_ends_for_the_next_video() -> None:
    clock = Clock()
    world = TikTok(now=clock)
    world.faults.add(Fault(endpoint="processing", kind=FailProcessing(reason="spam_risk_text")))
    world.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        ids = []
        for _ in range(3):
            publish_id, upload_url = await caller.start(token, 15)
            await caller.put(upload_url, bytes(15), 0, 14, 15)
            ids.append(publish_id)
        clock.forward(3000)
        failed, endless, done = [await caller.status(token, publish_id) for publish_id in ids]
    assert failed == {"status": "FAILED", "fail_reason": "spam_risk_text"}
    assert endless == {"status": "PROCESSING_UPLOAD", "uploaded_bytes": 15}
    assert done["status"] == "PUBLISH_COMPLETE"
    assert [post.publish_id for post in world.posts] == ids[2:]
    assert [upload.publish_id for upload in world.uploads] == ids[:2]


def test_a_fault_that_could_never_happen_is_refused() -> None:
    with pytest.raises(ValueError, match="no endpoint"):
        Fault(endpoint="video/ini", kind=DropBefore())  # type: ignore[arg-type]  # the mistake
    with pytest.raises(ValueError, match="cannot happen"):
        Fault(endpoint="video/init", kind=NeverEnd())
    with pytest.raises(ValueError, match="cannot happen"):
        Fault(endpoint="processing", kind=DropBefore())
    with pytest.raises(ValueError, match="cannot happen"):
        Fault(endpoint="upload", kind=EndToken())
    with pytest.raises(ValueError, match="at least once"):
        Fault(endpoint="upload", kind=DropBefore(), times=0)


def test_faults_can_be_called_off_one_by_one_and_all_at_once() -> None:
    faults = TikTok(now=Clock()).faults
    faults.add(Fault(endpoint="upload", kind=DropBefore()))
    faults.add(Fault(endpoint="upload", kind=LoseAnswer()))
    faults.add(Fault(endpoint="video/init", kind=DropBefore()))
    faults.call_off(faults.pending[0].id)
    faults.call_off(99)
    assert faults.of_call("upload") == LoseAnswer()
    faults.clear()
    assert faults.of_call("video/init") is None


def test_a_fault_goes_on_until_it_is_called_off() -> None:
    faults = TikTok(now=Clock()).faults
    faults.add(Fault(endpoint="any call", kind=DropBefore(), times=None))
    assert [faults.of_call("upload") for _ in range(50)] == [DropBefore()] * 50
    assert faults.of_call("video/init") == DropBefore()
    assert faults.of_call("authorize") is None, "that page is opened by a person"
    assert faults.of_storage() is None
    assert faults.of_processing() is None
    assert faults.of_webhook() is None
    (pending,) = faults.pending
    assert pending.left is None
    faults.call_off(pending.id)
    assert faults.of_call("upload") is None


def test_faults_tell_what_is_to_come_and_what_has_happened() -> None:
    faults = TikTok(now=Clock()).faults
    twice = Fault(endpoint="upload", kind=DropBefore(), times=2, after=1)
    faults.add(twice)
    kinds = []
    for _ in range(3):
        assert faults.waiting == [twice]
        kinds.append(faults.of_call("upload"))
    assert kinds == [None, DropBefore(), DropBefore()]
    assert faults.waiting == []
    assert faults.happened == {("upload", DropBefore()): 2}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - neither uvicorn nor the world has an event for it
            await asyncio.sleep(0.01)


@asynccontextmanager
async def served(world: TikTok) -> AsyncIterator[Caller]:
    """The sandbox behind a real uvicorn on a free port of this machine."""
    config = uvicorn.Config(world.app, port=0, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/", timeout=5) as http:
            yield Caller(http)
    finally:
        server.should_exit = True
        await task


async def test_connections_break_over_a_real_server(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    world = TikTok(now=clock)
    size = 6_000_000
    async with served(world) as caller:
        token = await caller.connect()
        for kind, opened in ((DropBefore(), 0), (LoseAnswer(), 1)):
            world.faults.add(Fault(endpoint="video/init", kind=kind))
            with pytest.raises(httpx.TransportError):
                await caller.init(token, video(15))
            assert len(world.uploads) == opened

        publish_id, upload_url = await caller.start(token, size)
        world.faults.add(Fault(endpoint="upload", kind=DropBefore()))
        with pytest.raises(httpx.TransportError):
            await caller.put(upload_url, bytes(size), 0, size - 1, size)

        async def hangs_up() -> AsyncIterator[bytes]:
            yield bytes(size // 2)
            raise ConnectionAbortedError

        with pytest.raises(ConnectionAbortedError):
            await caller.put(upload_url, hangs_up(), 0, size - 1, size)
        await until(lambda: world.calls[-1][:3] == ("upload", 0, "disconnected"))
        assert (await caller.status(token, publish_id))["uploaded_bytes"] == 0
        assert (await caller.put(upload_url, bytes(size), 0, size - 1, size)).status_code == 201
    clock.forward(1)
    assert [post.publish_id for post in world.posts] == [publish_id]
    assert not [record for record in caplog.records if record.exc_info]
