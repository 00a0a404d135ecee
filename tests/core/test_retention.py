"""Files after their posts: kept as long as their creators chose, and as anybody needs them."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import retention
from core.media.files.storage import ClipStore
from core.retention import Retention
from core.states import OPEN, PostStatus
from core.store.database import Database
from core.store.models import Clip, Photo, Post, PostEvent, User
from tests.clock import Clock
from tests.core.connected import Connected
from tests.core.test_upkeep import DAY, a_file, clip_of, posted

HOUR = timedelta(hours=1)


@pytest.fixture
def kept(database: Database, store: ClipStore, clock: Clock) -> Retention:
    return Retention(database=database, store=store, clock=clock)


async def holds(store: ClipStore, key: str) -> bool:
    return await store.size(key) is not None


async def choose(database: Database, days: int | None) -> None:
    async with database.transaction() as change:
        (await change.get_one(User, 1)).keep_files_days = days


async def add_another_post(
    database: Database, clip_id: int, status: PostStatus, clock: Clock
) -> None:
    async with database.transaction() as change:
        post = Post(owner_id=1, clip_id=clip_id, status=status, created_at=clock())
        change.add(post)
        await change.flush()
        change.add(PostEvent(post_id=post.id, at=clock(), status=status))


@pytest.mark.parametrize("status", PostStatus)
async def test_the_file_goes_a_week_after_its_post_ended(
    kept: Retention,
    database: Database,
    store: ClipStore,
    account: Connected,
    clock: Clock,
    status: PostStatus,
) -> None:
    post_id = await posted(database, store, account, status)
    clip = await clip_of(database, post_id)
    clock.jump(retention.KEPT - timedelta(hours=1))
    await kept.forget()
    assert store.path(clip.storage_key).exists()

    clock.jump(timedelta(hours=2))
    await kept.forget()

    goes = status not in OPEN
    assert store.path(clip.storage_key).exists() is not goes
    assert ((await clip_of(database, post_id)).file_gone_at is not None) is goes


@pytest.mark.parametrize("other", [PostStatus.SCHEDULED, PostStatus.PUBLISHED])
async def test_the_last_post_of_a_clip_decides(
    kept: Retention,
    database: Database,
    store: ClipStore,
    account: Connected,
    clock: Clock,
    other: PostStatus,
) -> None:
    first = await posted(database, store, account, PostStatus.PUBLISHED)
    clock.jump(6 * DAY)
    clip = await clip_of(database, first)
    await add_another_post(database, clip.id, other, clock)
    clock.jump(2 * DAY)
    await kept.forget()
    assert store.path(clip.storage_key).exists()
    clock.jump(6 * DAY)
    await kept.forget()
    assert store.path(clip.storage_key).exists() is (other is PostStatus.SCHEDULED)


# What was chosen, how the post ended, and after how long the file goes.
CHOICES = [
    (0, PostStatus.PUBLISHED, timedelta()),
    (1, PostStatus.PUBLISHED, DAY),
    (30, PostStatus.PUBLISHED, 30 * DAY),
    (0, PostStatus.FAILED, retention.KEPT),
    (1, PostStatus.CANCELLED, retention.KEPT),
    (0, PostStatus.DELIVERED, retention.KEPT),
    (30, PostStatus.FAILED, 30 * DAY),
]


@pytest.mark.parametrize(("days", "status", "goes_after"), CHOICES)
async def test_a_creator_chooses_how_long(
    kept: Retention,
    database: Database,
    store: ClipStore,
    account: Connected,
    clock: Clock,
    days: int,
    status: PostStatus,
    goes_after: timedelta,
) -> None:
    clip = await clip_of(database, await posted(database, store, account, status))
    await choose(database, days)
    if goes_after:
        clock.jump(goes_after - HOUR)
        await kept.forget()
        assert await holds(store, clip.storage_key)
        clock.jump(2 * HOUR)
    await kept.forget()
    assert not await holds(store, clip.storage_key)


@pytest.mark.parametrize("other", [PostStatus.SCHEDULED, PostStatus.UNCONFIRMED, PostStatus.FAILED])
async def test_kept_not_at_all_means_not_while_another_post_may_need_it(
    kept: Retention,
    database: Database,
    store: ClipStore,
    account: Connected,
    clock: Clock,
    other: PostStatus,
) -> None:
    clip = await clip_of(database, await posted(database, store, account, PostStatus.PUBLISHED))
    await choose(database, 0)
    await add_another_post(database, clip.id, other, clock)
    await kept.forget_at_once()
    assert await holds(store, clip.storage_key)


async def test_what_is_done_at_once_is_for_those_who_chose_it(
    kept: Retention, database: Database, store: ClipStore, account: Connected, clock: Clock
) -> None:
    clip = await clip_of(database, await posted(database, store, account, PostStatus.PUBLISHED))
    clock.jump(30 * DAY)
    await kept.forget_at_once()
    assert await holds(store, clip.storage_key)
    await choose(database, 0)
    await kept.forget_at_once()
    assert not await holds(store, clip.storage_key)


@pytest.mark.parametrize("statuses", [
    (PostStatus.PUBLISHED, PostStatus.SCHEDULED),
    (PostStatus.PUBLISHED, PostStatus.PUBLISHED),
])  # fmt: skip
async def test_a_shared_file_goes_with_the_last_clip_that_names_it(
    kept: Retention,
    database: Database,
    store: ClipStore,
    account: Connected,
    clock: Clock,
    statuses: Sequence[PostStatus],
) -> None:
    first, second = [await posted(database, store, account, status) for status in statuses]
    key = (await clip_of(database, first)).storage_key
    async with database.transaction() as change:
        post = await change.get_one(Post, second)
        (await change.get_one(Clip, post.clip_id)).storage_key = key
    clock.jump(30 * DAY)
    await kept.forget()
    assert (await clip_of(database, first)).file_gone_at is not None
    assert await holds(store, key) is (statuses[1] is PostStatus.SCHEDULED)


async def test_photos_are_kept_like_clips(
    kept: Retention, database: Database, store: ClipStore, account: Connected, clock: Clock
) -> None:
    post_id = await posted(database, store, account, PostStatus.PUBLISHED)
    shared, own = await a_file(store), await a_file(store)
    async with database.transaction() as change:
        for number, stored in enumerate((shared, shared, own)):
            change.add(
                Photo(
                    owner_id=1,
                    post_id=post_id,
                    position=number,
                    storage_key=stored.key,
                    sha256=stored.sha256,
                    size=stored.size,
                    width=1,
                    height=1,
                    content_type="image/jpeg",
                    created_at=clock(),
                )
            )
    clock.jump(retention.KEPT - HOUR)
    await kept.forget()
    assert await holds(store, shared.key) and await holds(store, own.key)
    clock.jump(2 * HOUR)
    await kept.forget()
    assert not await holds(store, shared.key) and not await holds(store, own.key)
    async with database.reading() as session:
        assert all(each.file_gone_at for each in await session.scalars(select(Photo)))
