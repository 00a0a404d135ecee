"""Claims: who may work on which post, until when."""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from core.publishing.claims import LEASE, Claim, Claims
from core.states import AWAITING, PostStatus
from core.store.database import Database
from core.store.models import PostEvent
from tests.clock import Clock
from tests.core.rows import Process, add_post, get_post, set_post


@pytest.fixture(autouse=True)
async def in_time() -> AsyncIterator[None]:
    """Nothing here may hang."""
    async with asyncio.timeout(30):
        yield


async def test_a_due_post_is_taken_and_marked(
    database: Database, claims: Claims, both: list[Process], clock: Clock, accounts: list[int]
) -> None:
    post_id = await add_post(database, accounts[0], wake_at=clock() - timedelta(seconds=1))
    (claim,) = await claims.take(10)
    assert claim == Claim(post_id=post_id, attempt=1)
    post = await get_post(database, post_id)
    assert (post.status, post.version, post.attempt) == (PostStatus.PUBLISHING, 2, 1)
    assert post.claim_owner == both[0].worker.name
    assert post.wake_at is not None
    assert abs(post.wake_at - (clock() + LEASE)) < timedelta(seconds=5)
    async with database.reading() as session:
        events = (await session.scalars(select(PostEvent.status))).all()
    assert events == [PostStatus.PUBLISHING]


async def test_what_is_not_due_stays(
    database: Database, claims: Claims, clock: Clock, accounts: list[int]
) -> None:
    await add_post(database, accounts[0], wake_at=clock() + timedelta(seconds=60))
    await add_post(database, accounts[1], wake_at=None)
    assert await claims.take(10) == []
    clock.jump(timedelta(seconds=61))
    assert len(await claims.take(10)) == 1


@pytest.mark.parametrize("status", PostStatus)
async def test_only_states_that_await_something_are_taken(
    database: Database, claims: Claims, clock: Clock, accounts: list[int], status: PostStatus
) -> None:
    post_id = await add_post(database, accounts[0], wake_at=clock(), status=status)
    taken = await claims.take(10)
    assert bool(taken) is (status in AWAITING)
    if taken:
        post = await get_post(database, post_id)
        begins = status is PostStatus.SCHEDULED
        assert post.status is (PostStatus.PUBLISHING if begins else status)
        assert post.version == (2 if begins else 1), "a question to TikTok outdates no button"


async def test_the_longest_waiting_first_and_no_more_than_asked_for(
    database: Database, claims: Claims, clock: Clock, accounts: list[int]
) -> None:
    ages = list(range(1, 9))
    random.Random(1).shuffle(ages)  # noqa: S311 - an order, not a secret
    by_age = {
        age: await add_post(database, accounts[age], wake_at=clock() - timedelta(minutes=age))
        for age in ages
    }
    taken = await claims.take(3)
    assert {claim.post_id for claim in taken} == {by_age[8], by_age[7], by_age[6]}
    assert len(await claims.take(100)) == 5


async def test_posts_of_one_account_go_one_after_another(
    database: Database, claims: Claims, both: list[Process], clock: Clock, accounts: list[int]
) -> None:
    first, second, third = [
        await add_post(database, accounts[0], wake_at=clock() - timedelta(minutes=3 - number))
        for number in range(3)
    ]
    (claim,) = await claims.take(10)
    assert claim.post_id == first
    assert await both[1].claims.take(10) == [], "nor by another process"

    await set_post(database, first, status=PostStatus.PROCESSING, claim_owner=None, wake_at=None)
    (claim,) = await both[1].claims.take(10)
    assert claim.post_id == second
    await set_post(database, second, status=PostStatus.FAILED, claim_owner=None, wake_at=None)
    (claim,) = await claims.take(10)
    assert claim.post_id == third


async def test_a_hundred_posts_of_one_account_hold_up_no_other(
    database: Database, claims: Claims, clock: Clock, accounts: list[int]
) -> None:
    for age in range(100, 0, -1):
        await add_post(database, accounts[0], wake_at=clock() - timedelta(minutes=age))
    late = await add_post(database, accounts[1], wake_at=clock() - timedelta(seconds=1))
    assert late in {claim.post_id for claim in await claims.take(2)}


async def test_questions_to_tiktok_wait_for_no_upload(
    database: Database, claims: Claims, clock: Clock, accounts: list[int]
) -> None:
    await add_post(database, accounts[0], wake_at=clock())
    assert len(await claims.take(10)) == 1
    for status in (PostStatus.PROCESSING, PostStatus.UNCONFIRMED):
        await add_post(database, accounts[0], wake_at=clock(), status=status)
    assert len(await claims.take(10)) == 2


async def test_two_processes_never_both_get_a_post(
    database: Database, both: list[Process], clock: Clock, accounts: list[int]
) -> None:
    posts = {await add_post(database, account, wake_at=clock()) for account in accounts}

    async def take_all(claims: Claims) -> list[Claim]:
        taken: list[Claim] = []
        while some := await claims.take(3):
            taken += some
        return taken

    rounds = await asyncio.gather(*(take_all(process.claims) for process in both for _ in range(3)))
    counted = Counter(claim.post_id for taken in rounds for claim in taken)
    assert counted == dict.fromkeys(posts, 1)


async def test_nothing_is_searched_that_only_waits_for_its_time(
    database: Database, claims: Claims, url: str, clock: Clock, accounts: list[int]
) -> None:
    """However many posts there are: each step of the plan goes by an index of few."""
    if not url.startswith("sqlite"):
        pytest.skip("SQLite tells how it would search")
    await add_post(database, accounts[0], wake_at=clock())
    asked: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        await claims.free_dead()
        await claims.take(10)
        await claims.next_wake()
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    with closing(sqlite3.connect(url.split("///", 1)[1])) as connection:
        plans = {
            statement: [
                row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            ]
            for statement, values in asked
            if "FROM posts" in statement or statement.startswith("UPDATE posts")
        }
    assert len(plans) >= 4
    searched = [step for plan in plans.values() for step in plan if " posts" in step]
    assert not [step for step in searched if step.startswith("SCAN")], plans
    future = [step for step in searched if "ix_posts_wake (wake_at>" in step]
    assert len(future) == 1, "only to see when the next one is due, which reads one entry"
