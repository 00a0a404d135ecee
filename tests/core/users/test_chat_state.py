"""What a chat has been asked for, for a while."""

from datetime import timedelta

import pytest

from core.states import Expecting
from core.store.database import Database
from core.store.models import Post
from core.users.chat_state import LIFETIME, ChatStates, Expected
from tests.clock import Clock
from tests.core.rows import add_accounts, add_post, add_user

CHAT = 1001


@pytest.fixture
def states(database: Database, clock: Clock) -> ChatStates:
    return ChatStates(database=database, clock=clock)


@pytest.fixture
async def post_id(database: Database, clock: Clock) -> int:
    await add_user(database, clock)
    (account_id,) = await add_accounts(database, clock)
    return await add_post(database, account_id, wake_at=None)


async def test_nothing_is_expected_at_first(states: ChatStates) -> None:
    assert await states.expected(CHAT) is None
    assert await states.forget(CHAT) is False


@pytest.mark.parametrize("what", Expecting)
async def test_what_was_asked_last_is_expected(
    states: ChatStates, post_id: int, what: Expecting
) -> None:
    await states.expect(CHAT, Expecting.CAPTION, post_id=post_id)
    await states.expect(CHAT, what)
    assert await states.expected(CHAT) == Expected(what=what, post_id=None)
    await states.expect(CHAT, what, post_id=post_id)
    assert await states.expected(CHAT) == Expected(what=what, post_id=post_id)
    assert await states.expected(CHAT + 1) is None, "of another chat nothing"


async def test_forgetting_says_whether_there_was_anything(states: ChatStates) -> None:
    await states.expect(CHAT, Expecting.ZONE)
    assert await states.forget(CHAT) is True
    assert await states.expected(CHAT) is None
    assert await states.forget(CHAT) is False


async def test_after_a_while_it_is_forgotten(states: ChatStates, clock: Clock) -> None:
    await states.expect(CHAT, Expecting.ZONE)
    clock.jump(LIFETIME - timedelta(seconds=5))
    assert await states.expected(CHAT) is not None
    clock.jump(timedelta(seconds=6))
    assert await states.expected(CHAT) is None
    assert await states.forget(CHAT) is False


async def test_it_goes_with_its_post(states: ChatStates, database: Database, post_id: int) -> None:
    await states.expect(CHAT, Expecting.CAPTION, post_id=post_id)
    async with database.transaction() as change:
        await change.delete(await change.get_one(Post, post_id))
    assert await states.expected(CHAT) is None
