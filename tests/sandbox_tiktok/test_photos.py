"""Photos: content/init, what it refuses, and the post or the draft that they become."""

import hashlib
from typing import Any

import pytest

from sandbox.tiktok import (
    Photo,
    TikTok,
)
from tests.sandbox_tiktok.caller import POSTING_SCOPES, Caller, Clock, photos
from tests.sandbox_tiktok.shelf import ONE, PREFIX, TWO, Shelf, begin, fetched, picture


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_photos_are_fetched_in_their_order_and_posted(
    world: TikTok, caller: Caller, clock: Clock, shelf: Shelf
) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    body = photos(
        ONE,
        TWO,
        ONE,
        title="Beach",
        description="Three days #sea",
        privacy_level="PUBLIC_TO_EVERYONE",
        disable_comment=True,
        auto_add_music=True,
        brand_organic_toggle=True,
    )
    body["source_info"]["photo_cover_index"] = 1
    body["is_aigc"] = True
    publish_id = (await caller.init_photos(token, body)).json()["data"]["publish_id"]
    assert publish_id.startswith("p_pub_url~")
    status = await caller.status(token, publish_id)
    assert status["status"] == "PROCESSING_DOWNLOAD"
    await fetched(world, publish_id)
    assert [str(request.url) for request in shelf.asked] == [ONE, TWO, ONE]
    one, two = picture(), picture(90, 60, "WEBP")
    whole = len(one) * 2 + len(two)
    assert await caller.status(token, publish_id) == {
        "status": "PROCESSING_DOWNLOAD",
        "downloaded_bytes": whole,
    }
    assert world.posts == []
    clock.forward(1)
    (post,) = world.posts
    assert await caller.status(token, publish_id) == {
        "status": "PUBLISH_COMPLETE",
        "downloaded_bytes": whole,
        "publicaly_available_post_id": [int(post.post_id)],
    }
    assert (post.title, post.description) == ("Beach", "Three days #sea")
    assert (post.mode, post.privacy_level) == ("DIRECT_POST", "PUBLIC_TO_EVERYONE")
    assert (post.disable_comment, post.auto_add_music, post.is_aigc) == (True, True, True)
    assert (post.brand_content_toggle, post.brand_organic_toggle) == (False, True)
    assert (post.photo_cover_index, post.size) == (1, whole)
    assert post.sha256 == hashlib.sha256(one + two + one).hexdigest()
    first = Photo(
        sha256=hashlib.sha256(one).hexdigest(),
        size=len(one),
        media_type="image/jpeg",
        width=60,
        height=80,
    )
    second = Photo(
        sha256=hashlib.sha256(two).hexdigest(),
        size=len(two),
        media_type="image/webp",
        width=90,
        height=60,
    )
    assert post.photos == (first, second, first)


async def test_a_draft_keeps_its_words_and_nothing_else(
    world: TikTok, caller: Caller, clock: Clock
) -> None:
    token, publish_id = await begin(
        caller,
        world,
        ONE,
        TWO,
        mode="MEDIA_UPLOAD",
        title="Beach",
        description="Three days",
        privacy_level="FOLLOWER_OF_CREATOR",  # which is not even offered
        auto_add_music=True,
        brand_content_toggle=True,
    )
    assert publish_id.startswith("p_inbox_url~")
    clock.forward(1)
    assert (await caller.status(token, publish_id))["status"] == "SEND_TO_USER_INBOX"
    assert world.posts == []
    post = world.post_draft(publish_id, description="Four days", privacy_level="SELF_ONLY")
    assert (post.title, post.description) == ("Beach", "Four days")
    assert (post.auto_add_music, post.brand_content_toggle) == (False, False)
    assert len(post.photos) == 2
    assert (await caller.status(token, publish_id))["status"] == "PUBLISH_COMPLETE"


# What is refused at once


def change(part: str | None = None, **fields: object) -> Any:
    """A good body with other fields, or without those that are None."""
    body = photos(ONE, TWO)
    target = body[part] if part else body
    for name, value in fields.items():
        if value is None:
            del target[name]
        else:
            target[name] = value
    return body


WRONG_BODIES = {
    "empty": ({}, "media_type"),
    "a video": (change(media_type="VIDEO"), "media_type"),
    "no mode": (change(post_mode=None), "post_mode"),
    "mode as the page prints it": (change(post_mode="DIRECT POST"), "post_mode"),
    "unknown part": (change(cover=1), "cover"),
    "label in the wrong part": (change("post_info", is_aigc=True), "is_aigc"),
    "word for a label": (change(is_aigc="true"), "is_aigc"),
    "duets": (change("post_info", disable_duet=True), "disable_duet"),
    "no brand toggle": (change("post_info", brand_content_toggle=None), "brand toggles"),
    "word for music": (change("post_info", auto_add_music="yes"), "auto_add_music"),
    "long title": (change("post_info", title="a" * 89 + "🌊"), "title"),
    "long description": (change("post_info", description="a" * 3999 + "🌊"), "description"),
    "unknown privacy": (change("post_info", privacy_level="EVERYONE"), "privacy_level"),
    "a file": (change("source_info", source="FILE_UPLOAD"), "source"),
    "no photos": (change("source_info", photo_images=[]), "photo_images"),
    "36 photos": (change("source_info", photo_images=[ONE] * 36), "photo_images"),
    "number for an address": (change("source_info", photo_images=[1]), "photo_images"),
    "no cover": (change("source_info", photo_cover_index=None), "photo_cover_index"),
    "cover of no photo": (change("source_info", photo_cover_index=2), "photo_cover_index"),
    "cover before the first": (change("source_info", photo_cover_index=-1), "photo_cover_index"),
    "word for a cover": (change("source_info", photo_cover_index="1"), "photo_cover_index"),
}


