"""A client of the sandbox TikTok that says exactly what a test tells it to say."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx

REDIRECT = "https://bot.example/api/social/tiktok/callback"
SCOPES = "user.info.basic,user.info.profile,video.publish"
POSTING_SCOPES = "user.info.basic,video.publish,video.upload"
"""Posts and drafts."""
HERE = "http://127.0.0.1/"
"""The sandbox as the person at its machine reaches it."""
FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=UTF-8"


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Caller:
    """A client of TikTok that says exactly what it is told to say."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    def authorize_path(self, **changes: str | None) -> str:
        query = {
            "client_key": "sandbox-key",
            "response_type": "code",
            "scope": SCOPES,
            "redirect_uri": REDIRECT,
            "state": "st-1",
            **changes,
        }
        return "v2/auth/authorize/?" + urlencode({k: v for k, v in query.items() if v is not None})

    async def consent(self, username: str = "lena.cooks", **changes: str | None) -> dict[str, str]:
        """The query with which the sandbox calls back."""
        scopes = changes.get("scope") or SCOPES
        form = [("creator", username), ("decision", "authorize")]
        form += [("scope", scope) for scope in scopes.split(",")]
        answer = await self.http.post(
            self.authorize_path(**changes),
            content=urlencode(form),
            headers={"Content-Type": FORM},
        )
        return called_back(answer)

    async def token(self, **fields: str) -> dict[str, Any]:
        form = {"client_key": "sandbox-key", "client_secret": "sandbox-secret", **fields}
        answer = await self.http.post("v2/oauth/token/", data=form)
        assert answer.status_code == 200
        body: dict[str, Any] = answer.json()
        return body

    async def exchange(self, code: str, redirect_uri: str = REDIRECT) -> dict[str, Any]:
        return await self.token(
            grant_type="authorization_code", code=code, redirect_uri=redirect_uri
        )

    async def refresh(self, refresh_token: str) -> dict[str, Any]:
        return await self.token(grant_type="refresh_token", refresh_token=refresh_token)

    async def connect(self, username: str = "lena.cooks", **changes: str | None) -> str:
        """An access token."""
        back = await self.consent(username, **changes)
        tokens = await self.exchange(back["code"])
        return str(tokens["access_token"])

    async def call(
        self, token: str, path: str, body: object = None, content_type: str = JSON
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
        if body is None or isinstance(body, bytes):
            return await self.http.post(path, content=body, headers=headers)
        content = httpx.Request("POST", "http://x", json=body).content
        return await self.http.post(path, content=content, headers=headers)

    async def creator_info(self, token: str, body: object = None) -> httpx.Response:
        return await self.call(token, "v2/post/publish/creator_info/query/", body)

    async def init(self, token: str, body: object) -> httpx.Response:
        return await self.call(token, "v2/post/publish/video/init/", body)

    async def init_draft(self, token: str, body: object) -> httpx.Response:
        return await self.call(token, "v2/post/publish/inbox/video/init/", body)

    async def init_photos(self, token: str, body: object) -> httpx.Response:
        return await self.call(token, "v2/post/publish/content/init/", body)

    async def status(self, token: str, publish_id: str) -> dict[str, Any]:
        answer = await self.call(token, "v2/post/publish/status/fetch/", {"publish_id": publish_id})
        assert answer.json()["error"]["code"] == "ok"
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def put(
        self,
        upload_url: str,
        body: bytes | AsyncIterator[bytes],
        first: int,
        last: int,
        total: int,
        **headers: str | None,
    ) -> httpx.Response:
        usual = {
            "content-type": "video/mp4",
            "content-length": str(last - first + 1),
            "content-range": f"bytes {first}-{last}/{total}",
        }
        sent = {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}
        said = {name: value for name, value in sent.items() if value is not None}
        return await self.http.put(upload_url, content=body, headers=said)

    async def start(self, token: str, size: int, **post_info: object) -> tuple[str, str]:
        """publish_id and upload_url of a video sent in one chunk."""
        body = video(size)
        body["post_info"].update(post_info)
        answer = await self.init(token, body)
        assert answer.status_code == 200, answer.text
        data = answer.json()["data"]
        return data["publish_id"], data["upload_url"]

    async def draft(self, token: str, content: bytes) -> str:
        """publish_id of a clip sent to the inbox."""
        answer = await self.init_draft(token, for_inbox(len(content)))
        assert answer.status_code == 200, answer.text
        data = answer.json()["data"]
        last = len(content) - 1
        put = await self.put(data["upload_url"], content, 0, last, len(content))
        assert put.status_code == 201, put.text
        return str(data["publish_id"])


def called_back(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 303, answer.text
    address, _, query = answer.headers["location"].partition("?")
    assert address == REDIRECT
    return dict(parse_qsl(query, strict_parsing=True))


def video(size: int, chunk: int | None = None, count: int = 1, **post_info: object) -> Any:
    return {
        "post_info": {
            "privacy_level": "SELF_ONLY",
            "brand_content_toggle": False,
            "brand_organic_toggle": False,
            **post_info,
        },
        "source_info": {
            "source": "FILE_UPLOAD",
            "video_size": size,
            "chunk_size": chunk or size,
            "total_chunk_count": count,
        },
    }


def for_inbox(size: int) -> Any:
    return {"source_info": video(size)["source_info"]}


def photos(*urls: str, mode: str = "DIRECT_POST", **post_info: object) -> Any:
    """The body of content/init for photos at these addresses."""
    toggles = {"brand_content_toggle": False, "brand_organic_toggle": False}
    direct = {"privacy_level": "SELF_ONLY", **toggles} if mode == "DIRECT_POST" else {}
    return {
        "media_type": "PHOTO",
        "post_mode": mode,
        "post_info": {**direct, **post_info},
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": list(urls),
            "photo_cover_index": 0,
        },
    }


@asynccontextmanager
async def caller_of(app: Any, base: str = "http://tiktok.test/") -> AsyncIterator[Caller]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=base, timeout=10) as http:
        yield Caller(http)
