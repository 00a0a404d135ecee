"""A database with very many posts, filled by SQLite itself."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from core.store.database import Database

_FILL = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :posts),
    stated AS (
        SELECT n, CASE WHEN n % 100 < :scheduled THEN 'scheduled'
                       WHEN n % 100 < 90 THEN 'published'
                       WHEN n % 100 < 93 THEN 'failed'
                       WHEN n % 100 < 96 THEN 'draft'
                       WHEN n % 100 < 98 THEN 'cancelled'
                       ELSE 'held' END AS status
        FROM numbers
    )
    INSERT INTO posts (
        owner_id, account_id, clip_id, status, version, caption, allow_comment, allow_duet,
        allow_stitch, discloses, your_brand, branded_content, attempt, tries, bytes_acknowledged,
        created_at, due_at, wake_at
    )
    SELECT 1, 1 + n % 10000, n, status, 1, 'New recipe #food', 0, 0, 0, 0, 0, 0, 0, 0, 0, :now,
        datetime(:now, '+' || (3600 + n % 2000000) || ' seconds') || '.000000',
        CASE WHEN status = 'scheduled'
             THEN datetime(:now, '+' || (3600 + n % 2000000) || ' seconds') || '.000000' END
    FROM stated
"""


async def migrated(path: Path) -> Database:
    """A database file with its tables."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.migrate()
    return database


def fill(path: Path, posts: int, *, scheduled: int, now: datetime) -> None:
    """Add `posts`, of which `scheduled` percent wait for a time from an hour after `now` on.

    The others have been published, have failed and so on. Their creator and clips are not there.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(
            _FILL, {"posts": posts, "scheduled": scheduled, "now": f"{now:%Y-%m-%d %H:%M:%S}"}
        )
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def add_due(path: Path, due: list[datetime]) -> None:
    """Add scheduled posts, each of an account of its own."""
    texts = [f"{instant:%Y-%m-%d %H:%M:%S.%f}" for instant in due]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executemany(
            "INSERT INTO posts (owner_id, account_id, clip_id, status, version, caption,"
            " allow_comment, allow_duet, allow_stitch, discloses, your_brand, branded_content,"
            " attempt, tries, bytes_acknowledged, created_at, due_at, wake_at)"
            " VALUES (1, ?, 1, 'scheduled', 1, '', 0, 0, 0, 0, 0, 0, 0, 0, 0, ?, ?, ?)",
            [(1_000_000 + number, text, text, text) for number, text in enumerate(texts)],
        )
