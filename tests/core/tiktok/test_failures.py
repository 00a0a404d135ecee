"""Refusals, broken answers and broken connections: each ends in the tree, none shows a secret."""

import json
import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from core import tiktok

CODE, ACCESS, REFRESH, SECRET = "code-sesame", "act.sesame", "rft.sesame", "secret-sesame"
UPLOAD_URL = "https://upload.us.tiktokapis.com/video/sesame/?upload_token=sesame"
PHOTO_URL = "https://clips.example/photos/sesame.jpg"
PHOTO_POST = tiktok.PhotoPost(mode=tiktok.PostMode.MEDIA_UPLOAD, photo_urls=(PHOTO_URL,))
FarEnd = Callable[[httpx.Request], httpx.Response]
Call = Callable[[tiktok.Client], Awaitable[object]]

OAUTH_CALLS: dict[str, Call] = {
    "exchange": lambda client: client.exchange(code=CODE, redirect_uri="https://c.example/cb"),
    "refresh": lambda client: client.refresh(REFRESH),
    "revoke": lambda client: client.revoke(ACCESS),
}
API_CALLS: dict[str, Call] = {
    "user_info": lambda client: client.user_info(ACCESS),
    "creator_info": lambda client: client.creator_info(ACCESS),
    "init_video": lambda client: client.init_video(
        ACCESS,
        tiktok.PostInfo(privacy_level=tiktok.PrivacyLevel.SELF_ONLY),
        tiktok.plan_chunks(5),
    ),
    "init_inbox_video": lambda client: client.init_inbox_video(ACCESS, tiktok.plan_chunks(5)),
    "init_photos": lambda client: client.init_photos(ACCESS, PHOTO_POST),
    "publish_status": lambda client: client.publish_status(ACCESS, "v_pub_file~1"),
}
CALLS = OAUTH_CALLS | API_CALLS


def send_chunk(path: Path) -> Call:
    chunk = tiktok.Chunk(first=0, last=4)
    return lambda client: client.send_chunk(
        UPLOAD_URL, path, chunk, total=5, content_type="video/mp4"
    )


async def failure(far_end: FarEnd | httpx.Response, call: Call) -> tiktok.TikTokError:
    """The error `call` ends in, after a look for secrets wherever a log would print it."""
    answer = (lambda _: far_end) if isinstance(far_end, httpx.Response) else far_end
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        client = tiktok.Client(client_key="key", client_secret=SECRET, http=http)
        with pytest.raises(tiktok.TikTokError) as caught:
            await call(client)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    shown = [str(error), repr(error), repr(vars(error)), repr(client)]
    assert "sesame" not in " ".join([*shown, *traceback.format_exception(error)])
    return error


# Refusals


@pytest.mark.parametrize("status", [200, 400, 401])
@pytest.mark.parametrize("call", OAUTH_CALLS.values(), ids=OAUTH_CALLS)
async def test_oauth_refusal(call: Call, status: int) -> None:
    body = {"error": "invalid_grant", "error_description": "Expired.", "log_id": "2026-1"}
    error = await failure(httpx.Response(status, json=body), call)
    assert type(error) is tiktok.OAuthError
    assert error.code == tiktok.OAuthErrorCode.INVALID_GRANT
    assert (error.message, error.http_status, error.log_id) == ("Expired.", status, "2026-1")
    assert str(error) == f"Expired. (invalid_grant, HTTP {status}, log id 2026-1)"
    assert not (error.rate_limited or error.server_fault)


@pytest.mark.parametrize("status", [200, 403])
@pytest.mark.parametrize("log_id", ["log_id", "logid"])
@pytest.mark.parametrize("call", API_CALLS.values(), ids=API_CALLS)
async def test_api_refusal(call: Call, log_id: str, status: int) -> None:
    body = {"data": {}, "error": {"code": "reached_active_user_cap", "message": "", log_id: "9"}}
    error = await failure(httpx.Response(status, json=body), call)
    assert type(error) is tiktok.ApiError
    assert error.code == tiktok.ErrorCode.REACHED_ACTIVE_USER_CAP
    assert (error.http_status, error.log_id) == (status, "9")
    assert error.message == "TikTok refused the API call."


