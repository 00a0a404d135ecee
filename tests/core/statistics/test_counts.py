"""What TikTok counts of posts: who is asked about, how often, and what becomes of the answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import tiktok
from core.accounts.accounts import Accounts
from core.limits import Limits
from core.states import PostStatus
from core.statistics import counts
from core.statistics.counts import Counts
from core.store.database import Database
from core.store.models import Account, Post
from sandbox.tiktok import Fault, Refuse, TikTok
from sandbox.tiktok.chunks import SourceInfo
from sandbox.tiktok.shares import PostInfo, Processing, Upload
from sandbox.tiktok.state import Credential
from tests.clock import Clock
from tests.core.connected import LENA, SCOPES, Connected, a_process
from tests.core.rows import add_post, get_post, set_post

DAY = timedelta(days=1)
LISTING = (*SCOPES, "video.list")


@pytest.fixture
def ours(database: Database, client: tiktok.Client, clock: Clock) -> Counts:
    return counts_of(database, client, clock)


def counts_of(database: Database, client: tiktok.Client, clock: Clock) -> Counts:
    """Those of one process."""
    tokens = a_process(database, client, clock)
    limits = Limits(database=database, clock=clock)
    accounts = Accounts(database=database, tokens=tokens, limits=limits, client=client, clock=clock)
    return Counts(database=database, accounts=accounts, client=client, clock=clock)


@pytest.fixture
async def listing(account: Connected, far_end: TikTok) -> Connected:
    """Lena's account, whose numbers she lets us see."""
    far_end.state.access_tokens["act.first"] = Credential(
        username=LENA, scopes=LISTING, expires_at=datetime(2100, 1, 1, tzinfo=UTC)
    )
    async with account.database.transaction() as change:
        row = await change.get_one(Account, account.id)
        row.scopes = ",".join(sorted(LISTING))
        row.access_expires_at = datetime(2100, 1, 1, tzinfo=UTC)
    return account


async def live(account: Connected, far_end: TikTok, *, ago: timedelta, known: bool = True) -> Post:
    """A post of Lena's that went live so long ago; TikTok knows it if `known`."""
    at = account.clock() - ago
    row = await add_post(account.database, account.id, wake_at=None, status=PostStatus.PUBLISHED)
    video_id = str(7 * 10**18 + row)
    await set_post(account.database, row, published_at=at, due_at=at, tiktok_post_id=video_id)
    if known:
        far_end.state.uploads[f"v_pub_{row}"] = Upload(
            publish_id=f"v_pub_{row}", username=LENA, started_at=at, expires_at=at, token="",
            post_info=PostInfo(brand_content_toggle=False, brand_organic_toggle=False),
            source_info=SourceInfo(
                source="FILE_UPLOAD", video_size=1, chunk_size=1, total_chunk_count=1
            ),
            received=1,
            processing=Processing(sha256="", post_id=video_id, done_at=at, public_at=at),
        )  # fmt: skip
    return await get_post(account.database, row)


def asked(far_end: TikTok) -> list[str]:
    return [call.code for call in far_end.calls if call.endpoint == "video/query"]


async def test_numbers_come_in_and_grow(
    ours: Counts, listing: Connected, far_end: TikTok, clock: Clock
) -> None:
    post = await live(listing, far_end, ago=timedelta(hours=1))
    assert await ours.wanted() == [listing.id]
    await ours.refresh(listing.id)
    first = await get_post(listing.database, post.id)
    assert first.views is not None
    assert first.views > (first.likes or 0) > (first.shares or 0)
    assert first.counted_at is not None
    assert await ours.wanted() == [], "just counted"
    clock.jump(timedelta(hours=1))
    assert await ours.wanted() == [listing.id]
    await ours.refresh(listing.id)
    later = await get_post(listing.database, post.id)
    assert (later.views or 0) > first.views


