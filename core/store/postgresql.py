"""PostgreSQL: a server that several machines can share.

What the business reads before it writes (who has the next free slot, how many calls an account has
left) leans on nobody else writing in between. SQLite has one writer; here each transaction that
writes begins with taking one lock of the whole database, and so the writers of all processes go
one after another just the same. Readers wait for nobody: each has a snapshot.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog
from pydantic import SecretStr
from sqlalchemy import URL, Connection, ExceptionContext, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from core.settings import SettingsError
from core.store.commits import TRANSACTION

WRITERS_LOCK = 0x436C6970437565
"""The number of the lock that the writer holds; locks are counted in each database by itself."""
LOCK_WITHIN = 15
"""Seconds a writer waits for those of other processes before it gives up, as on SQLite."""
FROZEN_AFTER = 10
"""Seconds after which the server ends a transaction in which nothing is said any more: a machine
that froze or lost its network must not keep the lock, and the others wait a little longer."""
CONNECT_WITHIN = 10
ANSWER_WITHIN = 30
ASK_AGAIN_AFTER = 0.5
"""Seconds between two tries to learn what became of a transaction."""

log = structlog.get_logger()


class ServerAway(SQLAlchemyError):
    """No connection to the server; the text is one line that says where and why."""


def engines(url: URL, *, readers: int) -> tuple[AsyncEngine, AsyncEngine]:
    """Readers and the one writer of this process, on the database that `url` names."""
    reading = _engine(
        url,
        isolation_level="REPEATABLE READ",
        pool_size=readers,
        max_overflow=1,  # for `was_committed`, which must not wait for the others
    )
    writing = _engine(
        url,
        isolation_level="READ COMMITTED",  # what others wrote before we had the lock is seen
        pool_size=1,
        max_overflow=0,
        told={
            "synchronous_commit": "on",  # a lost commit could lose a publish_id
            "lock_timeout": f"{LOCK_WITHIN}s",
            "idle_in_transaction_session_timeout": f"{FROZEN_AFTER}s",
        },
    )
    event.listen(reading.sync_engine, "connect", _refuse_writing)
    event.listen(writing.sync_engine, "begin", _take_lock)
    return reading, writing


@asynccontextmanager
async def migrating(url: URL) -> AsyncIterator[AsyncConnection]:
    """A connection for migrations, within one transaction; nobody else writes meanwhile.

    It takes its time and waits for whoever else migrates. Raises `SettingsError` where the server
    cannot be reached.
    """
    engine = _engine(url, isolation_level="READ COMMITTED", poolclass=NullPool, within=None)
    event.listen(engine.sync_engine, "begin", _take_lock)
    try:
        async with engine.begin() as connection:
            yield connection
    except ServerAway as error:
        raise SettingsError(f"DATABASE_URL: {error}") from None
    finally:
        await engine.dispose()


async def was_committed(reading: AsyncEngine, transaction: str) -> bool:
    """What became of a transaction whose COMMIT had no answer; waits until the server tells."""
    asked = text("SELECT pg_xact_status(CAST(CAST(:transaction AS text) AS xid8))")
    while True:
        try:
            async with reading.connect() as connection:
                status = await connection.scalar(asked, {"transaction": transaction})
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            if isinstance(error, DBAPIError) and not error.connection_invalidated:
                return False  # this server has never heard of it: it is another one by now
            log.warning("waiting_for_the_database", error=type(error).__name__)
        else:
            if status != "in progress":
                return bool(status == "committed")
        await asyncio.sleep(ASK_AGAIN_AFTER)


def _engine(
    url: URL,
    *,
    within: float | None = ANSWER_WITHIN,
    told: dict[str, str] | None = None,
    **pool: Any,
) -> AsyncEngine:
    """`told` are settings of the session; `within` bounds each statement in seconds."""
    # Outside the address, which the frames of the pool would show.
    password = SecretStr(url.password or "")
    server = f"PostgreSQL at {url.host or 'its socket'}{f':{url.port}' if url.port else ''}"

    async def connect(**how: Any) -> Any:
        try:
            return await asyncpg.connect(
                **how,
                password=password.get_secret_value if url.password else None,
                connection_class=_Connection,
                timeout=CONNECT_WITHIN,
                command_timeout=within,
                # The plans of short statements are not worth compiling.
                server_settings={"application_name": "clipcue", "jit": "off", **(told or {})},
            )
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise ServerAway(f"{server} refuses: {error.args[0]}") from None
        except TimeoutError:
            raise ServerAway(f"{server} does not answer") from None
        except OSError as error:
            raise ServerAway(f"{server} cannot be reached: {error.strerror or error}") from None

    engine = create_async_engine(
        url._replace(password=None),
        connect_args={"async_creator_fn": connect},
        hide_parameters=True,
        **pool,
    )
    event.listen(engine.sync_engine, "checkout", _leave_what_is_closed)
    event.listen(engine.sync_engine, "handle_error", _leave_what_is_silent)
    return engine


class _Connection(asyncpg.Connection):
    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:
        told: str = await super().execute(query, *args, timeout=timeout)
        if query == "COMMIT;" and told != "COMMIT":
            # PostgreSQL takes a COMMIT after an error for a rollback, and says so in passing.
            raise asyncpg.InFailedSQLTransactionError("the transaction was rolled back")
        return told


def _refuse_writing(connection: Any, _record: Any) -> None:
    connection.readonly = True


def _take_lock(connection: Connection) -> None:
    found = connection.exec_driver_sql(
        f"SELECT pg_advisory_xact_lock({WRITERS_LOCK}), pg_current_xact_id()::text"
    )
    connection.info[TRANSACTION] = found.one()[1]


def _leave_what_is_closed(connection: Any, _record: Any, _proxy: Any) -> None:
    """Known without asking: the server has said goodbye, when it was restarted for one."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _leave_what_is_silent(context: ExceptionContext) -> None:
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True
