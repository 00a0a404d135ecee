"""TikTok accounts of creators: seeing them, asking about them, letting them go."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import tiktok
from core.clock import Clock
from core.errors import AccountUnusable, NotFound
from core.states import AccountStatus
from core.store.database import Database
from core.store.models import Account
from core.tokens import Tokens

log = structlog.get_logger()


Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class ConnectedAccount:
    """An account as its owner sees it."""

    id: int
    username: str | None
    nickname: str
    status: AccountStatus
    connected_at: datetime
    refresh_expires_at: datetime

    @property
    def name(self) -> str:
        """What to call it: the handle where TikTok told it, else the nickname."""
        return f"@{self.username}" if self.username else self.nickname


class Accounts:
    def __init__(
        self, *, database: Database, tokens: Tokens, client: tiktok.Client, clock: Clock
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._client = client
        self._clock = clock

    async def of(self, owner_id: int) -> list[ConnectedAccount]:
        """The creator's accounts, without those they let go, oldest first."""
        async with self._database.reading() as session:
            rows = await session.scalars(
                select(Account)
                .where(Account.owner_id == owner_id, Account.status != AccountStatus.DISCONNECTED)
                .order_by(Account.id)
            )
            return [view(row) for row in rows]

    async def get(self, owner_id: int, account_id: int) -> ConnectedAccount:
        """One of the creator's accounts; raises `NotFound`."""
        async with self._database.reading() as session:
            return view(await owned(session, owner_id, account_id))

    async def creator_info(self, owner_id: int, account_id: int) -> tiktok.CreatorInfo:
        """What TikTok offers this account right now.

        Raises `NotFound`, `AccountUnusable`, or TikTok's own error.
        """
        await self.get(owner_id, account_id)
        return await self.call(account_id, self._client.creator_info)

    async def call(self, account_id: int, ask: Callable[[str], Awaitable[Answer]]) -> Answer:
        """`ask` with a fresh token, and once more with a renewed one if TikTok calls it invalid.

        Raises `AccountUnusable` when the creator has to connect again, or TikTok's own error.
        """
        token = await self._tokens.fresh(account_id)
        try:
            return await ask(token)
        except tiktok.ApiError as error:
            if error.code != tiktok.ErrorCode.ACCESS_TOKEN_INVALID:
                raise
        return await ask(await self._tokens.fresh(account_id, refused=token))

    async def disconnect(self, owner_id: int, account_id: int) -> bool:
        """Let an account go; says whether TikTok confirmed it.

        Our copy of the tokens is deleted even when TikTok cannot be reached.
        """
        await self.get(owner_id, account_id)
        confirmed = await self._revoke(account_id)
        async with self._database.transaction() as change:
            account = await owned(change, owner_id, account_id)
            self._tokens.forget(account, AccountStatus.DISCONNECTED)
        log.info("account_disconnected", account=account_id, confirmed=confirmed)
        return confirmed

    async def _revoke(self, account_id: int) -> bool:
        try:
            await self.call(account_id, self._client.revoke)
        except AccountUnusable:
            return True  # TikTok has let go already
        except tiktok.TikTokError as error:
            log.warning("revoke_failed", account=account_id, code=error.code)
            return False
        return True


async def owned(session: AsyncSession, owner_id: int, account_id: int) -> Account:
    """The row, if it is this creator's and not let go; raises `NotFound`."""
    account = await session.get(Account, account_id)
    if (
        account is None
        or account.owner_id != owner_id
        or account.status is AccountStatus.DISCONNECTED
    ):
        raise NotFound
    return account


def view(account: Account) -> ConnectedAccount:
    """The row as a value."""
    return ConnectedAccount(
        id=account.id,
        username=account.username,
        nickname=account.nickname,
        status=account.status,
        connected_at=account.connected_at,
        refresh_expires_at=account.refresh_expires_at,
    )
