"""The outbox: what is owed is taken once, tried again, and kept for whoever cannot be reached."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.notifications import LEASE, Notice, NoticeKind, Outbox
from core.store.database import Database
from core.store.models import Notification
from core.users.users import Users
from tests.clock import Clock
from tests.core.rows import add_user

SECOND = timedelta(seconds=1)


@pytest.fixture
async def outbox(database: Database, clock: Clock) -> Outbox:
    await add_user(database, clock)
    return Outbox(database=database, clock=clock)


@pytest.fixture
def users(database: Database, clock: Clock, outbox: Outbox) -> Users:
    return Users(database=database, clock=clock, outbox=outbox)


async def owe(database: Database, outbox: Outbox, *keys: str, user_id: int = 1) -> None:
    for key in keys:
        async with database.transaction() as change:
            outbox.tell(
                change, user_id=user_id, kind=NoticeKind.PUBLISHED, key=key, caption=f"of {key}"
            )


async def row(database: Database, notice: Notice) -> Notification:
    async with database.reading() as session:
        return await session.get_one(Notification, notice.id)


async def test_a_notice_comes_with_what_it_tells(database: Database, outbox: Outbox) -> None:
    await owe(database, outbox, "7:1")
    (notice,) = await outbox.take(10)
    assert (notice.user_id, notice.chat_id, notice.kind) == (1, 1001, NoticeKind.PUBLISHED)
    assert notice.payload == {"caption": "of 7:1"}
    assert notice.attempts == 1


async def test_it_is_owed_with_the_change_it_tells_of_or_not_at_all(
    database: Database, outbox: Outbox
) -> None:
    rung: list[bool] = []
    outbox.on_new(lambda: rung.append(True))
    with pytest.raises(KeyError):
        async with database.transaction() as change:
            outbox.tell(change, user_id=1, kind=NoticeKind.FAILED, key="1")
            raise KeyError
    await asyncio.sleep(0)
    assert rung == [] and await outbox.take(10) == []
    await owe(database, outbox, "1")
    await asyncio.sleep(0)
    assert rung == [True]


async def test_the_same_thing_is_not_told_twice(database: Database, outbox: Outbox) -> None:
    await owe(database, outbox, "7:1")
    with pytest.raises(IntegrityError):
        await owe(database, outbox, "7:1")
    assert len(await outbox.take(10)) == 1


async def test_oldest_first_no_more_than_asked_for_and_never_twice_at_once(
    database: Database, outbox: Outbox, clock: Clock
) -> None:
    for user_id in range(2, 8):
        await add_user(database, clock, user_id)
    for user_id in range(1, 8):
        await owe(database, outbox, str(user_id), user_id=user_id)
        clock.jump(SECOND)
    first = await outbox.take(3)
    assert [notice.payload["caption"] for notice in first] == ["of 1", "of 2", "of 3"]
    rounds = await asyncio.gather(*(outbox.take(3) for _ in range(4)))
    assert sorted(notice.id for taken in rounds for notice in taken) == [4, 5, 6, 7]
    assert await outbox.take(10) == []


async def test_of_each_chat_one_at_a_time_in_the_order_of_telling(
    database: Database, outbox: Outbox, clock: Clock
) -> None:
    await add_user(database, clock, 2)
    await owe(database, outbox, "1", "2", "3")
    await owe(database, outbox, "4", user_id=2)
    told = []
    while taken := await outbox.take(10):
        told.append([notice.payload["caption"] for notice in taken])
        for notice in taken:
            await outbox.delivered(notice, 5)
    assert told == [["of 1", "of 4"], ["of 2"], ["of 3"]]


async def test_chats_that_rest_are_left_alone(
    database: Database, outbox: Outbox, clock: Clock
) -> None:
    await add_user(database, clock, 2)
    await owe(database, outbox, "1")
    clock.jump(SECOND)
    later = clock()
    await owe(database, outbox, "2", user_id=2)
    assert await outbox.take(10, without={1001, 1002}) == []
    assert await outbox.next_due(without={1001, 1002}) is None
    due = await outbox.next_due(without={1001})
    assert due is not None and due >= later
    (notice,) = await outbox.take(10, without={1001})
    assert notice.chat_id == 1002


async def test_a_delivery_that_died_is_tried_again(
    database: Database, outbox: Outbox, clock: Clock
) -> None:
    await owe(database, outbox, "1")
    await outbox.take(1)
    clock.jump(LEASE - SECOND)
    assert await outbox.take(1) == []
    clock.jump(2 * SECOND)
    (notice,) = await outbox.take(1)
    assert notice.attempts == 2


@pytest.mark.parametrize("how", ["delivered", "refused"])
async def test_what_is_settled_is_over(
    database: Database, outbox: Outbox, clock: Clock, how: str
) -> None:
    await owe(database, outbox, "1")
    (notice,) = await outbox.take(1)
    if how == "delivered":
        await outbox.delivered(notice, 55)
    else:
        await outbox.refused(notice, "refused " * 20)
    clock.jump(timedelta(days=1))
    assert await outbox.take(1) == []
    assert await outbox.next_due() is None
    stored = await row(database, notice)
    assert stored.outcome is not None and stored.outcome.startswith(how)
    assert len(stored.outcome) <= 64
    assert stored.message_id == (55 if how == "delivered" else None)


async def test_a_postponed_notice_comes_at_its_time(
    database: Database, outbox: Outbox, clock: Clock
) -> None:
    await owe(database, outbox, "1")
    (notice,) = await outbox.take(1)
    await outbox.postpone(notice, timedelta(minutes=5))
    due = await outbox.next_due()
    assert due is not None and abs(due - clock() - timedelta(minutes=5)) < SECOND
    clock.jump(timedelta(minutes=4))
    assert await outbox.take(1) == []
    clock.jump(timedelta(minutes=1))
    assert len(await outbox.take(1)) == 1


async def test_who_blocked_the_bot_gets_everything_on_coming_back(
    database: Database, outbox: Outbox, users: Users, clock: Clock
) -> None:
    await add_user(database, clock, 2)
    await owe(database, outbox, "1", "2")
    await owe(database, outbox, "3", user_id=2)
    (notice,) = await outbox.take(1)
    await outbox.unreachable(notice)
    (other,) = await outbox.take(10)
    assert other.user_id == 2
    await outbox.delivered(other, 1)
    clock.jump(timedelta(days=3))
    assert await outbox.take(10) == []
    assert await outbox.next_due() is None, "nobody wakes up for what cannot be delivered"

    rung: list[bool] = []
    outbox.on_new(lambda: rung.append(True))
    await users.set_reachable(1, reachable=True)
    await asyncio.sleep(0)
    assert rung == [True]
    for caption in ("of 1", "of 2"):
        (notice,) = await outbox.take(10)
        assert notice.payload == {"caption": caption}
        await outbox.delivered(notice, 1)


async def test_what_is_owed_before_anybody_listens_waits_for_them(
    database: Database, outbox: Outbox
) -> None:
    await owe(database, outbox, "1")
    outbox.wake()
    rung: list[bool] = []
    outbox.on_new(lambda: rung.append(True))
    outbox.wake()
    assert rung == [True], "a bell rings for what comes from then on"
    assert len(await outbox.take(10)) == 1


async def test_every_notice_is_kept_in_the_table(database: Database, outbox: Outbox) -> None:
    for kind in NoticeKind:
        async with database.transaction() as change:
            outbox.tell(change, user_id=1, kind=kind, key="9:9")
    async with database.reading() as session:
        keys = (await session.scalars(select(Notification.key))).all()
    assert set(keys) == {f"{kind}:9:9" for kind in NoticeKind}
    kinds = []
    while taken := await outbox.take(1):
        kinds += [notice.kind for notice in taken]
        await outbox.delivered(taken[0], 1)
    assert kinds == list(NoticeKind)
