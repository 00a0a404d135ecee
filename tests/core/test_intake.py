"""Updates kept until they are worked off: by number once, and taken over from the dead only."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from core.intake import KEPT, PATIENCE, Intake, Kept, Trail, note
from core.store.database import Database
from core.store.models import TelegramUpdate
from core.workers import Worker
from tests.clock import Clock
from tests.outside import ask


@pytest.fixture
async def workers(tmp_path: Path) -> AsyncIterator[list[Worker]]:
    """A process, one that runs beside it, and one on another machine."""
    made = [Worker(tmp_path / folder) for folder in ("here", "here", "elsewhere")]
    yield made
    for worker in made:
        worker.close()


@pytest.fixture
def intakes(database: Database, clock: Clock, workers: list[Worker]) -> list[Intake]:
    return [Intake(database=database, worker=worker, clock=clock) for worker in workers]


def updates(*numbers: int) -> list[dict[str, Any]]:
    return [{"update_id": number, "message": {"text": f"no. {number}"}} for number in numbers]


def numbers(kept: list[Kept]) -> list[int]:
    return [each.number for each in kept]


async def rows(database: Database) -> list[TelegramUpdate]:
    async with database.reading() as session:
        return list(await session.scalars(select(TelegramUpdate)))


async def test_a_copy_is_known_by_its_number_for_two_days(
    intakes: list[Intake], clock: Clock
) -> None:
    first, second, _ = intakes
    kept = await first.keep(updates(5, 6))
    assert [each.data["message"] for each in kept] == [{"text": "no. 5"}, {"text": "no. 6"}]
    assert numbers(await second.keep(updates(5, 6, 7))) == [7]
    await first.done(kept[0])
    clock.jump(KEPT - timedelta(minutes=1))
    await first.prune()
    assert await first.keep(updates(5, 6)) == []
    clock.jump(timedelta(minutes=2))
    await first.prune()
    assert numbers(await first.keep(updates(5, 6))) == [5], "what is not done is never forgotten"


async def test_of_what_is_done_nothing_but_the_number_stays(
    intakes: list[Intake], database: Database
) -> None:
    (kept,) = await intakes[0].keep(updates(5))
    await intakes[0].done(kept)
    (row,) = await rows(database)
    assert (row.update_id, row.data) == (5, {})


async def test_what_ends_together_is_noted_together(
    intakes: list[Intake], database: Database
) -> None:
    intake = intakes[0]
    kept = await intake.keep(updates(*range(200)))
    async with database.transaction():  # nobody else has a turn meanwhile
        early = [asyncio.create_task(intake.done(each)) for each in kept[:100]]
        await asyncio.sleep(0)
        early[0].cancel()
    await asyncio.gather(*early[1:], *(intake.done(each) for each in kept[100:]))
    with pytest.raises(asyncio.CancelledError):
        await early[0]
    assert {row.done_at is None for row in await rows(database)} == {False}


async def test_a_note_that_fails_is_no_hindrance_to_the_next(
    intakes: list[Intake], database: Database, url: str
) -> None:
    intake = intakes[0]
    first, second = await intake.keep(updates(5, 6))
    await asyncio.to_thread(ask, url, "ALTER TABLE telegram_updates RENAME TO elsewhere")
    with pytest.raises(DBAPIError):
        await intake.done(first)
    await asyncio.to_thread(ask, url, "ALTER TABLE elsewhere RENAME TO telegram_updates")
    await intake.done(second)
    assert [row.done_at is None for row in await rows(database)] == [True, False]


async def test_what_a_dead_process_has_left_is_taken_over_once_and_in_order(
    intakes: list[Intake], workers: list[Worker]
) -> None:
    first, second, _ = intakes
    kept = await first.keep(updates(7, 5, 6))
    await first.done(kept[2])
    assert await first.left_behind() == [], "it is still at it"
    assert await second.left_behind() == [], "the other one lives"
    workers[0].close()
    left = await second.left_behind()
    assert numbers(left) == [5, 7]
    assert left[0].data == updates(5)[0]
    assert await second.left_behind() == []


async def test_of_another_machine_only_after_a_while(intakes: list[Intake], clock: Clock) -> None:
    here, _, elsewhere = intakes
    await elsewhere.keep(updates(5))
    clock.jump(PATIENCE - timedelta(seconds=10))
    assert await here.left_behind() == []
    clock.jump(timedelta(seconds=20))
    assert numbers(await here.left_behind()) == [5]


async def test_the_trail_and_the_tries_outlive_the_process(
    intakes: list[Intake], workers: list[Worker], database: Database
) -> None:
    first, second, _ = intakes
    (kept,) = await first.keep(updates(5))
    await first.note(kept, message_id=11)
    async with database.transaction() as change:
        await note(change, 5, clip_id=3)
    workers[0].close()
    (left,) = await second.left_behind()
    assert (left.repeats, left.trail) == (0, Trail(message_id=11, clip_id=3))

    await second.begin_again(left)
    (row,) = await rows(database)
    assert row.attempts == 1
    await second.park(left)
    (row,) = await rows(database)
    assert row.attempts == 0, "a stop in order is no failed try"


async def test_a_trail_of_what_is_done_is_no_harm(
    intakes: list[Intake], database: Database
) -> None:
    (kept,) = await intakes[0].keep(updates(5))
    await intakes[0].done(kept)
    await intakes[0].note(kept, message_id=11)
    (row,) = await rows(database)
    assert row.data == {}


def test_what_a_creator_wrote_is_in_no_repr() -> None:
    assert "secret" not in repr(Kept(number=1, data={"message": {"text": "secret"}}))
