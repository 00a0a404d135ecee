"""Group commit under random schedules: many changes at once, failing, cancelled at any moment."""

import asyncio
import random
from dataclasses import dataclass, field
from enum import StrEnum

import pytest
from sqlalchemy import func, select, text

from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account, User
from tests.core.store.rows import a_user, an_account, seen_from_outside

CHANGES = 60
SCHEDULES = 12


class Way(StrEnum):
    """How a change goes."""

    WRITE = "write"
    DAWDLE = "dawdle"
    RAISE = "raise"
    RAISE_AFTER_FLUSH = "raise after flush"
    BREAK_A_RULE = "break a rule of the database"


FAILING = {Way.RAISE, Way.RAISE_AFTER_FLUSH, Way.BREAK_A_RULE}


class Planned(Exception):
    """Raised by a change on purpose."""


@dataclass(kw_only=True)
class Change:
    """One change: a user and that user's account, both or neither."""

    number: int
    way: Way
    begins_after: float
    cancelled_after: tuple[float, ...]
    url: str
    hinted: list[bool] = field(default_factory=list)
    """For each call of its hint, whether the change could be seen from outside by then."""

    async def run(self, database: Database) -> None:
        await asyncio.sleep(self.begins_after)
        async with database.transaction() as change:
            change.after_commit(self._hint)
            await self._write(change)

    async def _write(self, change: Transaction) -> None:
        if self.way is Way.RAISE:
            raise Planned
        change.add(a_user(self.number))
        await change.flush()
        if self.way is Way.DAWDLE:
            assert await change.get(User, -1) is None
            await asyncio.sleep(0.001)
        change.add(an_account(self.number))
        if self.way is Way.RAISE_AFTER_FLUSH:
            await change.flush()
            raise Planned
        if self.way is Way.BREAK_A_RULE:
            await change.execute(text("INSERT INTO users (id) VALUES (1)"))

    def _hint(self) -> None:
        self.hinted.append(self.number in seen_from_outside(self.url))


def a_schedule(dice: random.Random, url: str) -> list[Change]:
    changes = []
    for number in range(1, CHANGES + 1):
        moments = dice.choices([0, 1, 2], weights=[5, 4, 1])[0]
        changes.append(
            Change(
                number=number,
                way=dice.choice(list(Way)),
                begins_after=dice.choice([0, dice.uniform(0, 0.03)]),
                cancelled_after=tuple(
                    sorted(dice.choice([0, dice.uniform(0, 0.04)]) for _ in range(moments))
                ),
                url=url,
            )
        )
    return changes


async def play(database: Database, changes: list[Change]) -> list[BaseException | None]:
    tasks = [asyncio.create_task(change.run(database)) for change in changes]
    loop = asyncio.get_running_loop()
    for change, task in zip(changes, tasks, strict=True):
        for moment in change.cancelled_after:
            loop.call_later(moment, task.cancel)
    return await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("seed", range(SCHEDULES))
async def test_a_change_is_there_whole_or_not_at_all(
    database: Database, url: str, seed: int
) -> None:
    changes = a_schedule(random.Random(seed), url)  # noqa: S311 - a schedule, not a secret

    async with asyncio.timeout(30):
        outcomes = await play(database, changes)
        async with database.transaction() as last:
            last.add(a_user(1000))
    await asyncio.sleep(0.05)  # hints are called soon after the commit

    users = set(seen_from_outside(url))
    owners = set(seen_from_outside(url, "SELECT owner_id FROM accounts"))
    assert owners == users - {1000}, "no half of a change"
    for change, outcome in zip(changes, outcomes, strict=True):
        there = change.number in users
        if outcome is None:
            assert there and change.way not in FAILING
        elif not isinstance(outcome, asyncio.CancelledError):
            assert change.way in FAILING, f"{change} was taken along: {outcome!r}"
            assert not there
        else:
            assert change.cancelled_after
            assert not (there and change.way in FAILING)
        assert change.hinted == ([True] if there else []), change
    async with database.reading() as session:
        assert await session.scalar(select(func.count(Account.id))) == len(owners)
