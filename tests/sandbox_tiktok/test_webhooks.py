"""What the sandbox tells the app by itself, and how it goes about it."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.tiktok import Creator, FailProcessing, Fault, NeverEnd, SendLate, SendTwice, TikTok
from tests.sandbox_tiktok.caller import POSTING_SCOPES, Caller, Clock, caller_of

URL = "https://bot.example/webhooks/tiktok"
HOUR = 3600


class Receiver:
    """An app's webhook: checks each event's signature, answers as told, 200 otherwise."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.events: list[Any] = []
        self.bodies: list[bytes] = []
        self.signatures: list[str] = []
        self.app = Starlette(routes=[Route("/webhooks/tiktok", self.receive, methods=["POST"])])

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        moment, _, digest = request.headers["tiktok-signature"].partition(",")
        signed = moment.removeprefix("t=").encode() + b"." + body
        right = hmac.new(b"sandbox-secret", signed, "sha256").hexdigest()
        assert digest == f"s={right}"
        assert request.headers["content-type"] == "application/json"
        self.bodies.append(body)
        self.signatures.append(request.headers["tiktok-signature"])
        event = json.loads(body)
        self.events.append({**event, "content": json.loads(event["content"])})
        return Response(status_code=self.answers.pop(0) if self.answers else 200)

    @property
    def kinds(self) -> list[str]:
        return [event["event"].removeprefix("post.publish.") for event in self.events]

    async def hears(self, count: int) -> None:
        """Wait for that many deliveries, and a little longer for one too many."""
        await until(lambda: len(self.events) >= count)
        await asyncio.sleep(0.08)
        assert len(self.events) == count, self.kinds


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the far side of a webhook has no event to await
            await asyncio.sleep(0.01)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def world(clock: Clock, receiver: Receiver) -> AsyncIterator[TikTok]:
    world = TikTok(now=clock, webhook_transport=httpx.ASGITransport(app=receiver.app))
    world.webhook_url = URL
    yield world
    await world.aclose()


@pytest.fixture
async def caller(world: TikTok) -> AsyncIterator[Caller]:
    async with caller_of(world.app) as caller:
        yield caller


async def post(caller: Caller, **post_info: object) -> str:
    """The publish_id of a video whose bytes are all in."""
    publish_id, upload_url = await caller.start(await caller.connect(), 15, **post_info)
    assert (await caller.put(upload_url, bytes(15), 0, 14, 15)).status_code == 201
    return publish_id


async def test_a_public_post_is_told_when_done_and_when_public(
    world: TikTok, caller: Caller, clock: Clock, receiver: Receiver
) -> None:
    world.processing_delay, world.post_id_delay = 10, 20
    done_at = int(clock().timestamp()) + 10
    publish_id = await post(caller, privacy_level="PUBLIC_TO_EVERYONE")
    clock.forward(9.9)
    await receiver.hears(0)
    clock.forward(0.1)
    await receiver.hears(1)
    clock.forward(20)
    await receiver.hears(2)
    of_both = {
        "client_key": "sandbox-key",
        "user_openid": world.creators["lena.cooks"].open_id,
    }
    content = {"publish_id": publish_id, "publish_type": "DIRECT_POST"}
    assert receiver.events == [
        {
            **of_both,
            "event": "post.publish.complete",
            "create_time": done_at,
            "content": content,
        },
        {
            **of_both,
            "event": "post.publish.publicly_available",
            "create_time": done_at + 20,
            "content": {**content, "post_id": int(world.posts[0].post_id)},
        },
    ]
    assert receiver.signatures[0].startswith(f"t={done_at},")


async def test_a_private_post_is_never_told_to_be_public(
    caller: Caller, clock: Clock, receiver: Receiver
) -> None:
    await post(caller)
    clock.forward(HOUR)
    await receiver.hears(1)
    assert receiver.kinds == ["complete"]


