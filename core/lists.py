"""A creator's posts, page by page: what is planned, and what is over.

A page is named by the place of the post beside it, not by a number, so that posts that come and go
between two looks neither hide another nor show one twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, case, func, literal, or_, select, tuple_

from core import verdicts
from core.clock import Clock
from core.posts import PostView, assemble
from core.states import OPEN, PostStatus
from core.store.database import Database
from core.store.models import Account, Clip, Post
from core.store.types import Instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_NEEDS_CREATOR = or_(Post.status == PostStatus.HELD, Post.failure_code == verdicts.NEVER_TOLD)
_NO_TIME = literal(datetime(9999, 1, 1, tzinfo=UTC), Instant)
_PLANNED = (case((_NEEDS_CREATOR, 0), else_=1), func.coalesce(Post.due_at, _NO_TIME), Post.id)
_OVER = (func.coalesce(Post.published_at, Post.due_at, Post.created_at), Post.id)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some posts of a list; `before` and `after` name the pages beside it, where there are any."""

    posts: tuple[PostView, ...]
    before: str | None
    after: str | None


class Lists:
    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def upcoming(self, owner_id: int, *, limit: int, at: str = "") -> Page:
        """Open posts: those that need the creator first, then the next due, drafts without a time
        last. `at` is a name from another page; raises ValueError for any other text.
        """
        where = (Post.owner_id == owner_id, Post.status.in_(OPEN))
        return await self._page(where, _PLANNED, at=at, limit=limit, ascending=True)

    async def past(self, owner_id: int, *, limit: int, at: str = "") -> Page:
        """Posts whose story is over, the latest first; `at` as above."""
        where = (Post.owner_id == owner_id, Post.status.not_in(OPEN))
        return await self._page(where, _OVER, at=at, limit=limit, ascending=False)

    async def _page(
        self, where: Sequence[Any], place: Sequence[Any], *, at: str, limit: int, ascending: bool
    ) -> Page:
        backwards = at.startswith("<")
        upwards = ascending is not backwards
        if at:
            here, there = tuple_(*place), _read(at, place)
            where = (*where, here > there if upwards else here < there)
        async with self._database.reading() as session:
            rows = (
                await session.execute(
                    select(Post, Clip, Account, *place)
                    .join(Clip, Clip.id == Post.clip_id)
                    .outerjoin(Account, Account.id == Post.account_id)
                    .where(*where)
                    .order_by(*(column.asc() if upwards else column.desc() for column in place))
                    .limit(limit + 1)
                )
            ).all()
            more, rows = len(rows) > limit, rows[:limit]
            if backwards:
                rows = rows[::-1]
            now = self._clock()
            return Page(
                posts=tuple(assemble(*row[:3], now=now) for row in rows),
                before=_name("<", rows[0]) if rows and (more if backwards else at) else None,
                after=_name(">", rows[-1]) if rows and (backwards or more) else None,
            )


def _name(direction: str, row: Any) -> str:
    return direction + ".".join(str(_number(value)) for value in row[3:])


def _read(name: str, place: Sequence[Any]) -> Any:
    numbers = [int(part) for part in name[1:].split(".")]
    try:
        return tuple_(
            *(
                literal(_EPOCH + number * _MICROSECOND, Instant)
                if isinstance(column.type, Instant)
                else literal(number, Integer)
                for number, column in zip(numbers, place, strict=True)
            )
        )
    except OverflowError:
        raise ValueError(name) from None


def _number(value: datetime | int) -> int:
    return value if isinstance(value, int) else (value - _EPOCH) // _MICROSECOND
