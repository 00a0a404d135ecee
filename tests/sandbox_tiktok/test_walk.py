"""A creator's walk through the sandbox from consent to post."""

import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI

from sandbox.tiktok import TikTok
from tests.sandbox_tiktok.caller import SCOPES, Clock, called_back, caller_of, video


@pytest.fixture(name="mounts", params=["/", "/sandbox/tiktok/"])
def _mounts(request: pytest.FixtureRequest) -> Iterator[tuple[TikTok, Clock, Any, str]]:
    """The sandbox at the root of a server, and within another app."""
    clock = Clock()
    world = TikTok(now=clock)
    if request.param == "/":
        yield world, clock, world.app, "http://tiktok.test/"
    else:
        outer = FastAPI()
        outer.mount(request.param.rstrip("/"), world.app)
        yield world, clock, outer, f"https://bot.example{request.param}"


async def test_a_clip_goes_from_consent_to_a_public_post(
    mounts: tuple[TikTok, Clock, Any, str],
) -> None:
    world, clock, app, base = mounts
    bytes_ = b"moving pictures"
    async with caller_of(app, base) as caller:
        token = await caller.connect()
        info = (await caller.creator_info(token)).json()["data"]
        assert info["creator_nickname"] == "Lena Cooks"
        assert info["creator_avatar_url"].startswith(base)
        assert (await caller.http.get(info["creator_avatar_url"])).status_code == 200

        answer = await caller.init(
            token,
            video(
                len(bytes_),
                privacy_level="PUBLIC_TO_EVERYONE",
                title="Sunset <b>#sea</b> 🌊",
                disable_duet=True,
                video_cover_timestamp_ms=1500,
                brand_organic_toggle=True,
                is_aigc=True,
            ),
        )
        publish_id, upload_url = (answer.json()["data"][k] for k in ("publish_id", "upload_url"))
        assert upload_url.startswith(base)
        assert len(upload_url) <= 256
        assert len(publish_id) <= 64
        assert await caller.status(token, publish_id) == {
            "status": "PROCESSING_UPLOAD",
            "uploaded_bytes": 0,
        }
        assert (await caller.put(upload_url, bytes_, 0, 14, 15)).status_code == 201
        assert world.posts == []
        assert [upload.received for upload in world.uploads] == [15]

        clock.forward(1)
        (post,) = world.posts
        assert world.uploads == []
        assert await caller.status(token, publish_id) == {
            "status": "PUBLISH_COMPLETE",
            "uploaded_bytes": 15,
            "publicaly_available_post_id": [int(post.post_id)],
        }
        assert len(post.post_id) == 19
        assert (post.username, post.publish_id) == ("lena.cooks", publish_id)
        assert (post.title, post.privacy_level) == ("Sunset <b>#sea</b> 🌊", "PUBLIC_TO_EVERYONE")
        assert (post.disable_comment, post.disable_duet, post.disable_stitch) == (0, 1, 0)
        assert (post.brand_content_toggle, post.brand_organic_toggle, post.is_aigc) == (0, 1, 1)
        assert (post.video_cover_timestamp_ms, post.size) == (1500, 15)
        assert post.sha256 == hashlib.sha256(bytes_).hexdigest()

        shown = await caller.http.get("")
        assert "Sunset &lt;b&gt;#sea&lt;/b&gt; 🌊" in shown.text
        shown = await caller.http.get(f"@lena.cooks/video/{post.post_id}")
        assert 'Sunset &lt;b&gt;<span class="tag">#sea</span>&lt;/b&gt; 🌊' in shown.text
        assert (await caller.http.get("@lena.cooks/video/1")).status_code == 404
        assert (await caller.http.get("@short.sam/video/" + post.post_id)).status_code == 404
    assert [call.endpoint for call in world.calls if call.endpoint == "video/init"] == [
        "video/init"
    ]
    assert {call.code for call in world.calls} == {"ok"}


async def test_the_consent_form_works_as_a_browser_would_send_it(
    mounts: tuple[TikTok, Clock, Any, str],
) -> None:
    *_, app, base = mounts
    async with caller_of(app, base) as caller:
        shown = await caller.http.get(caller.authorize_path())
        assert shown.status_code == 200
        action = shown.text.split('action="')[1].split('"')[0].replace("&amp;", "&")
        assert action.startswith(base + "v2/auth/authorize/?")
        assert parse_qs(urlsplit(action).query)["scope"] == [SCOPES]
        form = {"creator": "quiet_max", "scope": "video.publish", "decision": "authorize"}
        back = called_back(await caller.http.post(action, data=form))
    assert back["scopes"] == "user.info.basic,video.publish"  # profile was switched off
    assert back["state"] == "st-1"


@pytest.mark.parametrize(
    "path", ["v2/oauth/token", "v2/post/publish/video/init", "v2/post/publish/status/fetch"]
)
async def test_a_path_without_its_trailing_slash_does_not_exist(path: str) -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        assert (await caller.http.post(path)).status_code == 404
