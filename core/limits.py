"""TikTok's limits of calls a minute, kept by us before TikTok has to refuse.

Every call is a row, so that a restart and a second process on the same database count it too.
Sources: Query Creator Info, Direct Post and Get Post Status, each for one user's token; for Query
Videos (API v2 Rate Limits) TikTok does not say whose calls it counts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.errors import ClipCueError
from core.store.database import Database
from core.store.models import TikTokCall
from core.together import Together


class Call(StrEnum):
    """A call that TikTok counts."""

    INIT = "init"
    CREATOR_INFO = "creator_info"
    STATUS = "status"
    VIDEOS = "videos"


_Spending = tuple[int, Call]
"""An account's id, and what it is about to ask."""

PER_MINUTE = {Call.INIT: 6, Call.CREATOR_INFO: 20, Call.STATUS: 30, Call.VIDEOS: 600}

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
        self._spend = Together(self._spend_all)

    async def require(self, account_id: int, call: Call) -> None:
        """Make sure that there is room for a call, without making it; raises `LimitReached`."""
        now = self._clock()
        async with self._database.reading() as session:
            made = await _made(session, [account_id], now)
        if full := _full(made.get((account_id, call), []), call, now):
            raise full

    async def spend(self, account_id: int, call: Call) -> None:
        """Count a call that is about to be made; raises `LimitReached` where there is no room."""
        await self._spend((account_id, call))

    async def _spend_all(self, calls: Sequence[_Spending]) -> list[LimitReached | None]:
        now = self._clock()
        account_ids = list({account_id for account_id, _ in calls})
        answers: list[LimitReached | None] = []
        spent = []
        async with self._database.transaction() as change:
            made = await _made(change, account_ids, now)
            for account_id, call in calls:
                earlier = made.setdefault((account_id, call), [])
                full = _full(earlier, call, now)
                if full is None:
                    earlier.append(now)
                    spent.append({"account_id": account_id, "call": call, "at": now})
                answers.append(full)
            await change.execute(
                delete(TikTokCall)
                .where(TikTokCall.account_id.in_(account_ids), TikTokCall.at < now - KEPT)
                .execution_options(synchronize_session=False)
            )
            if spent:
                await change.execute(insert(TikTokCall), spent)
        return answers


async def _made(
    session: AsyncSession, account_ids: Sequence[int], now: datetime
) -> dict[_Spending, list[datetime]]:
    """When each call was made within the window, the oldest first."""
    rows = await session.execute(
        select(TikTokCall.account_id, TikTokCall.call, TikTokCall.at)
        .where(TikTokCall.account_id.in_(account_ids), TikTokCall.at > now - WINDOW)
        .order_by(TikTokCall.at)
    )
    made: dict[_Spending, list[datetime]] = {}
    for account_id, call, at in rows:
        made.setdefault((account_id, Call(call)), []).append(at)
    return made


def _full(made: Sequence[datetime], call: Call, now: datetime) -> LimitReached | None:
    if len(made) < PER_MINUTE[call]:
        return None
    until = made[0] + WINDOW
    return LimitReached(until, until - now)


def note(change: AsyncSession, account_id: int, call: Call, at: datetime) -> None:
    """Count a call that was made, as one with which an account is connected."""
    change.add(TikTokCall(account_id=account_id, call=call, at=at))
