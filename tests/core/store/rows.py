"""Rows to write, and what a program beside ours sees of them."""

from datetime import UTC, datetime

from core.states import AccountStatus
from core.store.database import Database
from core.store.models import Account, User
from tests.outside import ask

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def a_user(user_id: int) -> User:
    return User(id=user_id, chat_id=user_id, created_at=NOW)


def an_account(owner_id: int, open_id: str = "open-1") -> Account:
    return Account(
        owner_id=owner_id,
        open_id=open_id,
        nickname="Lena",
        scopes="",
        status=AccountStatus.CONNECTED,
        access_expires_at=NOW,
        refresh_expires_at=NOW,
        connected_at=NOW,
    )


def seen_from_outside(url: str, query: str = "SELECT id FROM users") -> list[int]:
    """What another connection reads: only what is committed."""
    return [row[0] for row in ask(url, query)]


async def write(database: Database, *user_ids: int) -> None:
    async with database.transaction() as change:
        change.add_all(a_user(user_id) for user_id in user_ids)
