"""All posts of everybody, one after another, for those who run ClipCue."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import select

from core.store.database import Database
from core.store.models import Account, Clip, Post

PAGE = 500
"""Rows that are held in memory at a time."""

FIELDS = (
    *("id", "owner", "account", "status", "caption", "privacy", "comments_allowed"),
    *("duets_allowed", "stitches_allowed", "your_brand", "branded_content", "ai_generated"),
    *("due_at", "zone", "published_at", "failure_code", "tiktok_post_id", "views", "likes"),
    *("comments", "shares", "clip_seconds", "clip_bytes", "created_at"),
)


async def all_posts(
    database: Database, *, page: int = PAGE
) -> AsyncIterator[tuple[dict[str, Any], ...]]:
    """Pages of posts, oldest first: `FIELDS` as plain values, instants in ISO 8601; no secret."""
    last = 0
    while True:
        posts = (
            select(Post, Account.username, Clip)
            .outerjoin(Account, Account.id == Post.account_id)
            .outerjoin(Clip, Clip.id == Post.clip_id)
            .where(Post.id > last)
            .order_by(Post.id)
            .limit(page)
        )
        async with database.reading() as session:
            rows = (await session.execute(posts)).all()
        if not rows:
            return
        last = rows[-1][0].id
        yield tuple(dict(zip(FIELDS, _values(*row), strict=True)) for row in rows)


def _values(post: Post, username: str | None, clip: Clip | None) -> tuple[Any, ...]:
    return (
        *(post.id, post.owner_id, username, post.status.value, post.caption, post.privacy),
        *(post.allow_comment, post.allow_duet, post.allow_stitch),
        *(post.your_brand, post.branded_content, post.ai_generated),
        *(post.due_at and post.due_at.isoformat(), post.zone),
        *(post.published_at and post.published_at.isoformat(), post.failure_code),
        *(post.tiktok_post_id, post.views, post.likes, post.comments, post.shares),
        *(clip and clip.duration, clip and clip.size, post.created_at.isoformat()),
    )