@pytest.mark.parametrize(
    ("arrived", "code"),
    [
        ("invalid_param", tiktok.ErrorCode.INVALID_PARAM),
        ("invalid_params", tiktok.ErrorCode.INVALID_PARAM),
        ("a_code_of_next_year", "a_code_of_next_year"),
    ],
)
async def test_codes_are_read_in_one_spelling(arrived: str, code: str) -> None:
    body = {"error": {"code": arrived, "message": "The chunk size is invalid", "log_id": "9"}}
    error = await failure(httpx.Response(400, json=body), API_CALLS["init_video"])
    assert (error.code, error.message) == (code, "The chunk size is invalid")


@pytest.mark.parametrize(
    ("status", "code", "rate_limited", "server_fault"),
    [
        (429, "rate_limit_exceeded", True, False),
        (200, "rate_limit_exceeded", True, False),
        (500, "internal_error", False, True),
        (200, "internal_error", False, True),
        (502, "whatever", False, True),
        (200, "temporarily_unavailable", False, True),
        (401, "access_token_invalid", False, False),
    ],
)
async def test_what_may_pass_is_recognisable(
    status: int, code: str, rate_limited: bool, server_fault: bool
) -> None:
    for body in ({"error": {"code": code}}, {"error": code}):  # either shape, on either kind
        for call in (API_CALLS["creator_info"], OAUTH_CALLS["refresh"]):
            error = await failure(httpx.Response(status, json=body), call)
            assert error.code == code
            assert (error.rate_limited, error.server_fault) == (rate_limited, server_fault)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_an_explanation_that_repeats_a_secret_is_blanked(call: Call) -> None:
    def far_end(request: httpx.Request) -> httpx.Response:
        seen = f"{request.content.decode()} {request.headers.get('Authorization')}"
        echo = " ".join(word for word in (CODE, ACCESS, REFRESH, SECRET) if word in seen)
        return httpx.Response(400, json={"error": {"code": "x", "message": f"Bad {echo}."}})

    error = await failure(far_end, call)
    assert error.message.startswith("Bad [hidden]")


async def test_an_explanation_names_no_address_of_a_photo() -> None:
    body = {"error": {"code": "url_ownership_unverified", "message": f"Verify {PHOTO_URL} first"}}
    error = await failure(httpx.Response(403, json=body), API_CALLS["init_photos"])
    assert error.code == tiktok.ErrorCode.URL_OWNERSHIP_UNVERIFIED
    assert error.message == "Verify [hidden] first"


# Answers of no documented shape


def ok(data: object) -> bytes:
    return json.dumps({"data": data, "error": {"code": "ok"}}).encode()


@pytest.mark.parametrize("status", [200, 302, 401, 429, 500, 502])
@pytest.mark.parametrize(
    "content",
    [
        b"<html>Bad gateway</html>",
        b"[]",
        b"null",
        b'"ok"',
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"error": 7}',
        b'{"error": {"message": "no code"}}',
        b'{"error": {"code": 7}}',
    ],
    ids=lambda content: content[:12].decode("ascii", "replace"),
)
async def test_no_answer_of_tiktoks(content: bytes, status: int) -> None:
    for call in CALLS.values():
        error = await failure(httpx.Response(status, content=content), call)
        assert type(error) is tiktok.AnswerMalformed
        assert error.http_status == status
        assert error.rate_limited is (status == 429)
        assert error.server_fault is (status >= 500)


@pytest.mark.parametrize("content", [b"", b"{}", ok({}), b'{"data": {"status": "FAILED"}}'])
@pytest.mark.parametrize("name", ["exchange", "refresh", *API_CALLS])
async def test_an_answer_that_says_nothing(name: str, content: bytes) -> None:
    error = await failure(httpx.Response(200, content=content), CALLS[name])
    assert type(error) is tiktok.AnswerMalformed


