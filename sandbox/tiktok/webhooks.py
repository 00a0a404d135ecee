"""What the sandbox tells the app by itself. Sources: TikTok's pages on webhooks, Get Post Status.

Whether a repetition is signed anew TikTok leaves unsaid; here it is not, and so may look stale.
"""

import asyncio
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import httpx

from .faults import SendLate, SendTwice
from .shares import Live, Share

if TYPE_CHECKING:
    from .world import World

LONGEST_DELAY = timedelta(hours=1)
GIVES_UP_AFTER = timedelta(hours=72)
TICK = 0.02  # seconds of real time, since the world's clock may be moved by hand
TIMEOUT = 10.0


@dataclass(kw_only=True, eq=False)
class _Delivery:
    body: bytes
    due_at: datetime
    ends_at: datetime
    delay: timedelta
    signature: str | None = None


class Webhooks:
    """Posts each event when its moment comes in the world's time, until it is answered 2xx.

    After a failure it waits `world.webhook_delay`, then twice that and so on up to an hour, and
    after 72 hours drops the event. What is still to be sent is forgotten at a restart.
    """

    def __init__(self, world: "World", transport: httpx.AsyncBaseTransport | None) -> None:
        self._world = world
        self._transport = transport
        self._url: str | None = None
        self._on = True
        self._waiting: list[_Delivery] = []
        self._some = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str | None:
        return self._url

    @url.setter
    def url(self, url: str | None) -> None:
        if url is None:
            self._waiting.clear()
        elif not _callable(url):
            raise ValueError("webhook_url must be an absolute http or https address")
        self._url = url

    @property
    def on(self) -> bool:
        """Whether events are sent at all."""
        return self._on

    @on.setter
    def on(self, on: bool) -> None:
        """Switched off, what happens and what still waits to be sent is never told."""
        if not on:
            self._waiting.clear()
        self._on = on

    def tell_of_share(self, share: Share) -> None:
        """Announce what will become of a share, which is settled once its bytes are in."""
        processing = share.processing
        if processing is None or processing.done_at is None:
            return
        content = _content(share)
        if processing.fail_reason:
            failed = {**content, "reason": processing.fail_reason}
            self.tell("post.publish.failed", share.username, failed, processing.done_at)
        elif share.mode == "MEDIA_UPLOAD":
            inbox = "post.publish.inbox_delivered"
            self.tell(inbox, share.username, content, processing.done_at)
        else:
            at, public_at = processing.done_at, processing.public_at
            self._tell_of_post(share, processing.post_id, at, public_at)

    def tell_of_draft_posted(self, share: Share, live: Live) -> None:
        """Announce that the creator has posted a draft, once more maybe."""
        self._tell_of_post(share, live.post_id, live.at, live.public_at)

    def _tell_of_post(
        self, share: Share, post_id: str, at: datetime, public_at: datetime | None
    ) -> None:
        content = _content(share)
        self.tell("post.publish.complete", share.username, content, at)
        if public_at is not None:
            public = {**content, "post_id": int(post_id)}
            self.tell("post.publish.publicly_available", share.username, public, public_at)

    def tell(self, event: str, username: str, content: Mapping[str, object], at: datetime) -> None:
        """Announce what happens to a creator at that moment; the app hears of it then."""
        creator = self._world.creators.get(username)
        if self._url is None or not self._on or creator is None:
            return
        body = {
            "client_key": self._world.client_key,
            "event": event,
            "create_time": int(at.timestamp()),
            "user_openid": creator.open_id,
            "content": _json(content),
        }
        fault = self._world.faults.of_webhook()
        due_at = at + timedelta(seconds=fault.seconds if isinstance(fault, SendLate) else 0)
        for _ in range(2 if isinstance(fault, SendTwice) else 1):
            delivery = _Delivery(
                body=_json(body).encode(),
                due_at=due_at,
                ends_at=due_at + GIVES_UP_AFTER,
                delay=timedelta(seconds=self._world.webhook_delay),
            )
            self._waiting.append(delivery)
        self._some.set()
        if self._task is None:
            self._task = asyncio.create_task(self._deliver())

    async def aclose(self) -> None:
        """Stop sending; what is still to be sent is dropped."""
        self.url = None
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _deliver(self) -> None:
        async with httpx.AsyncClient(
            transport=self._transport, timeout=TIMEOUT, trust_env=False
        ) as http:
            while await self._some.wait():
                while self._url and (delivery := self._due()):
                    await self._send(http, self._url, delivery)
                if self._waiting:
                    await asyncio.sleep(TICK)
                else:
                    self._some.clear()

    def _due(self) -> _Delivery | None:
        """What is to be sent next, if its moment has come."""
        first = min(self._waiting, key=lambda each: each.due_at, default=None)
        return first if first and first.due_at <= self._world.now() else None

    async def _send(self, http: httpx.AsyncClient, url: str, delivery: _Delivery) -> None:
        if delivery.signature is None:
            delivery.signature = self._sign(delivery.body)
        headers = {"Content-Type": "application/json", "TikTok-Signature": delivery.signature}
        try:
            answer = await http.post(url, content=delivery.body, headers=headers)
            taken = answer.is_success
        except httpx.HTTPError:
            taken = False
        delivery.due_at = self._world.now() + delivery.delay
        delivery.delay = min(delivery.delay * 2, LONGEST_DELAY)
        if taken or delivery.due_at > delivery.ends_at:
            self._waiting = [each for each in self._waiting if each is not delivery]

    def _sign(self, body: bytes) -> str:
        moment = str(int(self._world.now().timestamp()))
        signed = moment.encode() + b"." + body
        digest = hmac.new(self._world.client_secret.encode(), signed, "sha256").hexdigest()
        return f"t={moment},s={digest}"


def _content(share: Share) -> dict[str, object]:
    """What is told of a share; TikTok does not document the publish_type of a Direct Post."""
    publish_type = "INBOX_SHARE" if share.mode == "MEDIA_UPLOAD" else "DIRECT_POST"
    return {"publish_id": share.publish_id, "publish_type": publish_type}


def _json(values: Mapping[str, object]) -> str:
    return json.dumps(values, separators=(",", ":"))


def _callable(url: str) -> bool:
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return parts.scheme in ("http", "https") and bool(parts.host)
