"""user/info, creator_info, video/init and status/fetch, held against TikTok's pages."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.tiktok import Creator, TikTok
from sandbox.tiktok.chunks import SourceInfo
from tests.sandbox_tiktok.caller import Caller, Clock, caller_of, video

MB = 1_000_000


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def plan(size: int, chunk: int, count: int) -> SourceInfo:
    return SourceInfo(
        source="FILE_UPLOAD", video_size=size, chunk_size=chunk, total_chunk_count=count
    )


@pytest.mark.parametrize(
    ("size", "chunk", "count", "fault"),
    [
        (4_194_304, 4_194_304, 1, None),  # TikTok's examples
        (50_000_123, 10 * MB, 5, None),
        (64 * MB, 64 * MB, 1, None),
        (64_000_001, 10 * MB, 6, None),
        (70 * MB, 10 * MB, 7, None),
        (4 * 1024**3, 10 * MB, 429, None),
        (1, 1, 1, None),
        (66_259_900, 66_259_900, 1, "The chunk size is invalid"),  # over 64 MB at once
        (66_259_900, 10 * MB, 1, "The chunk size is invalid"),  # one chunk is the whole video
        (66_259_900, 10 * MB, 7, "The total chunk count is invalid"),  # rounded up
        (20 * MB, 5 * MB, 4, "The chunk size is invalid"),  # under 5 MiB
        (20 * MB, 65 * MB, 2, "The chunk size is invalid"),
        (4 * 1024**3 + 1, 10 * MB, 429, "The video size is invalid"),
        (0, 0, 1, "The video size is invalid"),
        (70 * MB, 10 * MB, 0, "The total chunk count is invalid"),
        (4 * 1024**3, 4_294_967, 1001, "The total chunk count is invalid"),
    ],
)
def test_chunk_plans(size: int, chunk: int, count: int, fault: str | None) -> None:
    assert plan(size, chunk, count).fault() == fault


@given(size=st.integers(1, 4 * 1024**3), chunk=st.integers(5 * 1024**2, 64 * MB))
def test_the_chunks_of_a_good_plan_cover_the_video_within_the_bounds(size: int, chunk: int) -> None:
    good = plan(size, size if size < 2 * chunk else chunk, max(1, size // chunk))
    if good.total_chunk_count == 1 and size > 64 * MB:
        assert good.fault() == "The chunk size is invalid"
        return
    assert good.fault() is None
    lengths, first = [], 0
    while first < size:
        last = good.last_byte(first)
        lengths.append(last - first + 1)
        first = last + 1
    assert first == size
    assert len(lengths) == good.total_chunk_count
    assert all(length == good.chunk_size for length in lengths[:-1])
    assert lengths[-1] <= 128 * MB


def without(part: str, *fields: str) -> Any:
    body = video(15)
    for field in fields:
        del body[part][field]
    return body


def with_(part: str, **fields: object) -> Any:
    body = video(15)
    body[part].update(fields)
    return body


WRONG_BODIES = {
    "empty": (None, ""),
    "no object": ([], ""),
    "not JSON": (b"{'a': 1}", ""),
    "no source": ({"post_info": video(1)["post_info"]}, "source_info"),
    "unknown part": ({**video(15), "is_aigc": True}, "is_aigc"),
    "unknown field": (with_("post_info", cover_ms=1), "cover_ms"),
    "cover in the wrong part": (with_("source_info", video_cover_timestamp_ms=1), "timestamp"),
    "no brand content": (without("post_info", "brand_content_toggle"), "brand_content_toggle"),
    "no brand organic": (without("post_info", "brand_organic_toggle"), "brand_organic_toggle"),
    "number for a boolean": (with_("post_info", disable_duet=1), "disable_duet"),
    "word for a boolean": (with_("post_info", is_aigc="false"), "is_aigc"),
    "null for a text": (with_("post_info", title=None), "title"),
    "number for a text": (with_("post_info", title=5), "title"),
    "float for a cover": (with_("post_info", video_cover_timestamp_ms=1.5), "timestamp"),
    "cover beyond int32": (with_("post_info", video_cover_timestamp_ms=2**31), "timestamp"),
    "unknown privacy": (with_("post_info", privacy_level="EVERYONE"), "privacy_level"),
    "long title": (with_("post_info", title="a" * 2199 + "🌊"), "title"),
    "half an emoji": (b'{"post_info":{"title":"\\ud83c"}}', ""),
    "text for a size": (with_("source_info", video_size="15"), "video_size"),
    "boolean for a count": (with_("source_info", total_chunk_count=True), "total_chunk_count"),
    "no count": (without("source_info", "total_chunk_count"), "total_chunk_count"),
    "pull": (with_("source_info", source="PULL_FROM_URL"), "source"),
    "plan rounded up": (video(70 * MB, 20 * MB, 4), "The total chunk count is invalid"),
    "too large": (b'{"post_info":' + b" " * 70_000, "large"),
}


@pytest.mark.parametrize(("body", "names"), WRONG_BODIES.values(), ids=WRONG_BODIES.keys())
async def test_init_refuses(body: object, names: str) -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        answer = await caller.init(await caller.connect(), body)
    status, error = code(answer)
    assert status in (400, 413)
    assert error == "invalid_params"
    assert names in answer.json()["error"]["message"]
    assert answer.json()["error"]["log_id"]
    assert world.uploads == []


async def test_init_takes_the_longest_title_and_no_title() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        await caller.start(token, 15, title="a" * 2198 + "🌊")
        await caller.start(token, 15)
    assert [len(upload.post_info.title) for upload in world.uploads] == [2199, 0]


@pytest.mark.parametrize("content_type", ["text/plain", "application/json; charset=latin-1", ""])
async def test_bodies_must_be_called_json(content_type: str) -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        token = await caller.connect()
        path = "v2/post/publish/video/init/"
        answer = await caller.call(token, path, video(15), content_type)
    assert code(answer) == (400, "invalid_params")


@pytest.mark.parametrize(
    ("username", "privacy", "refused"),
    [
        ("lena.cooks", "PUBLIC_TO_EVERYONE", False),
        ("lena.cooks", "MUTUAL_FOLLOW_FRIENDS", False),
        ("lena.cooks", "FOLLOWER_OF_CREATOR", True),
        ("quiet_max", "FOLLOWER_OF_CREATOR", False),
        ("quiet_max", "PUBLIC_TO_EVERYONE", True),
        ("quiet_max", "SELF_ONLY", False),
        ("quiet_max", None, True),
    ],
)
async def test_privacy_is_one_of_the_options(
    username: str, privacy: str | None, refused: bool
) -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        token = await caller.connect(username)
        options = (await caller.creator_info(token)).json()["data"]["privacy_level_options"]
        assert (privacy not in options) == refused
        body = with_("post_info", privacy_level=privacy)
        if privacy is None:
            del body["post_info"]["privacy_level"]
        expected = (403, "privacy_level_option_mismatch") if refused else (200, "ok")
        assert code(await caller.init(token, body)) == expected


async def test_branded_content_for_oneself_passes_the_api() -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        answer = await caller.init(
            await caller.connect(), with_("post_info", brand_content_toggle=True)
        )
    assert code(answer) == (200, "ok")


@pytest.mark.parametrize(
    ("username", "privacy", "allowed"),
    [
        ("lena.cooks", "SELF_ONLY", False),
        ("quiet_max", "FOLLOWER_OF_CREATOR", False),
        ("quiet_max", "SELF_ONLY", True),
    ],
)
async def test_an_unaudited_app_posts_for_private_accounts_to_themselves(
    username: str, privacy: str, allowed: bool
) -> None:
    world = TikTok(now=Clock())
    world.audited = False
    async with caller_of(world.app) as caller:
        token = await caller.connect(username)
        answer = await caller.init(token, with_("post_info", privacy_level=privacy))
    refused = (403, "unaudited_client_can_only_post_to_private_accounts")
    assert code(answer) == ((200, "ok") if allowed else refused)


async def test_what_the_account_forbids_stays_forbidden() -> None:
    clock = Clock()
    world = TikTok(now=clock)
    world.add_creator(Creator(username="p", nickname="P", private=True, comment_disabled=True))
    async with caller_of(world.app) as caller:
        token = await caller.connect("p")
        info = (await caller.creator_info(token, {})).json()["data"]
        assert info["comment_disabled"] and info["duet_disabled"] and info["stitch_disabled"]
        _, upload_url = await caller.start(token, 15)
        await caller.put(upload_url, bytes(15), 0, 14, 15)
    clock.forward(1)
    (post,) = world.posts
    assert post.disable_comment and post.disable_duet and post.disable_stitch


@pytest.mark.parametrize(("sent", "shown"), [({}, 0), ({"at": 1500}, 1500), ({"at": -1}, 0)])
async def test_a_cover_that_is_none_is_the_first_frame(sent: dict[str, int], shown: int) -> None:
    clock = Clock()
    world = TikTok(now=clock)
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        cover = {"video_cover_timestamp_ms": sent["at"]} if sent else {}
        _, upload_url = await caller.start(token, 15, **cover)
        await caller.put(upload_url, bytes(15), 0, 14, 15)
    clock.forward(1)
    assert [post.video_cover_timestamp_ms for post in world.posts] == [shown]


async def test_creator_info_follows_the_account_and_takes_no_fields() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        token = await caller.connect("short.sam")
        before = (await caller.creator_info(token)).json()["data"]
        world.creators["short.sam"].private = True
        after = (await caller.creator_info(token)).json()["data"]
        assert code(await caller.creator_info(token, {"a": 1})) == (400, "invalid_params")
    assert before["max_video_post_duration_sec"] == 60
    assert before["privacy_level_options"][0] == "PUBLIC_TO_EVERYONE"
    assert after["privacy_level_options"][0] == "FOLLOWER_OF_CREATOR"
    assert not before["stitch_disabled"]
    assert after["stitch_disabled"]


async def test_user_info_gives_the_fields_asked_for() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        for query, expected in (
            ("?fields=open_id,username,is_verified", (200, "ok")),
            ("", (400, "invalid_params")),
            ("?fields=", (400, "invalid_params")),
            ("?fields=open_id&fields=username", (400, "invalid_params")),
            ("?fields=open_id,email", (400, "invalid_params")),
            ("?fields=follower_count", (401, "scope_not_authorized")),
        ):
            headers = {"Authorization": f"Bearer {token}"}
            answer = await caller.http.get("v2/user/info/" + query, headers=headers)
            assert code(answer) == expected
            if expected == (200, "ok"):
                assert answer.json()["data"]["user"] == {
                    "open_id": world.creators["lena.cooks"].open_id,
                    "username": "lena.cooks",
                    "is_verified": True,
                }


async def test_tokens_and_scopes_are_checked() -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        basic = await caller.connect(scope="user.info.basic")
        for name in (
            *("creator_info/query", "video/init", "inbox/video/init", "content/init"),
            "status/fetch",
        ):
            path = f"v2/post/publish/{name}/"
            assert code(await caller.call(basic, path)) == (401, "scope_not_authorized")
            assert code(await caller.call("act.x", path)) == (401, "access_token_invalid")
            bare = await caller.http.post(path, headers={"Authorization": basic})
            assert code(bare) == (401, "access_token_invalid")


async def _fetch(caller: Caller, token: str, body: object) -> tuple[int, str]:
    return code(await caller.call(token, "v2/post/publish/status/fetch/", body))


async def test_status_is_for_the_owner_of_a_known_id() -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        token = await caller.connect()
        publish_id, _ = await caller.start(token, 15)
        stranger = await caller.connect("quiet_max")
        mine = {"publish_id": publish_id}
        assert await _fetch(caller, token, mine) == (200, "ok")
        assert await _fetch(caller, token, {"publish_id": "x"}) == (400, "invalid_publish_id")
        assert await _fetch(caller, token, {"publish_id": 1}) == (400, "invalid_params")
        assert await _fetch(caller, token, {}) == (400, "invalid_params")
        foreign = (400, "token_not_authorized_for_specified_publish_id")
        assert await _fetch(caller, stranger, mine) == foreign


@pytest.mark.parametrize(
    ("path", "limit"), [("video/init", 6), ("creator_info/query", 20), ("status/fetch", 30)]
)
async def test_limits_slide_over_a_minute_for_each_creator(path: str, limit: int) -> None:
    clock = Clock()
    path = f"v2/post/publish/{path}/"
    limited = (429, "rate_limit_exceeded")
    async with caller_of(TikTok(now=clock).app) as caller:
        token, other = await caller.connect(), await caller.connect("quiet_max")
        assert code(await caller.call(token, path)) != limited
        clock.forward(30)
        for _ in range(limit - 1):
            assert code(await caller.call(token, path)) != limited
        assert code(await caller.call(token, path)) == limited
        assert code(await caller.call(other, path)) != limited
        clock.forward(30)  # the first call has left the window, the others have not
        assert code(await caller.call(token, path)) != limited
        assert code(await caller.call(token, path)) == limited


@pytest.mark.parametrize("privacy", ["SELF_ONLY", "MUTUAL_FOLLOW_FRIENDS"])
async def test_only_public_posts_get_a_public_id(privacy: str) -> None:
    clock = Clock()
    world = TikTok(now=clock)
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        publish_id, upload_url = await caller.start(token, 15, privacy_level=privacy)
        await caller.put(upload_url, bytes(15), 0, 14, 15)
        clock.forward(10**6)
        fresh = await caller.connect()
        assert await caller.status(fresh, publish_id) == {
            "status": "PUBLISH_COMPLETE",
            "uploaded_bytes": 15,
        }


async def test_processing_and_the_public_id_take_their_time() -> None:
    clock = Clock()
    world = TikTok(now=clock)
    world.processing_delay, world.post_id_delay = 10, 20
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        publish_id, upload_url = await caller.start(token, 15, privacy_level="PUBLIC_TO_EVERYONE")
        await caller.put(upload_url, bytes(15), 0, 14, 15)
        clock.forward(9.9)
        assert (await caller.status(token, publish_id))["status"] == "PROCESSING_UPLOAD"
        clock.forward(0.1)
        done = await caller.status(token, publish_id)
        assert done == {"status": "PUBLISH_COMPLETE", "uploaded_bytes": 15}
        clock.forward(20)
        assert (await caller.status(token, publish_id))["publicaly_available_post_id"] == [
            int(world.posts[0].post_id)
        ]