@pytest.mark.parametrize("content", [b"", b"{}", ok({"user": {}, "status": "FAILED"})])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_no_error_named_but_a_bad_status(call: Call, content: bytes) -> None:
    error = await failure(httpx.Response(503, content=content), call)
    assert type(error) is tiktok.AnswerMalformed
    assert error.server_fault


TOKENS: dict[str, Any] = {
    "access_token": ACCESS,
    "expires_in": 7200,
    "open_id": "open-1",
    "refresh_expires_in": 15_552_000,
    "refresh_token": REFRESH,
    "scope": "user.info.basic",
}


@pytest.mark.parametrize(
    "change",
    [{name: None} for name in TOKENS]
    + [{"access_token": 7}, {"access_token": ""}, {"scope": ["user.info.basic"]}]
    + [{"expires_in": value} for value in ("7200", True, 7200.0, -1, 2**63, "soon")],
    ids=str,
)
async def test_tokens_of_another_type(change: dict[str, Any]) -> None:
    answer = httpx.Response(200, json=TOKENS | change)
    error = await failure(answer, OAUTH_CALLS["refresh"])
    assert type(error) is tiktok.AnswerMalformed
    (name,) = change
    assert name in error.message


CREATOR = {
    "creator_username": "mia",
    "creator_nickname": "Mia",
    "privacy_level_options": ["SELF_ONLY"],
    "comment_disabled": False,
    "duet_disabled": False,
    "stitch_disabled": False,
    "max_video_post_duration_sec": 600,
}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("user_info", {"user": []}),
        ("user_info", {"user": {"open_id": 7}}),
        ("user_info", {"user": {"is_verified": 1}}),
        ("user_info", {"user": {"likes_count": True}}),
        ("creator_info", {"creator_username": "mia", "creator_nickname": "Mia"}),
        ("creator_info", CREATOR | {"privacy_level_options": [7]}),
        ("creator_info", CREATOR | {"privacy_level_options": "SELF_ONLY"}),
        ("creator_info", CREATOR | {"max_video_post_duration_sec": None}),
        ("init_video", {"publish_id": "v_pub_file~1"}),
        ("init_video", {"publish_id": 7, "upload_url": UPLOAD_URL}),
        ("init_inbox_video", {"publish_id": "v_inbox_file~1"}),
        ("init_photos", {"publish_id": 7}),
        ("init_photos", {"publish_id": ""}),
        ("publish_status", {"status": 7}),
        ("publish_status", {"status": "FAILED", "fail_reason": []}),
        ("publish_status", {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": 7}),
        ("publish_status", {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [7.5e18]}),
        ("publish_status", {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [True]}),
        ("publish_status", {"status": "PROCESSING_UPLOAD", "uploaded_bytes": "9"}),
    ],
)
async def test_data_of_another_type(name: str, data: dict[str, Any]) -> None:
    error = await failure(httpx.Response(200, content=ok(data)), API_CALLS[name])
    assert type(error) is tiktok.AnswerMalformed
    assert error.http_status == 200


# Broken connections


@pytest.mark.parametrize(
    ("raised", "kind", "may_have_arrived"),
    [
        (httpx.ConnectError, tiktok.NotSent, False),
        (httpx.ConnectTimeout, tiktok.NotSent, False),
        (httpx.PoolTimeout, tiktok.NotSent, False),
        (httpx.ProxyError, tiktok.NotSent, False),
        (httpx.UnsupportedProtocol, tiktok.NotSent, False),
        (httpx.ReadTimeout, tiktok.TimedOut, True),
        (httpx.WriteTimeout, tiktok.TimedOut, True),
        (httpx.ReadError, tiktok.ConnectionDropped, True),
        (httpx.WriteError, tiktok.ConnectionDropped, True),
        (httpx.CloseError, tiktok.ConnectionDropped, True),
        (httpx.RemoteProtocolError, tiktok.ConnectionDropped, True),
        (httpx.LocalProtocolError, tiktok.ConnectionDropped, True),
    ],
)
async def test_transport_failure(
    raised: type[httpx.TransportError],
    kind: type[tiktok.TransportError],
    may_have_arrived: bool,
    tmp_path: Path,
) -> None:
    def far_end(request: httpx.Request) -> httpx.Response:
        text = f"{request.url} {request.headers} {request.headers.get('Authorization')} sesame"
        raise raised(text, request=request)

    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"12345")
    for call in (*CALLS.values(), send_chunk(clip)):
        error = await failure(far_end, call)
        assert isinstance(error, tiktok.TransportError)
        assert type(error) is kind
        assert error.may_have_arrived is may_have_arrived
        assert error.http_status is None
        assert raised.__name__ in error.message


