"""Access tokens: fresh when asked for, renewed by one process at a time, stored before use.

TikTok rotates both tokens with each renewal, so two renewals at once would cost the account. The
row itself says who renews (`renewing_until`): everybody else, in whatever process, waits for it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy import or_, select, update

from core import tiktok
from core.clock import Clock
from core.errors import AccountUnusable
from core.states import AccountStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account
from core.store.vault import Vault, VaultError
from core.together import Together
from core.unbroken import unbroken

OnLoss = Callable[[Transaction, Account], Awaitable[None]]
"""What else happens, in the same change, when an account can be posted to no more."""

NEAR_END = timedelta(minutes=10)
"""A token with less than this left is renewed before it is used."""

RENEWAL_WITHIN = timedelta(seconds=9)
"""What TikTok's token call may take, a repetition included: shorter than an orderly stop waits."""

RENEWAL_LEASE = timedelta(seconds=30)
"""How long others leave the renewal to the process that began it: it may have died."""

LOOK_AGAIN = 0.1
"""Seconds between two looks at what another process renews."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class _Stored:
    """The pair as it lies in the row."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    version: int
    left: timedelta


class Tokens:
    """Hands out access tokens of connected accounts."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        client: tiktok.Client,
        clock: Clock,
        on_loss: OnLoss,
    ) -> None:
        self._database = database
        self._vault = vault
        self._client = client
        self._clock = clock
        self._on_loss = on_loss
        self._stored = Together(self._read)
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def fresh(
        self, account_id: int, *, refused: str | None = None, lasting: timedelta = NEAR_END
    ) -> str:
        """An access token that lasts for another while.

        `refused` is a token that TikTok has just called invalid: it is renewed whatever its age.
        Raises `AccountUnusable` when the creator has to connect again, or what TikTok's token
        call raises when it does not answer.
        """
        async with self._turns[account_id]:
            while True:
                stored = await self._stored(account_id)
                if stored.left >= lasting and stored.access_token != refused:
                    return stored.access_token
                # TikTok may rotate the pair at any moment of it: its answer must be stored.
                renewed = await unbroken(self._renew(account_id, stored))
                if renewed is not None:
                    return renewed
                await asyncio.sleep(LOOK_AGAIN)

    def keep(self, account: Account, tokens: tiktok.Tokens) -> None:
        """Seal a pair into the row of an account that has its id."""
        now = self._clock()
        self._vault.seal(account, "access_token", tokens.access_token)
        self._vault.seal(account, "refresh_token", tokens.refresh_token)
        account.access_expires_at = now + timedelta(seconds=tokens.expires_in)
        account.refresh_expires_at = now + timedelta(seconds=tokens.refresh_expires_in)
        account.scopes = ",".join(sorted(tokens.scopes))
        account.tokens_version = (account.tokens_version or 0) + 1
        account.renewing_until = None
        account.status = AccountStatus.CONNECTED

    async def forget(self, change: Transaction, account: Account, status: AccountStatus) -> None:
        """Take the pair out of the row: the account can be posted to no more.

        `status` says why. What depends on the account learns of it in the same change.
        """
        if account.status is status:
            return
        self._vault.seal(account, "access_token", None)
        self._vault.seal(account, "refresh_token", None)
        account.renewing_until = None
        account.status = status
        await self._on_loss(change, account)
        log.warning("account_lost", account=account.id, status=status)

    async def _read(self, account_ids: Sequence[int]) -> list[_Stored | Exception]:
        """The pairs of accounts, or why there is none."""
        async with self._database.reading() as session:
            rows = await session.scalars(
                select(Account).where(
                    Account.id.in_(account_ids), Account.status == AccountStatus.CONNECTED
                )
            )
            accounts = {account.id: account for account in rows}
        return [self._open(accounts.get(account_id)) for account_id in account_ids]

    def _open(self, account: Account | None) -> _Stored | Exception:
        if account is None:
            return AccountUnusable()
        try:
            return _Stored(
                access_token=self._vault.open(account, "access_token"),
                refresh_token=self._vault.open(account, "refresh_token"),
                version=account.tokens_version,
                left=account.access_expires_at - self._clock(),
            )
        except VaultError as error:
            return error

    async def _may_renew(self, account_id: int, version: int) -> bool:
        """Whether the renewal of this very pair is ours; one conditional update decides."""
        now = self._clock()
        async with self._database.transaction() as change:
            ours = await change.scalar(
                update(Account)
                .where(
                    Account.id == account_id,
                    Account.status == AccountStatus.CONNECTED,
                    Account.tokens_version == version,
                    or_(Account.renewing_until.is_(None), Account.renewing_until <= now),
                )
                .values(renewing_until=now + RENEWAL_LEASE)
                .returning(Account.id)
                .execution_options(synchronize_session=False)
            )
            return ours is not None

    async def _renew(self, account_id: int, stored: _Stored) -> str | None:
        """The new access token; None while another process is at it."""
        if not await self._may_renew(account_id, stored.version):
            return None
        try:
            tokens = await self._refresh(stored.refresh_token)
        except tiktok.OAuthError as error:
            if error.code != tiktok.OAuthErrorCode.INVALID_GRANT:
                await self._give_up(account_id, stored.version)
                raise
            return await self._lost(account_id, stored.version)
        except Exception:
            await self._give_up(account_id, stored.version)
            raise
        async with self._database.transaction() as change:
            account = await change.get_one(Account, account_id)
            if account.status is AccountStatus.DISCONNECTED:
                raise AccountUnusable  # let go meanwhile: a new pair must not bring it back
            if account.tokens_version != stored.version:
                return self._vault.open(account, "access_token")  # connected anew meanwhile
            self.keep(account, tokens)
        log.info("token_renewed", account=account_id)
        return tokens.access_token

    async def _refresh(self, refresh_token: str) -> tiktok.Tokens:
        try:
            async with asyncio.timeout(RENEWAL_WITHIN.total_seconds()):
                try:
                    return await self._client.refresh(refresh_token)
                except tiktok.TransportError as error:
                    if not error.may_have_arrived:
                        raise
                    # The pair may be rotated and its answer lost: one more try tells.
                    return await self._client.refresh(refresh_token)
        except TimeoutError:
            raise tiktok.TimedOut from None

    async def _give_up(self, account_id: int, version: int) -> None:
        """TikTok gave no pair: let whoever comes next try."""
        async with self._database.transaction() as change:
            await change.execute(
                update(Account)
                .where(Account.id == account_id, Account.tokens_version == version)
                .values(renewing_until=None)
                .execution_options(synchronize_session=False)
            )

    async def _lost(self, account_id: int, version: int) -> str:
        """The grant is gone, unless a new one has come meanwhile."""
        async with self._database.transaction() as change:
            account = await change.get_one(Account, account_id)
            if account.status is not AccountStatus.CONNECTED:
                raise AccountUnusable
            if account.tokens_version != version:
                return self._vault.open(account, "access_token")
            await self.forget(change, account, AccountStatus.RECONNECT)
        raise AccountUnusable
