"""One of TikTok's endpoints: its handler's answer, or what a fault makes of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .faults import (
    CallFault,
    DropBefore,
    EndpointName,
    EndToken,
    LoseAnswer,
    Misstate,
    Refuse,
    Slow,
    hang_up,
)

if TYPE_CHECKING:
    from .world import World

Handler = Callable[[Request], Awaitable[Response]]


class Refusal(Exception):
    """TikTok says no. `code` and `message` are TikTok's."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


class Call(NamedTuple):
    """A call as the sandbox saw it end.

    `code` is "ok", TikTok's error code, "dropped" (by a fault, before the work) or "disconnected"
    (by the caller, within the body); the last two have status 0. An answer that a fault lost
    counts as given. `fault` is what was done to it, `at` when it ended.
    """

    endpoint: EndpointName
    status: int
    code: str
    fault: CallFault | None
    at: datetime


class Endpoint:
    """An ASGI app that notes each call in the world and lets its faults happen."""

    def __init__(
        self,
        world: "World",
        name: EndpointName,
        handler: Handler,
        refuse: Callable[[Refusal], Response],
    ) -> None:
        self._world = world
        self._name = name
        self._handler = handler
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._world.faults.of_call(self._name)
        if isinstance(fault, DropBefore):
            self._note(0, "dropped", fault)
            await hang_up(scope, send)
            return
        try:
            response, code = await self._work(Request(scope, receive), fault), "ok"
        except Refusal as refusal:
            response, code = self._refuse(refusal), refusal.code
        except ClientDisconnect:
            self._note(0, "disconnected", fault)
            return
        if isinstance(fault, Misstate):
            response.status_code = fault.status
        self._note(response.status_code, code, fault)
        if isinstance(fault, LoseAnswer):
            await hang_up(scope, send)
            return
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.seconds)
        await response(scope, receive, send)

    async def _work(self, request: Request, fault: CallFault | None) -> Response:
        if isinstance(fault, Refuse):
            raise Refusal(fault.status, fault.code, fault.message)
        if isinstance(fault, EndToken):
            token = request.headers.get("authorization", "").partition(" ")[2]
            self._world.state.access_tokens.pop(token, None)
        return await self._handler(request)

    def _note(self, status: int, code: str, fault: CallFault | None) -> None:
        self._world.calls.append(Call(self._name, status, code, fault, self._world.now()))
