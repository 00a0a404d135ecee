"""An account that a creator connected at the sandbox's TikTok, without a bot around it."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from core import tiktok
from core.accounts.tokens import Tokens
from core.states import AccountStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account
from core.store.vault import Vault
from sandbox.tiktok import TikTok
from sandbox.tiktok.state import Credential
from tests.clock import Clock
from tests.core.rows import add_accounts, add_user

LENA = "lena.cooks"
SCOPES = ("user.info.basic", "video.publish")
VAULT = Vault([secrets.token_bytes(32)])
FRESH = timedelta(hours=1)


@pytest.fixture
def far_end(clock: Clock) -> TikTok:
    return TikTok(now=clock)


@pytest.fixture
async def client(far_end: TikTok) -> AsyncIterator[tiktok.Client]:
    transport = httpx.ASGITransport(app=far_end.app)
    async with httpx.AsyncClient(transport=transport) as http:
        yield tiktok.Client(
            client_key=far_end.client_key,
            client_secret=far_end.client_secret,
            http=http,
            auth_base_url="http://tiktok.test",
            api_base_url="http://tiktok.test",
        )


@dataclass(kw_only=True)
class Connected:
    """An account that Lena connected, and what the database has of it."""

    id: int
    database: Database
    clock: Clock

    async def row(self) -> Account:
        async with self.database.reading() as session:
            return await session.get_one(Account, self.id)

    async def access_token(self) -> str:
        return VAULT.open(await self.row(), "access_token")

    async def status(self) -> AccountStatus:
        return (await self.row()).status

    async def let_age(self, left: timedelta) -> None:
        async with self.database.transaction() as change:
            account = await change.get_one(Account, self.id)
            account.access_expires_at = self.clock() + left


@pytest.fixture
async def account(database: Database, clock: Clock, far_end: TikTok) -> Connected:
    await add_user(database, clock)
    (account_id,) = await add_accounts(database, clock)
    access, refresh = "act.first", "rft.first"
    for kept, token, lifetime in (
        (far_end.state.access_tokens, access, FRESH),
        (far_end.state.refresh_tokens, refresh, timedelta(days=180)),
    ):
        kept[token] = Credential(username=LENA, scopes=SCOPES, expires_at=clock() + lifetime)
    async with database.transaction() as change:
        row = await change.get_one(Account, account_id)
        row.access_expires_at = clock() + FRESH
        VAULT.seal(row, "access_token", access)
        VAULT.seal(row, "refresh_token", refresh)
    return Connected(id=account_id, database=database, clock=clock)


async def nobody_minds(_change: Transaction, _account: Account) -> None:
    """Nothing depends on the account."""


def a_process(database: Database, client: tiktok.Client, clock: Clock) -> Tokens:
    return Tokens(database=database, vault=VAULT, client=client, clock=clock, on_loss=nobody_minds)
