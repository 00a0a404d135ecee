"""Rows of posts within a change: found, checked, timed. The rest of the room stands on this."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound, Outdated
from core.store.models import Post
from core.times import Moment, at_instant


async def owned(session: AsyncSession, owner_id: int, post_id: int) -> Post:
    """The row, if it is this creator's; raises `NotFound`."""
    post = await session.get(Post, post_id)
    if post is None or post.owner_id != owner_id:
        raise NotFound
    return post


async def as_seen(session: AsyncSession, owner_id: int, post_id: int, version: int) -> Post:
    """The same, if it is still what the creator was looking at; raises `Outdated`."""
    post = await owned(session, owner_id, post_id)
    if post.version != version:
        raise Outdated
    return post


def moment_of(post: Post) -> Moment | None:
    """When it is due, on the clock it was given."""
    # From the instant, not from the stored wall time: a zone's rules may have changed since.
    return at_instant(post.due_at, post.zone) if post.due_at and post.zone else None


def set_moment(post: Post, moment: Moment | None) -> None:
    """Give a post its time: the clock time and zone that were meant, and the instant they are."""
    post.wall_time = moment.wall.isoformat(timespec="minutes") if moment else None
    post.zone = moment.zone if moment else None
    post.due_at = moment.utc if moment else None
