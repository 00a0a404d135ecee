"""The queue of an account: its posting slots, and the next one that is free."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts import accounts
from core.clock import Clock
from core.errors import ClipCueError, NotFound
from core.posts.posts import Posts
from core.posts.view import PostView
from core.queue.plans import NoRoom, PostingSlots
from core.queue.slots import free_moments, slots_of
from core.queue.weeks import WeekTime
from core.store.database import Database
from core.store.models import Post, Slot, User
from core.times import Moment

MOST_SLOTS = 70
"""Slots of one account through the week: ten a day."""


class TooManySlots(ClipCueError):
    """An account has room for `MOST_SLOTS` posting slots."""


class NoFreeSlot(ClipCueError):
    """The account has no posting slots, or none that is free within a year."""


class Queue:
    def __init__(self, *, database: Database, clock: Clock, posts: Posts) -> None:
        self._database = database
        self._clock = clock
        self._posts = posts

    async def slots(self, owner_id: int, account_id: int) -> tuple[WeekTime, ...]:
        """The account's posting slots through the week; raises `NotFound`."""
        async with self._database.reading() as session:
            await accounts.owned(session, owner_id, account_id)
            return await slots_of(session, account_id)

    async def add(
        self, owner_id: int, account_id: int, times: Collection[WeekTime]
    ) -> tuple[WeekTime, ...]:
        """Add slots and return all; raises `NotFound`, `TooManySlots`."""
        async with self._database.transaction() as change:
            await accounts.owned(change, owner_id, account_id)
            known = await slots_of(change, account_id)
            every = set(known).union(times)
            if len(every) > MOST_SLOTS:
                raise TooManySlots
            change.add_all(
                Slot(account_id=account_id, weekday=each.weekday, minute=each.minute)
                for each in every.difference(known)
            )
            return tuple(sorted(every))

    async def remove(
        self, owner_id: int, account_id: int, minute: int | None = None
    ) -> tuple[WeekTime, ...]:
        """Remove the slots at this time of day, or all, and return what is left.

        Posts that have such a time keep it. Raises `NotFound`.
        """
        async with self._database.transaction() as change:
            await accounts.owned(change, owner_id, account_id)
            which = [Slot.account_id == account_id]
            if minute is not None:
                which.append(Slot.minute == minute)
            await change.execute(delete(Slot).where(*which))
            return await slots_of(change, account_id)

    async def next_free(self, owner_id: int, post_id: int) -> Moment | None:
        """The next free slot for a post; None where its account has none.

        What the post has itself counts as free. Raises `NotFound`.
        """
        async with self._database.reading() as session:
            post = await session.get(Post, post_id)
            if post is None or post.owner_id != owner_id:
                raise NotFound
            owner = await session.get_one(User, owner_id)
            if owner.zone is None or post.account_id is None:
                return None
            try:
                return await self._first(session, owner, post.account_id, post_id)
            except NoRoom:
                return None

    async def take(self, owner_id: int, post_id: int, *, version: int) -> PostView:
        """Give a draft the next free slot of its account.

        It is found and written in one change, so that two drafts never get the same. Raises
        `NoFreeSlot`, `NotFound`, `Outdated`, `WrongState`.
        """
        async with self._database.transaction() as change:
            post = await change.get(Post, post_id)
            if post is None or post.owner_id != owner_id:
                raise NotFound
            owner = await change.get_one(User, owner_id)
            if owner.zone is None or post.account_id is None:
                raise NoFreeSlot
            try:
                moment = await self._first(change, owner, post.account_id, post_id)
            except NoRoom:
                raise NoFreeSlot from None
            return await self._posts.edit_within(
                change, owner_id, post_id, version=version, moment=moment
            )

    async def _first(
        self, session: AsyncSession, owner: User, account_id: int, post_id: int
    ) -> Moment:
        (moment,) = await free_moments(
            session, owner, account_id, PostingSlots(), 1, now=self._clock(), without=[post_id]
        )
        return moment
