"""Access tokens: renewed one at a time, stored before they are used, given up only for good."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from core import tiktok
from core.errors import AccountUnusable
from core.states import AccountStatus
from core.store.database import Database
from core.store.models import Account
from core.store.vault import Vault
from core.tokens import GRACE, NEAR_END, Tokens
from sandbox.tiktok import DropBefore, Fault, LoseAnswer, Refuse, Slow, TikTok
from sandbox.tiktok.state import Credential
from tests.clock import Clock
from tests.core.rows import add_accounts, add_user

CALLERS = 20
LENA = "lena.cooks"
SCOPES = ("user.info.basic", "video.publish")
VAULT = Vault([secrets.token_bytes(32)])
FRESH, STALE = timedelta(hours=1), NEAR_END - timedelta(seconds=1)


@pytest.fixture(autouse=True)
async def in_time() -> AsyncIterator[None]:
    """Nothing here may hang."""
    async with asyncio.timeout(20):
        yield


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


@pytest.fixture
def tokens(database: Database, client: tiktok.Client, clock: Clock) -> Tokens:
    return Tokens(database=database, vault=VAULT, client=client, clock=clock)


def calls(far_end: TikTok) -> list[str]:
    return [call.code for call in far_end.calls if call.endpoint == "oauth/token"]


def spoil(far_end: TikTok, kind: DropBefore | LoseAnswer | Refuse | Slow, times: int = 1) -> None:
    far_end.faults.add(Fault(endpoint="oauth/token", kind=kind, times=times))


async def until_asked(far_end: TikTok) -> None:
    while not calls(far_end):  # noqa: ASYNC110 - the sandbox has no bell
        await asyncio.sleep(0.005)


async def test_a_token_with_life_left_is_handed_out_as_it_is(
    tokens: Tokens, account: Connected, far_end: TikTok
) -> None:
    assert await tokens.fresh(account.id) == "act.first"
    await account.let_age(NEAR_END + timedelta(seconds=5))
    assert await tokens.fresh(account.id) == "act.first"
    assert calls(far_end) == []


async def test_near_its_end_it_is_renewed_and_stored(
    tokens: Tokens, account: Connected, far_end: TikTok, client: tiktok.Client
) -> None:
    await account.let_age(STALE)
    token = await tokens.fresh(account.id)
    assert token != "act.first"
    row = await account.row()
    assert VAULT.open(row, "access_token") == token
    assert VAULT.open(row, "refresh_token") in far_end.state.refresh_tokens
    assert row.tokens_version == 1
    assert row.scopes == "user.info.basic,video.publish"
    assert row.access_expires_at - account.clock() > timedelta(minutes=119)
    assert row.refresh_expires_at - account.clock() > timedelta(days=179)
    assert (await client.creator_info(token)).username == LENA
    assert await tokens.fresh(account.id) == token
    assert calls(far_end) == ["ok"]


async def test_many_at_once_renew_it_once(
    tokens: Tokens, account: Connected, far_end: TikTok
) -> None:
    await account.let_age(STALE)
    spoil(far_end, Slow(seconds=0.05))
    handed_out = await asyncio.gather(*(tokens.fresh(account.id) for _ in range(CALLERS)))
    assert set(handed_out) == {await account.access_token()}
    assert calls(far_end) == ["ok"]


async def test_a_refused_token_is_renewed_once_whatever_its_age(
    tokens: Tokens, account: Connected, far_end: TikTok
) -> None:
    handed_out = await asyncio.gather(
        *(tokens.fresh(account.id, refused="act.first") for _ in range(CALLERS))
    )
    assert set(handed_out) == {await account.access_token()}
    assert calls(far_end) == ["ok"]
    assert await tokens.fresh(account.id, refused="act.of-long-ago") == handed_out[0]


async def test_the_pair_is_stored_before_it_is_used(tokens: Tokens, account: Connected) -> None:
    await account.let_age(STALE)

    async def use() -> None:
        token = await tokens.fresh(account.id)
        assert await account.access_token() == token

    await asyncio.gather(*(use() for _ in range(CALLERS)))


async def test_a_caller_who_is_cancelled_loses_no_pair(
    tokens: Tokens, account: Connected, far_end: TikTok
) -> None:
    """TikTok has rotated the pair; without the answer the account would be lost."""
    await account.let_age(STALE)
    spoil(far_end, Slow(seconds=0.1))
    caller = asyncio.create_task(tokens.fresh(account.id))
    await until_asked(far_end)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert "rft.first" not in far_end.state.refresh_tokens
    assert await account.access_token() != "act.first"
    assert await tokens.fresh(account.id) == await account.access_token()
    assert calls(far_end) == ["ok"]


# When TikTok does not answer


async def test_a_request_that_was_lost_is_sent_once_more(
    tokens: Tokens, account: Connected, far_end: TikTok
) -> None:
    await account.let_age(STALE)
    spoil(far_end, DropBefore())
    assert await tokens.fresh(account.id) == await account.access_token() != "act.first"
    assert calls(far_end) == ["dropped", "ok"]


async def test_twice_unanswered_is_told_and_changes_nothing(
    tokens: Tokens, account: Connected, far_end: TikTok
) -> None:
    await account.let_age(STALE)
    spoil(far_end, DropBefore(), times=2)
    with pytest.raises(tiktok.ConnectionDropped):
        await tokens.fresh(account.id)
    assert await account.access_token() == "act.first"
    assert await account.status() is AccountStatus.CONNECTED
    assert await tokens.fresh(account.id) != "act.first", "and the next one may try again"


async def test_a_pair_whose_answer_was_lost_has_to_be_connected_again(
    tokens: Tokens, account: Connected, far_end: TikTok
) -> None:
    await account.let_age(STALE)
    spoil(far_end, LoseAnswer())
    with pytest.raises(AccountUnusable):
        await tokens.fresh(account.id)
    assert calls(far_end) == ["ok", "invalid_grant"]
    assert await account.status() is AccountStatus.RECONNECT


async def test_a_request_that_was_never_sent_is_not_repeated(
    database: Database, account: Connected, clock: Clock
) -> None:
    async with httpx.AsyncClient() as http:
        client = tiktok.Client(
            client_key="key",
            client_secret="secret",
            http=http,
            api_base_url="http://127.0.0.1:1",
        )
        tokens = Tokens(database=database, vault=VAULT, client=client, clock=clock)
        await account.let_age(STALE)
        with pytest.raises(tiktok.NotSent):
            await tokens.fresh(account.id)
    assert await account.status() is AccountStatus.CONNECTED


@pytest.mark.parametrize(
    "refusal",
    [
        Refuse(status=200, code="invalid_client"),
        Refuse(status=200, code="invalid_request"),
        Refuse(status=500, code="server_error"),
        Refuse(status=429, code="rate_limit_exceeded"),
    ],
)
async def test_a_refusal_of_another_kind_keeps_the_account(
    tokens: Tokens, account: Connected, far_end: TikTok, refusal: Refuse
) -> None:
    await account.let_age(STALE)
    spoil(far_end, refusal)
    with pytest.raises(tiktok.TikTokError):
        await tokens.fresh(account.id)
    assert await account.status() is AccountStatus.CONNECTED
    assert await tokens.fresh(account.id) != "act.first"


# When the grant is gone


async def test_a_grant_that_is_gone_means_connecting_again(
    tokens: Tokens, account: Connected, far_end: TikTok
) -> None:
    await account.let_age(STALE)
    far_end.state.refresh_tokens.clear()
    outcomes = await asyncio.gather(
        *(tokens.fresh(account.id) for _ in range(CALLERS)), return_exceptions=True
    )
    assert {type(outcome) for outcome in outcomes} == {AccountUnusable}
    row = await account.row()
    assert row.status is AccountStatus.RECONNECT
    assert row.access_token is row.refresh_token is None
    assert calls(far_end) == ["invalid_grant"], "TikTok is not asked again and again"


async def test_an_account_that_is_not_there_is_unusable(tokens: Tokens) -> None:
    with pytest.raises(AccountUnusable):
        await tokens.fresh(404)


async def test_a_renewal_does_not_bring_back_an_account_that_was_let_go(
    tokens: Tokens, account: Connected, far_end: TikTok
) -> None:
    await account.let_age(STALE)
    spoil(far_end, Slow(seconds=0.1))
    renewing = asyncio.create_task(tokens.fresh(account.id))
    await until_asked(far_end)
    await _let_go(tokens, account)
    with pytest.raises(AccountUnusable):
        await renewing
    row = await account.row()
    assert row.status is AccountStatus.DISCONNECTED
    assert row.access_token is None


async def test_a_refusal_does_not_bring_back_an_account_that_was_let_go(
    tokens: Tokens, account: Connected, far_end: TikTok
) -> None:
    await account.let_age(STALE)
    far_end.state.refresh_tokens.clear()
    spoil(far_end, Slow(seconds=0.1))
    renewing = asyncio.create_task(tokens.fresh(account.id))
    await asyncio.sleep(0.05)
    await _let_go(tokens, account)
    with pytest.raises(AccountUnusable):
        await renewing
    assert await account.status() is AccountStatus.DISCONNECTED


# Two processes


async def test_what_another_process_has_renewed_meanwhile_is_used(
    url: str, tokens: Tokens, account: Connected, far_end: TikTok, client: tiktok.Client,
    clock: Clock,
) -> None:  # fmt: skip
    """One of them is told that the token is spent, because the other has just renewed it."""
    await account.let_age(STALE)
    other_database = Database(url)
    other = Tokens(database=other_database, vault=VAULT, client=client, clock=clock)
    try:
        first, second = await asyncio.gather(other.fresh(account.id), tokens.fresh(account.id))
    finally:
        await other_database.close()
    assert sorted(calls(far_end)) == ["invalid_grant", "ok"]
    assert first == second == await account.access_token()
    assert await account.status() is AccountStatus.CONNECTED


async def test_a_pair_that_comes_late_still_counts(
    url: str, tokens: Tokens, account: Connected, far_end: TikTok, client: tiktok.Client,
    clock: Clock,
) -> None:  # fmt: skip
    """The other way round: the refusal is written before the new pair."""
    await account.let_age(STALE)
    spoil(far_end, Slow(seconds=GRACE.total_seconds() + 0.3))
    other_database = Database(url)
    other = Tokens(database=other_database, vault=VAULT, client=client, clock=clock)
    try:
        outcomes = await asyncio.gather(
            other.fresh(account.id), tokens.fresh(account.id), return_exceptions=True
        )
    finally:
        await other_database.close()
    assert [type(each) for each in outcomes if not isinstance(each, str)] == [AccountUnusable]
    assert await account.status() is AccountStatus.CONNECTED
    assert await tokens.fresh(account.id) in outcomes


async def _let_go(tokens: Tokens, account: Connected) -> None:
    async with account.database.transaction() as change:
        tokens.forget(await change.get_one(Account, account.id), AccountStatus.DISCONNECTED)
