"""Which cards are outdated, and which of them can be drawn."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.dialects import sqlite

from core.posts.cards import Cards
from core.states import PostStatus
from core.store.database import Database
from core.store.models import CARD_IS_OUTDATED, Post, User
from tests.clock import Clock
from tests.core.rows import add_post, get_post, set_post
from tests.databases import ON_POSTGRESQL


@pytest.fixture
def cards(database: Database, clock: Clock) -> Cards:
    return Cards(database=database, clock=clock)


@pytest.fixture
async def post_id(database: Database, cards: Cards, accounts: list[int]) -> int:
    """A scheduled post whose card, message 5, shows it as it is."""
    post_id = await add_post(database, accounts[0], wake_at=None)
    await set_post(database, post_id, card_message_id=5)
    card = await cards.of(post_id)
    assert card is not None
    await cards.drawn(card.post, 5)
    return post_id


async def test_a_card_is_outdated_from_a_change_until_it_is_drawn(
    database: Database, cards: Cards, post_id: int
) -> None:
    assert await cards.outdated(9) == []
    await set_post(database, post_id, version=2, status=PostStatus.PUBLISHING)
    assert await cards.outdated(9) == [post_id]
    assert await cards.outdated(9, without={post_id}) == []
    card = await cards.of(post_id)
    assert card is not None
    assert (card.chat_id, card.message_id, card.is_current) == (1001, 5, False)

    await set_post(database, post_id, version=3, status=PostStatus.PROCESSING)
    await cards.drawn(card.post, 6)

    assert await cards.outdated(9) == [post_id], "it has changed again while it was drawn"
    card = await cards.of(post_id)
    assert card is not None
    await cards.drawn(card.post, 6)
    assert await cards.outdated(9) == []
    card = await cards.of(post_id)
    assert card is not None
    assert (card.message_id, card.is_current) == (6, True)


async def test_drafts_and_those_who_blocked_the_bot_are_left_alone(
    database: Database, cards: Cards, post_id: int
) -> None:
    await set_post(database, post_id, version=2, status=PostStatus.DRAFT)
    assert (await cards.outdated(9), await cards.of(post_id)) == ([], None)
    await set_post(database, post_id, status=PostStatus.HELD)
    assert await cards.outdated(9) == [post_id]
    async with database.transaction() as change:
        await change.execute(update(User).values(reachable=False))
    assert (await cards.outdated(9), await cards.of(post_id)) == ([], None)


async def test_a_card_that_is_gone_is_outdated_no_more(
    database: Database, cards: Cards, post_id: int
) -> None:
    await set_post(database, post_id, version=2)
    card = await cards.of(post_id)
    assert card is not None
    await cards.gone(card.post)
    assert (await cards.outdated(9), await cards.of(post_id)) == ([], None)
    assert (await get_post(database, post_id)).card_message_id is None


@pytest.mark.skipif(ON_POSTGRESQL, reason="SQLite tells how it would search")
async def test_outdated_cards_are_found_by_their_index(database: Database) -> None:
    query = select(Post.id).where(CARD_IS_OUTDATED).order_by(Post.id)
    async with database.reading() as session:
        plan = await session.execute(
            text(f"EXPLAIN QUERY PLAN {query.compile(dialect=sqlite.dialect())}")
        )
        assert "ix_posts_card" in str(plan.all())
