"""How long a post is tried again by itself."""

from datetime import datetime, timedelta

from sqlalchemy import select

from core import verdicts
from core.states import PostStatus
from core.store.commits import Transaction
from core.store.models import Post, PostEvent
from core.verdicts import Action, Verdict

PATIENCE = timedelta(hours=24)
"""How long after its due time a post is tried again, not counting waits that TikTok asked for."""
PATIENCE_IN_ALL = timedelta(days=7)
"""The same, counting them."""


async def is_left(change: Transaction, post: Post, verdict: Verdict, now: datetime) -> bool:
    """Whether a post that met this verdict is to be tried again."""
    age = now - (post.due_at or now)
    if age < PATIENCE or age >= PATIENCE_IN_ALL:
        return age < PATIENCE
    return verdict.action is Action.WAIT or age - await _waited(change, post) < PATIENCE


async def _waited(change: Transaction, post: Post) -> timedelta:
    """How much of a post's age are waits that TikTok asked for, as its history tells."""
    codes = await change.scalars(
        select(PostEvent.note).where(
            PostEvent.post_id == post.id,
            PostEvent.status == PostStatus.SCHEDULED,
            PostEvent.at >= post.due_at,
        )
    )
    waits = [verdict for verdict in map(verdicts.of_code, codes) if verdict.action is Action.WAIT]
    return sum((verdict.wait for verdict in waits), timedelta())
