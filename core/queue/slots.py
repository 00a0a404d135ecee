"""Posting slots: the times of the week that an account posts at, and who has them.

A slot is for one post. It is taken by the post that was agreed to for its instant; a draft that was
given it keeps it as well, until its time is changed or it is discarded.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import SlotTaken
from core.preferences import quiet_hours
from core.queue.plans import DAY, Spread, plan, wanted
from core.queue.weeks import WeekTime
from core.states import PostStatus
from core.store.models import Account, Post, Slot, User
from core.times import UTC_ZONE, Moment, at_instant

AGREED = frozenset(
    {PostStatus.SCHEDULED, PostStatus.HELD, PostStatus.PUBLISHING, PostStatus.PROCESSING,
     PostStatus.UNCONFIRMED, PostStatus.DELIVERED, PostStatus.PUBLISHED}
)  # fmt: skip
"""Posts that TikTok counts, or will count, within a day."""


async def slots_of(session: AsyncSession, account_id: int) -> tuple[WeekTime, ...]:
    """The account's slots through the week."""
    rows = await session.scalars(select(Slot).where(Slot.account_id == account_id))
    return tuple(sorted(WeekTime(weekday=row.weekday, minute=row.minute) for row in rows))


async def taken_instants(
    session: AsyncSession,
    account_id: int,
    *,
    now: datetime,
    drafts_too: bool,
    without: Collection[int] = (),
) -> list[datetime]:
    """When the posts of this TikTok account go out, or went within the last day.

    Posts of everybody who has connected the account count: TikTok knows one account. `without` are
    posts that do not count.
    """
    at = func.coalesce(Post.published_at, Post.due_at)
    states = AGREED | {PostStatus.DRAFT} if drafts_too else AGREED
    rows = await session.scalars(
        select(at).where(
            of_the_same(account_id),
            Post.status.in_(states),
            at > now - DAY,
            Post.id.not_in(without),
        )
    )
    return [instant for instant in rows if instant is not None]


async def free_moments(
    session: AsyncSession,
    owner: User,
    account_id: int | None,
    spread: Spread,
    count: int,
    *,
    now: datetime,
    start: datetime | None = None,
    without: Collection[int] = (),
) -> tuple[Moment, ...]:
    """The first moments of a spread that posts of this account may have; raises `NoRoom`.

    Its slots, its other posts, TikTok's cap and its owner's quiet hours are what they depend on.
    Without an account only the quiet hours are.
    """
    week: tuple[WeekTime, ...] = ()
    taken: list[datetime] = []
    if account_id is not None:
        week = await slots_of(session, account_id)
        taken = await taken_instants(session, account_id, now=now, drafts_too=True, without=without)
    asked = wanted(spread, week, owner.zone or UTC_ZONE, now=now, start=start)
    return plan(asked, count, quiet=quiet_hours(owner), taken=taken)


async def require_free_slot(session: AsyncSession, post: Post) -> None:
    """Make sure that no other post has been agreed to for the slot of this one.

    Any other time may have as many posts as its creator wants. Raises `SlotTaken`.
    """
    if post.account_id is None or post.due_at is None or post.wall_time is None:
        return
    owner = await session.get_one(User, post.owner_id)
    if owner.zone is None:
        return
    wall = at_instant(post.due_at, owner.zone).wall
    is_slot = await session.scalar(
        select(Slot.id).where(
            Slot.account_id == post.account_id,
            Slot.weekday == wall.weekday(),
            Slot.minute == 60 * wall.hour + wall.minute,
        )
    )
    if is_slot is None:
        return
    other = await session.scalar(
        select(Post.id).where(
            of_the_same(post.account_id),
            Post.id != post.id,
            Post.due_at == post.due_at,
            Post.status.in_(AGREED),
        )
    )
    if other is not None:
        raise SlotTaken


def of_the_same(account_id: int) -> ColumnElement[bool]:
    """Said of posts: that they go to this TikTok account, whoever connected it."""
    open_id = select(Account.open_id).where(Account.id == account_id).scalar_subquery()
    return or_(
        Post.account_id == account_id,
        Post.account_id.in_(select(Account.id).where(Account.open_id == open_id)),
    )
