"""Batches in the database: all or nothing, what was seen, and captions that fill themselves."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from core import tiktok
from core.bulk.batches import Batches
from core.bulk.planning import BatchIncomplete, Planning
from core.bulk.problems import Clash, RowProblem
from core.bulk.view import BatchView
from core.engine import EmbeddedEngine
from core.errors import NotFound, Outdated, SlotTaken
from core.posts.posts import Posts
from core.posts.queueing import NoFreeSlot, Queueing
from core.posts.view import Missing
from core.queue.plans import POSTS_PER_DAY, EveryHours, PostingSlots, Weekly
from core.queue.queue import MOST_SLOTS, Queue, TooManySlots
from core.queue.weeks import EVERY_DAY, WeekTime, week_times
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Account, Clip, User
from core.times import at_instant
from tests.clock import Clock
from tests.core.rows import add_accounts, add_post, add_user, get_post, set_post

EVERYONE = "PUBLIC_TO_EVERYONE"
ZONE = "Europe/Madrid"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A creator with one account, and what plans their clips."""

    database: Database
    clock: Clock
    account_id: int
    posts: Posts
    batches: Batches
    planning: Planning
    queue: Queue
    queueing: Queueing

    async def add_clip(self) -> int:
        """A clip of the creator's that no post is made of."""
        async with self.database.transaction() as change:
            clip = Clip(
                owner_id=1, storage_key="", sha256="", size=1, content_type="video/mp4",
                duration=1, width=720, height=1280, fps=30, video_codec="h264", kind="video",
                created_at=self.clock(),
            )  # fmt: skip
            change.add(clip)
            await change.flush()
            clip.storage_key = f"own-{clip.id}"
            return clip.id

    async def batch(self, count: int) -> BatchView:
        batch_id = await self.batches.open(1, go_on=True)
        for _ in range(count):
            await self.take_in(batch_id)
        return await self.batches.get(1, batch_id)

    async def take_in(self, batch_id: int, caption: str = "") -> BatchView:
        clip_id = await self.add_clip()
        return await self.batches.take_in(1, batch_id, clip_id, caption=caption, moment=None)

    async def planned(self, count: int) -> BatchView:
        """A batch that only lacks consent: a post every hour."""
        batch = await self.batch(count)
        batch = await self.planning.set_all(1, batch.id, seen=batch.stamp, privacy=EVERYONE)
        spread = EveryHours(hours=1)
        return await self.planning.spread(1, batch.id, seen=batch.stamp, spread=spread, start=None)


@pytest.fixture
async def desk(database: Database, clock: Clock, client: tiktok.Client) -> Desk:
    await add_user(database, clock)
    async with database.transaction() as change:
        (await change.get_one(User, 1)).zone = ZONE
    (account_id,) = await add_accounts(database, clock)
    engine = EmbeddedEngine(clock=clock)
    posts = Posts(database=database, clock=clock, engine=engine, client=client)
    return Desk(
        database=database,
        clock=clock,
        account_id=account_id,
        posts=posts,
        batches=Batches(database=database, clock=clock, posts=posts),
        planning=Planning(database=database, clock=clock, posts=posts),
        queue=Queue(database=database),
        queueing=Queueing(database=database, clock=clock, posts=posts),
    )


async def test_all_are_scheduled_or_none(desk: Desk) -> None:
    batch = await desk.planned(5)
    await set_post(desk.database, batch.posts[3].id, privacy=None)
    with pytest.raises(BatchIncomplete) as told:
        await desk.planning.agree(1, batch.id, seen=batch.stamp, declaration="I agree")
    assert told.value.problems == (RowProblem(post_id=batch.posts[3].id, what=Missing.PRIVACY),)
    for post in batch.posts:
        assert (await get_post(desk.database, post.id)).status is PostStatus.DRAFT

    await set_post(desk.database, batch.posts[3].id, privacy=EVERYONE)
    agreed = await desk.planning.agree(1, batch.id, seen=batch.stamp, declaration="I agree")
    assert [post.status for post in agreed] == [PostStatus.SCHEDULED] * 5
    for post in agreed:
        row = await get_post(desk.database, post.id)
        assert row.wake_at == row.due_at
        assert row.consent is not None
        assert row.consent["declaration"] == "I agree"
    with pytest.raises(NotFound):
        await desk.planning.agree(1, batch.id, seen=batch.stamp, declaration="I agree")


