"""TikTok accounts of creators: seeing them, asking about them, letting them go."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import tiktok
from core.accounts.tokens import Tokens
from core.clock import Clock
from core.errors import AccountUnusable, NotFound
from core.limits import Call, LimitReached, Limits
from core.states import AccountStatus
from core.store.database import Database
from core.store.models import Account

SEEN_WITHIN = timedelta(minutes=1)
"""How old an answer may be that stands in for a new one."""
SEEN_AT_MOST = 256
"""Accounts whose last answer is remembered."""

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
    takes_drafts: bool = False
    """Whether its creator lets us put drafts into its TikTok inbox."""

    @property
    def name(self) -> str:
        """What to call it: the handle where TikTok told it, else the nickname."""
        return f"@{self.username}" if self.username else self.nickname


class Accounts:
    def __init__(
        self,
        *,
        database: Database,
        tokens: Tokens,
        limits: Limits,
        client: tiktok.Client,
        clock: Clock,
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._limits = limits
        self._client = client
        self._clock = clock
        self._seen: dict[int, tuple[datetime, tiktok.CreatorInfo]] = {}

    async def of(self, owner_id: int) -> list[ConnectedAccount]:
        """The creator's accounts, without those they let go, oldest first."""
        async with self._database.reading() as session:
            rows = await session.scalars(
                select(Account)
                .where(Account.owner_id == owner_id, Account.status != AccountStatus.DISCONNECTED)
                .order_by(Account.id)
            )
            return [connected_account(row) for row in rows]

    async def get(
        self, owner_id: int, account_id: int, *, let_go: bool = False
    ) -> ConnectedAccount:
        """One of the creator's accounts, with `let_go` also one they let go; raises `NotFound`."""
        async with self._database.reading() as session:
            return connected_account(await owned(session, owner_id, account_id, let_go=let_go))

    async def creator_info(self, owner_id: int, account_id: int) -> tiktok.CreatorInfo:
        """What TikTok offers this account right now, for a screen; its names are kept.

        Where TikTok's limit of calls is reached, its last answer stands in for a minute. Raises
        `NotFound`, `AccountUnusable`, `LimitReached`, or TikTok's own error.
        """
        account = await self.get(owner_id, account_id)
        try:
            info = await self.ask_creator_info(account_id)
        except LimitReached:
            recent = self._recent(account_id)
            if recent is None:
                raise
            return recent
        if (account.username, account.nickname) != (info.username, info.nickname):
            async with self._database.transaction() as change:
                row = await owned(change, owner_id, account_id)
                row.username, row.nickname = info.username, info.nickname
        return info

    async def recent_creator_info(self, owner_id: int, account_id: int) -> tiktok.CreatorInfo:
        """The same, but an answer of the last minute will do: many clips may come at once."""
        await self.get(owner_id, account_id)
        return self._recent(account_id) or await self.creator_info(owner_id, account_id)

    def last_creator_info(self, account_id: int) -> tiktok.CreatorInfo | None:
        """What TikTok last said of this account, however long ago, if it has since the start."""
        _at, seen = self._seen.get(account_id, (None, None))
        return seen

    def _recent(self, account_id: int) -> tiktok.CreatorInfo | None:
        at, seen = self._seen.get(account_id, (None, None))
        return seen if at is not None and self._clock() - at <= SEEN_WITHIN else None

    async def ask_creator_info(self, account_id: int) -> tiktok.CreatorInfo:
        """What TikTok offers this account, asked now; raises as `call` does."""
        info = await self.call(account_id, Call.CREATOR_INFO, self._client.creator_info)
        self._seen.pop(account_id, None)
        self._seen[account_id] = (self._clock(), info)
        if len(self._seen) > SEEN_AT_MOST:
            del self._seen[next(iter(self._seen))]
        return info

    async def require(self, account_id: int, call: Call) -> None:
        """Make sure that TikTok's limit leaves room for a call; raises `LimitReached`."""
        await self._limits.require(account_id, call)

    async def call(
        self, account_id: int, call: Call, ask: Callable[[str], Awaitable[Answer]]
    ) -> Answer:
        """`ask` with a fresh token, and once more with a renewed one if TikTok calls it invalid.

        Raises `AccountUnusable` when the creator has to connect again, `LimitReached` instead of
        asking what TikTok would refuse for being too often, or TikTok's own error.
        """
        token = await self._tokens.fresh(account_id)
        await self._limits.spend(account_id, call)
        try:
            return await ask(token)
        except tiktok.ApiError as error:
            if error.code != tiktok.ErrorCode.ACCESS_TOKEN_INVALID:
                raise
        token = await self._tokens.fresh(account_id, refused=token)
        await self._limits.spend(account_id, call)
        return await ask(token)

    async def disconnect(self, owner_id: int, account_id: int) -> bool:
        """Let an account go; says whether nothing of the creator's consent is left at TikTok.

        Our copy of the tokens is deleted even when TikTok cannot be reached. That comes first, so
        that TikTok's own word of the consent that ended finds nothing left to end. TikTok knows
        one consent for each account: while another creator posts to it too, it is not given back.
        """
        await self.get(owner_id, account_id)
        token, confirmed = await self._last_token(account_id)
        async with self._database.transaction() as change:
            account = await owned(change, owner_id, account_id)
            await self._tokens.forget(change, account, AccountStatus.DISCONNECTED)
            if await self._is_shared(change, account):
                token, confirmed = None, True
        self._seen.pop(account_id, None)
        if token is not None:
            confirmed = await self._revoke(account_id, token)
        log.info("account_disconnected", account=account_id, confirmed=confirmed)
        return confirmed

    async def give_back(self, account_id: int) -> bool:
        """End the creator's consent at TikTok; says whether nothing of it is left there.

        Our copy of the tokens stays, so that this can be done again. What another creator posts
        with too is left alone.
        """
        token, confirmed = await self._last_token(account_id)
        async with self._database.reading() as session:
            if await self._is_shared(session, await session.get_one(Account, account_id)):
                return True
        if token is None:
            return confirmed
        if await self._revoke(account_id, token):
            return True
        try:  # TikTok may have called the token invalid: then a renewed one tells, or none is left
            token = await self._tokens.fresh(account_id, refused=token)
        except AccountUnusable:
            return True
        except tiktok.TikTokError:
            return False
        return await self._revoke(account_id, token)

    async def _is_shared(self, session: AsyncSession, account: Account) -> bool:
        found = await session.scalar(
            select(Account.id).where(
                Account.open_id == account.open_id,
                Account.id != account.id,
                Account.status == AccountStatus.CONNECTED,
            )
        )
        return found is not None

    async def _last_token(self, account_id: int) -> tuple[str | None, bool]:
        """A token to give the consent back with; without one, whether TikTok ended it already."""
        try:
            return await self._tokens.fresh(account_id), False
        except AccountUnusable:
            return None, True
        except tiktok.TikTokError as error:
            log.warning("revoke_failed", account=account_id, code=error.code)
            return None, False

    async def _revoke(self, account_id: int, token: str) -> bool:
        try:
            await self._client.revoke(token)
        except tiktok.TikTokError as error:
            log.warning("revoke_failed", account=account_id, code=error.code)
            return False
        return True


async def owned(
    session: AsyncSession, owner_id: int, account_id: int, *, let_go: bool = False
) -> Account:
    """The row, if it is this creator's and not let go (unless `let_go`); raises `NotFound`."""
    account = await session.get(Account, account_id)
    if account is None or account.owner_id != owner_id:
        raise NotFound
    if account.status is AccountStatus.DISCONNECTED and not let_go:
        raise NotFound
    return account


def connected_account(account: Account) -> ConnectedAccount:
    """The row as a value."""
    return ConnectedAccount(
        id=account.id,
        username=account.username,
        nickname=account.nickname,
        status=account.status,
        connected_at=account.connected_at,
        refresh_expires_at=account.refresh_expires_at,
        takes_drafts=takes_drafts(account),
    )


def takes_drafts(account: Account) -> bool:
    """Whether the scope for it was granted; scopes are joined by commas."""
    return tiktok.Scope.VIDEO_UPLOAD in account.scopes.split(",")
