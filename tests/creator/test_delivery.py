"""Notices reach their chats: soon, in order, not too fast, and whatever happens to one of them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.delivery import Delivery
from bot.pacing import BURST, Pace
from bot.receiving import build_application
from core.notifications import NoticeKind, Outbox
from core.posts.cards import Cards
from core.store.database import Database
from core.store.models import Notification, User
from sandbox.telegram import Person
from tests.stage import TOKEN, Stage


@pytest.fixture
async def database(unstarted: Stage) -> AsyncIterator[Database]:
    database = Database(unstarted.settings().database)
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
async def people(unstarted: Stage, database: Database) -> list[Person]:
    people = [unstarted.person(number, f"No. {number}") for number in (1, 2, 3)]
    for person in people:
        await person.send("/start")
    async with database.transaction() as change:
        change.add_all(
            User(id=each.id, chat_id=each.id, created_at=unstarted.clock()) for each in people
        )
    return people


@pytest.fixture
def outbox(unstarted: Stage, database: Database) -> Outbox:
    return Outbox(database=database, clock=unstarted.clock)


@pytest.fixture
async def delivery(unstarted: Stage, database: Database, outbox: Outbox) -> AsyncIterator[Delivery]:
    application = build_application(
        token=TOKEN, api_base_url=f"{unstarted.ends_url}/telegram", local_mode=False
    )
    async with application.bot as bot:
        delivery = Delivery(
            outbox=outbox,
            cards=Cards(database=database, clock=unstarted.clock),
            bot=bot,
            clock=unstarted.clock,
            pace=Pace(),
        )
        yield delivery
        await delivery.stop()


async def owe(database: Database, outbox: Outbox, person: Person, *names: str) -> None:
    async with database.transaction() as change:
        for name in names:
            outbox.tell(
                change,
                user_id=person.id,
                kind=NoticeKind.CONNECTED,
                key=f"{person.id}:{name}",
                nickname=name,
                name=name,
                account_id=1,
            )


def heard(person: Person) -> list[str]:
    """The accounts that messages have named so far."""
    texts = [message.text for message in person.chat if message.from_bot]
    return [text.partition(":")[2].split()[0] for text in texts]


async def test_a_burst_then_one_a_second_in_order_while_others_do_not_wait(
    unstarted: Stage, database: Database, outbox: Outbox, delivery: Delivery, people: list[Person]
) -> None:
    ana, ben, _ = people
    names = [f"acc{number}" for number in range(BURST + 2)]
    await owe(database, outbox, ana, *names)
    await owe(database, outbox, ben, "his")
    delivery.start()
    await unstarted.until(lambda: heard(ben) == ["his"], timeout=1)
    await asyncio.sleep(0.4)
    assert heard(ana) == names[:BURST]
    await unstarted.until(lambda: heard(ana) == names, timeout=4)


async def test_who_is_asked_to_slow_down_in_one_chat_goes_on_in_the_others(
    unstarted: Stage, database: Database, outbox: Outbox, delivery: Delivery, people: list[Person]
) -> None:
    ana, ben, _ = people
    await owe(database, outbox, ana, "one", "two")
    unstarted.telegram.faults.too_many("sendMessage", retry_after=2)
    delivery.start()
    await unstarted.until(lambda: any(not call.ok for call in unstarted.telegram.calls))
    await owe(database, outbox, ben, "his")
    await unstarted.until(lambda: heard(ben) == ["his"], timeout=1)
    assert heard(ana) == []
    unstarted.clock.jump(timedelta(seconds=2))
    await asyncio.sleep(0.3)
    assert heard(ana) == [], "its chat rests as long as Telegram asked"
    await unstarted.until(lambda: heard(ana) == ["one", "two"], timeout=5)


@pytest.mark.parametrize(
    ("kind", "payload", "told"),
    [
        ("connected", {"account": "@lena.cooks"}, "A TikTok account was connected."),
        ("published", {"posts": 3, "caption": "New <recipe>"}, "Published: a post of yours is"),
        ("held", {"account": None, "post_id": "one", "code": 7}, "a post of yours needs you"),
        ("waiting", {"account": "@lena.cooks", "reason": "x"}, "A post of yours has to wait"),
        ("account_lost", {}, "A TikTok account has to be connected again."),
        ("liked_by_many", {"likes": 7}, "There is news of your posts or accounts"),
    ],
)
async def test_what_another_version_wrote_its_own_way_is_told_plainly_and_once(
    database: Database, outbox: Outbox, delivery: Delivery, people: list[Person],
    kind: str, payload: dict[str, Any], told: str,
) -> None:  # fmt: skip
    ana, *_ = people
    await owe(database, outbox, ana, "bad", "good")
    values: dict[str, Any] = {"kind": kind, "payload": payload}
    async with database.transaction() as change:
        await change.execute(update(Notification).where(Notification.id == 1).values(**values))
    delivery.start()
    await ana.see("Connected: good")
    first = await ana.see(told)
    assert payload.get("caption", "") in first.text
    async with database.reading() as session:
        bad = await session.get_one(Notification, 1)
    assert (bad.outcome, bad.next_attempt_at, bad.attempts) == ("delivered", None, 1)


async def test_a_message_under_way_at_a_stop_does_not_come_twice(
    unstarted: Stage, database: Database, outbox: Outbox, delivery: Delivery, people: list[Person]
) -> None:
    ana, *_ = people
    await owe(database, outbox, ana, "once")
    unstarted.telegram.faults.slow("sendMessage", seconds=0.3)
    delivery.start()
    await asyncio.sleep(0.15)
    await delivery.stop()
    assert heard(ana) == ["once"]
    async with database.reading() as session:
        assert (await session.scalars(select(Notification.outcome))).all() == ["delivered"]