async def test_what_changed_since_it_was_seen_is_not_agreed_to(desk: Desk) -> None:
    batch = await desk.planned(2)
    post = batch.posts[1]
    await desk.posts.edit(1, post.id, version=post.version, caption="Something else")
    with pytest.raises(Outdated):
        await desk.planning.agree(1, batch.id, seen=batch.stamp, declaration="I agree")
    with pytest.raises(Outdated):
        await desk.planning.set_all(1, batch.id, seen=batch.stamp, allow_duet=True)
    with pytest.raises(Outdated):
        await desk.batches.discard(1, batch.id, seen=batch.stamp)


async def test_times_that_clash_are_found(desk: Desk) -> None:
    batch = await desk.planned(3)
    first, second, third = batch.in_order
    assert first.moment is not None and third.moment is not None
    await desk.posts.edit(1, second.id, version=second.version, moment=first.moment)
    await add_post(desk.database, desk.account_id, wake_at=third.moment.utc)
    batch = await desk.batches.get(1, batch.id)
    assert await desk.planning.problems(batch) == (
        RowProblem(post_id=second.id, what=Clash.SAME_TIME),
        RowProblem(post_id=third.id, what=Clash.TAKEN),
    )


async def test_the_cap_counts_what_went_out_and_everybody_elses_posts(desk: Desk) -> None:
    await add_user(desk.database, desk.clock, 2)
    async with desk.database.transaction() as change:
        ours = await change.get_one(Account, desk.account_id)
        theirs = Account(
            owner_id=2, open_id=ours.open_id, nickname="Team", scopes="", status=ours.status,
            access_expires_at=desk.clock(), refresh_expires_at=desk.clock(),
            connected_at=desk.clock(),
        )  # fmt: skip
        change.add(theirs)
        await change.flush()
        their_id = theirs.id
    now = desk.clock()
    for number in range(POSTS_PER_DAY - 2):
        post_id = await add_post(
            desk.database,
            their_id if number % 2 else desk.account_id,
            wake_at=now - timedelta(hours=1, minutes=number),
            status=PostStatus.PUBLISHED,
        )
        await set_post(desk.database, post_id, published_at=now - timedelta(hours=1))
    batch = await desk.planned(4)
    instants = [post.moment.utc for post in batch.in_order if post.moment]
    assert sum(instant < now + timedelta(hours=23) for instant in instants) == 2

    with pytest.raises(NotFound):
        await desk.planning.set_all(2, batch.id, seen=batch.stamp, privacy=EVERYONE)


async def test_captions_are_filled_anew_until_they_are_written_by_hand(desk: Desk) -> None:
    batch = await desk.batch(3)
    batch = await desk.planning.set_captions(
        1, batch.id, seen=batch.stamp, to=lambda _before: "Day {n}: {date}"
    )
    today = at_instant(desk.clock(), "UTC").wall
    assert batch.posts[2].caption == f"Day 3: {today:%B} {today.day}"
    by_hand = batch.posts[1]
    await desk.posts.edit(1, by_hand.id, version=by_hand.version, caption="By hand")
    batch = await desk.batches.get(1, batch.id)

    daily = Weekly(times=tuple(week_times(EVERY_DAY, [720])))
    start = desk.clock() + timedelta(days=10)
    batch = await desk.planning.spread(1, batch.id, seen=batch.stamp, spread=daily, start=start)
    first, second, third = batch.posts
    assert first.moment is not None
    assert first.caption == f"Day 1: {first.moment.wall:%B} {first.moment.wall.day}"
    assert second.caption == "By hand"

    moved = at_instant(start + timedelta(days=30), ZONE)
    await desk.posts.edit(1, third.id, version=third.version, moment=moved)
    batch = await desk.batches.get(1, batch.id)
    assert batch.posts[2].caption == f"Day 3: {moved.wall:%B} {moved.wall.day}"

    batch = await desk.take_in(batch.id)
    assert batch.posts[3].caption.startswith("Day 4: "), "a clip that comes later gets it too"
    batch = await desk.take_in(batch.id, caption="Its own")
    assert batch.posts[4].caption == "Its own"


async def test_a_clip_that_comes_later_gets_what_was_chosen_for_all(desk: Desk) -> None:
    batch = await desk.batch(1)
    batch = await desk.planning.set_all(1, batch.id, seen=batch.stamp, privacy=EVERYONE)
    batch = await desk.planning.set_all(1, batch.id, seen=batch.stamp, allow_comment=True)
    batch = await desk.take_in(batch.id)
    assert (batch.posts[1].privacy, batch.posts[1].allow_comment) == (EVERYONE, True)

    other = await add_account(desk, "open-other")
    batch = await desk.planning.set_all(1, batch.id, seen=batch.stamp, account_id=other)
    assert [post.privacy for post in batch.posts] == [None, None], "TikTok may offer others there"
    batch = await desk.take_in(batch.id)
    assert batch.posts[2].privacy is None
    assert batch.posts[2].account is not None and batch.posts[2].account.id == other


