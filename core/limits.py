"""TikTok's limits of calls a minute, kept by us before TikTok has to refuse.

Every call is a row, so that a restart and a second process on the same database count it too.
Sources: Query Creator Info, Direct Post and Get Post Status, each for one user's token.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.errors import ClipCueError
from core.store.database import Database
from core.store.models import TikTokCall


class Call(StrEnum):
    """A call that TikTok counts."""

    INIT = "init"
    CREATOR_INFO = "creator_info"
    STATUS = "status"


PER_MINUTE = {Call.INIT: 6, Call.CREATOR_INFO: 20, Call.STATUS: 30}

WINDOW = timedelta(seconds=61)
"""A little over TikTok's minute: between our count and theirs lies the way to TikTok."""
KEPT = timedelta(minutes=2)


class LimitReached(ClipCueError):
    """TikTok takes no more such calls for this account just now."""

    def __init__(self, until: datetime, wait: timedelta) -> None:
        super().__init__()
        self.until = until
        """When there is room for one again."""
        self.wait = wait


class Limits:
    """What each account may still ask within the minute."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def require(self, account_id: int, call: Call) -> None:
        """Make sure that there is room for a call, without making it; raises `LimitReached`."""
        async with self._database.reading() as session:
            await self._require(session, account_id, call)

    async def spend(self, account_id: int, call: Call) -> None:
        """Count a call that is about to be made; raises `LimitReached` where there is no room."""
        now = self._clock()
        async with self._database.transaction() as change:
            await self._require(change, account_id, call)
            await change.execute(
                delete(TikTokCall).where(
                    TikTokCall.account_id == account_id, TikTokCall.at < now - KEPT
                )
            )
            note(change, account_id, call, now)

    async def _require(self, session: AsyncSession, account_id: int, call: Call) -> None:
        now = self._clock()
        made, oldest = (
            await session.execute(
                select(func.count(), func.min(TikTokCall.at)).where(
                    TikTokCall.account_id == account_id,
                    TikTokCall.call == call,
                    TikTokCall.at > now - WINDOW,
                )
            )
        ).one()
        if made >= PER_MINUTE[call]:
            until = oldest + WINDOW
            raise LimitReached(until, until - now)


def note(change: AsyncSession, account_id: int, call: Call, at: datetime) -> None:
    """Count a call that was made, as one with which an account is connected."""
    change.add(TikTokCall(account_id=account_id, call=call, at=at))