@pytest.mark.parametrize(
    ("age", "counted_ago", "wanted"),
    [
        (timedelta(hours=2), None, True),
        (timedelta(hours=2), timedelta(minutes=30), False),
        (2 * DAY, timedelta(minutes=55), True),
        (4 * DAY, timedelta(minutes=55), False),
        (4 * DAY, DAY, True),
        (89 * DAY, DAY, True),
        (91 * DAY, None, False),
    ],
)
async def test_young_posts_are_counted_hourly_older_ones_daily_and_old_ones_never(
    ours: Counts,
    listing: Connected,
    far_end: TikTok,
    clock: Clock,
    age: timedelta,
    counted_ago: timedelta | None,
    wanted: bool,
) -> None:
    post = await live(listing, far_end, ago=age)
    if counted_ago is not None:
        await set_post(listing.database, post.id, counted_at=clock() - counted_ago)
    assert (await ours.wanted() == [listing.id]) is wanted


@pytest.mark.parametrize(
    "scopes", ["", "user.info.basic,video.publish", "video.listing", "myvideo.list"]
)
async def test_without_the_scope_tiktok_is_not_asked(
    ours: Counts, listing: Connected, far_end: TikTok, scopes: str
) -> None:
    await live(listing, far_end, ago=DAY)
    async with listing.database.transaction() as change:
        (await change.get_one(Account, listing.id)).scopes = scopes
    assert await ours.wanted() == []


async def test_a_video_that_is_gone_keeps_its_numbers_and_does_not_hold_up_others(
    ours: Counts, listing: Connected, far_end: TikTok, clock: Clock
) -> None:
    gone = await live(listing, far_end, ago=4 * DAY, known=False)
    await set_post(listing.database, gone.id, views=7, counted_at=clock() - 2 * DAY)
    there = await live(listing, far_end, ago=4 * DAY)
    await ours.refresh(listing.id)
    assert (await get_post(listing.database, gone.id)).views == 7
    assert (await get_post(listing.database, there.id)).views
    assert await ours.wanted() == []


async def test_very_many_posts_are_counted_twenty_at_a_time_within_bounds(
    ours: Counts, listing: Connected, far_end: TikTok
) -> None:
    posts = 20 * counts.CALLS_AT_MOST + 1
    for _ in range(posts):
        await live(listing, far_end, ago=DAY)
    await ours.refresh(listing.id)
    assert asked(far_end) == ["ok"] * counts.CALLS_AT_MOST
    assert await ours.wanted() == [listing.id], "the rest is for the next run"
    await ours.refresh(listing.id)
    assert len(asked(far_end)) == counts.CALLS_AT_MOST + 1
    assert await ours.wanted() == []


async def test_two_processes_count_no_post_twice(
    ours: Counts, listing: Connected, far_end: TikTok, client: tiktok.Client, url: str, clock: Clock
) -> None:
    await live(listing, far_end, ago=DAY)
    other = Database(url)
    theirs = counts_of(other, client, clock)
    wanted: Any = (await ours.wanted(), await theirs.wanted())
    assert wanted == ([listing.id], [listing.id])
    await ours.refresh(listing.id)
    await theirs.refresh(listing.id)
    assert len(asked(far_end)) == 1
    await other.close()


async def test_what_tiktok_refuses_changes_nothing(
    ours: Counts, listing: Connected, far_end: TikTok
) -> None:
    post = await live(listing, far_end, ago=DAY)
    refusal = Refuse(status=429, code="rate_limit_exceeded")
    far_end.faults.add(Fault(endpoint="video/query", kind=refusal))
    with pytest.raises(tiktok.ApiError):
        await ours.refresh(listing.id)
    assert (await get_post(listing.database, post.id)).counted_at is None


async def test_the_account_that_waited_longest_comes_first(
    ours: Counts, listing: Connected, far_end: TikTok, clock: Clock
) -> None:
    await live(listing, far_end, ago=DAY)
    async with listing.database.transaction() as change:
        row = Account(
            owner_id=1, open_id="other", nickname="Max", scopes="video.list",
            status="connected", access_expires_at=clock(), refresh_expires_at=clock(),
            connected_at=clock(),
        )  # fmt: skip
        change.add(row)
        await change.flush()
        other = row.id
    post_id = await add_post(listing.database, other, wake_at=None, status=PostStatus.PUBLISHED)
    await set_post(
        listing.database, post_id, published_at=clock() - DAY, tiktok_post_id="1",
        counted_at=clock() - DAY / 2,
    )  # fmt: skip
    assert await ours.wanted() == [listing.id, other]
