"""A creator's own hashtags: which they use most, and what a tap on one does to a caption."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import tiktok
from core.posts.hashtags import Hashtags, keeping_hashtags, toggled
from core.states import PostStatus
from core.store.database import Database
from tests.clock import Clock
from tests.core.rows import add_post, add_user, set_post


async def write(
    database: Database,
    accounts: list[int],
    caption: str,
    *,
    status: PostStatus = PostStatus.PUBLISHED,
) -> None:
    post_id = await add_post(database, accounts[0], wake_at=None, status=status)
    await set_post(database, post_id, caption=caption)


async def test_the_most_used_come_first_and_each_once_a_post(
    database: Database, accounts: list[int]
) -> None:
    captions = ["#Pasta #food", "#food #food #food", "Soup #pasta", "#Food #lemon", "no tag", ""]
    for caption in captions:
        await write(database, accounts, caption)

    hashtags = Hashtags(database=database)

    assert await hashtags.most_used(1, limit=9) == ["Food", "pasta", "lemon"]
    assert await hashtags.most_used(1, limit=1) == ["Food"]


async def test_nobody_elses_and_none_that_was_called_off(
    database: Database, clock: Clock, accounts: list[int]
) -> None:
    await add_user(database, clock, 2)
    await write(database, accounts, "#mine")
    await write(database, accounts, "#never", status=PostStatus.CANCELLED)

    hashtags = Hashtags(database=database)

    assert await hashtags.most_used(1, limit=9) == ["mine"]
    assert await hashtags.most_used(2, limit=9) == []


@pytest.mark.parametrize(
    ("caption", "hashtag", "after"),
    [
        ("", "food", "#food"),
        ("New recipe", "food", "New recipe #food"),
        ("New recipe #food", "food", "New recipe"),
        ("#FOOD first", "food", "first"),
        ("one #food two #food", "food", "one two"),
        ("#foods", "food", "#foods #food"),
        ("line\n#food\nline", "food", "line\nline"),
        ("C# is a #c", "c", "C# is a"),
        ("a #x.y b", "x.y", "a b"),
        ("a #xzy b", "x.y", "a #xzy b #x.y"),
    ],
)
def test_a_tap_on_a_hashtag(caption: str, hashtag: str, after: str) -> None:
    assert toggled(caption, hashtag) == after


@given(
    words=st.lists(st.sampled_from(["a", "#a", "#b", "b", "#a.b", "🍋"]), max_size=6),
    hashtag=st.sampled_from(["a", "b", "a.b"]),
)
def test_two_taps_take_back_what_one_added(words: list[str], hashtag: str) -> None:
    caption = " ".join(words)
    there = hashtag in tiktok.hashtags(caption)
    once = toggled(caption, hashtag)
    assert (hashtag in tiktok.hashtags(once)) is not there
    if not there:
        assert toggled(once, hashtag) == caption


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("#food #lemon", "New recipe", "New recipe #food #lemon"),
        ("#food #lemon", " New #Lemon recipe ", "New #Lemon recipe #food"),
        ("Old recipe #food", "New recipe", "New recipe"),
        ("", "New recipe", "New recipe"),
        ("#food", "", "#food"),
    ],
)
def test_hashtags_chosen_before_the_caption_stay(before: str, typed: str, after: str) -> None:
    assert keeping_hashtags(before, typed) == after
