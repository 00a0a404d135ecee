"""How often published posts were seen, as TikTok counts it: asked hourly at first, then daily.

Only accounts that granted the scope video.list can be asked, and only about public posts. Reading
twice does no harm, so two processes need not agree on who asks: each leaves out what was counted
meanwhile.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, update

from core import tiktok
from core.accounts.accounts import Accounts
from core.clock import Clock
from core.limits import Call
from core.states import AccountStatus, PostStatus
from core.store.database import Database
from core.store.models import Account, Post
from core.store.types import Instant

WATCHED = timedelta(days=90)
"""How long after it was published a post is counted."""
YOUNG = timedelta(days=3)
"""So long the numbers of a post move quickly."""
EVERY = timedelta(minutes=50)
"""How often young posts are counted: with each run of the upkeep, whatever its jitter."""
EVERY_LATER = timedelta(hours=23)

ACCOUNTS_AT_MOST = 100
CALLS_AT_MOST = 3
"""For one account in one run: together they stay below the 600 that TikTok takes in a minute from
one app, should it count them so, even with a second process at it."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Counts:
    def __init__(
        self, *, database: Database, accounts: Accounts, client: tiktok.Client, clock: Clock
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._client = client
        self._clock = clock

    async def wanted(self) -> Sequence[int]:
        """Accounts with posts to be counted now; those that waited longest come first."""
        async with self._database.reading() as session:
            found = await session.scalars(
                select(Account.id)
                .join(Post, Post.account_id == Account.id)
                .where(
                    Account.status == AccountStatus.CONNECTED, _may_list(), self._wants_counting()
                )
                .group_by(Account.id)
                .order_by(_longest_ago(), Account.id)
                .limit(ACCOUNTS_AT_MOST)
            )
            return found.all()

    async def refresh(self, account_id: int) -> None:
        """Have the posts of one account counted, `CALLS_AT_MOST` calls at most.

        Raises what `Accounts.call` raises.
        """
        for _ in range(CALLS_AT_MOST):
            ids = await self._next(account_id)
            if not ids:
                return
            counted = await self._accounts.call(
                account_id, Call.VIDEOS, partial(self._ask, video_ids=ids)
            )
            await self._keep(account_id, ids, counted)

    async def _ask(self, token: str, *, video_ids: Sequence[str]) -> tuple[tiktok.VideoCounts, ...]:
        return await self._client.video_counts(token, video_ids)

    async def _next(self, account_id: int) -> Sequence[str]:
        async with self._database.reading() as session:
            found = await session.scalars(
                select(Post.tiktok_post_id)
                .where(Post.account_id == account_id, self._wants_counting())
                .order_by(Post.counted_at.is_not(None), Post.counted_at, Post.id)
                .limit(tiktok.VIDEOS_AT_ONCE)
            )
            return [each for each in found if each is not None]

    async def _keep(
        self, account_id: int, asked: Sequence[str], counted: Sequence[tiktok.VideoCounts]
    ) -> None:
        """Write what TikTok told; what it left out (deleted, made private) keeps its numbers."""
        now = self._clock()
        told = {video.id: video for video in counted}
        async with self._database.transaction() as change:
            for video_id in asked:
                values: dict[str, Any] = {"counted_at": now}
                if video := told.get(video_id):
                    values |= {
                        "views": video.views,
                        "likes": video.likes,
                        "comments": video.comments,
                        "shares": video.shares,
                    }
                await change.execute(
                    update(Post)
                    .where(Post.account_id == account_id, Post.tiktok_post_id == video_id)
                    .values(**values)
                    .execution_options(synchronize_session=False)
                )

    def _wants_counting(self) -> ColumnElement[bool]:
        now = self._clock()
        young = Post.published_at > now - YOUNG
        return and_(
            Post.status == PostStatus.PUBLISHED,
            Post.tiktok_post_id.is_not(None),
            Post.published_at > now - WATCHED,
            or_(
                Post.counted_at.is_(None),
                Post.counted_at < case((young, now - EVERY), else_=now - EVERY_LATER),
            ),
        )


def _may_list() -> ColumnElement[bool]:
    """Whether the account's creator granted the scope; scopes are joined by commas."""
    scopes = literal(",") + Account.scopes + literal(",")
    return scopes.contains(f",{tiktok.Scope.VIDEO_LIST},", autoescape=True)


def _longest_ago() -> ColumnElement[datetime]:
    return func.min(func.coalesce(Post.counted_at, literal(_NEVER, Instant)))
