"""Access tokens: fresh when asked for, renewed one at a time, stored before they are used."""

import asyncio
from collections import defaultdict
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from core import tiktok
from core.clock import Clock
from core.errors import AccountUnusable
from core.states import AccountStatus
from core.store.database import Database
from core.store.models import Account
from core.store.vault import Vault
from core.unbroken import unbroken

NEAR_END = timedelta(minutes=10)
"""A token with less than this left is renewed before it is used."""

GRACE = timedelta(seconds=1)
"""How far another process may be behind with storing the pair that made ours invalid."""

log = structlog.get_logger()


class Tokens:
    """Hands out access tokens of connected accounts."""

    def __init__(
        self, *, database: Database, vault: Vault, client: tiktok.Client, clock: Clock
    ) -> None:
        self._database = database
        self._vault = vault
        self._client = client
        self._clock = clock
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def fresh(self, account_id: int, *, refused: str | None = None) -> str:
        """An access token with some life left.

        `refused` is a token that TikTok has just called invalid: it is renewed whatever its age.
        Raises `AccountUnusable` when the creator has to connect again, or what TikTok's token
        call raises when it does not answer.
        """
        async with self._turns[account_id]:
            async with self._database.reading() as session:
                token, near_end = await self._stored(session, account_id)
            if near_end or token == refused:
                # TikTok may rotate the pair at any moment of it: what it answers must be stored.
                return await unbroken(self._renew(account_id))
            return token

    def keep(self, account: Account, tokens: tiktok.Tokens) -> None:
        """Seal a pair into the row of an account that has its id."""
        now = self._clock()
        self._vault.seal(account, "access_token", tokens.access_token)
        self._vault.seal(account, "refresh_token", tokens.refresh_token)
        account.access_expires_at = now + timedelta(seconds=tokens.expires_in)
        account.refresh_expires_at = now + timedelta(seconds=tokens.refresh_expires_in)
        account.scopes = ",".join(sorted(tokens.scopes))
        account.tokens_version = (account.tokens_version or 0) + 1
        account.status = AccountStatus.CONNECTED

    def forget(self, account: Account, status: AccountStatus) -> None:
        """Take the pair out of the row: it is of no use any more."""
        self._vault.seal(account, "access_token", None)
        self._vault.seal(account, "refresh_token", None)
        account.status = status

    async def _stored(self, session: AsyncSession, account_id: int) -> tuple[str, bool]:
        account = await session.get(Account, account_id)
        if account is None or account.status is not AccountStatus.CONNECTED:
            raise AccountUnusable
        near_end = account.access_expires_at - self._clock() < NEAR_END
        return self._vault.open(account, "access_token"), near_end

    async def _renew(self, account_id: int) -> str:
        async with self._database.reading() as session:
            account = await session.get_one(Account, account_id)
            refresh_token = self._vault.open(account, "refresh_token")
            version = account.tokens_version
        try:
            tokens = await self._refresh(refresh_token)
        except tiktok.OAuthError as error:
            if error.code != tiktok.OAuthErrorCode.INVALID_GRANT:
                raise
            return await self._lost(account_id, version)
        async with self._database.transaction() as change:
            account = await change.get_one(Account, account_id)
            if account.status is AccountStatus.DISCONNECTED:
                raise AccountUnusable  # let go meanwhile: a new pair must not bring it back
            if account.tokens_version == version:
                self.keep(account, tokens)
        log.info("token_renewed", account=account_id)
        return tokens.access_token

    async def _refresh(self, refresh_token: str) -> tiktok.Tokens:
        try:
            return await self._client.refresh(refresh_token)
        except tiktok.TransportError as error:
            if not error.may_have_arrived:
                raise
            # The pair may have been rotated and its answer lost: one more try tells.
            return await self._client.refresh(refresh_token)

    async def _lost(self, account_id: int, version: int) -> str:
        """The grant is gone, unless another process has renewed it meanwhile."""
        await asyncio.sleep(GRACE.total_seconds())
        async with self._database.transaction() as change:
            account = await change.get_one(Account, account_id)
            if account.status is not AccountStatus.CONNECTED:
                raise AccountUnusable
            if account.tokens_version != version:
                return self._vault.open(account, "access_token")
            self.forget(account, AccountStatus.RECONNECT)
        log.warning("account_needs_reconnect", account=account_id)
        raise AccountUnusable
