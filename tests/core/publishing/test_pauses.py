"""When a post is looked at again: soon, ever more rarely, and not for ever."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.publishing import pauses
from core.states import PostMode
from core.store.models import Post
from core.tiktok import PrivacyLevel

NOON = datetime.fromisoformat("2026-11-22T12:00Z")
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@given(st.integers(1, 10_000))
def test_a_try_waits_a_second_at_least_and_a_quarter_of_an_hour_at_most(tries: int) -> None:
    assert SECOND <= pauses.before_try(tries) <= min(15 * MINUTE, 4 * SECOND * 2 ** min(tries, 20))


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(), 2 * SECOND),
        (40 * SECOND, 10 * SECOND),
        (20 * MINUTE, MINUTE),
        (31 * MINUTE, 7.75 * MINUTE),
        (23 * HOUR, 15 * MINUTE),
        (25 * HOUR, None),
    ],
)
def test_questions_come_ever_more_rarely_and_end(age: timedelta, pause: timedelta | None) -> None:
    asked = pauses.next_question(NOON, age)
    assert asked == (NOON + pause if pause else None)


@pytest.mark.parametrize(
    ("privacy", "address", "age", "pause"),
    [
        (PrivacyLevel.PUBLIC_TO_EVERYONE, None, timedelta(), MINUTE),
        (PrivacyLevel.PUBLIC_TO_EVERYONE, None, 2 * HOUR, HOUR),
        (PrivacyLevel.PUBLIC_TO_EVERYONE, None, 25 * HOUR, None),
        (PrivacyLevel.PUBLIC_TO_EVERYONE, "7", timedelta(), None),
        (PrivacyLevel.SELF_ONLY, None, timedelta(), None),
    ],
)
def test_an_address_is_looked_for_where_there_will_be_one(
    privacy: str, address: str | None, age: timedelta, pause: timedelta | None
) -> None:
    post = Post(privacy=privacy, publish_id="p", tiktok_post_id=address, published_at=NOON - age)
    assert pauses.next_look(post, NOON) == (NOON + pause if pause else None)


def test_only_tiktok_knows_who_sees_what_became_of_a_draft() -> None:
    post = Post(mode=PostMode.MEDIA_UPLOAD, privacy=None, publish_id="p", published_at=NOON)
    assert pauses.next_look(post, NOON) == NOON + MINUTE


def test_without_an_id_tiktok_cannot_be_asked_for_an_address() -> None:
    post = Post(privacy=PrivacyLevel.PUBLIC_TO_EVERYONE, published_at=NOON)
    assert pauses.next_look(post, NOON) is None


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(), MINUTE),
        (HOUR, 15 * MINUTE),
        (timedelta(days=2), 6 * HOUR),
        (timedelta(days=7), 6 * HOUR),
        (timedelta(days=7, seconds=1), None),
    ],
)
def test_a_draft_is_asked_about_for_a_week(age: timedelta, pause: timedelta | None) -> None:
    post = Post(delivered_at=NOON - age)
    assert pauses.next_draft_look(post, NOON) == (NOON + pause if pause else None)
