"""Trouble on purpose: the next calls of a method fail in the way asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.telegram.errors import ApiError


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What happens to one call: a delay, then an error, or the connection breaking.

    `drop` says on which side of the work the connection breaks; after it, the work is done and
    only the answer is lost.
    """

    delay: float = 0.0
    error: ApiError | None = None
    drop: str = ""  # "", "before" or "after"


class Faults:
    """Faults waiting for calls, by method name; "*" stands for any method but getUpdates."""

    def __init__(self) -> None:
        self._waiting: MutableMapping[str, deque[Fault]] = {}

    def too_many(self, method: str, *, retry_after: int = 3, times: int = 1) -> None:
        """429 with `retry_after` seconds."""
        self._add(method, times, error=_flood(retry_after))

    def server_error(self, method: str, *, code: int = 500, times: int = 1) -> None:
        """500 Internal Server Error or 502 Bad Gateway."""
        self._add(method, times, error=ApiError(code=code))

    def forbidden(
        self, method: str, *, reason: str = "user is deactivated", times: int = 1
    ) -> None:
        """403 with this reason."""
        self._add(method, times, error=ApiError(reason, 403))

    def refuse(self, method: str, reason: str, *, times: int = 1) -> None:
        """400 with this reason."""
        self._add(method, times, error=ApiError(reason))

    def slow(self, method: str, *, seconds: float, times: int = 1) -> None:
        """Answer rightly, but only after this long: past the client's timeout it is one."""
        self._add(method, times, delay=seconds)

    def drop_before(self, method: str, *, times: int = 1) -> None:
        """Break the connection before any work is done."""
        self._add(method, times, drop="before")

    def drop_after(self, method: str, *, times: int = 1) -> None:
        """Do the work, then break the connection instead of answering."""
        self._add(method, times, drop="after")

    def clear(self) -> None:
        """Call off what has not happened yet."""
        self._waiting.clear()

    def waits_for(self, method: str) -> bool:
        """Whether a fault waits for a call of this method: its call has not come yet."""
        return bool(self._waiting.get(method))

    def take(self, method: str) -> Fault | None:
        """The fault for this call, if one waits."""
        for name in (method,) if method == "getUpdates" else (method, "*"):
            if self._waiting.get(name):
                return self._waiting[name].popleft()
        return None

    def _add(self, method: str, times: int, **how: Any) -> None:
        self._waiting.setdefault(method, deque()).extend([Fault(**how)] * times)


def _flood(retry_after: int) -> ApiError:
    return ApiError(f"retry after {retry_after}", 429, retry_after=retry_after)


class BrokenConnection(Response):
    """Promises a body and ends without it.

    Behind a real server this closes the socket; through httpx.ASGITransport the raised error is
    what httpx itself would raise for it.
    """

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200}
        await send({**start, "headers": [(b"content-length", b"65536")]})
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message")