async def add_account(desk: Desk, open_id: str) -> int:
    async with desk.database.transaction() as change:
        ours = await change.get_one(Account, desk.account_id)
        other = Account(
            owner_id=1, open_id=open_id, nickname="Other", scopes="", status=ours.status,
            access_expires_at=desk.clock(), refresh_expires_at=desk.clock(),
            connected_at=desk.clock(),
        )  # fmt: skip
        change.add(other)
        await change.flush()
        return other.id


async def test_a_clip_is_taken_in_once_and_for_half_an_hour(desk: Desk) -> None:
    batch = await desk.batch(1)
    assert batch.posts[0].clip is not None
    clip_id = batch.posts[0].clip.id
    again = await desk.batches.take_in(1, batch.id, clip_id, caption="", moment=None)
    assert len(again.posts) == 1
    desk.clock.jump(timedelta(minutes=29))
    assert await desk.batches.collecting(1) == batch.id
    desk.clock.jump(timedelta(minutes=2))
    assert await desk.batches.collecting(1) is None
    assert await desk.batches.open(1, go_on=True) == batch.id
    desk.clock.jump(timedelta(minutes=31))
    assert await desk.batches.open(1, go_on=False) != batch.id


async def test_a_slot_is_for_one_post(desk: Desk) -> None:
    await desk.queue.add(1, desk.account_id, week_times(EVERY_DAY, [1140]))
    batch = await desk.batch(3)
    taken = [await desk.queueing.take(1, post.id, version=post.version) for post in batch.posts]
    moments = [post.moment for post in taken if post.moment]
    assert len({moment.utc for moment in moments}) == 3
    assert {f"{moment.wall:%H:%M}" for moment in moments} == {"19:00"}
    with pytest.raises(Outdated):
        await desk.queueing.take(1, taken[0].id, version=1)

    one, other = [
        await desk.posts.edit(1, post.id, version=post.version, moment=moments[0], privacy=EVERYONE)
        for post in taken[:2]
    ]
    await desk.posts.agree(1, one.id, version=one.version, declaration="I agree")
    with pytest.raises(SlotTaken):
        await desk.posts.agree(1, other.id, version=other.version, declaration="I agree")
    assert (await get_post(desk.database, other.id)).status is PostStatus.DRAFT
    beside = at_instant(moments[0].utc + timedelta(minutes=1), ZONE)
    other = await desk.posts.edit(1, other.id, version=other.version, moment=beside)
    other = await desk.posts.agree(1, other.id, version=other.version, declaration="I agree")
    with pytest.raises(SlotTaken):
        await desk.posts.move(1, other.id, version=other.version, to=moments[0])


async def test_the_queue_refuses_what_it_cannot_hold(desk: Desk) -> None:
    batch = await desk.batch(1)
    (post,) = batch.posts
    assert await desk.queueing.next_free(1, post.id) is None
    with pytest.raises(NoFreeSlot):
        await desk.queueing.take(1, post.id, version=post.version)
    with pytest.raises(TooManySlots):
        await desk.queue.add(1, desk.account_id, week_times(EVERY_DAY, range(MOST_SLOTS)))
    for method in (desk.queue.slots, desk.queue.remove):
        with pytest.raises(NotFound):
            await method(2, desk.account_id)
    with pytest.raises(NotFound):
        await desk.queueing.next_free(2, post.id)
    with pytest.raises(NotFound):
        await desk.queueing.take(2, post.id, version=post.version)


async def test_a_plan_goes_around_taken_slots_and_other_drafts(desk: Desk) -> None:
    times = {WeekTime(weekday=day, minute=720) for day in EVERY_DAY}
    await desk.queue.add(1, desk.account_id, times)
    kept = await desk.batch(2)
    await desk.queueing.take(1, kept.posts[0].id, version=1)
    await desk.queueing.take(1, kept.posts[1].id, version=1)
    await desk.batches.leave(1, kept.id)
    batch = await desk.batch(3)
    batch = await desk.planning.spread(
        1, batch.id, seen=batch.stamp, spread=PostingSlots(), start=None
    )
    reserved = {(await desk.posts.get(1, post.id)).moment for post in kept.posts}
    assert not reserved & {post.moment for post in batch.posts}
