"""What becomes of posts when their account is lost, and when it is connected again.

Scheduled posts are held at once, and taken up together. Those that are being published at that
moment are left to `core.publishing`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import photos, verdicts
from core.accounts.accounts import connected_account, owned
from core.clock import Clock
from core.engine import WakeEngine
from core.errors import AccountUnusable
from core.notifications import NoticeKind, Outbox
from core.posts.history import RECONNECTED, move
from core.preferences import late_tolerance
from core.states import AccountStatus, PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account, Notification, Post, User
from core.verdicts import Action

DRAFTS_SHOWN = 3
"""Drafts whose cards come to the end of the chat when they get their account; the latest ones."""


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
            post.failure_code = verdicts.ACCOUNT_LOST
            post.wake_at = None
            move(change, post, PostStatus.HELD, self._clock(), verdicts.ACCOUNT_LOST)
        by_creator = account.status is AccountStatus.DISCONNECTED
        beginning = [] if by_creator else await _beginning(change, account.id)
        if not posts and (by_creator or beginning):
            return  # they know, or hear it with the post itself
        self._outbox.tell(
            change,
            user_id=account.owner_id,
            kind=NoticeKind.ACCOUNT_LOST,
            key=_loss_of(account),
            account=connected_account(account).name,
            by_creator=by_creator,
            posts=len(posts) + len(beginning),
            beginning={str(post.id): post.attempt for post in beginning},
        )

    async def connected(self, change: Transaction, account: Account) -> None:
        """Tell the creator whose account it is and what waits for it; their drafts may go there."""
        self._outbox.tell(
            change,
            user_id=account.owner_id,
            kind=NoticeKind.CONNECTED,
            key=f"{account.id}:{account.tokens_version}",
            account_id=account.id,
            name=connected_account(account).name,
            nickname=account.nickname,
            waiting=len(await _waiting(change, account.id)),
        )
        await self._give_drafts(change, account)

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
            for post in await _waiting(change, account_id):
                assert post.due_at is not None  # noqa: S101 - it was on the schedule
                if post.due_at > now:
                    on_schedule += 1
                elif now - post.due_at <= tolerance or post.publish_id is not None:
                    at_once += 1  # an upload once begun is always followed to its end
                else:
                    late += 1
                    post.failure_code = verdicts.LATE
                    post.version += 1
                    continue
                await self._take_up(change, post, max(post.due_at, now))
        return Resumed(on_schedule=on_schedule, at_once=at_once, late=late)

    async def _give_drafts(self, change: Transaction, account: Account) -> None:
        """Drafts without an account go to this one, if it is the only one; their creator sees them.

        Their versions stay: nothing that was chosen has changed, so the buttons are still good.
        """
        usable = await change.scalar(
            select(func.count()).where(
                Account.owner_id == account.owner_id, Account.status == AccountStatus.CONNECTED
            )
        )
        if usable != 1:
            return
        drafts = await change.scalars(
            select(Post)
            .where(
                Post.owner_id == account.owner_id,
                Post.status == PostStatus.DRAFT,
                Post.account_id.is_(None),
            )
            .order_by(Post.id)
        )
        for number, draft in enumerate(reversed(drafts.all())):
            draft.account_id = account.id
            if number < DRAFTS_SHOWN:
                self._outbox.tell(
                    change,
                    user_id=account.owner_id,
                    kind=NoticeKind.DRAFT_READY,
                    key=f"draft:{draft.id}:{account.id}:{account.tokens_version}",
                    post_id=draft.id,
                    caption=draft.caption,
                    **(await photos.named(change, draft)),
                    account=connected_account(account).name,
                )

    async def _take_up(self, change: Transaction, post: Post, at: datetime) -> None:
        post.failure_code = None
        post.tries = 0
        post.wake_at = at
        move(change, post, PostStatus.SCHEDULED, self._clock(), RECONNECTED)
        await self._engine.wake_at(post.id, post.version, at, change)


async def _waiting(session: AsyncSession, account_id: int) -> list[Post]:
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


async def _beginning(session: AsyncSession, account_id: int) -> list[Post]:
    """Posts about to be held for it: those whose bytes are on their way go on alone."""
    publishing = await _posts(session, account_id, PostStatus.PUBLISHING)
    return [post for post in publishing if post.publish_id is None]


async def is_told_with_account(session: AsyncSession, post: Post, account: Account) -> bool:
    """Whether the notice of the lost account speaks of this attempt at a post too."""
    payload = await session.scalar(
        select(Notification.payload).where(
            Notification.key == f"{NoticeKind.ACCOUNT_LOST}:{_loss_of(account)}"
        )
    )
    return bool(payload and payload.get("beginning", {}).get(str(post.id)) == post.attempt)


def _loss_of(account: Account) -> str:
    return f"{account.id}:{account.tokens_version}:{account.status}"
