"""The states of a post, and the moves between them."""

import pytest

from core.states import AWAITING, MOVES, OPEN, PostStatus, may_move

S = PostStatus
OVER = {S.DELIVERED, S.PUBLISHED, S.CANCELLED, S.FAILED}


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(PostStatus)
    for moves in MOVES.values():
        assert moves <= set(PostStatus)


@pytest.mark.parametrize("status", PostStatus)
def test_moves_are_asked_through_one_door(status: PostStatus) -> None:
    assert {to for to in PostStatus if may_move(status, to)} == MOVES[status]
    assert status not in MOVES[status]


@pytest.mark.parametrize("status", PostStatus)
def test_only_what_is_published_leads_nowhere(status: PostStatus) -> None:
    assert (MOVES[status] == frozenset()) is (status is S.PUBLISHED)


def test_what_was_cancelled_comes_back_as_it_was_agreed_to_or_not_at_all() -> None:
    assert MOVES[S.CANCELLED] == {S.SCHEDULED, S.HELD}


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached: set[PostStatus] = {S.DRAFT}
    while more := {to for status in reached for to in MOVES[status]} - reached:
        reached |= more
    assert reached == set(PostStatus)


@pytest.mark.parametrize("status", [S.PROCESSING, S.UNCONFIRMED, S.DELIVERED, S.PUBLISHED])
def test_once_the_bytes_are_out_nothing_is_written_anew(status: PostStatus) -> None:
    """TikTok holds the clip: neither called off, nor edited, nor simply sent again."""
    assert not MOVES[status] & {S.DRAFT, S.CANCELLED, S.PUBLISHING}


def test_only_a_schedule_or_a_retry_leads_to_publishing() -> None:
    assert {status for status in PostStatus if may_move(status, S.PUBLISHING)} == {S.SCHEDULED}
    assert {status for status in PostStatus if may_move(status, S.PUBLISHED)} == {
        S.PROCESSING,
        S.UNCONFIRMED,
        S.DELIVERED,
    }


@pytest.mark.parametrize("status", [S.PROCESSING, S.UNCONFIRMED])
def test_a_passing_failure_at_tiktok_is_tried_again(status: PostStatus) -> None:
    """TikTok may say FAILED before and after the creator heard that it had said nothing."""
    assert may_move(status, S.SCHEDULED)


def test_a_post_that_awaits_something_is_open() -> None:
    over = {S.PUBLISHED, S.DELIVERED}
    assert over == AWAITING - OPEN, "one may still get a public address, the other be posted"
    assert set(PostStatus) - OPEN == OVER
