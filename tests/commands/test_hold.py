"""What a restore makes of each post: what may be out is held, what TikTok knows is asked about."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core import verdicts
from core.backups.holding import CLOCKS_DIFFER, Held, hold
from core.posts.history import RESTORED
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Notification, Post, PostEvent, TelegramUpdate
from tests.clock import Clock
from tests.core.rows import add_accounts, add_post, add_user, get_post, set_post

S = PostStatus
HOUR = timedelta(hours=1)
UPLOAD = {"publish_id": "v_pub_file~1", "claim_owner": "somebody"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A post as the backup has it, `wake` after the restore, and what becomes of it."""

    status: PostStatus
    becomes: PostStatus
    wake: timedelta | None = None
    values: tuple[tuple[str, object], ...] = ()
    code: str | None = None
    wakes: str = "as before"


LOST = (("failure_code", "account_disconnected"),)
UP = tuple(UPLOAD.items())
TOLD = (("initialised_at", datetime(2026, 11, 22, 12, 0, tzinfo=UTC)),)
ROWS = {
    "due meanwhile": Row(
        status=S.SCHEDULED, wake=-HOUR, becomes=S.HELD, code=verdicts.RESTORED, wakes="never"
    ),
    "due at this moment, by another clock": Row(
        status=S.SCHEDULED,
        wake=CLOCKS_DIFFER / 2,
        becomes=S.HELD,
        code=verdicts.RESTORED,
        wakes="never",
    ),
    "due later": Row(status=S.SCHEDULED, wake=HOUR, becomes=S.SCHEDULED),
    "waits for its next try": Row(
        status=S.SCHEDULED, wake=HOUR, values=(("tries", 2),), becomes=S.SCHEDULED
    ),
    "before its init was stored": Row(
        status=S.PUBLISHING,
        wake=HOUR,
        values=(("claim_owner", "x"),),
        becomes=S.HELD,
        code=verdicts.RESTORED,
        wakes="never",
    ),
    "amid its upload": Row(
        status=S.PUBLISHING, wake=HOUR, values=UP, becomes=S.PUBLISHING, wakes="now"
    ),
    "between two tries of an upload": Row(
        status=S.SCHEDULED, wake=-HOUR, values=UP, becomes=S.SCHEDULED, wakes="now"
    ),
    "at TikTok": Row(status=S.PROCESSING, wake=HOUR, values=UP, becomes=S.PROCESSING, wakes="now"),
    "unconfirmed": Row(
        status=S.UNCONFIRMED, wake=HOUR, values=UP, becomes=S.UNCONFIRMED, wakes="now"
    ),
    "while TikTok was told of photos": Row(
        status=S.PUBLISHING,
        wake=HOUR,
        values=TOLD,
        becomes=S.HELD,
        code=verdicts.RESTORED,
        wakes="never",
    ),
    "while TikTok may ask for photos": Row(
        status=S.UNCONFIRMED, wake=HOUR, values=TOLD, becomes=S.UNCONFIRMED, wakes="now"
    ),
    "put to its creator": Row(
        status=S.UNCONFIRMED,
        values=(*UP, ("failure_code", "never_told")),
        becomes=S.UNCONFIRMED,
        code="never_told",
        wakes="never",
    ),
    "waits for its account, due meanwhile": Row(
        status=S.HELD,
        values=(*LOST, ("due_at", -HOUR)),
        becomes=S.HELD,
        code=verdicts.RESTORED,
        wakes="never",
    ),
    "waits for its account, due later": Row(
        status=S.HELD,
        values=(*LOST, ("due_at", HOUR)),
        becomes=S.HELD,
        code="account_disconnected",
        wakes="never",
    ),
    "late": Row(
        status=S.HELD,
        values=(("failure_code", "late"),),
        becomes=S.HELD,
        code="late",
        wakes="never",
    ),
    "a draft": Row(status=S.DRAFT, becomes=S.DRAFT, wakes="never"),
    "failed": Row(status=S.FAILED, becomes=S.FAILED, wakes="never"),
    "published": Row(status=S.PUBLISHED, wake=HOUR, values=UP, becomes=S.PUBLISHED),
}


