"""After the blows: creators do what they are asked, and the time is passed until all is over."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from core import verdicts
from core.states import AWAITING, AccountStatus, PostStatus
from core.store.database import Database
from core.store.models import Account, Notification, Post
from core.verdicts import Action
from sandbox.telegram import Person
from tests.process.reckoning import Planned, fates
from tests.stage import Stage

SETTLED_WITHIN = 180.0
"""Seconds of real time in which every post must have come to an end."""
SECOND = timedelta(seconds=1)
LONGEST_STEP = timedelta(hours=4)
ROUND = timedelta(seconds=10)
ROUND_WITHIN = 2.0
LATER = timedelta(days=2)
SWEPT_WITHIN = 0.5


async def play_on(database: Database, stage: Stage, *, rounds: int) -> None:
    """Let the faults meet the next tries as well, in steps of time that skip the pauses between."""
    for _ in range(rounds):
        with suppress(TimeoutError):
            async with asyncio.timeout(ROUND_WITHIN):
                await _rest(database, stage)
        stage.clock.jump(ROUND)


async def settle(database: Database, stage: Stage, planned: Sequence[Planned]) -> int:
    """Pass the time in which nothing happens until all have ended, and two days more.

    Returns how often a creator had to connect an account again.
    """
    owners = {plan.username: plan.owner for plan in planned}
    reconnects, states, step = 0, None, SECOND
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLED_WITHIN):
            while True:
                await _rest(database, stage)
                lost = await _lost(database)
                for username in lost:
                    await _reconnect(stage, owners[username], username)
                    reconnects += 1
                if lost:
                    continue
                found = await fates(database)
                if all(fate.ended for fate in found.values()):
                    break
                before, states = states, [fate.status for fate in found.values()]
                step = min(2 * step, LONGEST_STEP) if states == before else SECOND
                stage.clock.jump(step)
            stage.clock.jump(LATER)  # what has ended stays as it is
            await asyncio.sleep(SWEPT_WITHIN)
            await _rest(database, stage)
    return reconnects


async def _rest(database: Database, stage: Stage) -> None:
    """Wait until no post is worked on or due, and no creator is owed a message."""
    while await _is_busy(database, stage.clock()):  # noqa: ASYNC110 - in other processes
        await asyncio.sleep(0.05)


async def _is_busy(database: Database, now: datetime) -> bool:
    at_work = or_(Post.claim_owner.is_not(None), Post.wake_at <= now)
    async with database.reading() as session:
        posts = await session.scalar(
            select(func.count()).where(
                at_work, Post.wake_at.is_not(None), Post.status.in_(AWAITING)
            )
        )
        owed = await session.scalar(
            select(func.count()).where(Notification.next_attempt_at.is_not(None))
        )
    return bool(posts or owed)


async def _lost(database: Database) -> list[str]:
    """Accounts that have to be connected again before their posts go on."""
    async with database.reading() as session:
        rows = await session.execute(
            select(Account.username, Account.status, Post.status, Post.failure_code)
            .join(Post, Post.account_id == Account.id)
            .order_by(Account.id)
        )
    lost = [
        str(username)
        for username, account, post, code in rows
        if account is AccountStatus.RECONNECT
        or (post is PostStatus.HELD and verdicts.of_code(code or "").action is Action.RECONNECT)
    ]
    return list(dict.fromkeys(lost))


async def _reconnect(stage: Stage, owner: Person, username: str) -> None:
    """What a creator does about it: connect, and take up what waited."""
    asked = [message for message in owner.chat if f"@{username}" in message.text]
    assert any("Reconnect" in message.labels for message in asked), f"{username}: nobody was told"
    connected = await stage.connect(owner, username=username)
    for label in connected.labels:
        if "Resume" in label:
            await owner.tap(label, message=connected)
            await owner.see("Posts for", after=connected)
