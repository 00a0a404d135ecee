"""The way of a post from state to state: each move is checked, and leaves a line in its history."""

from datetime import datetime

from core.errors import WrongState
from core.states import PostStatus, may_move
from core.store.commits import Transaction
from core.store.models import Post, PostEvent


def move(change: Transaction, post: Post, to: PostStatus, now: datetime, note: str = "") -> None:
    """Take a post to another state, in the table of moves and in its history.

    Raises `WrongState` where the table has no such move.
    """
    if not may_move(post.status, to):
        raise WrongState(post.status)
    post.status = to
    post.version += 1
    record(change, post, now, note)


def record(change: Transaction, post: Post, now: datetime, note: str = "") -> None:
    """Add a line to the history of a post."""
    change.add(PostEvent(post_id=post.id, at=now, status=post.status, note=note[:200]))
