"""Where posts stand in a list, and how they are read from there on.

Each state's posts are read in the order of the index they stand in, as many at most as are asked
for, and put together: that costs the same however many posts there are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, literal, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core import verdicts
from core.lists.calendar import COUNTED
from core.lists.selection import Selection, Tab, base36, folded
from core.states import PostStatus
from core.store.models import Post
from core.store.types import Instant

SEARCHED_AT_ONCE = 2000
"""Posts whose captions one search reads; the next page goes on from there."""

_CHUNK = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NO_TIME = datetime(9999, 1, 1, tzinfo=UTC)
_PLACE = re.compile(r"([<>=])([0-9a-z]{0,11})\.([0-9a-z]{1,11})")

Days = tuple[datetime | None, datetime | None]
"""From the one instant until before the other; without either, for ever."""

_S = PostStatus
_NEVER_TOLD = Post.failure_code == verdicts.NEVER_TOLD
_STILL_ASKED = or_(Post.failure_code.is_(None), ~_NEVER_TOLD)

_STATES: Mapping[Tab, Mapping[PostStatus, ColumnElement[bool] | None]] = {
    Tab.PLANNED: {
        **dict.fromkeys((_S.SCHEDULED, _S.PUBLISHING, _S.PROCESSING)),
        _S.UNCONFIRMED: _STILL_ASKED,
    },
    Tab.NEEDS_YOU: {
        _S.HELD: None,
        _S.UNCONFIRMED: _NEVER_TOLD,
        _S.DELIVERED: Post.failure_code.is_(None),
    },
    Tab.DRAFTS: dict.fromkeys((_S.DRAFT,)),
    Tab.PUBLISHED: dict.fromkeys((_S.PUBLISHED,)),
    Tab.NOT_PUBLISHED: {
        **dict.fromkeys((_S.FAILED, _S.CANCELLED)),
        _S.DELIVERED: Post.failure_code.is_not(None),  # left, or deleted in the inbox
    },
    Tab.ALL: dict.fromkeys(_S),
    Tab.DATED: dict.fromkeys(sorted(COUNTED)),
}
"""The states of a tab, and what else is said of a post in it."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a post stands: by its time, posts without one last, and then by its number.

    The time is when it is due; among those that are live, when it went live.
    """

    at: datetime
    post_id: int

    def name(self, side: str) -> str:
        """The place before ("<") or after (">") this one, or this one ("="), as a short text."""
        micros = "" if self.at == _NO_TIME else base36((self.at - _EPOCH) // _MICROSECOND)
        return f"{side}{micros}.{base36(self.post_id)}"

    @classmethod
    def named(cls, name: str) -> tuple[str, "Place"]:
        """The side and the place; raises ValueError for what is no place's name."""
        found = _PLACE.fullmatch(name)
        if found is None:
            raise ValueError(name)
        side, micros, post_id = found.groups()
        at = _EPOCH + int(micros, 36) * _MICROSECOND if micros else _NO_TIME
        return side, cls(at=at, post_id=int(post_id, 36))


class Places:
    """Those of a selection, one way from some place on.

    `where` is what is said of posts besides, `days` are the instants between which their times lie.
    """

    def __init__(
        self,
        session: AsyncSession,
        selection: Selection,
        where: Sequence[ColumnElement[bool]],
        days: Days,
        *,
        upwards: bool,
    ) -> None:
        self._session = session
        self._words = folded(selection.words).split()
        self._streams = streams(selection.tab, where, days)
        self._upwards = upwards

    async def find(
        self, wanted: int, start: Place | None, *, inclusive: bool
    ) -> tuple[list[Place], Place | None]:
        """Up to `wanted` places, and where a search has stopped that may find more later."""
        if not self._words:
            return [place for place, _ in await self._read(wanted, start, inclusive)], None
        found: list[Place] = []
        for _ in range(SEARCHED_AT_ONCE // _CHUNK):
            rows = await self._read(_CHUNK, start, inclusive)
            found += [place for place, caption in rows if self._fits(caption)]
            if len(rows) < _CHUNK or len(found) >= wanted:
                return found[:wanted], None
            start, inclusive = rows[-1][0], False
        return found, start

    def _fits(self, caption: str) -> bool:
        text = folded(caption)
        return all(word in text for word in self._words)

    async def _read(
        self, limit: int, start: Place | None, inclusive: bool
    ) -> list[tuple[Place, str]]:
        """The next places, with their captions where words are looked for."""
        parts = [
            stream.part(start, upwards=self._upwards, inclusive=inclusive, limit=limit)
            for stream in self._streams
        ]
        parts_left = [part for part in parts if part is not None]
        if not parts_left:
            return []
        found = union_all(*parts_left).subquery()
        statement = select(found.c.at, found.c.id, literal(""))
        if self._words:
            statement = select(found.c.at, found.c.id, Post.caption).join(
                Post, Post.id == found.c.id
            )
        order = _order(found.c.at, found.c.id, upwards=self._upwards)
        rows = await self._session.execute(statement.order_by(*order).limit(limit))
        return [(Place(at=at, post_id=post_id), caption) for at, post_id, caption in rows]


@dataclass(frozen=True, kw_only=True)
class Stream:
    """Posts of one state in the order that an index has them: with a time, or without."""

    where: tuple[ColumnElement[bool], ...]
    time: InstrumentedAttribute[datetime | None]
    timed: bool

    def part(
        self, start: Place | None, *, upwards: bool, inclusive: bool, limit: int
    ) -> Select[Any] | None:
        """Its first posts from a place on; None where the place has them all behind it."""
        at = self.time if self.timed else literal(_NO_TIME, Instant)
        where, order = self.where, _order(self.time, Post.id, upwards=upwards)
        if not self.timed:
            order = order[1:]
        if start is not None and (start.at != _NO_TIME) is self.timed:
            where = (*where, self._beyond(start, upwards=upwards, inclusive=inclusive))
        elif start is not None and self.timed is upwards:
            return None
        part = select(Post.id, at.label("at")).where(*where)
        found = part.order_by(*order).limit(limit).subquery()
        return select(found.c.id, found.c.at)

    def _beyond(self, start: Place, *, upwards: bool, inclusive: bool) -> ColumnElement[bool]:
        here: Any = tuple_(self.time, Post.id) if self.timed else Post.id
        there: Any = literal(start.post_id, Integer)
        if self.timed:
            there = tuple_(literal(start.at, Instant), there)
        if inclusive:
            return here >= there if upwards else here <= there  # type: ignore[no-any-return]
        return here > there if upwards else here < there  # type: ignore[no-any-return]


def _order(*columns: Any, upwards: bool) -> list[Any]:
    return [column.asc() if upwards else column.desc() for column in columns]


def streams(tab: Tab, where: Sequence[ColumnElement[bool]], days: Days) -> list[Stream]:
    """All posts of a tab that `where` allows and whose times lie within `days`, state by state."""
    time = Post.published_at if tab is Tab.PUBLISHED else Post.due_at
    begin, end = days
    bounds = [
        *([] if begin is None else [time >= begin]),
        *([] if end is None else [time < end]),
    ]
    found = []
    for status, also in _STATES[tab].items():
        conditions = (*where, Post.status == status, *bounds, *([] if also is None else [also]))
        found.append(Stream(where=(*conditions, time.is_not(None)), time=time, timed=True))
        if status is PostStatus.DRAFT:  # any other post has a time
            found.append(Stream(where=(*conditions, time.is_(None)), time=time, timed=False))
    return found
