"""A creator's posts, page by page.

A page is named by the place of the post beside it, not by a number, so that posts that come and go
between two looks neither hide another nor show one twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.lists.calendar import day_begins
from core.lists.places import Days, Place, Places, streams
from core.lists.selection import Selection, Tab
from core.posts.view import PostView, views_of
from core.store.database import Database
from core.store.models import Account, Clip, Post

COUNTED_UP_TO = 100
"""Posts of a tab are counted as far as this; more are as good as many."""
OPENS_WITH = (Tab.NEEDS_YOU, Tab.PLANNED, Tab.DRAFTS)
"""Where nothing is asked for, the first of these that has a post is shown."""

_COUNTED_TABS = (Tab.PLANNED, Tab.NEEDS_YOU, Tab.DRAFTS, Tab.PUBLISHED, Tab.NOT_PUBLISHED)
_LATEST_FIRST = frozenset({Tab.DRAFTS, Tab.PUBLISHED, Tab.NOT_PUBLISHED, Tab.ALL})
_ONWARDS = {"<": "<", ">": ">", "=": ">"}


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some posts of a list, each with its place; `before` and `after` name the pages beside it.

    `counts` say how many posts each tab has, as far as `COUNTED_UP_TO`, and nothing of a search.
    `is_whole` is false where a search has not looked through all posts on this side: it goes on
    with the page beside this one.
    """

    selection: Selection
    posts: tuple[tuple[PostView, Place], ...]
    counts: Mapping[Tab, int]
    before: str | None
    after: str | None
    is_whole: bool


class Lists:
    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def page(
        self, owner_id: int, selection: Selection | None, *, zone: str, limit: int, at: str = ""
    ) -> Page:
        """Up to `limit` posts; `at` is a name from another page, or of a post to begin with.

        Days are those of `zone`. Raises ValueError for any other name.
        """
        side, start = Place.named(at) if at else (">", None)
        async with self._database.reading() as session:
            where, days = _narrowed(owner_id, selection or Selection(), zone)
            counts: Mapping[Tab, int] = {}
            if selection is None or not (selection.words or selection.tab is Tab.DATED):
                counts = await _counts(session, where, days)
            if selection is None:
                opens = (tab for tab in OPENS_WITH if counts[tab])
                selection = Selection(tab=next(opens, Tab.PLANNED))
            upwards = (side != "<") is not is_latest_first(selection)
            reading = Places(session, selection, where, days, upwards=upwards)
            places, stopped_at = await reading.find(limit + 1, start, inclusive=side == "=")
            more = len(places) > limit
            places = places[:limit]
            shown = await self._views(session, places)
        ahead = places[-1] if more else stopped_at
        onwards = ahead.name(_ONWARDS[side]) if ahead else None
        back = _way_back(places[0] if places else None, start, side)
        backwards = side == "<"
        return Page(
            selection=selection,
            posts=shown[::-1] if backwards else shown,
            counts=counts,
            before=onwards if backwards else back,
            after=back if backwards else onwards,
            is_whole=more or stopped_at is None,
        )

    async def _views(
        self, session: AsyncSession, places: Sequence[Place]
    ) -> tuple[tuple[PostView, Place], ...]:
        if not places:
            return ()
        rows = await session.execute(
            select(Post, Clip, Account)
            .outerjoin(Clip, Clip.id == Post.clip_id)
            .outerjoin(Account, Account.id == Post.account_id)
            .where(Post.id.in_([place.post_id for place in places]))
        )
        found = await views_of(session, rows, now=self._clock())
        views = {view.id: view for view in found}
        return tuple((views[place.post_id], place) for place in places)


async def _counts(
    session: AsyncSession, where: Sequence[ColumnElement[bool]], days: Days
) -> Mapping[Tab, int]:
    parts = [(tab, stream) for tab in _COUNTED_TABS for stream in streams(tab, where, days)]
    columns = [
        select(func.count())
        .select_from(select(Post.id).where(*stream.where).limit(COUNTED_UP_TO).subquery())
        .scalar_subquery()
        for _, stream in parts
    ]
    counted = (await session.execute(select(*columns))).one()
    found = dict.fromkeys(_COUNTED_TABS, 0)
    for (tab, _), count in zip(parts, counted, strict=True):
        found[tab] = min(found[tab] + count, COUNTED_UP_TO)
    return found


def _way_back(first: Place | None, start: Place | None, side: str) -> str | None:
    """The page that was come from: beside the first place found, or where nothing was, there."""
    if start is None:
        return None
    if first is not None:
        return first.name(">" if side == "<" else "<")
    return start.name("<" if side == "=" else "=")


def is_latest_first(selection: Selection) -> bool:
    """Whether the list begins with what is due last, or has gone live last."""
    return (selection.tab in _LATEST_FIRST) is not selection.turned


def _narrowed(
    owner_id: int, selection: Selection, zone: str
) -> tuple[list[ColumnElement[bool]], Days]:
    """What the database can say of a selection's posts, beside their tab, and of their times."""
    where: list[ColumnElement[bool]] = [Post.owner_id == owner_id]
    if selection.account_id is not None:
        where.append(Post.account_id == selection.account_id)
    first, last = selection.first, selection.last
    begin = day_begins(first, zone) if first is not None else None
    end = day_begins(last + timedelta(days=1), zone) if last is not None else None
    return where, (begin, end)
