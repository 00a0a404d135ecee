"""Drafts: clips sent to the inbox, and what their creator makes of them there."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from sandbox.tiktok import DropBefore, FailProcessing, Fault, LoseAnswer, NeverEnd, TikTok
from tests.sandbox_tiktok.caller import POSTING_SCOPES, Caller, Clock, caller_of, for_inbox, video
from tests.sandbox_tiktok.caller import photos as body_of_photos
from tests.sandbox_tiktok.shelf import Shelf, fetched, picture

CLIP = b"moving pictures"
SIZE = len(CLIP)
DAY = 24 * 3600


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_clip_goes_to_the_inbox_and_its_creator_posts_it(
    world: TikTok, caller: Caller, clock: Clock
) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    publish_id = await caller.draft(token, CLIP)
    assert publish_id.startswith("v_inbox_file~")
    arrived = {"uploaded_bytes": SIZE}
    assert await caller.status(token, publish_id) == {"status": "PROCESSING_UPLOAD", **arrived}
    assert world.inbox("lena.cooks") == []
    clock.forward(1)
    assert await caller.status(token, publish_id) == {"status": "SEND_TO_USER_INBOX", **arrived}
    assert [draft.publish_id for draft in world.inbox("lena.cooks")] == [publish_id]
    assert world.inbox("quiet_max") == []
    assert world.posts == [], "nothing is posted before its creator does it"

    clock.forward(3600)
    post = world.post_draft(publish_id, title="From the app #sea")
    assert world.posts == [post]
    assert (post.title, post.privacy_level) == ("From the app #sea", "PUBLIC_TO_EVERYONE")
    assert (post.mode, post.published_at) == ("MEDIA_UPLOAD", clock())
    assert post.sha256 == hashlib.sha256(CLIP).hexdigest()
    assert await caller.status(token, publish_id) == {
        "status": "PUBLISH_COMPLETE",
        **arrived,
        "publicaly_available_post_id": [int(post.post_id)],
    }


async def test_a_draft_posted_twice_has_two_public_posts(
    world: TikTok, caller: Caller, clock: Clock
) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    publish_id = await caller.draft(token, CLIP)
    clock.forward(1)
    first = world.post_draft(publish_id, title="One")
    world.post_draft(publish_id, title="For me", privacy_level="SELF_ONLY")
    world.post_id_delay = 60
    later = world.post_draft(publish_id, title="Two")
    clock.forward(59)
    status = await caller.status(token, publish_id)
    assert status["publicaly_available_post_id"] == [int(first.post_id)]
    clock.forward(1)
    status = await caller.status(token, publish_id)
    assert status["publicaly_available_post_id"] == [int(first.post_id), int(later.post_id)]
    assert [post.title for post in world.posts] == ["One", "For me", "Two"]


async def test_what_is_said_beside_the_file_is_dropped_without_a_word(
    world: TikTok, caller: Caller, clock: Clock
) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    said = video(SIZE, title="My caption", privacy_level="NOBODY", disable_comment="maybe")
    answer = await caller.init_draft(token, said)
    assert code(answer) == (200, "ok")
    data = answer.json()["data"]
    await caller.put(data["upload_url"], CLIP, 0, SIZE - 1, SIZE)
    clock.forward(1)
    post = world.post_draft(data["publish_id"], privacy_level="SELF_ONLY")
    assert (post.title, post.disable_comment, post.disable_duet) == ("", False, False)


async def test_a_draft_thrown_away_is_never_posted(
    world: TikTok, caller: Caller, clock: Clock
) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    publish_id = await caller.draft(token, CLIP)
    with pytest.raises(KeyError):
        world.delete_draft(publish_id)  # it is not there yet
    clock.forward(1)
    with pytest.raises(ValueError, match="Lena Cooks cannot post for FOLLOWER_OF_CREATOR"):
        world.post_draft(publish_id, privacy_level="FOLLOWER_OF_CREATOR")
    world.delete_draft(publish_id)
    assert world.inbox("lena.cooks") == []
    with pytest.raises(KeyError):
        world.post_draft(publish_id)
    clock.forward(3 * DAY)
    token = await caller.connect(scope=POSTING_SCOPES)
    assert (await caller.status(token, publish_id))["status"] == "SEND_TO_USER_INBOX"


WRONG = {
    "no source": {"post_info": {}},
    "pull": {"source_info": {"source": "PULL_FROM_URL", "video_url": "https://a.example/b"}},
    "chunks rounded up": {"source_info": video(70_000_000, 20_000_000, 4)["source_info"]},
    "text for a size": {"source_info": {**video(9)["source_info"], "video_size": "9"}},
    "no object": [],
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
async def test_a_wrong_source_is_refused(caller: Caller, world: TikTok, body: object) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    assert code(await caller.init_draft(token, body)) == (400, "invalid_params")
    assert world.shares == []


async def test_drafts_need_their_own_scope_and_have_their_own_limit(caller: Caller) -> None:
    token = await caller.connect()
    refused = (401, "scope_not_authorized")
    assert code(await caller.init_draft(token, for_inbox(SIZE))) == refused
    token = await caller.connect(scope="user.info.basic,video.upload")
    assert code(await caller.init(token, video(SIZE))) == refused
    codes = [code(await caller.init_draft(token, {}))[0] for _ in range(7)]
    assert codes == [400] * 6 + [429]


async def test_the_caps_on_posts_are_not_those_of_drafts(world: TikTok, caller: Caller) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    world.audited = False  # and the account is public
    lena = world.creators["lena.cooks"]
    for reason in ("spam_risk_too_many_posts", "reached_active_user_cap"):
        lena.cannot_post = reason
        assert code(await caller.init_draft(token, for_inbox(SIZE))) == (200, "ok")
    lena.cannot_post = "spam_risk_user_banned_from_posting"
    refused = await caller.init_draft(token, for_inbox(SIZE))
    assert code(refused) == (403, "spam_risk_user_banned_from_posting")


# Five pending shares


PENDING = (403, "spam_risk_too_many_pending_share")


async def test_five_drafts_wait_at_most_and_one_that_is_posted_makes_room(
    world: TikTok, caller: Caller, clock: Clock, shelf: Shelf
) -> None:
    world.limits.per_minute.clear()
    token = await caller.connect(scope=POSTING_SCOPES)
    first = await caller.draft(token, CLIP)
    second = await caller.draft(token, CLIP)
    for _ in range(2):
        assert code(await caller.init_draft(token, for_inbox(SIZE))) == (200, "ok")  # never sent
    url = shelf.lay("1.jpg", picture())
    draft_of_photos = body_of_photos(url, mode="MEDIA_UPLOAD")
    answer = await caller.init_photos(token, draft_of_photos)
    assert code(answer) == (200, "ok")
    await fetched(world, answer.json()["data"]["publish_id"])
    clock.forward(1)

    assert code(await caller.init_draft(token, for_inbox(SIZE))) == PENDING
    assert code(await caller.init_photos(token, draft_of_photos)) == PENDING
    assert code(await caller.init(token, video(SIZE))) == (200, "ok"), "a post is no draft"
    other = await caller.connect("quiet_max", scope=POSTING_SCOPES)
    assert code(await caller.init_draft(other, for_inbox(SIZE))) == (200, "ok")

    world.delete_draft(first)
    assert code(await caller.init_draft(token, for_inbox(SIZE))) == PENDING
    world.post_draft(second, privacy_level="SELF_ONLY")
    assert code(await caller.init_draft(token, for_inbox(SIZE))) == (200, "ok")
    assert code(await caller.init_draft(token, for_inbox(SIZE))) == PENDING
    clock.forward(DAY - 2)
    token = await caller.connect(scope=POSTING_SCOPES)
    assert code(await caller.init_draft(token, for_inbox(SIZE))) == PENDING
    clock.forward(1)
    assert code(await caller.init_draft(token, for_inbox(SIZE))) == (200, "ok")


async def test_a_draft_that_failed_takes_no_place(
    world: TikTok, caller: Caller, clock: Clock
) -> None:
    world.faults.add(Fault(endpoint="processing", kind=FailProcessing(reason="internal"), times=5))
    token = await caller.connect(scope=POSTING_SCOPES)
    drafts = [await caller.draft(token, CLIP) for _ in range(5)]
    clock.forward(1)
    failed = {"status": "FAILED", "fail_reason": "internal"}
    assert await caller.status(token, drafts[0]) == failed
    assert world.inbox("lena.cooks") == []
    assert code(await caller.init_draft(token, for_inbox(SIZE))) == (200, "ok")


# Faults, and a restart


async def test_an_init_whose_answer_is_lost_has_begun(world: TikTok, caller: Caller) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    for kind, begun in ((DropBefore(), 0), (LoseAnswer(), 1)):
        world.faults.add(Fault(endpoint="inbox/video/init", kind=kind))
        with pytest.raises(Exception, match="dropped the connection"):
            await caller.init_draft(token, for_inbox(SIZE))
        assert len(world.uploads) == begun


async def test_a_draft_may_be_processed_for_ever(
    world: TikTok, caller: Caller, clock: Clock
) -> None:
    world.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    token = await caller.connect(scope=POSTING_SCOPES)
    publish_id = await caller.draft(token, CLIP)
    clock.forward(DAY)
    fresh = await caller.connect(scope=POSTING_SCOPES)
    assert (await caller.status(fresh, publish_id))["status"] == "PROCESSING_UPLOAD"


async def test_drafts_survive_a_restart(clock: Clock, tmp_path: Path) -> None:
    first = TikTok(now=clock, folder=tmp_path)
    async with caller_of(first.app) as caller:
        token = await caller.connect(scope=POSTING_SCOPES)
        kept, posted, deleted = [await caller.draft(token, CLIP) for _ in range(3)]
        clock.forward(1)
        first.post_draft(posted, title="Out")
        first.delete_draft(deleted)
        await first.save()
    second = TikTok(now=clock, folder=tmp_path)
    assert second.posts == first.posts
    assert [draft.publish_id for draft in second.inbox("lena.cooks")] == [posted, kept]
    clock.forward(1)
    second.post_draft(kept, title="Later")
    assert [post.title for post in second.posts] == ["Out", "Later"]
