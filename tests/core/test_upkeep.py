"""What is done every hour unasked; the clock is put forward instead of waited for."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import retention, tiktok, upkeep
from core.accounts.accounts import Accounts
from core.clips import Clips
from core.limits import KEPT, Call, Limits
from core.media.files.filestore import StoredFile
from core.media.files.storage import ClipStore
from core.media.probing import Prober
from core.notifications import NoticeKind, Outbox
from core.retention import Retention
from core.states import AccountStatus, PostStatus
from core.statistics.counts import Counts
from core.store.database import Database
from core.store.models import Account, Clip, Notification, Post, PostEvent, TikTokCall, User
from core.upkeep import Upkeep
from sandbox.tiktok import Fault, Refuse, Slow, TikTok
from tests.clock import Clock
from tests.core.connected import LENA, Connected, a_process
from tests.core.rows import add_post

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
async def in_time() -> AsyncIterator[None]:
    """Nothing here may hang."""
    async with asyncio.timeout(20):
        yield


def keeper(
    database: Database,
    client: tiktok.Client,
    store: ClipStore,
    clock: Clock,
    *,
    at_once_every: timedelta = upkeep.AT_ONCE_EVERY,
) -> Upkeep:
    """The upkeep of one process."""
    tokens = a_process(database, client, clock)
    limits = Limits(database=database, clock=clock)
    accounts = Accounts(database=database, tokens=tokens, limits=limits, client=client, clock=clock)
    return Upkeep(
        database=database,
        tokens=tokens,
        accounts=accounts,
        counts=Counts(database=database, accounts=accounts, client=client, clock=clock),
        clips=Clips(database=database, store=store, prober=Prober(), clock=clock),
        retention=Retention(database=database, store=store, clock=clock),
        outbox=Outbox(database=database, clock=clock),
        clock=clock,
        at_once_every=at_once_every,
    )


@pytest.fixture
def ours(database: Database, client: tiktok.Client, store: ClipStore, clock: Clock) -> Upkeep:
    return keeper(database, client, store, clock)


@pytest.fixture
async def theirs(
    url: str, client: tiktok.Client, store: ClipStore, clock: Clock
) -> AsyncIterator[Upkeep]:
    """A second process on the same database and the same folder."""
    database = Database(url)
    yield keeper(database, client, store, clock)
    await database.close()


def calls(far_end: TikTok, endpoint: str) -> list[str]:
    return [call.code for call in far_end.calls if call.endpoint == endpoint]


async def notices(database: Database) -> list[Notification]:
    async with database.reading() as session:
        return list(await session.scalars(select(Notification).order_by(Notification.id)))


async def change_account(account: Connected, **values: object) -> None:
    async with account.database.transaction() as change:
        row = await change.get_one(Account, account.id)
        for name, value in values.items():
            setattr(row, name, value)


async def another_account(database: Database, clock: Clock) -> int:
    """One that nobody at TikTok knows."""
    async with database.transaction() as change:
        account = Account(
            owner_id=1, open_id="other", nickname="Max", scopes="", connected_at=clock(),
            status=AccountStatus.CONNECTED, access_expires_at=clock(), refresh_expires_at=clock(),
        )  # fmt: skip
        change.add(account)
        await change.flush()
        return account.id


# Tokens


async def test_a_token_is_renewed_before_a_post_could_have_to_wait_for_it(
    ours: Upkeep, account: Connected, far_end: TikTok, clock: Clock
) -> None:
    await ours.renew_tokens()
    assert calls(far_end, "oauth/token") == ["ok"], "one that lasts an hour ends before the next"
    await ours.renew_tokens()
    assert len(calls(far_end, "oauth/token")) == 1, "one that lasts two hours does not"
    for hours in range(2, 6):
        clock.jump(upkeep.EVERY)
        await ours.renew_tokens()
        assert len(calls(far_end, "oauth/token")) == hours
        left = (await account.row()).access_expires_at - clock()
        assert left > upkeep.EVERY + upkeep.JITTER


async def test_two_processes_renew_a_token_once(
    ours: Upkeep, theirs: Upkeep, account: Connected, far_end: TikTok
) -> None:
    far_end.faults.add(Fault(endpoint="oauth/token", kind=Slow(seconds=0.2)))
    await asyncio.gather(ours.renew_tokens(), theirs.renew_tokens())
    assert calls(far_end, "oauth/token") == ["ok"]
    assert await account.status() is AccountStatus.CONNECTED


@pytest.mark.parametrize("damaged", [True, False])
async def test_an_account_in_trouble_does_not_keep_the_others_from_their_turn(
    ours: Upkeep, account: Connected, far_end: TikTok, clock: Clock, *, damaged: bool
) -> None:
    """By a fault of its own, or because TikTok has none to spare just now."""
    other = await another_account(account.database, clock)
    async with account.database.transaction() as change:
        row = await change.get_one(Account, other)
        row.access_token = row.refresh_token = b"damaged"
        row.access_expires_at = clock()
    if not damaged:
        far_end.faults.add(Fault(endpoint="oauth/token", kind=Refuse(status=503)))
    await ours.renew_tokens()
    await ours.renew_tokens()
    assert calls(far_end, "oauth/token")[-1] == "ok"
    assert await account.status() is AccountStatus.CONNECTED


async def test_a_permission_that_ended_is_found_before_a_post_finds_it(
    ours: Upkeep, account: Connected, far_end: TikTok
) -> None:
    far_end.remove_app(LENA)
    await ours.renew_tokens()
    assert await account.status() is AccountStatus.RECONNECT


# Names


async def test_names_are_learned_every_six_hours(
    ours: Upkeep, account: Connected, far_end: TikTok, clock: Clock
) -> None:
    await ours.sync_names()
    assert ((await account.row()).username, (await account.row()).nickname) == (LENA, "Lena Cooks")
    far_end.creators[LENA].nickname = "Lena & Co <3"

    clock.jump(timedelta(hours=5, minutes=50))
    await ours.sync_names()
    assert (await account.row()).nickname == "Lena Cooks"
    clock.jump(timedelta(minutes=15))
    await ours.sync_names()

    assert (await account.row()).nickname == "Lena & Co <3"
    assert calls(far_end, "creator_info/query") == ["ok", "ok"]


async def test_two_processes_ask_for_a_name_once(
    ours: Upkeep, theirs: Upkeep, account: Connected, far_end: TikTok
) -> None:
    await asyncio.gather(ours.sync_names(), theirs.sync_names())
    assert calls(far_end, "creator_info/query") == ["ok"]
    assert (await account.row()).username == LENA


# The end of a permission


async def test_creators_are_told_14_and_3_days_before_it_ends(
    ours: Upkeep, database: Database, account: Connected, clock: Clock
) -> None:
    ends_at = clock() + 180 * DAY
    await change_account(account, refresh_expires_at=ends_at)
    told: dict[int, timedelta] = {}
    for day in range(180):
        await ours.remind()
        if len(await notices(database)) > len(told):
            told[day] = ends_at - clock()
        clock.jump(DAY)
    assert list(told) == [166, 177]
    for notice in await notices(database):
        assert notice.kind == NoticeKind.PERMISSION_ENDS
        assert notice.payload["ends_at"] == ends_at.isoformat()


async def test_an_end_that_moves_by_seconds_is_the_same_end(
    ours: Upkeep, database: Database, account: Connected, clock: Clock
) -> None:
    ends_at = clock() + 14 * DAY
    for shift in (0, 2, -1, 1):
        await change_account(account, refresh_expires_at=ends_at + timedelta(seconds=shift))
        clock.jump(timedelta(seconds=3))
        await ours.remind()
    assert len(await notices(database)) == 1


async def test_after_connecting_again_the_next_end_is_told_too(
    ours: Upkeep, database: Database, account: Connected, clock: Clock
) -> None:
    for _ in range(2):
        await change_account(account, refresh_expires_at=clock() + 2 * DAY)
        await ours.remind()
        await ours.remind()
        clock.jump(100 * DAY)
    assert len(await notices(database)) == 2


@pytest.mark.parametrize("status", [AccountStatus.RECONNECT, AccountStatus.DISCONNECTED])
async def test_no_end_is_told_of_an_account_that_is_lost_already(
    ours: Upkeep, database: Database, account: Connected, clock: Clock, status: AccountStatus
) -> None:
    await change_account(account, refresh_expires_at=clock() + 2 * DAY, status=status)
    await ours.remind()
    assert not await notices(database)


# Clips and what else is thrown away


async def test_what_nobody_wants_kept_goes_without_waiting_for_the_hour(
    database: Database, client: tiktok.Client, store: ClipStore, account: Connected, clock: Clock
) -> None:
    clip = await clip_of(database, await posted(database, store, account, PostStatus.PUBLISHED))
    async with database.transaction() as change:
        (await change.get_one(User, 1)).keep_files_days = 0
    ours = keeper(database, client, store, clock, at_once_every=timedelta(milliseconds=50))
    ours.start()
    async with asyncio.timeout(10):
        while await store.size(clip.storage_key) is not None:  # noqa: ASYNC110 - a file is silent
            await asyncio.sleep(0.01)
    await ours.stop()


async def a_file(store: ClipStore) -> StoredFile:
    async with store.receive() as incoming:
        await incoming.write(b"a clip")
        return await store.keep(incoming)


async def posted(
    database: Database, store: ClipStore, account: Connected, status: PostStatus
) -> int:
    """A post that came into this state now, and its clip on the disk."""
    post_id = await add_post(database, account.id, wake_at=None, status=status)
    stored = await a_file(store)
    async with database.transaction() as change:
        post = await change.get_one(Post, post_id)
        clip = await change.get_one(Clip, post.clip_id)
        clip.storage_key = stored.key
        change.add(PostEvent(post_id=post_id, at=account.clock(), status=status))
    return post_id


async def clip_of(database: Database, post_id: int) -> Clip:
    async with database.reading() as session:
        post = await session.get_one(Post, post_id)
        return await session.get_one(Clip, post.clip_id)


async def test_a_file_that_a_crash_left_over_is_swept(
    ours: Upkeep, database: Database, store: ClipStore, account: Connected, clock: Clock
) -> None:
    """Without a row, or with one that says that the file is gone."""
    kept, gone = [await posted(database, store, account, PostStatus.DRAFT) for _ in range(2)]
    stray, files = await a_file(store), [await clip_of(database, each) for each in (kept, gone)]
    async with database.transaction() as change:
        (await change.get_one(Clip, files[1].id)).file_gone_at = clock()
    await ours.run()
    assert store.path(stray.key).exists(), "it may be on its way to its row"
    clock.jump(DAY)
    await ours.run()
    assert not store.path(stray.key).exists()
    assert [store.path(each.storage_key).exists() for each in files] == [True, False]


@pytest.mark.usefixtures("account")
async def test_notices_of_long_ago_go_unless_they_are_still_owed(
    ours: Upkeep, database: Database, clock: Clock
) -> None:
    outbox = Outbox(database=database, clock=clock)
    for key in ("delivered", "owed"):
        async with database.transaction() as change:
            outbox.tell(change, user_id=1, kind=NoticeKind.CONNECTED, key=key)
        if key == "delivered":
            (notice,) = await outbox.take(1)
            await outbox.delivered(notice, 7)
    clock.jump(upkeep.NOTICES_KEPT - DAY)
    await ours.forget_notices()
    assert len(await notices(database)) == 2
    clock.jump(2 * DAY)
    await ours.forget_notices()
    assert [each.key for each in await notices(database)] == ["connected:owed"]


async def test_calls_that_count_no_more_are_thrown_away(
    ours: Upkeep, database: Database, account: Connected, clock: Clock
) -> None:
    limits = Limits(database=database, clock=clock)
    await limits.spend(account.id, Call.INIT)
    clock.jump(KEPT)
    await limits.spend(await another_account(database, clock), Call.INIT)
    await ours.forget_calls()
    async with database.reading() as session:
        assert len((await session.scalars(select(TikTokCall))).all()) == 1


# The run as a whole


async def test_a_job_that_fails_does_not_keep_the_others_from_being_done(
    ours: Upkeep, database: Database, store: ClipStore, account: Connected, clock: Clock
) -> None:
    post_id = await posted(database, store, account, PostStatus.PUBLISHED)
    in_the_way = store.path((await clip_of(database, post_id)).storage_key)
    in_the_way.unlink()
    in_the_way.mkdir()  # what cannot be removed as a file can
    stray = await a_file(store)
    clock.jump(retention.KEPT + DAY)
    await ours.run()
    assert in_the_way.exists()
    assert not store.path(stray.key).exists()


async def test_it_stops_in_the_middle_of_a_run(
    ours: Upkeep, account: Connected, far_end: TikTok
) -> None:
    far_end.faults.add(Fault(endpoint="creator_info/query", kind=Slow(seconds=15)))
    ours.start()
    ours.begin()
    while "ok" not in calls(far_end, "creator_info/query"):  # noqa: ASYNC110 - it has no bell
        await asyncio.sleep(0.01)
    async with asyncio.timeout(1):
        await ours.stop()
    assert await account.status() is AccountStatus.CONNECTED
