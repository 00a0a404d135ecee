"""Posts of photos on their way to TikTok, which fetches them from us: never twice, never lost."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.app import App
from core import verdicts
from core.errors import WrongState
from core.posts.view import PostView
from core.states import PostMode, PostStatus
from core.times import at_instant
from sandbox.telegram import Person
from sandbox.tiktok import DropBefore, FailProcessing, Fault, LoseAnswer, Refuse
from sandbox.tiktok.faults import EndpointName
from tests.databases import ON_POSTGRESQL
from tests.photo_posts import carousels, images, photo_draft, posted
from tests.stage import Stage

INIT: EndpointName = "content/init"
FULL_DISK = """
CREATE TRIGGER full_disk BEFORE UPDATE ON posts WHEN NEW.publish_id IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
"""
"""What TikTok gives an id cannot be written down."""


@pytest.fixture
async def app(unstarted: Stage) -> App:
    return await unstarted.start_bot()


@pytest.fixture
async def lena(app: App, unstarted: Stage) -> Person:  # noqa: ARG001 - the bot has to run
    return await unstarted.creator(name="Lena")


async def now_of(app: App, post: PostView) -> PostView:
    return await app.services.posts.get(post.owner_id, post.id)


async def test_twelve_photos_of_mixed_sizes_are_fetched_and_published(
    unstarted: Stage, app: App, lena: Person
) -> None:
    draft = await photo_draft(app, lena.id, images(unstarted.folder, 12))
    assert [photo.file_id for photo in draft.photos] == [f"file-{1000 + n}" for n in range(12)]
    order = [photo.id for photo in reversed(draft.photos)]
    draft = await app.services.photos.arrange(lena.id, draft.id, version=draft.version, order=order)
    draft = await app.services.posts.edit(
        lena.id, draft.id, version=draft.version, title="Lisbon", cover_photo_id=order[4],
        auto_add_music=True, allow_comment=True, privacy="PUBLIC_TO_EVERYONE",
    )  # fmt: skip
    await app.services.posts.agree(
        lena.id, draft.id, version=draft.version, declaration="as shown", now=True
    )
    await unstarted.see_in_time(lena, "Published")
    [carousel] = carousels(unstarted)
    assert carousel.post_info.title == "Lisbon"
    assert carousel.post_info.description == "Three days in Lisbon #travel"
    assert carousel.post_info.auto_add_music
    assert not carousel.post_info.disable_comment
    assert carousel.photo_cover_index == 4
    sizes = {photo.id: photo.size for photo in draft.photos}
    assert [photo.size for photo in carousel.photos] == [sizes[photo_id] for photo_id in order]
    assert all(min(photo.width, photo.height) <= 1080 for photo in carousel.photos)
    assert {photo.media_type for photo in carousel.photos} == {"image/jpeg", "image/webp"}
    after = await now_of(app, draft)
    assert after.status is PostStatus.PUBLISHED


async def test_an_answer_that_was_lost_does_not_post_twice(
    unstarted: Stage, app: App, lena: Person
) -> None:
    unstarted.tiktok.faults.add(Fault(endpoint=INIT, kind=LoseAnswer()))
    post = await posted(app, lena.id, images(unstarted.folder, 3))
    await lena.see("Not confirmed")
    assert (await now_of(app, post)).status is PostStatus.UNCONFIRMED
    await unstarted.until(lambda: carousels(unstarted)[0].complete)
    for _ in range(4):  # TikTok may be at work on them, as on a clip, for a day
        unstarted.clock.jump(timedelta(hours=5, minutes=50))
        await unstarted.at_rest()
    after = await now_of(app, post)
    assert (after.status, after.failure_code) == (PostStatus.UNCONFIRMED, verdicts.PHOTOS_UNCLEAR)
    with pytest.raises(WrongState):  # a "no" as quick as that could have it posted twice
        await app.services.posts.settle(lena.id, post.id, version=after.version, is_live=False)
    unstarted.clock.jump(timedelta(hours=1))
    asked = await lena.see("is it there?")
    for _ in range(4):  # nothing is repeated by itself, however long it lasts
        unstarted.clock.jump(timedelta(hours=1))
        await unstarted.at_rest()
    assert len(carousels(unstarted)) == 1
    after = await now_of(app, post)
    assert (after.status, after.failure_code) == (PostStatus.UNCONFIRMED, verdicts.NEVER_TOLD)
    await lena.tap("Yes", message=asked)
    await lena.see("Published", after=asked)


async def test_what_tiktok_never_took_is_tried_again_once_that_is_certain(
    unstarted: Stage, app: App, lena: Person
) -> None:
    unstarted.tiktok.faults.add(Fault(endpoint=INIT, kind=DropBefore()))
    post = await posted(app, lena.id, images(unstarted.folder, 2))
    await lena.see("Not confirmed")
    unstarted.clock.jump(timedelta(minutes=69))
    await unstarted.at_rest()
    assert (await now_of(app, post)).status is PostStatus.UNCONFIRMED
    assert not carousels(unstarted)
    unstarted.clock.jump(timedelta(minutes=3))
    await unstarted.see_in_time(lena, "Published")
    assert len(carousels(unstarted)) == 1


@pytest.mark.parametrize(
    ("code", "says", "status"),
    [
        ("url_ownership_unverified", "whose address it is", PostStatus.HELD),
        ("spam_risk_user_banned_from_posting", "barred this account", PostStatus.FAILED),
    ],
)
async def test_what_tiktok_refuses_it_does_not_have(
    unstarted: Stage, app: App, lena: Person, code: str, says: str, status: PostStatus
) -> None:
    unstarted.tiktok.faults.add(Fault(endpoint=INIT, kind=Refuse(status=403, code=code)))
    post = await posted(app, lena.id, images(unstarted.folder, 2))
    told = await lena.see(says)
    after = await now_of(app, post)
    assert after.status is status
    assert not after.upload_open
    if status is PostStatus.HELD:
        await lena.tap("Retry", message=told)
        await unstarted.see_in_time(lena, "Published", after=told)
        assert len(carousels(unstarted)) == 1


async def test_a_server_fault_leaves_open_what_tiktok_has(
    unstarted: Stage, app: App, lena: Person
) -> None:
    unstarted.tiktok.faults.add(Fault(endpoint=INIT, kind=Refuse(status=502)))
    post = await posted(app, lena.id, images(unstarted.folder, 1))
    await lena.see("Not confirmed")
    assert (await now_of(app, post)).upload_open


async def test_photos_that_could_not_be_fetched_are_announced_anew(
    unstarted: Stage, app: App, lena: Person
) -> None:
    kind = FailProcessing(reason="photo_pull_failed")
    unstarted.tiktok.faults.add(Fault(endpoint="processing", kind=kind))
    await posted(app, lena.id, images(unstarted.folder, 2))
    await unstarted.see_in_time(lena, "Published")
    first, second = carousels(unstarted)
    assert not set(first.photo_images) & set(second.photo_images)


async def test_a_token_that_ended_is_no_reason_to_doubt(
    unstarted: Stage, app: App, lena: Person
) -> None:
    refusal = Refuse(status=401, code="access_token_invalid")
    unstarted.tiktok.faults.add(Fault(endpoint=INIT, kind=refusal))
    await posted(app, lena.id, images(unstarted.folder, 1))
    await unstarted.see_in_time(lena, "Published")
    assert len(carousels(unstarted)) == 1


async def test_a_photo_whose_file_is_gone_fails_its_post(
    unstarted: Stage, app: App, lena: Person
) -> None:
    draft = await photo_draft(app, lena.id, images(unstarted.folder, 2))
    async with app.services.photos.file_of(lena.id, draft.photos[1].id) as path:
        await asyncio.to_thread(path.unlink)
    draft = await app.services.posts.edit(
        lena.id, draft.id, version=draft.version, privacy="PUBLIC_TO_EVERYONE"
    )
    await app.services.posts.agree(
        lena.id, draft.id, version=draft.version, declaration="as shown", now=True
    )
    await lena.see("Send the photos again")
    assert not carousels(unstarted)


async def test_photos_go_to_the_inbox_with_their_words(unstarted: Stage) -> None:
    unstarted.environment["TIKTOK_VIDEO_UPLOAD"] = "true"
    app = await unstarted.start_bot()
    lena = await unstarted.creator(name="Lena")
    draft = await photo_draft(app, lena.id, images(unstarted.folder, 2))
    draft = await app.services.posts.edit(
        lena.id, draft.id, version=draft.version, mode=PostMode.MEDIA_UPLOAD, title="Lisbon"
    )
    await app.services.posts.agree(
        lena.id, draft.id, version=draft.version, declaration="as shown", now=True
    )
    told = await unstarted.see_in_time(lena, "In your TikTok inbox: @lena.cooks")
    assert "to copy" not in told.text
    [carousel] = carousels(unstarted)
    assert (carousel.mode, carousel.post_info.title) == ("MEDIA_UPLOAD", "Lisbon")
    assert carousel.post_info.description == "Three days in Lisbon #travel"
    unstarted.tiktok.faults.add(Fault(endpoint=INIT, kind=LoseAnswer()))
    again = await app.services.copies.duplicate(
        lena.id, draft.id, version=(await now_of(app, draft)).version
    )
    await app.services.posts.agree(
        lena.id, again.id, version=again.version, declaration="as shown", now=True
    )
    unclear = await lena.see("Not confirmed")
    await unstarted.until(lambda: all(each.complete for each in carousels(unstarted)))
    unstarted.clock.jump(timedelta(hours=24))
    asked = await lena.see("is it there, or posted?", after=unclear)
    await lena.tap("Yes", message=asked)
    await lena.see("in your TikTok inbox", after=asked)
    for _ in range(2):
        unstarted.clock.jump(timedelta(minutes=6))
        await unstarted.at_rest()
    after = await now_of(app, again)
    assert (after.status, after.failure_code) == (PostStatus.DELIVERED, None)
    assert not lena.count("is it there, or posted?")
    assert len(carousels(unstarted)) == 2
    await app.services.inbox.settle(lena.id, again.id, version=after.version, is_posted=True)
    await unstarted.at_rest()
    assert (await now_of(app, again)).status is PostStatus.PUBLISHED


async def test_a_word_on_what_was_not_asked_is_not_taken(
    unstarted: Stage, app: App, lena: Person
) -> None:
    """What was delivered keeps no question, even where an earlier one was answered just so."""
    unstarted.tiktok.faults.add(Fault(endpoint=INIT, kind=DropBefore()))
    post = await posted(app, lena.id, images(unstarted.folder, 1))
    await lena.see("Not confirmed")
    ask = "UPDATE posts SET status = 'delivered', failure_code = 'never_told', wake_at = ?"
    await asyncio.to_thread(unstarted.ask, ask, unstarted.clock())
    await unstarted.at_rest()
    after = await now_of(app, post)
    assert after.status is PostStatus.DELIVERED
    for is_live in (True, False):
        with pytest.raises(WrongState):
            await app.services.posts.settle(
                lena.id, post.id, version=after.version, is_live=is_live
            )
    [row] = await asyncio.to_thread(unstarted.ask, "SELECT wake_at FROM posts")
    assert row[0] is None


@pytest.mark.skipif(ON_POSTGRESQL, reason="the trigger is written in SQLite's words")
async def test_an_id_that_the_database_takes_late_is_kept(
    unstarted: Stage, app: App, lena: Person
) -> None:
    await asyncio.to_thread(unstarted.ask, FULL_DISK)
    with capture_logs() as logs:
        post = await posted(app, lena.id, images(unstarted.folder, 1))
        await unstarted.until(lambda: any(line["event"] == "publish_id_not_kept" for line in logs))
    assert carousels(unstarted)[0].publish_id in str(logs)
    await asyncio.to_thread(unstarted.ask, "DROP TRIGGER full_disk")
    await unstarted.see_in_time(lena, "Published")
    assert len(carousels(unstarted)) == 1
    assert (await now_of(app, post)).status is PostStatus.PUBLISHED


@pytest.mark.skipif(ON_POSTGRESQL, reason="the trigger is written in SQLite's words")
async def test_an_id_that_the_database_does_not_take_leaves_the_post_unclear(
    unstarted: Stage, app: App, lena: Person
) -> None:
    await asyncio.to_thread(unstarted.ask, FULL_DISK)
    post = await posted(app, lena.id, images(unstarted.folder, 1))
    await lena.see("Not confirmed")
    for _ in range(3):
        unstarted.clock.jump(timedelta(hours=1))
        await unstarted.at_rest()
    after = await now_of(app, post)
    assert (after.status, after.failure_code) == (PostStatus.UNCONFIRMED, verdicts.PHOTOS_UNCLEAR)
    assert len(carousels(unstarted)) == 1


async def test_a_scheduled_post_whose_photos_tiktok_may_know_can_be_retried(
    unstarted: Stage, app: App, lena: Person
) -> None:
    draft = await photo_draft(app, lena.id, images(unstarted.folder, 1))
    later = at_instant(unstarted.clock() + timedelta(hours=5), "UTC")
    draft = await app.services.posts.edit(
        lena.id, draft.id, version=draft.version, privacy="PUBLIC_TO_EVERYONE", moment=later
    )
    post = await app.services.posts.agree(
        lena.id, draft.id, version=draft.version, declaration="as shown"
    )
    begun = "UPDATE posts SET initialised_at = ?"
    await asyncio.to_thread(unstarted.ask, begun, unstarted.clock())
    assert (await now_of(app, post)).upload_open
    await app.services.posts.retry(lena.id, post.id, version=post.version)
    await lena.see("Not confirmed")
    assert not carousels(unstarted)
