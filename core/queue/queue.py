"""The queue of an account: the posting slots that its creator has given it."""

from collections.abc import Collection

from sqlalchemy import delete

from core.accounts import accounts
from core.errors import ClipCueError
from core.queue.slots import slots_of
from core.queue.weeks import WeekTime
from core.store.database import Database
from core.store.models import Slot

MOST_SLOTS = 70
"""Slots of one account through the week: ten a day."""


class TooManySlots(ClipCueError):
    """An account has room for `MOST_SLOTS` posting slots."""


class Queue:
    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def slots(self, owner_id: int, account_id: int) -> tuple[WeekTime, ...]:
        """The account's posting slots through the week; raises `NotFound`."""
        async with self._database.reading() as session:
            await accounts.owned(session, owner_id, account_id)
            return await slots_of(session, account_id)

    async def add(
        self, owner_id: int, account_id: int, times: Collection[WeekTime]
    ) -> tuple[WeekTime, ...]:
        """Add slots and return all; raises `NotFound`, `TooManySlots`."""
        async with self._database.transaction() as change:
            await accounts.owned(change, owner_id, account_id)
            known = await slots_of(change, account_id)
            every = set(known).union(times)
            if len(every) > MOST_SLOTS:
                raise TooManySlots
            change.add_all(
                Slot(account_id=account_id, weekday=each.weekday, minute=each.minute)
                for each in every.difference(known)
            )
            return tuple(sorted(every))

    async def remove(
        self, owner_id: int, account_id: int, minute: int | None = None
    ) -> tuple[WeekTime, ...]:
        """Remove the slots at this time of day, or all, and return what is left.

        Posts that have such a time keep it. Raises `NotFound`.
        """
        async with self._database.transaction() as change:
            await accounts.owned(change, owner_id, account_id)
            which = [Slot.account_id == account_id]
            if minute is not None:
                which.append(Slot.minute == minute)
            await change.execute(delete(Slot).where(*which))
            return await slots_of(change, account_id)
