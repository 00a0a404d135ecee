"""Putting a draft into its account's queue: the next posting slot that is free becomes its time."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.errors import ClipCueError
from core.posts.posts import Posts
from core.posts.rows import owned
from core.posts.view import PostView
from core.queue.plans import NoRoom, PostingSlots
from core.queue.slots import free_moments
from core.store.database import Database
from core.store.models import Post, User
from core.times import Moment


class NoFreeSlot(ClipCueError):
    """The account has no posting slots, or none that is free within a year."""


class Queueing:
    def __init__(self, *, database: Database, clock: Clock, posts: Posts) -> None:
        self._database = database
        self._clock = clock
        self._posts = posts

    async def next_free(self, owner_id: int, post_id: int) -> Moment | None:
        """The next free slot for a post; None where its account has none.

        What the post has itself counts as free. Raises `NotFound`.
        """
        async with self._database.reading() as session:
            return await self._next_free(session, await owned(session, owner_id, post_id))

    async def take(self, owner_id: int, post_id: int, *, version: int) -> PostView:
        """Give a draft the next free slot of its account.

        It is found and written in one change, so that two drafts never get the same. Raises
        `NoFreeSlot`, `NotFound`, `Outdated`, `WrongState`.
        """
        async with self._database.transaction() as change:
            moment = await self._next_free(change, await owned(change, owner_id, post_id))
            if moment is None:
                raise NoFreeSlot
            return await self._posts.edit_within(
                change, owner_id, post_id, version=version, moment=moment
            )

    async def _next_free(self, session: AsyncSession, post: Post) -> Moment | None:
        owner = await session.get_one(User, post.owner_id)
        if owner.zone is None or post.account_id is None:
            return None
        try:
            (moment,) = await free_moments(
                session,
                owner,
                post.account_id,
                PostingSlots(),
                1,
                now=self._clock(),
                without=[post.id],
            )
        except NoRoom:
            return None
        return moment