@pytest.mark.parametrize(("body", "names"), WRONG_BODIES.values(), ids=WRONG_BODIES)
async def test_a_wrong_body_is_refused(
    world: TikTok, caller: Caller, shelf: Shelf, body: object, names: str
) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    answer = await caller.init_photos(token, body)
    assert code(answer) == (400, "invalid_params")
    assert names in answer.json()["error"]["message"]
    assert (world.shares, shelf.asked) == ([], [])


async def test_the_longest_words_and_the_most_photos_pass(
    world: TikTok, caller: Caller, clock: Clock
) -> None:
    await begin(caller, world, *[ONE] * 35, title="🌊" * 45, description="🌊" * 2000)
    clock.forward(1)
    assert len(world.posts[0].photos) == 35


@pytest.mark.parametrize(
    "url",
    [
        "http://bot.example/photos/1.jpg",
        "https://203.0.113.7/photos/1.jpg",
        "https://[2001:db8::1]/photos/1.jpg",
        "https://127.0.0.1/photos/1.jpg",
        "http://192.168.1.7/photos/1.jpg",
        "ftp://bot.example/photos/1.jpg",
        "file:///photos/1.jpg",
        "https:///photos/1.jpg",
        "https://bot.example:port/photos/1.jpg",
        "photos/1.jpg",
        "",
    ],
)
async def test_an_address_that_tiktok_would_not_fetch_is_refused(
    world: TikTok, caller: Caller, shelf: Shelf, url: str
) -> None:
    world.verified_prefixes += [url] if url else []
    token = await caller.connect(scope=POSTING_SCOPES)
    answer = await caller.init_photos(token, photos(ONE, url))
    assert code(answer) == (400, "invalid_params")
    assert shelf.asked == []


@pytest.mark.parametrize(
    ("prefixes", "url"),
    [
        ([], ONE),
        ([PREFIX], "https://bot.example/clips/1.jpg"),
        ([PREFIX], "https://photos.bot.example/photos/1.jpg"),
        ([PREFIX], "https://bot.example:8443/photos/1.jpg"),
        ([PREFIX], "http://localhost:8080/photos/1.jpg"),
        (["https://bot.example/photos/secret/"], ONE),
    ],
)
async def test_each_address_lies_below_a_verified_prefix(
    world: TikTok, caller: Caller, shelf: Shelf, prefixes: list[str], url: str
) -> None:
    world.verified_prefixes = prefixes
    token = await caller.connect(scope=POSTING_SCOPES)
    answer = await caller.init_photos(token, photos(ONE, url))
    assert code(answer) == (403, "url_ownership_unverified")
    assert (world.shares, shelf.asked) == ([], [])


@pytest.mark.parametrize(
    ("mode", "scope", "granted"),
    [
        ("DIRECT_POST", "video.publish", True),
        ("DIRECT_POST", "video.upload", False),
        ("MEDIA_UPLOAD", "video.publish", False),
        ("MEDIA_UPLOAD", "video.upload", True),
        ("MEDIA_UPLOAD", "video.list", False),
    ],
)
async def test_each_mode_needs_its_own_scope(
    caller: Caller, mode: str, scope: str, granted: bool
) -> None:
    token = await caller.connect(scope=f"user.info.basic,{scope}")
    answer = await caller.init_photos(token, photos(ONE, mode=mode))
    assert code(answer) == ((200, "ok") if granted else (401, "scope_not_authorized"))


async def test_photos_have_a_limit_of_their_own(caller: Caller) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    codes = [code(await caller.init_photos(token, {}))[0] for _ in range(7)]
    assert codes == [400] * 6 + [429]
    assert code(await caller.init_draft(token, {}))[0] == 400


async def test_a_post_of_photos_keeps_the_rules_of_a_post(world: TikTok, caller: Caller) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    mismatch = (403, "privacy_level_option_mismatch")
    for privacy in ("FOLLOWER_OF_CREATOR", None):
        body = change("post_info", privacy_level=privacy)
        assert code(await caller.init_photos(token, body)) == mismatch
    world.audited = False
    unaudited = (403, "unaudited_client_can_only_post_to_private_accounts")
    assert code(await caller.init_photos(token, photos(ONE))) == unaudited
    world.audited = True
    lena = world.creators["lena.cooks"]
    for reason in ("spam_risk_too_many_posts", "reached_active_user_cap"):
        lena.cannot_post = reason
        assert code(await caller.init_photos(token, photos(ONE))) == (403, reason)


async def test_comments_stay_off_where_the_account_has_none(
    world: TikTok, caller: Caller, clock: Clock
) -> None:
    world.creators["lena.cooks"].comment_disabled = True
    await begin(caller, world, ONE)
    clock.forward(1)
    assert world.posts[0].disable_comment
