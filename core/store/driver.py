"""SQLite's driver, with one errand to its thread for each statement.

aiosqlite keeps a thread for each connection, and each call is an errand there and back, longer than
most statements take. SQLAlchemy makes four for a SELECT: a cursor, the statement, its rows, and the
cursor's end. Here they are one, and what SQLAlchemy asks for afterwards is at hand.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self, TypeVar

import aiosqlite

_Result = TypeVar("_Result")


def connect(path: str, **how: Any) -> "Connection":
    """A connection to await: SQLAlchemy's `async_creator_fn`."""
    connection = Connection(partial(sqlite3.connect, path, **how), iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy has it: a program's end waits for no thread
    return connection


class Connection(aiosqlite.Connection):
    """aiosqlite's, but for its cursors."""

    def cursor(self) -> "Cursor":  # type: ignore[override]  # aiosqlite's has to be awaited
        return Cursor(self)

    async def errand(self, work: Callable[[], _Result]) -> _Result:
        """Have the thread do it."""
        done: _Result = await self._execute(work)  # type: ignore[no-untyped-call]
        return done


class Cursor:
    """What SQLAlchemy wants of a cursor; a statement is worked off when `execute` returns."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._done: sqlite3.Cursor | None = None
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> None:
        await self._run("execute", statement, parameters)

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> None:
        await self._run("executemany", statement, parameters)

    async def _run(self, how: str, statement: str, parameters: Any) -> None:
        self._done, self._rows = await self._connection.errand(
            partial(_run, self._connection._conn, how, statement, parameters)
        )

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """It was closed where it ran."""

    @property
    def description(self) -> Any:
        return self._done and self._done.description

    @property
    def rowcount(self) -> int:
        return self._done.rowcount if self._done else -1

    @property
    def lastrowid(self) -> int | None:
        return self._done.lastrowid if self._done else None


def _run(
    connection: sqlite3.Connection, how: str, statement: str, parameters: Any
) -> tuple[sqlite3.Cursor, list[Any]]:
    """In the connection's thread: a statement from beginning to end."""
    cursor = connection.cursor()
    try:
        getattr(cursor, how)(statement, parameters)
        return cursor, cursor.fetchall() if cursor.description else []
    finally:
        cursor.close()