async def put(database: Database, clock: Clock, row: Row) -> int:
    await add_user(database, clock)
    (account_id,) = await add_accounts(database, clock)
    wake = clock() + row.wake if row.wake is not None else None
    post_id = await add_post(database, account_id, wake_at=wake, status=row.status)
    values = {
        name: clock() + value if isinstance(value, timedelta) else value
        for name, value in row.values
    }
    await set_post(database, post_id, **values)
    return post_id


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
async def test_what_becomes_of_a_post(database: Database, clock: Clock, row: Row) -> None:
    post_id = await put(database, clock, row)
    before = await get_post(database, post_id)
    now = clock()
    await hold(database, made_at=now - HOUR, now=now)
    post = await get_post(database, post_id)
    assert (post.status, post.failure_code) == (row.becomes, row.code)
    assert post.wake_at == {"never": None, "now": now, "as before": before.wake_at}[row.wakes]
    has_changed = row.code == verdicts.RESTORED
    assert (post.version > before.version) is has_changed, "its card shows it"
    if row.status not in {S.PUBLISHED, S.FAILED}:
        assert post.claim_owner is None
    async with database.reading() as session:
        notes = set(await session.scalars(select(PostEvent.note)))
    begun = post.publish_id is not None or post.initialised_at is not None
    asked = begun and row.status is not S.PUBLISHED
    assert (RESTORED in notes) is asked, "so that its upload never begins anew by itself"


async def test_nothing_scheduled_goes_out_by_itself_where_that_is_asked_for(
    database: Database, clock: Clock
) -> None:
    post_id = await put(database, clock, ROWS["due later"])
    found = await hold(database, made_at=clock() - HOUR, now=clock(), everything=True)
    assert (found.held, found.scheduled) == (1, 0)
    assert (await get_post(database, post_id)).status is S.HELD


async def test_a_second_time_changes_nothing_more(database: Database, clock: Clock) -> None:
    post_id = await put(database, clock, ROWS["due meanwhile"])
    await hold(database, made_at=clock() - HOUR, now=clock())
    version = (await get_post(database, post_id)).version
    clock.jump(HOUR)
    found = await hold(database, made_at=clock() - HOUR, now=clock())
    assert (found.held, (await get_post(database, post_id)).version) == (0, version)


async def test_a_clock_that_was_ahead_where_the_backup_was_made(
    database: Database, clock: Clock
) -> None:
    """By that clock an hour passed which here is still to come."""
    post_id = await put(database, clock, ROWS["due later"])
    await hold(database, made_at=clock() + 2 * HOUR, now=clock())
    assert (await get_post(database, post_id)).status is S.HELD


async def test_taps_are_not_repeated_and_messages_are(database: Database, clock: Clock) -> None:
    await add_user(database, clock)
    async with database.transaction() as change:
        for number, kind in enumerate(("callback_query", "message")):
            data = {"update_id": number, kind: {}}
            change.add(TelegramUpdate(update_id=number, data=data, received_at=clock()))
    assert (await hold(database, made_at=clock(), now=clock())).taps == 1
    async with database.reading() as session:
        open_ = TelegramUpdate.done_at.is_(None)
        assert (await session.scalars(select(TelegramUpdate.update_id).where(open_))).all() == [1]


async def test_each_creator_is_told_once_and_what_concerns_them(
    database: Database, clock: Clock
) -> None:
    await put(database, clock, ROWS["due meanwhile"])
    later = await add_post(database, 1, wake_at=clock() + HOUR)
    await add_user(database, clock, 2)
    assert later
    found = await hold(database, made_at=clock() - HOUR, now=clock())
    assert found == Held(held=1, asked=0, scheduled=1, taps=0, creators=1)
    async with database.reading() as session:
        (notice,) = (await session.scalars(select(Notification))).all()
        assert (await session.scalars(select(Post.id))).all()
    assert (notice.user_id, notice.payload["held"], notice.payload["scheduled"]) == (1, 1, 1)
