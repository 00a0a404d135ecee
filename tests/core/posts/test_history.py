"""The history of a post: what its lines say of it."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import NotFound
from core.posts.history import TOLD, Event, History, What
from core.states import PostStatus
from core.store.database import Database
from core.store.models import PostEvent
from tests.clock import Clock
from tests.core.rows import add_post, add_user

NOON = datetime(2027, 1, 12, 12, 0, tzinfo=UTC)
S = PostStatus
Line = tuple[PostStatus, str]


@pytest.fixture
async def post_id(database: Database) -> int:
    await add_user(database, Clock())
    return await add_post(database, None, wake_at=NOON)


async def write(database: Database, post_id: int, *lines: Line) -> None:
    async with database.transaction() as change:
        for minute, (status, note) in enumerate(lines):
            at = NOON + timedelta(minutes=minute)
            change.add(PostEvent(post_id=post_id, at=at, status=status, note=note))


async def told(database: Database, post_id: int) -> list[tuple[What, str | None]]:
    events, is_all = await History(database=database).of(1, post_id)
    assert is_all
    return [(event.what, event.code) for event in events]


@pytest.mark.parametrize(
    ("lines", "story"),
    [
        (
            [(S.DRAFT, ""), (S.SCHEDULED, ""), (S.PUBLISHING, ""), (S.PROCESSING, ""),
             (S.PUBLISHED, "")],
            [(What.DRAFTED, None), (What.AGREED, None), (What.BEGUN, None), (What.SENT, None),
             (What.PUBLISHED, None)],
        ),
        (
            [(S.SCHEDULED, ""), (S.DRAFT, ""), (S.SCHEDULED, ""), (S.CANCELLED, "")],
            [(What.AGREED, None), (What.TAKEN_OFF, None), (What.AGREED, None),
             (What.CANCELLED, None)],
        ),
        (
            [(S.PUBLISHING, ""), (S.SCHEDULED, "transport_error"), (S.PUBLISHING, ""),
             (S.PROCESSING, ""), (S.SCHEDULED, "internal"), (S.PUBLISHING, ""),
             (S.FAILED, "spam_risk")],
            [(What.BEGUN, None), (What.PUT_OFF, "transport_error"), (What.BEGUN, None),
             (What.SENT, None), (What.PUT_OFF, "internal"), (What.BEGUN, None),
             (What.FAILED, "spam_risk")],
        ),
        (
            [(S.HELD, "late"), (S.SCHEDULED, ""), (S.FAILED, "fault"), (S.SCHEDULED, "")],
            [(What.HELD, "late"), (What.RETRIED, None), (What.FAILED, "fault"),
             (What.RETRIED, None)],
        ),
        (
            [(S.PROCESSING, ""), (S.UNCONFIRMED, "no verdict from TikTok"),
             (S.UNCONFIRMED, "put to the creator"), (S.PUBLISHED, "by the creator's word")],
            [(What.SENT, None), (What.NO_VERDICT, None), (What.ASKED, None),
             (What.SAID_LIVE, None)],
        ),
        (
            [(S.UNCONFIRMED, "put to the creator"), (S.FAILED, "by the creator's word")],
            [(What.ASKED, None), (What.SAID_NOT_LIVE, None)],
        ),
        (
            [(S.HELD, "account_disconnected"), (S.SCHEDULED, "account connected again")],
            [(What.HELD, "account_disconnected"), (What.RESUMED, None)],
        ),
        (
            [(S.CANCELLED, ""), (S.CANCELLED, "copied"), (S.SCHEDULED, "cancelling undone")],
            [(What.CANCELLED, None), (What.COPIED, None), (What.UNDONE, None)],
        ),
        (
            [(S.SCHEDULED, "words of a later ClipCue"), (S.HELD, "")],
            [(What.AGREED, None), (What.HELD, "")],
        ),
    ],
)  # fmt: skip
async def test_lines_become_what_happened(
    database: Database, post_id: int, lines: list[Line], story: list[tuple[What, str | None]]
) -> None:
    await write(database, post_id, *lines)
    assert await told(database, post_id) == story


async def test_another_time_is_told_with_who_chose_it(database: Database, post_id: int) -> None:
    to = NOON + timedelta(days=1)
    await write(
        database,
        post_id,
        (S.SCHEDULED, f"moved to {to.isoformat()} by the creator"),
        (S.DRAFT, f"moved to {to.isoformat()} with Europe/Madrid"),
    )
    events, _ = await History(database=database).of(1, post_id)
    assert events == (
        Event(at=NOON, what=What.MOVED, to=to),
        Event(at=NOON + timedelta(minutes=1), what=What.MOVED_WITH_ZONE, to=to),
    )


async def test_agreeing_anew_is_one_thing_though_it_takes_two_lines(
    database: Database, post_id: int
) -> None:
    async with database.transaction() as change:
        for status in (S.HELD, S.DRAFT, S.SCHEDULED):
            note = "late" if status is S.HELD else ""
            change.add(PostEvent(post_id=post_id, at=NOON, status=status, note=note))
    assert await told(database, post_id) == [(What.HELD, "late"), (What.AGREED, None)]


async def test_of_a_long_history_the_latest_is_told(database: Database, post_id: int) -> None:
    tries = [(S.PUBLISHING, ""), (S.SCHEDULED, "transport_error")] * TOLD
    await write(database, post_id, (S.SCHEDULED, ""), *tries)
    events, is_all = await History(database=database).of(1, post_id)
    assert (len(events), is_all) == (TOLD, False)
    assert events[-1] == Event(
        at=NOON + timedelta(minutes=len(tries)), what=What.PUT_OFF, code="transport_error"
    )
    assert events[0].what is What.BEGUN


async def test_the_history_of_somebody_elses_post_is_not_there(
    database: Database, post_id: int
) -> None:
    for owner_id, each in ((2, post_id), (1, post_id + 1)):
        with pytest.raises(NotFound):
            await History(database=database).of(owner_id, each)