async def test_a_failed_video_is_told_with_its_reason_and_an_endless_one_never(
    world: TikTok, caller: Caller, clock: Clock, receiver: Receiver
) -> None:
    world.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    world.faults.add(Fault(endpoint="processing", kind=FailProcessing(reason="spam_risk_text")))
    await post(caller)
    publish_id = await post(caller)
    clock.forward(HOUR)
    await receiver.hears(1)
    assert receiver.kinds == ["failed"]
    assert receiver.events[0]["content"] == {
        "publish_id": publish_id,
        "publish_type": "DIRECT_POST",
        "reason": "spam_risk_text",
    }


async def test_a_draft_is_told_when_it_is_in_the_inbox_and_each_time_that_it_is_posted(
    world: TikTok, caller: Caller, clock: Clock, receiver: Receiver
) -> None:
    world.processing_delay, world.post_id_delay = 10, 20
    publish_id = await caller.draft(await caller.connect(scope=POSTING_SCOPES), bytes(15))
    clock.forward(9.9)
    await receiver.hears(0)
    clock.forward(0.1)
    await receiver.hears(1)
    clock.forward(HOUR)
    world.post_draft(publish_id, privacy_level="SELF_ONLY")
    await receiver.hears(2)
    post = world.post_draft(publish_id)
    clock.forward(20)
    await receiver.hears(4)
    assert receiver.kinds == ["inbox_delivered", "complete", "complete", "publicly_available"]
    content = {"publish_id": publish_id, "publish_type": "INBOX_SHARE"}
    assert [event["content"] for event in receiver.events] == [
        *[content] * 3,
        {**content, "post_id": int(post.post_id)},
    ]


