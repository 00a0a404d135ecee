"""What the sandbox tells of videos, and what it refuses to tell."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.tiktok import TikTok
from tests.sandbox_tiktok.caller import Caller, Clock, caller_of, photos
from tests.sandbox_tiktok.shelf import PREFIX, Shelf, fetched, picture

SCOPES = "user.info.basic,video.list,video.publish"
PATH = "v2/video/query/?fields=id,view_count,like_count"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> TikTok:
    return TikTok(now=clock)


@pytest.fixture
async def app(world: TikTok) -> AsyncIterator[Caller]:
    async with caller_of(world.app) as caller:
        yield caller


async def post(app: Caller, world: TikTok, clock: Clock, token: str, privacy: str) -> str:
    """A video that is live; returns its id."""
    _, upload_url = await app.start(token, 10, privacy_level=privacy)
    await app.put(upload_url, b"0123456789", 0, 9, 10)
    clock.forward(60)
    return world.posts[-1].post_id


def ask(*ids: str) -> dict[str, Any]:
    return {"filters": {"video_ids": list(ids)}}


async def test_numbers_of_a_public_video_grow(app: Caller, world: TikTok, clock: Clock) -> None:
    token = await app.connect(scope=SCOPES)
    video = await post(app, world, clock, token, "PUBLIC_TO_EVERYONE")
    seen = []
    for hours in (1, 0.5, 0.1):
        clock.forward(hours * 3600)
        answer = await app.call(token, PATH, ask(video))
        (told,) = answer.json()["data"]["videos"]
        assert told.keys() == {"id", "view_count", "like_count"}
        assert told["id"] == video
        seen.append(told["view_count"])
        assert 0 < told["like_count"] < told["view_count"]
    assert seen == sorted(seen)
    assert seen[0] < seen[-1]


async def test_what_is_not_public_or_not_theirs_is_left_out(
    app: Caller, world: TikTok, clock: Clock
) -> None:
    token = await app.connect(scope=SCOPES)
    public = await post(app, world, clock, token, "PUBLIC_TO_EVERYONE")
    private = await post(app, world, clock, token, "SELF_ONLY")
    answer = await app.call(token, PATH, ask(private, "1234567890123456789"))
    assert answer.json()["data"] == {"videos": []}
    other = await app.connect("short.sam", scope=SCOPES)
    assert (await app.call(other, PATH, ask(public))).json()["data"] == {"videos": []}


async def test_a_draft_is_counted_from_when_it_was_posted_and_photos_are_not(
    clock: Clock,
) -> None:
    shelf = Shelf()
    world = TikTok(now=clock, pull_transport=shelf.transport)
    world.verified_prefixes = [PREFIX]
    async with caller_of(world.app) as app:
        token = await app.connect(scope=f"{SCOPES},video.upload")
        draft = await app.draft(token, b"0123456789")
        clock.forward(60)
        public = {"privacy_level": "PUBLIC_TO_EVERYONE"}
        body = photos(shelf.lay("1.jpg", picture()), **public)
        await fetched(world, (await app.init_photos(token, body)).json()["data"]["publish_id"])
        clock.forward(60)
        posted = world.post_draft(draft)
        ids = [post.post_id for post in world.posts]
        assert len(ids) == 2
        told = (await app.call(token, PATH, ask(*ids))).json()["data"]["videos"]
    assert [video["id"] for video in told] == [posted.post_id]
    assert told[0]["view_count"] == 0


async def test_without_the_scope_nothing_is_told(app: Caller) -> None:
    token = await app.connect()
    answer = await app.call(token, PATH, ask("1"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "scope_not_authorized")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("v2/video/query/", ask("1")),
        ("v2/video/query/?fields=", ask("1")),
        ("v2/video/query/?fields=id,saves", ask("1")),
        ("v2/video/query/?fields=id&more=1", ask("1")),
        (PATH, None),
        (PATH, {}),
        (PATH, ask()),
        (PATH, ask(*map(str, range(21)))),
        (PATH, {"filters": {"video_ids": [1]}}),
        (PATH, {"filters": {"video_ids": ["1"]}, "fields": "id"}),
    ],
)
async def test_a_wrong_question_is_refused(app: Caller, path: str, body: object) -> None:
    token = await app.connect(scope=SCOPES)
    answer = await app.call(token, path, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_params")


async def test_more_than_a_minute_takes_is_refused(app: Caller, world: TikTok) -> None:
    world.limits.per_minute["video/query"] = 2
    token = await app.connect(scope=SCOPES)
    codes = [(await app.call(token, PATH, ask("1"))).json()["error"]["code"] for _ in range(3)]
    assert codes == ["ok", "ok", "rate_limit_exceeded"]
