"""Group commit: changes that queue up while a commit runs share the next one.

A commit costs one wait for the disk. With one writer connection and a transaction each, a thousand
posts due at once would wait a thousand times; here each change is a savepoint of the transaction
that is open, and the last one in the queue commits for all. No caller goes on before COMMIT.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

MAX_SHARED = 200
"""Changes that share one commit at the most: bounds how long the first of them waits."""


class Transaction(AsyncSession):
    """One change: it happens whole or not at all, whatever others share its commit.

    Keep network calls out of it: everybody who writes waits for its end.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        self.hints: list[Callable[[], None]] = []

    def after_commit(self, hint: Callable[[], None]) -> None:
        """Call `hint` once the change is durable; never if it is undone."""
        self.hints.append(hint)


@dataclass(kw_only=True)
class _Batch:
    connection: AsyncConnection
    changes: int = 0
    hints: list[Callable[[], None]] = field(default_factory=list)
    durable: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class GroupCommit:
    """The one door through which changes reach the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None
        self._waiting = 0
        self._batch: _Batch | None = None
        self._flushes: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A change; leaving the block waits until it is durable, an exception undoes it alone."""
        if self._holder is asyncio.current_task():
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        await self._take_turn()
        try:
            batch = self._batch or await self._open()
            async with Transaction(batch.connection) as change:
                yield change
                await change.commit()
            batch.changes += 1
            batch.hints += change.hints
        finally:
            self._pass_turn()
        await asyncio.shield(batch.durable)

    async def settle(self) -> None:
        """Wait until nothing is left uncommitted."""
        while self._flushes:
            await asyncio.gather(*self._flushes)

    async def _take_turn(self) -> None:
        self._waiting += 1
        try:
            await self._turn.acquire()
        except asyncio.CancelledError:
            self._waiting -= 1
            if not self._waiting and not self._turn.locked():
                await self._turn.acquire()  # it is free: others counted on this one to go last
                self._pass_turn()
            raise
        self._waiting -= 1
        self._holder = asyncio.current_task()

    def _pass_turn(self) -> None:
        """To the next in the queue; when there is none, or the batch is full, to the commit."""
        self._holder = None
        batch = self._batch
        if batch is None or (self._waiting and batch.changes < MAX_SHARED):
            self._turn.release()
            return
        # A task of its own: the caller may be cancelled, the commit of the others may not.
        flush = asyncio.create_task(self._commit(batch))
        self._flushes.add(flush)
        flush.add_done_callback(self._flushes.discard)

    async def _open(self) -> _Batch:
        connection = await self._engine.connect()
        try:
            await connection.begin()
        except BaseException:
            await connection.close()
            raise
        self._batch = _Batch(connection=connection)
        return self._batch

    async def _commit(self, batch: _Batch) -> None:
        self._batch = None
        try:
            await batch.connection.commit()
        except Exception as error:
            batch.durable.set_exception(error)
            batch.durable.exception()  # a batch that nobody waits for any more is no warning
        else:
            batch.durable.set_result(None)
        finally:
            await batch.connection.close()
            self._turn.release()
        if batch.durable.exception() is None:
            for hint in batch.hints:
                hint()
