"""What waits in the database, counted when an operator looks."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

import structlog
from sqlalchemy import case, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from core.clock import Clock
from core.metrics import Waiting
from core.notifications import QUIET
from core.publishing.claims import Claims
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Notification, Post, TelegramUpdate, User

ANSWER_WITHIN = 3
"""Seconds that the database has: who asks whether all is well gives up after five."""

Found = TypeVar("Found")

log = structlog.get_logger()


class Backlog:
    """Looks into the database; what it finds is None where the database does not answer."""

    def __init__(self, *, database: Database, claims: Claims, clock: Clock) -> None:
        self._database = database
        self._claims = claims
        self._clock = clock

    async def overdue(self) -> timedelta | None:
        """Age of the oldest post that is due and that nobody has claimed; see `Claims.overdue`."""
        return await _in_time(self._claims.overdue())

    async def waiting(self) -> Waiting | None:
        """Everything that waits now.

        Of the notices, those that can be delivered: who has blocked the bot gets theirs on coming
        back, and good news waits for the end of quiet hours.
        """
        return await _in_time(self._waiting())

    async def _waiting(self) -> Waiting:
        was_quiet = func.coalesce(Notification.outcome, "") == QUIET
        waits_since = case((was_quiet, Notification.next_attempt_at), else_=Notification.created_at)
        async with self._database.reading() as session:
            posts = await session.execute(select(Post.status, func.count()).group_by(Post.status))
            counted = dict(posts.all())
            notices, oldest = (
                await session.execute(
                    select(func.count(), func.min(waits_since))
                    .join(User, User.id == Notification.user_id)
                    .where(
                        Notification.next_attempt_at.is_not(None),
                        or_(~was_quiet, Notification.next_attempt_at <= self._clock()),
                        User.reachable.is_(True),
                    )
                )
            ).one()
            updates = await session.scalar(
                select(func.count()).where(TelegramUpdate.done_at.is_(None))
            )
        return Waiting(
            posts={status: counted.get(status, 0) for status in PostStatus},
            overdue=await self._claims.overdue(),
            notices=notices,
            oldest_notice=self._clock() - oldest if oldest else timedelta(),
            updates=updates or 0,
        )


async def _in_time(asked: Awaitable[Found]) -> Found | None:
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            return await asked
    except (SQLAlchemyError, TimeoutError) as error:
        log.warning("database_does_not_answer", error=type(error).__name__)
        return None
