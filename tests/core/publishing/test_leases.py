"""Leases: renewed while work goes on, taken over when they end, freed when their holder dies."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.errors import ClipCueError
from core.publishing.claims import LEASE, Claim, Claims, Superseded
from core.states import AWAITING, PostStatus
from core.store.database import Database
from core.workers import Worker
from tests.clock import Clock
from tests.core.conftest import RENEW_EVERY
from tests.core.rows import Process, add_post, get_post, set_post

PROJECT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
async def in_time() -> AsyncIterator[None]:
    """Nothing here may hang."""
    async with asyncio.timeout(30):
        yield


async def test_a_lease_that_ended_is_taken_over_and_the_late_one_cannot_write(
    database: Database, both: list[Process], clock: Clock, accounts: list[int]
) -> None:
    await add_post(database, accounts[0], wake_at=clock())
    (slow,) = await both[0].claims.take(1)
    clock.jump(LEASE - timedelta(seconds=10))
    assert await both[1].claims.take(1) == []
    clock.jump(timedelta(seconds=11))
    (taken_over,) = await both[1].claims.take(1)
    assert taken_over == Claim(post_id=slow.post_id, attempt=slow.attempt + 1)

    await _held(both[1], taken_over)
    with pytest.raises(Superseded):
        await _held(both[0], slow)
    with pytest.raises(Superseded):
        await _held(both[0], taken_over)  # the right number is not enough: it is another's
    await both[0].claims.release(slow)  # changes nothing
    assert (await get_post(database, slow.post_id)).claim_owner == both[1].worker.name


@pytest.mark.parametrize("status", sorted(set(PostStatus) - AWAITING))
async def test_a_post_that_left_the_way_is_not_held(
    database: Database, both: list[Process], clock: Clock, accounts: list[int], status: PostStatus
) -> None:
    post_id = await add_post(database, accounts[0], wake_at=clock())
    (claim,) = await both[0].claims.take(1)
    await set_post(database, post_id, status=status)
    with pytest.raises(Superseded):
        await _held(both[0], claim)


async def test_a_post_that_is_not_there_is_not_held(both: list[Process]) -> None:
    with pytest.raises(Superseded) as caught:
        await _held(both[0], Claim(post_id=404, attempt=1))
    assert isinstance(caught.value, ClipCueError)


async def test_a_released_post_can_be_taken_at_once(
    database: Database, both: list[Process], clock: Clock, accounts: list[int]
) -> None:
    await add_post(database, accounts[0], wake_at=clock())
    (claim,) = await both[0].claims.take(1)
    await both[0].claims.release(claim)
    with pytest.raises(Superseded):
        await _held(both[0], claim)
    (next_claim,) = await both[1].claims.take(1)
    assert next_claim.attempt == 2


async def test_a_stop_gives_back_whatever_is_left_and_nothing_of_others(
    database: Database, both: list[Process], clock: Clock, accounts: list[int]
) -> None:
    for account_id in accounts[:3]:
        await add_post(database, account_id, wake_at=clock())
    left = await both[0].claims.take(2)
    (others,) = await both[1].claims.take(1)

    await both[0].claims.release_all()

    for claim in left:
        with pytest.raises(Superseded):
            await _held(both[0], claim)
    await _held(both[1], others)
    assert {claim.post_id for claim in await both[1].claims.take(3)} == {
        claim.post_id for claim in left
    }


async def test_next_wake_is_the_earliest_to_come(
    database: Database, claims: Claims, clock: Clock, accounts: list[int]
) -> None:
    assert await claims.next_wake() is None
    soon, later = clock() + timedelta(minutes=1), clock() + timedelta(minutes=2)
    for wake_at in (clock() - timedelta(minutes=1), later, soon, None):
        await add_post(database, accounts[0], wake_at=wake_at)
    assert await claims.next_wake() == soon


# Renewing


async def test_a_lease_is_renewed_while_work_goes_on(
    database: Database, both: list[Process], clock: Clock, accounts: list[int]
) -> None:
    post_id = await add_post(database, accounts[0], wake_at=clock())
    (claim,) = await both[0].claims.take(1)
    async with both[0].claims.renewing(claim):
        for _ in range(3):
            clock.jump(LEASE * 0.9)
            await _until_renewed(database, post_id, clock)
            assert await both[1].claims.take(1) == []
    clock.jump(LEASE * 1.1)
    assert len(await both[1].claims.take(1)) == 1, "and no longer than that"


async def test_work_on_a_lost_claim_is_stopped(
    database: Database, both: list[Process], clock: Clock, accounts: list[int]
) -> None:
    post_id = await add_post(database, accounts[0], wake_at=clock())
    (claim,) = await both[0].claims.take(1)
    with pytest.raises(Superseded):
        async with both[0].claims.renewing(claim):
            await set_post(database, post_id, attempt=claim.attempt + 1)
            await asyncio.sleep(20)
    task = asyncio.current_task()
    assert task is not None and not task.cancelling()


async def test_a_stop_from_outside_stays_a_cancellation(
    database: Database, claims: Claims, clock: Clock, accounts: list[int]
) -> None:
    await add_post(database, accounts[0], wake_at=clock())
    (claim,) = await claims.take(1)

    async def work() -> None:
        async with claims.renewing(claim):
            await asyncio.sleep(20)

    task = asyncio.create_task(work())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_the_work_raises_comes_through(
    database: Database, claims: Claims, clock: Clock, accounts: list[int]
) -> None:
    await add_post(database, accounts[0], wake_at=clock())
    (claim,) = await claims.take(1)
    with pytest.raises(KeyError, match="planned"):
        async with claims.renewing(claim):
            raise KeyError("planned")


async def test_one_renewal_that_fails_ends_no_work(
    database: Database, tmp_path: Path, clock: Clock, accounts: list[int]
) -> None:
    """Here the clock fails once; a locked database would do the same."""
    post_id = await add_post(database, accounts[0], wake_at=clock())
    failures, failed = 0, asyncio.Event()

    def moody() -> datetime:
        nonlocal failures
        if failures == 1:
            failures = 2
            failed.set()
            raise OSError("no time")
        return clock()

    worker = Worker(tmp_path / "others")
    claims = Claims(database=database, worker=worker, clock=moody, renew_every=RENEW_EVERY)
    (claim,) = await claims.take(1)
    failures = 1
    async with claims.renewing(claim):
        await failed.wait()
        clock.jump(LEASE * 0.9)
        await _until_renewed(database, post_id, clock)
    worker.close()


# The dead


async def test_claims_of_the_dead_are_freed_at_once(
    database: Database, url: str, both: list[Process], clock: Clock, accounts: list[int],
    tmp_path: Path,
) -> None:  # fmt: skip
    post_id = await add_post(database, accounts[0], wake_at=clock())
    program = (
        "import asyncio, os, signal, sys\n"
        "from pathlib import Path\n"
        "from core.publishing.claims import Claims\n"
        "from core.clock import system_clock\n"
        "from core.store.database import Database\n"
        "from core.workers import Worker\n"
        "async def main():\n"
        "    claims = Claims(database=Database(sys.argv[1]), worker=Worker(Path(sys.argv[2])),\n"
        "                    clock=system_clock)\n"
        "    assert len(await claims.take(1)) == 1\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    child = subprocess.run(  # noqa: ASYNC221 - nothing else runs on this loop
        [sys.executable, "-c", program, url, str(tmp_path / "workers")],
        cwd=PROJECT,
        timeout=30,
        check=False,
    )
    assert child.returncode == -9
    assert (await get_post(database, post_id)).attempt == 1
    assert await both[0].claims.take(1) == []

    await both[0].claims.free_dead()
    (claim,) = await both[0].claims.take(1)
    assert claim == Claim(post_id=post_id, attempt=2)


async def test_claims_of_the_living_are_not_freed(
    database: Database, both: list[Process], clock: Clock, accounts: list[int]
) -> None:
    post_id = await add_post(database, accounts[0], wake_at=clock())
    (claim,) = await both[0].claims.take(1)
    elsewhere = await add_post(database, accounts[1], wake_at=clock() + LEASE)
    await set_post(
        database, elsewhere, status=PostStatus.PUBLISHING, claim_owner="another-host:0123456789"
    )
    for process in both:
        await process.claims.free_dead()
    await _held(both[0], claim)
    assert (await get_post(database, post_id)).claim_owner == both[0].worker.name
    assert (await get_post(database, elsewhere)).claim_owner == "another-host:0123456789"


async def test_all_leases_of_a_worker_are_renewed_and_only_the_lost_one_ends(
    database: Database, both: list[Process], clock: Clock, accounts: list[int]
) -> None:
    for account_id in accounts[:5]:
        await add_post(database, account_id, wake_at=clock())
    claimed = await both[0].claims.take(5)
    over = asyncio.Event()

    async def work(claim: Claim) -> None:
        async with both[0].claims.renewing(claim):
            await over.wait()

    working = [asyncio.create_task(work(claim)) for claim in claimed]
    await asyncio.sleep(0)
    clock.jump(LEASE - timedelta(seconds=1))
    await set_post(database, claimed[2].post_id, attempt=7)
    with pytest.raises(Superseded):
        await working[2]
    await asyncio.sleep(3 * RENEW_EVERY.total_seconds())
    clock.jump(timedelta(seconds=2))
    (taken_over,) = await both[1].claims.take(10)
    assert taken_over.post_id == claimed[2].post_id, "the others are not to be had"
    over.set()
    await asyncio.gather(*working[:2], *working[3:])


async def _held(process: Process, claim: Claim) -> None:
    async with process.database.transaction() as change:
        await process.claims.held(change, claim)


async def _until_renewed(database: Database, post_id: int, clock: Clock) -> None:
    while True:
        post = await get_post(database, post_id)
        if post.wake_at and post.wake_at > clock() + LEASE * 0.8:
            return
        await asyncio.sleep(0.005)
