"""What the messenger has sent, kept from before that is confirmed until it is worked off.

The messenger forgets an update once it is confirmed. So it is stored first: what a crash or a stop
has left undone is worked off by the next process, and a copy of it is known by its number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, select, update

from core.clock import Clock
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import TelegramUpdate
from core.together import Together
from core.workers import Worker

KEPT = timedelta(days=2)
"""How long the number of an update that is done stays known; the messenger repeats for a day."""

PATIENCE = timedelta(minutes=15)
"""After that an update is taken over from a process of which nobody here can tell if it lives."""

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Trail:
    """How far a long piece of work has come, so that a restart goes on from there."""

    message_id: int | None = None
    """The message that tells the creator how far it is."""
    clip_id: int | None = None
    """The clip it has become."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An update that is not done yet; `repeats` is how often it was begun again."""

    number: int
    data: Json = field(repr=False)
    repeats: int = 0
    trail: Trail = Trail()


class Intake:
    """The `telegram_updates` table. A row's `data` is the update, who works on it, its trail."""

    def __init__(self, *, database: Database, worker: Worker, clock: Clock) -> None:
        self._database = database
        self._worker = worker
        self._clock = clock
        self._note_done = Together(self._note_all_done)

    async def keep(self, updates: Sequence[Json]) -> list[Kept]:
        """Store updates, all or none; returns those that are new, in their order."""
        fresh = {int(data["update_id"]): data for data in updates}
        async with self._database.transaction() as change:
            known = set(
                await change.scalars(
                    select(TelegramUpdate.update_id).where(TelegramUpdate.update_id.in_(fresh))
                )
            )
            now = self._clock()
            change.add_all(
                TelegramUpdate(
                    update_id=number,
                    data={"update": data, "worker": self._worker.name, "trail": {}},
                    received_at=now,
                )
                for number, data in fresh.items()
                if number not in known
            )
        return [
            Kept(number=number, data=data) for number, data in fresh.items() if number not in known
        ]

    async def left_behind(self) -> list[Kept]:
        """Take over what ended processes have not done, the oldest first."""
        async with self._database.reading() as session:
            left = [row.update_id for row in await session.scalars(_open()) if self._is_left(row)]
        if not left:
            return []
        async with self._database.transaction() as change:
            rows = await change.scalars(_open().where(TelegramUpdate.update_id.in_(left)))
            ours = [row for row in rows if self._is_left(row)]
            for row in ours:
                row.data = {**row.data, "worker": self._worker.name}
            return [
                Kept(
                    number=row.update_id,
                    data=row.data["update"],
                    repeats=row.attempts,
                    trail=Trail(**row.data["trail"]),
                )
                for row in ours
            ]

    def _is_left(self, row: TelegramUpdate) -> bool:
        worker = row.data["worker"]
        if worker == self._worker.name:
            return False
        return self._worker.is_gone(worker) or row.received_at < self._clock() - PATIENCE

    async def begin_again(self, kept: Kept) -> None:
        """Count one more try, before it begins: one that ends the process must be seen."""
        await self._set(kept, attempts=kept.repeats + 1)

    async def park(self, kept: Kept) -> None:
        """It was cut off in order, by a stop: that try does not count."""
        await self._set(kept, attempts=kept.repeats)

    async def note(self, kept: Kept, *, message_id: int) -> None:
        """Remember which message shows the progress."""
        async with self._database.transaction() as change:
            await note(change, kept.number, message_id=message_id)

    async def done(self, kept: Kept) -> None:
        """It is worked off: its content is forgotten, its number stays known for `KEPT`."""
        await self._note_done(kept.number)

    async def _note_all_done(self, numbers: Sequence[int]) -> list[None]:
        async with self._database.transaction() as change:
            await change.execute(
                update(TelegramUpdate)
                .where(TelegramUpdate.update_id.in_(numbers))
                .values(done_at=self._clock(), data={})
                .execution_options(synchronize_session=False)
            )
        return [None] * len(numbers)

    async def prune(self) -> None:
        """Forget the numbers of updates done long ago."""
        async with self._database.transaction() as change:
            await change.execute(
                delete(TelegramUpdate).where(TelegramUpdate.done_at < self._clock() - KEPT)
            )

    async def _set(self, kept: Kept, **values: Any) -> None:
        async with self._database.transaction() as change:
            await change.execute(
                update(TelegramUpdate)
                .where(TelegramUpdate.update_id == kept.number)
                .values(**values)
                .execution_options(synchronize_session=False)
            )


async def note(change: Transaction, number: int, **trail: int) -> None:
    """Add to the trail of an update, as part of the change that it tells of."""
    row = await change.get(TelegramUpdate, number)
    if row is not None and row.done_at is None:
        row.data = {**row.data, "trail": {**row.data["trail"], **trail}}


def _open() -> Select[TelegramUpdate]:
    return (
        select(TelegramUpdate)
        .where(TelegramUpdate.done_at.is_(None))
        .order_by(TelegramUpdate.update_id)
    )
