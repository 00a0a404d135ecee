"""A program beside ours that looks into the database, or writes to it."""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import asyncpg
from sqlalchemy import make_url


def ask(url: str, statement: str, *values: Any) -> Sequence[Any]:
    """Run one statement (values stand as `?`) and return its rows; what it writes is committed.

    An instant among them is a text as SQLite has it, whatever the database.
    """
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        # In a thread of its own, since the event loop of this one may be running.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, _ask_server(url, statement, values)).result()
    with closing(sqlite3.connect(address.database or "", timeout=10)) as connection, connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(statement, [_text(value) for value in values]).fetchall()


async def _ask_server(url: str, statement: str, values: Sequence[Any]) -> Sequence[Any]:
    for number in range(1, len(values) + 1):
        statement = statement.replace("?", f"${number}", 1)
    connection = await asyncpg.connect(
        url.replace("+asyncpg", ""), server_settings={"timezone": "UTC"}
    )
    try:
        await connection.set_type_codec(
            "timestamptz", schema="pg_catalog", encoder=_zoned, decoder=_text_of_zoned
        )
        rows: Sequence[Any] = await connection.fetch(statement, *values)
        return rows
    finally:
        await connection.close()


def _text(value: Any) -> Any:
    return f"{value.astimezone(UTC):%F %T.%f}" if isinstance(value, datetime) else value


def _zoned(value: datetime | str) -> str:
    return f"{_text(value)}+00"


def _text_of_zoned(value: str) -> str:
    return str(_text(datetime.fromisoformat(value)))
