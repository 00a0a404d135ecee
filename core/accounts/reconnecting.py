"""An account is lost, and comes back: its scheduled posts are held at once, and taken up together.

Posts that are being published at that moment are left to the publisher.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.accounts import connected_account, owned
from core.clock import Clock
from core.errors import AccountUnusable
from core.notifications import NoticeKind, Outbox
from core.posts.history import RECONNECTED, move
from core.publishing import verdicts
from core.publishing.engine import WakeEngine
from core.publishing.verdicts import Action
from core.states import AccountStatus, PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account, Post, User
from core.users.users import late_tolerance

LOST = "account_disconnected"
"""Why the posts are held, as `core.publishing.verdicts` knows it."""
LATE = "late"


@dataclass(frozen=True, kw_only=True)
class Resumed:
    """What became of the posts that waited for an account."""

    on_schedule: int
    """Their time is still to come."""
    at_once: int
    """Overdue, but not too late: they go out now."""
    late: int
    """Overdue for so long that the creator has to say what becomes of them."""


class Reconnecting:
    def __init__(
        self,
        *,
        database: Database,
        outbox: Outbox,
        engine: WakeEngine,
        clock: Clock,
        late_tolerance: timedelta,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._engine = engine
        self._clock = clock
        self._late_tolerance = late_tolerance

    async def lost(self, change: Transaction, account: Account) -> None:
        """Hold what is scheduled for an account that can be posted to no more, and say so once."""
        posts = await _posts(change, account.id, PostStatus.SCHEDULED)
        for post in posts:
            post.failure_code = LOST
            post.wake_at = None
            move(change, post, PostStatus.HELD, self._clock(), LOST)
        by_creator = account.status is AccountStatus.DISCONNECTED
        if not posts and (by_creator or await _is_beginning(change, account.id)):
            return  # they know, or hear it with the post itself
        self._outbox.tell(
            change,
            user_id=account.owner_id,
            kind=NoticeKind.ACCOUNT_LOST,
            key=f"{account.id}:{account.tokens_version}:{account.status}",
            account=connected_account(account).name,
            by_creator=by_creator,
            posts=len(posts),
        )

    async def resume(self, owner_id: int, account_id: int) -> Resumed:
        """Take up what waits for an account that is connected again.

        A second call finds nothing left to do. Raises `NotFound`, `AccountUnusable`.
        """
        now = self._clock()
        on_schedule = at_once = late = 0
        async with self._database.transaction() as change:
            account = await owned(change, owner_id, account_id)
            if account.status is not AccountStatus.CONNECTED:
                raise AccountUnusable
            user = await change.get_one(User, owner_id)
            tolerance = late_tolerance(user, self._late_tolerance)
            for post in await waiting(change, account_id):
                assert post.due_at is not None  # noqa: S101 - it was on the schedule
                if post.due_at > now:
                    on_schedule += 1
                elif now - post.due_at <= tolerance or post.publish_id is not None:
                    at_once += 1  # an upload once begun is always followed to its end
                else:
                    late += 1
                    post.failure_code = LATE
                    post.version += 1
                    continue
                await self._take_up(change, post, max(post.due_at, now))
        return Resumed(on_schedule=on_schedule, at_once=at_once, late=late)

    async def _take_up(self, change: Transaction, post: Post, at: datetime) -> None:
        post.failure_code = None
        post.tries = 0
        post.wake_at = at
        move(change, post, PostStatus.SCHEDULED, self._clock(), RECONNECTED)
        await self._engine.wake_at(post.id, post.version, at, change)


async def waiting(session: AsyncSession, account_id: int) -> list[Post]:
    """Held posts for which the account has to be connected again, the next due first."""
    return [
        post
        for post in await _posts(session, account_id, PostStatus.HELD)
        if verdicts.of_code(post.failure_code or "").action is Action.RECONNECT
    ]


async def _posts(session: AsyncSession, account_id: int, status: PostStatus) -> list[Post]:
    found = await session.scalars(
        select(Post)
        .where(Post.account_id == account_id, Post.status == status)
        .order_by(Post.due_at, Post.id)
    )
    return list(found)


async def _is_beginning(session: AsyncSession, account_id: int) -> bool:
    """Whether a post is about to be held for it: one whose bytes are on their way goes on alone."""
    found = await session.scalar(
        select(func.count()).where(
            Post.account_id == account_id,
            Post.status == PostStatus.PUBLISHING,
            Post.publish_id.is_(None),
        )
    )
    return bool(found)