@pytest.mark.parametrize(
    ("raised", "kind"),
    [(httpx.ReadError, tiktok.ConnectionDropped), (httpx.DecodingError, tiktok.AnswerMalformed)],
)
async def test_an_answer_that_breaks_off_keeps_its_status(
    raised: type[httpx.RequestError], kind: type[tiktok.TikTokError]
) -> None:
    class Broken(httpx.AsyncByteStream):
        closed = False

        async def __aiter__(self) -> Any:
            yield b'{"access_token": "act.sesame'
            raise raised("sesame")

        async def aclose(self) -> None:
            self.closed = True

    stream = Broken()
    error = await failure(httpx.Response(200, stream=stream), OAUTH_CALLS["refresh"])
    assert type(error) is kind
    assert error.http_status == 200
    assert stream.closed


async def test_a_token_no_header_can_carry_is_never_sent() -> None:
    error = await failure(httpx.Response(200), lambda client: client.creator_info("act.sésame"))
    assert type(error) is tiktok.NotSent


async def test_follows_no_redirect() -> None:
    asked: list[str] = []

    def far_end(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(307, headers={"Location": "https://evil.example/"})

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(far_end), follow_redirects=True
    ) as http:
        client = tiktok.Client(client_key="key", client_secret=SECRET, http=http)
        with pytest.raises(tiktok.AnswerMalformed):
            await client.refresh(REFRESH)
    assert asked == ["open.tiktokapis.com"]


# Where else a secret could show


async def test_every_call_has_a_timeout(tmp_path: Path) -> None:
    limits: list[dict[str, float]] = []

    def far_end(request: httpx.Request) -> httpx.Response:
        limits.append(request.extensions["timeout"])
        return httpx.Response(500)

    (tmp_path / "clip.mp4").write_bytes(b"12345")
    for call in (*CALLS.values(), send_chunk(tmp_path / "clip.mp4")):
        await failure(far_end, call)
    *calls, chunk = limits
    assert all(limit == {"connect": 10, "read": 30, "write": 30, "pool": 30} for limit in calls)
    assert chunk == {"connect": 10, "read": 120, "write": 120, "pool": 120}


async def test_httpx_logs_no_upload_url(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"12345")
    with caplog.at_level(logging.DEBUG, logger="httpx"):
        await failure(httpx.Response(403), send_chunk(tmp_path / "clip.mp4"))
        await failure(httpx.Response(500), API_CALLS["creator_info"])
    assert "PUT https://upload.us.tiktokapis.com/..." in caplog.text
    assert "POST https://open.tiktokapis.com/v2/post/publish/creator_info/query/" in caplog.text
    assert "sesame" not in caplog.text


def test_values_hide_their_secrets() -> None:
    tokens = tiktok.Tokens(
        access_token=ACCESS,
        expires_in=1,
        open_id="open-1",
        refresh_token=REFRESH,
        refresh_expires_in=1,
        scopes=frozenset(),
    )
    upload = tiktok.Upload(publish_id="v_pub_file~1", upload_url=UPLOAD_URL)
    assert "sesame" not in f"{tokens!r} {tokens} {upload!r} {upload} {PHOTO_POST!r}"
    assert "open-1" in repr(tokens)
    assert "v_pub_file~1" in repr(upload)
