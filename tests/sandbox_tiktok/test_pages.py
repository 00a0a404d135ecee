"""What a person sees of the sandbox in a browser."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sandbox.samples import make_clip
from sandbox.tiktok import FailProcessing, Fault, NeverEnd, TikTok
from tests.sandbox_tiktok.caller import HERE, Caller, Clock, caller_of, video

ELSEWHERE = "https://bot.example/"


@pytest.fixture(name="world")
def _world(tmp_path: Path) -> TikTok:
    return TikTok(now=Clock(), folder=tmp_path / "tiktok")


@pytest.fixture(name="here")
async def _here(world: TikTok) -> AsyncIterator[Caller]:
    async with caller_of(world.app, HERE) as caller:
        yield caller


async def _post(world: TikTok, caller: Caller, content: bytes, **info: Any) -> str:
    """Post a video; returns its id."""
    before = {post.post_id for post in world.posts}
    answer = await caller.init(await caller.connect(), video(len(content), **info))
    last = len(content) - 1
    url = answer.json()["data"]["upload_url"]
    assert (await caller.put(url, content, 0, last, len(content))).status_code == 201
    world.now.forward(2)  # type: ignore[attr-defined]  # the test's own clock
    return next(post.post_id for post in world.posts if post.post_id not in before)


async def test_a_profile_shows_the_creator_and_their_posts_only(
    world: TikTok, here: Caller
) -> None:
    first = await _post(world, here, b"one", privacy_level="PUBLIC_TO_EVERYONE", title="First #a")
    second = await _post(world, here, b"two", title="")
    profile = (await here.http.get("@lena.cooks")).text
    for words in ("Lena Cooks", "@lena.cooks", "48.2K", "One pot, ten minutes.", "First #a"):
        assert words in profile
    for words in ("No caption", "Only me", " views<"):
        assert words in profile
    assert profile.index(f"/video/{second}") < profile.index(f"/video/{first}")
    other = (await here.http.get("@quiet_max")).text
    assert "Private account" in other
    assert "Nothing posted yet" in other
    assert (await here.http.get("@nobody")).status_code == 404
    overview = (await here.http.get("/")).text
    for path in ("/@lena.cooks", "/@quiet_max", "/@short.sam", f"/@lena.cooks/video/{first}"):
        assert f'href="http://127.0.0.1{path}"' in overview
    assert "public · 2 posts" in overview


async def test_what_is_not_a_post_yet_is_shown_as_it_is(world: TikTok, here: Caller) -> None:
    token = await here.connect()
    world.faults.add(Fault(endpoint="processing", kind=FailProcessing(reason="spam_risk_text")))
    world.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    for title, sent in (("Refused", True), ("Looked at", True), ("Half-way", False)):
        _, url = await here.start(token, 15, title=title)
        if sent:
            await here.put(url, bytes(15), 0, 14, 15)
    world.now.forward(60)  # type: ignore[attr-defined]  # the test's own clock
    for path in ("/", "@lena.cooks"):
        page = (await here.http.get(path)).text
        for title, state in (
            ("Refused", "<b>Failed</b>: spam_risk_text"),
            ("Looked at", "<b>Processing</b>"),
            ("Half-way", "<b>Uploading</b> 0 %"),
        ):
            item = page[page.index(title) :]
            assert state in item[: item.index("</li>")]
        assert "begun 1 minute ago" in page
    assert "Under way" not in (await here.http.get("@short.sam")).text


async def test_a_post_shows_every_setting_that_took_effect(world: TikTok, here: Caller) -> None:
    plain = await _post(world, here, b"a", disable_duet=True, video_cover_timestamp_ms=2500)
    page = (await here.http.get(f"@lena.cooks/video/{plain}")).text
    for term, value in (
        ("Visible to", "Only me"),
        ("Comments", "on"),
        ("Duets", "off"),
        ("Stitches", "on"),
        ("Cover", "at 2.5 s"),
        (
            "Posted",
            '<time datetime="2026-11-22T12:00:01+00:00">Sun 22 Nov 2026, 12:00:01 UTC</time>',
        ),
    ):
        assert f"<dt>{term}</dt><dd>{value}</dd>" in page
    for label in ("Paid partnership", "Promotional content", "AI-generated", "Views"):
        assert label not in page
    own = await _post(
        world, here, b"b", privacy_level="PUBLIC_TO_EVERYONE", brand_organic_toggle=True
    )
    world.now.forward(3600 * 24)  # type: ignore[attr-defined]  # the test's own clock
    page = (await here.http.get(f"@lena.cooks/video/{own}")).text
    assert "Promotional content" in page
    assert "<dt>Views</dt><dd>0</dd>" not in page
    assert "1 day ago" in page
    paid = await _post(
        world,
        here,
        b"c",
        privacy_level="PUBLIC_TO_EVERYONE",
        brand_content_toggle=True,
        is_aigc=True,
    )
    page = (await here.http.get(f"@lena.cooks/video/{paid}")).text
    assert "Paid partnership" in page
    assert "Creator labeled as AI-generated" in page


async def test_others_see_only_what_is_public(world: TikTok, here: Caller) -> None:
    secret = await _post(world, here, b"secret", title="My secret")
    public = await _post(world, here, b"public", title="Hello", privacy_level="PUBLIC_TO_EVERYONE")
    await here.start(await here.connect(), 15, title="On its way")
    async with caller_of(world.app, ELSEWHERE) as stranger:
        for path in ("/", "@lena.cooks"):
            page = (await stranger.http.get(path)).text
            assert "Hello" in page
            for words in ("My secret", "On its way", "Control panel"):
                assert words not in page
        for path in ("@lena.cooks/video/", "clips/", "covers/"):
            assert (await stranger.http.get(path + secret)).status_code == 404
        assert (await stranger.http.get(f"clips/{public}")).content == b"public"
    assert "My secret" in (await here.http.get("@lena.cooks")).text


async def test_a_clip_plays_in_ranges(world: TikTok, here: Caller) -> None:
    content = bytes(range(256)) * 40
    post = await _post(world, here, content)
    assert (
        f'src="http://127.0.0.1/clips/{post}"'
        in (await here.http.get(f"@lena.cooks/video/{post}")).text
    )
    part = await here.http.get(f"clips/{post}", headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, content[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(content)}"
    assert part.headers["content-type"] == "video/mp4"
    whole = await here.http.get(f"clips/{post}")
    assert (whole.content, whole.headers["accept-ranges"]) == (content, "bytes")
    webm = await _post(world, here, b"\x1aE\xdf\xa3 and more")
    assert (await here.http.get(f"clips/{webm}")).headers["content-type"] == "video/webm"
    assert (await here.http.get("clips/1")).status_code == 404


async def test_a_cover_is_the_frame_that_was_chosen(
    world: TikTok, here: Caller, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "phone.mov", seconds=2, width=640, height=360, rotation=90)
    early, late = [
        await _post(world, here, clip.read_bytes(), video_cover_timestamp_ms=at) for at in (0, 1500)
    ]
    covers = []
    for post in (early, late):
        cover = await here.http.get(f"covers/{post}")
        assert cover.headers["content-type"] == "image/jpeg"
        with Image.open(BytesIO(cover.content)) as picture:
            assert picture.width < picture.height, "it stands upright, as a player turns it"
        covers.append(cover.content)
        assert (await here.http.get(f"covers/{post}")).content == cover.content
    assert covers[0] != covers[1]


async def test_what_is_no_video_has_no_cover(world: TikTok, here: Caller) -> None:
    post = await _post(world, here, b"no video at all")
    for _ in range(2):
        assert (await here.http.get(f"covers/{post}")).status_code == 404


async def test_pages_allow_nothing_but_their_own(here: Caller) -> None:
    for path in ("/", "@lena.cooks", "panel", here.authorize_path(), "v2/auth/authorize/"):
        page = await here.http.get(path)
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "<style" not in page.text
        assert " style=" not in page.text
    for name, kind in (("pages.css", "text/css"), ("live.js", "text/javascript")):
        assert (await here.http.get(f"static/{name}")).headers["content-type"].startswith(kind)


async def test_the_pages_lead_to_the_chat_where_there_is_one(world: TikTok, here: Caller) -> None:
    assert ">Chat</a>" not in (await here.http.get("/")).text
    world.chat_url = "/sandbox/telegram/"
    for path in ("/", "@lena.cooks", "panel"):
        assert '<a href="/sandbox/telegram/">Chat</a>' in (await here.http.get(path)).text
