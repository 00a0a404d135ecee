"""Access tokens: renewed one at a time, stored before they are used, given up only for good."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from core import tiktok
from core.accounts.tokens import NEAR_END, RENEWAL_LEASE, Tokens
from core.errors import AccountUnusable
from core.states import AccountStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account
from sandbox.tiktok import DropBefore, Fault, LoseAnswer, Refuse, Slow, TikTok
from tests.clock import Clock
from tests.core.connected import FRESH, LENA, VAULT, Connected, a_process

CALLERS = 20
STALE = NEAR_END - timedelta(seconds=1)


@pytest.fixture(autouse=True)
async def in_time() -> AsyncIterator[None]:
    """Nothing here may hang."""
    async with asyncio.timeout(20):
        yield


@pytest.fixture
def tokens(database: Database, client: tiktok.Client, clock: Clock) -> Tokens:
    return a_process(database, client, clock)


@pytest.fixture
async def other(url: str, client: tiktok.Client, clock: Clock) -> AsyncIterator[Tokens]:
    """A second process on the same file."""
    database = Database(url)
    yield a_process(database, client, clock)
    await database.close()


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
        tokens = a_process(database, client, clock)
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


async def test_only_one_process_renews_and_the_other_waits_for_it(
    tokens: Tokens, other: Tokens, account: Connected, far_end: TikTok
) -> None:
    """However slow TikTok is: a second refresh would spend a token that is spent already."""
    await account.let_age(STALE)
    spoil(far_end, Slow(seconds=1.5))
    handed_out = await asyncio.gather(
        *(process.fresh(account.id) for process in (other, tokens) for _ in range(CALLERS))
    )
    assert calls(far_end) == ["ok"]
    assert set(handed_out) == {await account.access_token()}
    assert (await account.row()).renewing_until is None


async def test_when_the_renewing_process_gets_no_answer_the_other_tries(
    tokens: Tokens, other: Tokens, account: Connected, far_end: TikTok
) -> None:
    await account.let_age(STALE)
    spoil(far_end, Refuse(status=503, code="server_error"))
    outcomes = await asyncio.gather(
        other.fresh(account.id), tokens.fresh(account.id), return_exceptions=True
    )
    assert sorted(calls(far_end)) == ["ok", "server_error"]
    assert await account.access_token() in outcomes


async def test_a_process_that_died_while_renewing_is_not_waited_for_for_ever(
    tokens: Tokens, account: Connected, far_end: TikTok, clock: Clock
) -> None:
    await account.let_age(STALE)
    async with account.database.transaction() as change:
        row = await change.get_one(Account, account.id)
        row.renewing_until = clock() + RENEWAL_LEASE
    waiting = asyncio.create_task(tokens.fresh(account.id))
    await asyncio.sleep(0.25)
    assert not calls(far_end)
    clock.jump(RENEWAL_LEASE)
    assert await waiting == await account.access_token() != "act.first"


async def test_a_pair_that_comes_late_still_counts(
    tokens: Tokens, other: Tokens, account: Connected, far_end: TikTok, clock: Clock
) -> None:
    """A process slept through its turn: the refusal is written before the new pair."""
    await account.let_age(STALE)
    spoil(far_end, Slow(seconds=0.3))
    sleeper = asyncio.create_task(other.fresh(account.id))
    await until_asked(far_end)
    clock.jump(RENEWAL_LEASE)
    with pytest.raises(AccountUnusable):
        await tokens.fresh(account.id)
    assert calls(far_end) == ["ok", "invalid_grant"]
    token = await sleeper
    assert await account.status() is AccountStatus.CONNECTED
    assert await tokens.fresh(account.id) == token


async def test_a_longer_life_can_be_asked_for(
    tokens: Tokens, account: Connected, far_end: TikTok
) -> None:
    assert await tokens.fresh(account.id, lasting=FRESH + timedelta(minutes=1)) != "act.first"
    assert calls(far_end) == ["ok"]


async def test_a_loss_is_told_once_in_the_same_change(
    database: Database, client: tiktok.Client, clock: Clock, account: Connected, far_end: TikTok
) -> None:
    told: list[AccountStatus] = []

    async def hear(_change: Transaction, lost: Account) -> None:
        told.append(lost.status)

    tokens = Tokens(database=database, vault=VAULT, client=client, clock=clock, on_loss=hear)
    await account.let_age(STALE)
    far_end.state.refresh_tokens.clear()
    for _ in range(2):
        with pytest.raises(AccountUnusable):
            await tokens.fresh(account.id)
    assert told == [AccountStatus.RECONNECT]


async def _let_go(tokens: Tokens, account: Connected) -> None:
    async with account.database.transaction() as change:
        row = await change.get_one(Account, account.id)
        await tokens.forget(change, row, AccountStatus.DISCONNECTED)
