"""SQLite's driver: a statement has been worked off, rows and all, when it returns."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import pytest

from core.store.driver import Connection, connect

MANY = 200_000
COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n LIMIT ?"


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    connection = connect(":memory:")
    await connection
    await connection.cursor().execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, caption TEXT)")
    yield connection
    await connection.close()


async def test_a_statement_is_over_when_it_returns(connection: Connection) -> None:
    reading = connection.cursor()
    await reading.execute(COUNT, (3,))
    await connection.close()
    assert await reading.fetchall() == [(1,), (2,), (3,)]
    assert [column[0] for column in reading.description] == ["i"]


async def test_what_a_change_has_done_is_told(connection: Connection) -> None:
    one, many, returning = (connection.cursor() for _ in range(3))
    assert (one.rowcount, one.lastrowid, one.description) == (-1, None, None)
    await one.execute("INSERT INTO posts (caption) VALUES (?)", ("tea",))
    assert (one.rowcount, one.lastrowid, one.description) == (1, 1, None)
    await many.executemany("INSERT INTO posts (caption) VALUES (?)", [("a",), ("b",)])
    assert many.rowcount == 2
    await returning.execute("UPDATE posts SET caption = 'x' WHERE id > 1 RETURNING id")
    assert (returning.rowcount, await returning.fetchall()) == (2, [(2,), (3,)])


async def test_a_statement_that_fails_is_no_hindrance_to_the_next(connection: Connection) -> None:
    cursor = connection.cursor()
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await cursor.execute("SELECT * FROM drafts")
    await cursor.execute("SELECT 1")
    assert await cursor.fetchall() == [(1,)]


async def test_who_is_cancelled_meanwhile_leaves_the_connection_usable(
    connection: Connection,
) -> None:
    slow = asyncio.create_task(connection.cursor().execute(COUNT, (MANY,)))
    await asyncio.sleep(0)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    after = connection.cursor()
    await after.execute("DROP TABLE posts")  # refused while a statement before it is open
    await after.execute("SELECT count(*) FROM sqlite_master")
    assert await after.fetchall() == [(0,)]
