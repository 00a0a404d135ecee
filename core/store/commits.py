"""Group commit: changes that queue up while a commit runs share the next one.

A commit costs one wait for the disk. With one writer connection and a transaction each, a thousand
posts due at once would wait a thousand times; here each change is a savepoint of the transaction
that is open, and the last one in the queue commits for all. No caller goes on before COMMIT.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ExceptionContext, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from core.unbroken import unbroken

MAX_SHARED = 200
"""Changes that share one commit at the most: bounds how long the first of them waits."""

TRANSACTION = "transaction"
"""In a connection's `info`: the database's own name of what is open on it, where it has names."""


class TransactionLost(SQLAlchemyError):
    """What shared a transaction was undone with it: the database gave it up before the commit."""


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
    name: str | None
    """What the database calls the transaction."""
    changes: int = 0
    broken: bool = False
    """The database gave up the whole transaction (a full disk, a lost server): nobody may join."""
    hints: list[Callable[[], None]] = field(default_factory=list)
    durable: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    async def take_in(self, change: Transaction) -> None:
        await change.commit()  # releases its savepoint
        self.hints += change.hints

    async def let_go(self, change: Transaction) -> None:
        try:
            await change.close()  # undoes what was not taken in
        except Exception:
            self.broken = True
            raise
        self.broken = self.broken or self.connection.invalidated

    @property
    def takes_more(self) -> bool:
        return not self.broken and self.changes < MAX_SHARED


class GroupCommit:
    """The one door through which changes reach the database.

    `was_committed` tells what became of a transaction whose COMMIT had no answer, where the
    database can be asked that; elsewhere such a COMMIT has failed.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        was_committed: Callable[[str], Awaitable[bool]] | None = None,
    ) -> None:
        self._engine = engine
        self._was_committed = was_committed
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None
        self._waiting = 0
        self._batch: _Batch | None = None
        self._flushes: set[asyncio.Task[None]] = set()
        event.listen(engine.sync_engine, "handle_error", _keep_connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A change; leaving the block waits until it is durable, an exception undoes it alone."""
        if self._holder is asyncio.current_task():
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        await self._take_turn()
        try:
            batch = self._batch or await self._open()
            batch.changes += 1
            change = Transaction(batch.connection)
            try:
                await unbroken(change.connection())  # begins its savepoint
                yield change
                await unbroken(batch.take_in(change))
            finally:
                await unbroken(batch.let_go(change))
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
        if batch is None or (self._waiting and batch.takes_more):
            self._turn.release()
            return
        # A task of its own: the caller may be cancelled, the commit of the others may not.
        flush = asyncio.create_task(self._commit(batch))
        self._flushes.add(flush)
        flush.add_done_callback(self._flushes.discard)

    async def _open(self) -> _Batch:
        return await unbroken(self._begin())

    async def _begin(self) -> _Batch:
        connection = await self._engine.connect()
        try:
            await connection.begin()
        except Exception:
            await connection.close()
            raise
        self._batch = _Batch(connection=connection, name=connection.info.get(TRANSACTION))
        return self._batch

    async def _commit(self, batch: _Batch) -> None:
        self._batch = None
        try:
            await self._finish(batch)
        except Exception as error:
            batch.durable.set_exception(error)
            batch.durable.exception()  # a batch that nobody waits for any more is no warning
        else:
            batch.durable.set_result(None)
            for hint in batch.hints:
                asyncio.get_running_loop().call_soon(hint)
        finally:
            try:
                await batch.connection.close()
            finally:
                self._turn.release()

    async def _finish(self, batch: _Batch) -> None:
        """Make the batch durable; an error raised means that nothing of it was kept."""
        if batch.broken:
            await batch.connection.invalidate()
            raise TransactionLost("the database gave up the transaction before its commit")
        try:
            await batch.connection.commit()
        except Exception:
            # The transaction may still be open in it: closing it for good undoes everything.
            await batch.connection.invalidate()
            if not (self._was_committed and batch.name):
                raise
            if not await self._was_committed(batch.name):
                raise


def _keep_connection(context: ExceptionContext) -> None:
    """A change cancelled within a statement is undone alone.

    SQLAlchemy would throw the connection away, and with it what others have done on it. There is
    no need: the driver works off its statements in order, the rollback of the change comes next.
    """
    if isinstance(context.original_exception, asyncio.CancelledError):
        context.is_disconnect = False
