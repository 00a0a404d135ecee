"""What becomes of planned posts when their creator moves to another zone.

A post keeps the clock time that it was given, and that clock's zone, beside the instant it stands
for. The instant counts, unless the creator would rather keep the clock time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.engine import WakeEngine
from core.posts.history import record
from core.posts.rows import set_moment
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Post
from core.times import DoesNotExist, HappensTwice, Moment, TimeProblem, at_instant, at_wall

PLANNED = frozenset({PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.HELD})


@dataclass(frozen=True, kw_only=True)
class Shift:
    """What keeping a post's clock time would do to its moment."""

    before: Moment
    after: Moment


@dataclass(frozen=True, kw_only=True)
class Shifted:
    """How many posts kept their clock time, and how many could not: there it has gone by."""

    moved: int
    left: int


class ZoneChange:
    def __init__(self, *, database: Database, clock: Clock, engine: WakeEngine) -> None:
        self._database = database
        self._clock = clock
        self._engine = engine

    async def shifts(self, owner_id: int, zone: str) -> tuple[Shift, ...]:
        """What the creator has a choice about once they live in `zone`, the next due first."""
        async with self._database.reading() as session:
            posts = await self._posts(session, owner_id, zone)
            found = [(post, self._in(zone, post)) for post in posts]
        return tuple(
            Shift(before=at_instant(post.due_at, post.zone), after=after)
            for post, after in found
            if post.due_at and post.zone and after is not None and after.utc != post.due_at
        )

    async def keep_wall_times(self, owner_id: int, zone: str) -> Shifted:
        """Let planned posts go out when clocks in `zone` show what was meant for the old one.

        A time that clocks there jump over becomes the first one after the jump, and of a time that
        comes twice the first is taken. A post whose time has gone by there keeps its moment.
        """
        moved = left = 0
        async with self._database.transaction() as change:
            for post in await self._posts(change, owner_id, zone):
                after = self._in(zone, post)
                if after is None:
                    left += 1
                    continue
                moved += after.utc != post.due_at
                set_moment(post, after)
                post.version += 1
                record(change, post, self._clock(), f"moved to {after.utc.isoformat()} with {zone}")
                if post.status is PostStatus.SCHEDULED:
                    post.wake_at = after.utc
                    await self._engine.wake_at(post.id, post.version, after.utc, change)
        return Shifted(moved=moved, left=left)

    async def _posts(self, session: AsyncSession, owner_id: int, zone: str) -> Sequence[Post]:
        """Planned posts with a clock time in another zone, and nothing at TikTok yet."""
        found = await session.scalars(
            select(Post)
            .where(
                Post.owner_id == owner_id,
                Post.status.in_(PLANNED),
                Post.wall_time.is_not(None),
                Post.zone != zone,
                Post.due_at > self._clock(),
                Post.publish_id.is_(None),
            )
            .order_by(Post.due_at, Post.id)
        )
        return found.all()

    def _in(self, zone: str, post: Post) -> Moment | None:
        """The post's clock time in this zone; None where it has gone by or lies too far ahead."""
        wall = datetime.fromisoformat(str(post.wall_time))
        try:
            return at_wall(wall, zone, now=self._clock())
        except DoesNotExist as jump:
            return jump.nearest
        except HappensTwice as twice:
            return twice.first
        except TimeProblem:
            return None
