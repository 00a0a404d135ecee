"""What each account of a creator has to do: its posts by where they stand."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from core.states import PostStatus
from core.store.database import Database
from core.store.models import Post

_PLANNED = PostStatus.SCHEDULED
_UNDER_WAY = (PostStatus.PUBLISHING, PostStatus.PROCESSING)
_IN_INBOX = PostStatus.DELIVERED
_STUCK = (PostStatus.HELD, PostStatus.UNCONFIRMED)


@dataclass(frozen=True, kw_only=True)
class Workload:
    """Numbers of posts; `next_due` is when the next planned one goes out."""

    drafts: int = 0
    planned: int = 0
    under_way: int = 0
    stuck: int = 0
    """Held, or without a verdict of TikTok's."""
    in_inbox: int = 0
    """Drafts that wait in the TikTok inbox, as far as is known."""
    published: int = 0
    next_due: datetime | None = None


class Workloads:
    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def of(self, owner_id: int) -> Mapping[int, Workload]:
        """The work of each of the creator's accounts, by its id; none for those without posts."""
        return await self._counted(Post.owner_id == owner_id)

    async def get(self, owner_id: int, account_id: int) -> Workload:
        """The work of one account."""
        found = await self._counted(Post.owner_id == owner_id, Post.account_id == account_id)
        return found.get(account_id, Workload())

    async def _counted(self, *which: ColumnElement[bool]) -> dict[int, Workload]:
        async with self._database.reading() as session:
            rows = await session.execute(
                select(Post.account_id, Post.status, func.count(), func.min(Post.due_at))
                .where(*which, or_(Post.status != _IN_INBOX, Post.failure_code.is_(None)))
                .group_by(Post.account_id, Post.status)
            )
        counts: dict[int, dict[PostStatus, int]] = defaultdict(dict)
        next_due: dict[int, datetime | None] = {}
        for account_id, status, count, due_at in rows:
            if account_id is None:
                continue
            counts[account_id][status] = count
            if status is _PLANNED:
                next_due[account_id] = due_at
        return {
            account_id: Workload(
                drafts=by_status.get(PostStatus.DRAFT, 0),
                planned=by_status.get(_PLANNED, 0),
                under_way=sum(by_status.get(each, 0) for each in _UNDER_WAY),
                stuck=sum(by_status.get(each, 0) for each in _STUCK),
                in_inbox=by_status.get(_IN_INBOX, 0),
                published=by_status.get(PostStatus.PUBLISHED, 0),
                next_due=next_due.get(account_id),
            )
            for account_id, by_status in counts.items()
        }
