"""What each call sends, byte for byte where TikTok minds, and what it makes of a good answer."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from core import tiktok
from tests.core.tiktok.far_end import FarEnd, envelope

TOKENS = {
    "access_token": "act.1",
    "expires_in": 7200,
    "open_id": "open-1",
    "refresh_expires_in": 15_552_000,
    "refresh_token": "rft.1",
    "scope": "user.info.basic,video.publish",
    "token_type": "Bearer",
}
CREATOR = {
    "creator_avatar_url": "https://p16.example/a.webp",
    "creator_username": "mia",
    "creator_nickname": "Mia 🌊",
    "privacy_level_options": ["PUBLIC_TO_EVERYONE", "SELF_ONLY", "CLOSE_FRIENDS"],
    "comment_disabled": False,
    "duet_disabled": True,
    "stitch_disabled": False,
    "max_video_post_duration_sec": 600,
}


# Login Kit


@pytest.mark.parametrize(
    ("base", "start"),
    [
        ("https://www.tiktok.com", "https://www.tiktok.com/v2/auth/authorize/"),
        (
            "http://127.0.0.1:8080/sandbox/tiktok/",
            "http://127.0.0.1:8080/sandbox/tiktok/v2/auth/authorize/",
        ),
    ],
)
def test_authorize_url(base: str, start: str) -> None:
    client = tiktok.Client(
        client_key="key",
        client_secret="secret",
        http=httpx.AsyncClient(),
        auth_base_url=base,
    )
    url = client.authorize_url(
        redirect_uri="https://clips.example/callback",
        state="st&te",
        scopes={tiktok.Scope.VIDEO_PUBLISH, tiktok.Scope.USER_INFO_BASIC},
    )
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == start
    assert parse_qs(parts.query) == {
        "client_key": ["key"],
        "response_type": ["code"],
        "scope": ["user.info.basic,video.publish"],
        "redirect_uri": ["https://clips.example/callback"],
        "state": ["st&te"],
        "disable_auto_auth": ["1"],
    }
    silent = client.authorize_url(redirect_uri="r", state="s", scopes=[], always_ask=False)
    assert parse_qs(urlsplit(silent).query)["disable_auto_auth"] == ["0"]


def form_of(request: httpx.Request) -> dict[str, str]:
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in request.headers
    return {name: value for name, (value,) in parse_qs(request.content.decode()).items()}


async def test_exchange() -> None:
    far_end = FarEnd(TOKENS)
    tokens = await far_end.client().exchange(code="a*b!c", redirect_uri="https://c.example/cb")
    assert tokens == tiktok.Tokens(
        access_token="act.1",
        expires_in=7200,
        open_id="open-1",
        refresh_token="rft.1",
        refresh_expires_in=15_552_000,
        scopes=frozenset({tiktok.Scope.USER_INFO_BASIC, tiktok.Scope.VIDEO_PUBLISH}),
    )
    assert str(far_end.request.url) == "https://open.tiktokapis.com/v2/oauth/token/"
    assert form_of(far_end.request) == {
        "client_key": "key",
        "client_secret": "secret",
        "grant_type": "authorization_code",
        "code": "a*b!c",
        "redirect_uri": "https://c.example/cb",
    }


async def test_refresh() -> None:
    far_end = FarEnd(TOKENS)
    tokens = await far_end.client().refresh("rft.0")
    assert (tokens.access_token, tokens.refresh_token) == ("act.1", "rft.1")
    assert form_of(far_end.request) == {
        "client_key": "key",
        "client_secret": "secret",
        "grant_type": "refresh_token",
        "refresh_token": "rft.0",
    }


@pytest.mark.parametrize("content", [b"", b"{}", b" \n"])
async def test_revoke(content: bytes) -> None:
    far_end = FarEnd(content=content)
    await far_end.client().revoke("act.1")
    assert far_end.request.url.path == "/v2/oauth/revoke/"
    assert form_of(far_end.request) == {
        "client_key": "key",
        "client_secret": "secret",
        "token": "act.1",
    }


# The creator


async def test_user_info() -> None:
    far_end = FarEnd(
        envelope({"user": {"open_id": "open-1", "follower_count": 9, "username": None}})
    )
    fields = tiktok.user_fields(["user.info.stats", tiktok.Scope.USER_INFO_BASIC, "made.up"])
    user = await far_end.client().user_info("act.1", fields)
    assert user == tiktok.User(open_id="open-1", follower_count=9)
    assert far_end.request.method == "GET"
    assert far_end.request.headers["Authorization"] == "Bearer act.1"
    assert far_end.request.url.raw_path == (
        b"/v2/user/info/?fields=open_id,union_id,avatar_url,avatar_url_100,avatar_large_url,"
        b"display_name,follower_count,following_count,likes_count,video_count"
    )


async def test_creator_info() -> None:
    far_end = FarEnd(envelope(CREATOR))
    creator = await far_end.client().creator_info("act.1")
    assert creator == tiktok.CreatorInfo(
        username="mia",
        nickname="Mia 🌊",
        avatar_url="https://p16.example/a.webp",
        privacy_level_options=(
            tiktok.PrivacyLevel.PUBLIC_TO_EVERYONE,
            tiktok.PrivacyLevel.SELF_ONLY,
            "CLOSE_FRIENDS",
        ),
        comment_disabled=False,
        duet_disabled=True,
        stitch_disabled=False,
        max_video_post_duration_sec=600,
    )
    assert isinstance(creator.privacy_level_options[1], tiktok.PrivacyLevel)
    assert far_end.request.url.path == "/v2/post/publish/creator_info/query/"
    assert far_end.request.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert far_end.request.content == b""


# Posting

POST = tiktok.PostInfo(privacy_level=tiktok.PrivacyLevel.SELF_ONLY)
OPENED = {
    "publish_id": "v_pub_file~v2-1.1",
    "upload_url": "https://open-upload-va.tiktokapis.com/u?t=1",
}
SPARSE = {
    "privacy_level": "SELF_ONLY",
    "disable_comment": True,
    "disable_duet": True,
    "disable_stitch": True,
    "brand_content_toggle": False,
    "brand_organic_toggle": False,
    "is_aigc": False,
}


@pytest.mark.parametrize(
    ("post", "post_info"),
    [
        (POST, SPARSE),
        (replace(POST, title="Sunset \ud800 #sea"), {**SPARSE, "title": "Sunset \ud800 #sea"}),
        (replace(POST, video_cover_timestamp_ms=0), {**SPARSE, "video_cover_timestamp_ms": 0}),
        (
            replace(POST, privacy_level="NEW", disable_duet=False, brand_content_toggle=True),
            {**SPARSE, "privacy_level": "NEW", "disable_duet": False, "brand_content_toggle": True},
        ),
    ],
)
async def test_init_video(post: tiktok.PostInfo, post_info: dict[str, Any]) -> None:
    far_end = FarEnd(envelope(OPENED))
    upload = await far_end.client().init_video("act.1", post, tiktok.plan_chunks(70_000_000))
    assert upload.publish_id == OPENED["publish_id"]
    assert upload.upload_url == OPENED["upload_url"]
    assert upload.log_id == "log-1"
    assert str(far_end.request.url) == "https://open.tiktokapis.com/v2/post/publish/video/init/"
    assert json.loads(far_end.request.content) == {
        "post_info": post_info,
        "source_info": {
            "source": "FILE_UPLOAD",
            "video_size": 70_000_000,
            "chunk_size": 10_000_000,
            "total_chunk_count": 7,
        },
    }


async def test_init_inbox_video() -> None:
    far_end = FarEnd(envelope(OPENED))
    upload = await far_end.client().init_inbox_video("act.1", tiktok.plan_chunks(15))
    assert (upload.publish_id, upload.upload_url) == (OPENED["publish_id"], OPENED["upload_url"])
    assert far_end.request.url.path == "/v2/post/publish/inbox/video/init/"
    assert json.loads(far_end.request.content) == {
        "source_info": {
            "source": "FILE_UPLOAD",
            "video_size": 15,
            "chunk_size": 15,
            "total_chunk_count": 1,
        }
    }


async def test_init_refuses_an_upload_url_elsewhere() -> None:
    far_end = FarEnd(envelope({**OPENED, "upload_url": "https://evil.example/u?token=sesame"}))
    client, plan = far_end.client(), tiktok.plan_chunks(9)
    for call in (client.init_video("act.1", POST, plan), client.init_inbox_video("act.1", plan)):
        with pytest.raises(tiktok.UploadUrlRefused) as caught:
            await call
        assert "evil" not in str(caught.value)


BIG = 7_512_345_678_901_234_567


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"status": "PROCESSING_UPLOAD", "uploaded_bytes": 30_000_000},
            {"status": "PROCESSING_UPLOAD", "uploaded_bytes": 30_000_000},
        ),
        (
            {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [BIG]},
            {"status": "PUBLISH_COMPLETE", "post_ids": ("7512345678901234567",)},
        ),
        (
            {"status": "PUBLISH_COMPLETE", "publicly_available_post_id": [str(BIG), 2]},
            {"status": "PUBLISH_COMPLETE", "post_ids": ("7512345678901234567", "2")},
        ),
        (
            {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": []},
            {"status": "PUBLISH_COMPLETE"},
        ),
        (
            {"status": "FAILED", "fail_reason": "spam_risk_text", "uploaded_bytes": None},
            {"status": "FAILED", "fail_reason": tiktok.FailReason.SPAM_RISK_TEXT},
        ),
        ({"status": "PROCESSING_UPLOAD", "fail_reason": ""}, {"status": "PROCESSING_UPLOAD"}),
        ({"status": "SEND_TO_USER_INBOX"}, {"status": "SEND_TO_USER_INBOX"}),
    ],
)
async def test_publish_status(data: dict[str, Any], expected: dict[str, Any]) -> None:
    far_end = FarEnd(envelope(data))
    status = await far_end.client().publish_status("act.1", "v_pub_file~1")
    assert status == tiktok.PublishStatus(
        **{**expected, "status": tiktok.PublishState(expected["status"])},
        status_word=data["status"],
        log_id="log-1",
    )
    assert json.loads(far_end.request.content) == {"publish_id": "v_pub_file~1"}
    assert far_end.request.url.path == "/v2/post/publish/status/fetch/"


async def test_an_unknown_status_is_still_processing() -> None:
    far_end = FarEnd(envelope({"status": "UNDER_REVIEW"}))
    status = await far_end.client().publish_status("act.1", "v_pub_file~1")
    assert status.status is tiktok.PublishState.PROCESSING_UPLOAD
    assert status.status_word == "UNDER_REVIEW"


async def test_a_base_url_may_carry_a_path() -> None:
    far_end = FarEnd(
        envelope({**OPENED, "upload_url": "http://127.0.0.1:8080/sandbox/tiktok/upload/1"})
    )
    client = far_end.client("http://127.0.0.1:8080/sandbox/tiktok/")
    await client.init_video("act.1", POST, tiktok.plan_chunks(9))
    assert str(far_end.request.url) == (
        "http://127.0.0.1:8080/sandbox/tiktok/v2/post/publish/video/init/"
    )


# Titles


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("", 0),
        ("Sunset #sea", 11),
        ("é", 1),
        ("e\u0301", 2),
        ("\uffff", 1),
        ("🌊", 2),
        ("👩‍👩‍👧", 8),  # three emoji and two joiners
        ("\ud83c", 1),  # half a pair, as broken input may hold
    ],
)
def test_utf16_units(text: str, units: int) -> None:
    assert tiktok.utf16_units(text) == units


def test_a_title_fits_up_to_the_limit() -> None:
    fits = "🌊" * (tiktok.TITLE_MAX_UTF16 // 2)
    assert replace(POST, title=fits).title == fits
    with pytest.raises(ValueError, match="2200"):
        replace(POST, title=fits + "!")