async def test_a_creator_removes_the_app(world: TikTok, caller: Caller, receiver: Receiver) -> None:
    tokens = await caller.exchange((await caller.consent())["code"])
    max_token = await caller.connect("quiet_max")
    world.remove_app("lena.cooks")
    await receiver.hears(1)
    assert receiver.events[0]["event"] == "authorization.removed"
    assert receiver.events[0]["user_openid"] == world.creators["lena.cooks"].open_id
    assert receiver.events[0]["content"] == {"reason": 1}
    assert (await caller.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"
    assert (await caller.creator_info(tokens["access_token"])).status_code == 401
    assert (await caller.creator_info(max_token)).status_code == 200
    world.remove_app("lena.cooks")  # who has not let the app in has nothing to remove
    with pytest.raises(KeyError):
        world.remove_app("nobody")
    await receiver.hears(1)


async def test_a_revocation_by_the_app_is_told_as_such(caller: Caller, receiver: Receiver) -> None:
    token = await caller.connect()
    form = {"client_key": "sandbox-key", "client_secret": "sandbox-secret", "token": token}
    assert (await caller.http.post("v2/oauth/revoke/", data=form)).json() == {}
    await receiver.hears(1)
    assert (receiver.kinds, receiver.events[0]["content"]) == (
        ["authorization.removed"],
        {"reason": 5},
    )


async def test_an_event_not_taken_is_repeated_ever_more_slowly(
    caller: Caller, clock: Clock, receiver: Receiver
) -> None:
    receiver.answers = [500, 302, 404]
    await post(caller)
    clock.forward(1)
    await receiver.hears(1)
    for wait in (1, 2, 4):
        heard = len(receiver.events)
        clock.forward(wait - 0.1)
        await receiver.hears(heard)
        clock.forward(0.1)
        await receiver.hears(heard + 1)
    clock.forward(HOUR)
    await receiver.hears(4)
    assert len(set(receiver.bodies)) == 1
    assert len(set(receiver.signatures)) == 1  # grown old with the last repetitions


async def test_an_event_not_taken_holds_up_no_other_and_is_dropped_in_the_end(
    world: TikTok, caller: Caller, clock: Clock, receiver: Receiver
) -> None:
    world.webhook_delay = 73 * HOUR
    receiver.answers = [500]
    await post(caller, privacy_level="PUBLIC_TO_EVERYONE")
    clock.forward(1)
    await receiver.hears(2)
    assert receiver.kinds == ["complete", "publicly_available"]
    clock.forward(100 * HOUR)
    await receiver.hears(2)


async def test_an_app_that_cannot_be_reached_hears_of_it_later(clock: Clock) -> None:
    heard: list[httpx.Request] = []

    def flaky(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        if len(heard) == 1:
            raise httpx.ConnectError("nobody there")
        return httpx.Response(204)

    world = TikTok(now=clock, webhook_transport=httpx.MockTransport(flaky))
    world.webhook_url = URL
    async with caller_of(world.app) as caller:
        await caller.connect()
    world.remove_app("lena.cooks")
    await until(lambda: len(heard) == 1)
    clock.forward(1)
    await until(lambda: len(heard) == 2)
    await world.aclose()


async def test_an_event_twice(
    world: TikTok, caller: Caller, clock: Clock, receiver: Receiver
) -> None:
    world.faults.add(Fault(endpoint="webhook", kind=SendTwice()))
    await post(caller, privacy_level="PUBLIC_TO_EVERYONE")
    clock.forward(1)
    await receiver.hears(3)
    assert receiver.kinds == ["complete", "complete", "publicly_available"]
    assert receiver.bodies[0] == receiver.bodies[1]


async def test_an_event_late_and_so_out_of_order(
    world: TikTok, caller: Caller, clock: Clock, receiver: Receiver
) -> None:
    world.faults.add(Fault(endpoint="webhook", kind=SendLate(seconds=600)))
    await post(caller, privacy_level="PUBLIC_TO_EVERYONE")
    clock.forward(1)
    await receiver.hears(1)
    clock.forward(600)
    await receiver.hears(2)
    assert receiver.kinds == ["publicly_available", "complete"]
    public, complete = receiver.events
    assert complete["create_time"] == public["create_time"]
    assert receiver.signatures[1].startswith(f"t={complete['create_time'] + 600},")


async def test_without_an_address_nothing_is_sent(
    world: TikTok, caller: Caller, clock: Clock, receiver: Receiver
) -> None:
    await post(caller)
    world.webhook_url = None
    await post(caller)
    clock.forward(HOUR)
    world.webhook_url = URL
    await receiver.hears(0)
    assert world.webhook_url == URL


async def test_closing_ends_the_sending(
    world: TikTok, caller: Caller, clock: Clock, receiver: Receiver
) -> None:
    before = asyncio.all_tasks()
    await post(caller)
    assert len(asyncio.all_tasks() - before) == 1
    await world.aclose()
    assert asyncio.all_tasks() == before
    clock.forward(1)
    await post(caller)
    clock.forward(1)
    await receiver.hears(0)
    await world.aclose()


async def test_a_video_of_an_account_gone_is_told_to_nobody(
    world: TikTok, caller: Caller, clock: Clock, receiver: Receiver
) -> None:
    world.add_creator(Creator(username="gone", nickname="Gone"))
    _, upload_url = await caller.start(await caller.connect("gone"), 15)
    del world.creators["gone"]
    assert (await caller.put(upload_url, bytes(15), 0, 14, 15)).status_code == 201
    clock.forward(1)
    await receiver.hears(0)


@pytest.mark.parametrize("url", ["", "bot.example/hook", "ftp://bot.example/", "http://", "/hook"])
def test_only_a_web_address_is_taken(url: str) -> None:
    world = TikTok(now=Clock())
    with pytest.raises(ValueError, match="http or https"):
        world.webhook_url = url
    assert world.webhook_url is None


def test_faults_of_sending_are_those_of_the_webhook() -> None:
    for wrong in ("upload", "processing"):
        with pytest.raises(ValueError, match="cannot happen"):
            Fault(endpoint=wrong, kind=SendTwice())
    with pytest.raises(ValueError, match="cannot happen"):
        Fault(endpoint="webhook", kind=NeverEnd())
