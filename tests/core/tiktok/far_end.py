"""A TikTok that gives one answer, to tell apart byte for byte what it is asked."""

import json
from typing import Any

import httpx

from core import tiktok


class FarEnd:
    """A TikTok that gives one answer and remembers what it was asked."""

    def __init__(self, body: object = None, *, content: bytes | None = None) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = httpx.Response(200, content=json.dumps(body) if content is None else content)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer

    @property
    def request(self) -> httpx.Request:
        (only,) = self.requests
        return only

    def client(self, api_base_url: str = "https://open.tiktokapis.com") -> tiktok.Client:
        return tiktok.Client(
            client_key="key",
            client_secret="secret",
            http=httpx.AsyncClient(transport=httpx.MockTransport(self)),
            api_base_url=api_base_url,
        )


def envelope(data: object) -> dict[str, Any]:
    return {"data": data, "error": {"code": "ok", "message": "", "log_id": "log-1"}}
