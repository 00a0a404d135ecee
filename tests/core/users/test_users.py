"""Creators: met once, known from then on."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.errors import NotFound
from core.notifications import Outbox
from core.store.database import Database
from core.store.models import User
from core.users.users import Creator, Users
from tests.clock import Clock

ANA = 2**52
"""As large as Telegram's ids get."""


@pytest.fixture
def rung() -> list[bool]:
    return []


@pytest.fixture
def users(database: Database, clock: Clock, rung: list[bool]) -> Users:
    outbox = Outbox(database=database, clock=clock)
    outbox.on_new(lambda: rung.append(True))
    return Users(database=database, clock=clock, outbox=outbox)


async def test_a_new_creator_is_made_known(users: Users) -> None:
    met = await users.meet(ANA, chat_id=ANA, locale="pt-br")
    assert met == Creator(id=ANA, chat_id=ANA, locale="pt-br", zone=None, late_tolerance=None)
    assert await users.get(ANA) == met


async def test_two_messages_at_once_make_one_creator(users: Users, database: Database) -> None:
    await asyncio.gather(*(users.meet(ANA, chat_id=ANA, locale="en") for _ in range(10)))
    async with database.reading() as session:
        assert await session.scalar(select(func.count(User.id))) == 1


async def test_what_changed_is_kept_and_the_settings_stay(users: Users) -> None:
    await users.meet(ANA, chat_id=ANA, locale="en")
    await users.set_zone(ANA, "Europe/Madrid")
    await users.set_late_tolerance(ANA, timedelta())
    expected = Creator(
        id=ANA, chat_id=5, locale=None, zone="Europe/Madrid", late_tolerance=timedelta()
    )
    assert await users.meet(ANA, chat_id=5, locale=None) == expected
    assert await users.get(ANA) == expected


async def test_who_writes_can_be_reached_again(
    users: Users, database: Database, rung: list[bool]
) -> None:
    await users.meet(ANA, chat_id=ANA, locale="en")
    await users.set_reachable(ANA, reachable=False)
    await asyncio.sleep(0)
    rung.clear()
    await users.meet(ANA, chat_id=ANA, locale="en")
    await asyncio.sleep(0)
    assert rung == [True], "what is owed can go out"
    async with database.reading() as session:
        assert (await session.get_one(User, ANA)).reachable
    await users.meet(ANA, chat_id=ANA, locale="en")
    await asyncio.sleep(0)
    assert rung == [True], "nothing new, nothing written"


async def test_a_stranger_is_not_found(users: Users) -> None:
    with pytest.raises(NotFound):
        await users.get(404)
