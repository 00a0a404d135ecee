"""Planning a batch: what all its posts share, when each goes out, and the creator's consent.

What is chosen for all is written into each draft, and so are the times of the plan. Nothing is
promised before the creator agrees, and then all posts are scheduled in one change or none.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.bulk.problems import RowProblem, problems
from core.bulk.rows import as_seen, close, keep, kept, set_values, settled, view
from core.bulk.view import BatchView, spread_to_json
from core.clock import Clock
from core.errors import ClipCueError
from core.posts import captions
from core.posts.posts import Posts
from core.posts.view import INTERACTIONS, PostView
from core.queue.plans import Spread
from core.queue.slots import free_moments, taken_instants
from core.store.database import Database
from core.store.models import User

_OF_THE_ACCOUNT = frozenset({"privacy", *INTERACTIONS})


class BatchIncomplete(ClipCueError):
    """Not every post of the batch can be scheduled as it is."""

    def __init__(self, found: Sequence[RowProblem]) -> None:
        super().__init__()
        self.problems = tuple(found)


class Planning:
    """Every change names the stamp of the batch that its creator saw; `Outdated` for another."""

    def __init__(self, *, database: Database, clock: Clock, posts: Posts) -> None:
        self._database = database
        self._clock = clock
        self._posts = posts

    async def set_all(self, owner_id: int, batch_id: int, *, seen: int, **values: Any) -> BatchView:
        """Give every post these values, names of `posts.EDITABLE`; clips that still come too.

        Raises `NotFound`, `Outdated`.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            batch, posts = await as_seen(change, owner_id, batch_id, seen, now=now)
            changed = [await set_values(self._posts, change, post, values) for post in posts]
            chosen = kept(batch, "all")
            if "account_id" in values:  # the other account may offer other choices
                chosen = {name: chosen[name] for name in chosen if name not in _OF_THE_ACCOUNT}
            keep(batch, now=now, all={**chosen, **values})
            return await settled(self._posts, change, batch, changed, now=now)

    async def give_account(
        self, owner_id: int, batch_id: int, *, seen: int, account_id: int
    ) -> BatchView:
        """Give the posts an account that have none; raises `NotFound`, `Outdated`."""
        now = self._clock()
        async with self._database.transaction() as change:
            batch, posts = await as_seen(change, owner_id, batch_id, seen, now=now)
            without = {post.id for post in view(batch, posts, now=now).without_account}
            values = {"account_id": account_id}
            changed = [
                await set_values(self._posts, change, post, values) if post.id in without else post
                for post in posts
            ]
            keep(batch, now=now)
            return await settled(self._posts, change, batch, changed, now=now)

    async def set_captions(
        self, owner_id: int, batch_id: int, *, seen: int, to: Callable[[str], str]
    ) -> BatchView:
        """Change every caption, those of clips that still come too.

        `to` is given a caption with the placeholders that are still known, and what it returns has
        its placeholders filled. Raises `NotFound`, `Outdated`.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            batch, posts = await as_seen(change, owner_id, batch_id, seen, now=now)
            known = kept(batch, "captions")
            texts = {post.id: to(captions.text_of(known, post)) for post in posts}
            keep(batch, now=now, caption=to(kept(batch, "caption") or ""))
            return await settled(self._posts, change, batch, posts, texts, now=now)

    async def spread(
        self, owner_id: int, batch_id: int, *, seen: int, spread: Spread, start: datetime | None
    ) -> BatchView:
        """Plan all posts anew; raises `NoRoom`, `NotFound`, `Outdated`.

        Each account's posts get times of their own, in the order of their clips.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            batch, posts = await as_seen(change, owner_id, batch_id, seen, now=now)
            owner = await change.get_one(User, owner_id)
            groups: dict[int | None, list[PostView]] = {}
            for post in posts:
                groups.setdefault(post.account.id if post.account else None, []).append(post)
            planned = []
            for account_id, group in groups.items():
                moments = await free_moments(
                    change,
                    owner,
                    account_id,
                    spread,
                    len(group),
                    now=now,
                    start=start,
                    without=[post.id for post in posts],
                )
                for post, moment in zip(group, moments, strict=True):
                    planned.append(await set_values(self._posts, change, post, {"moment": moment}))
            begins = start.isoformat() if start else None
            keep(batch, now=now, spread=spread_to_json(spread), start=begins)
            planned.sort(key=lambda post: post.id)
            return await settled(self._posts, change, batch, planned, now=now)

    async def begin(
        self, owner_id: int, batch_id: int, *, seen: int, start: datetime | None
    ) -> BatchView:
        """Keep when a plan that is still to be made begins; raises `NotFound`, `Outdated`."""
        now = self._clock()
        async with self._database.transaction() as change:
            batch, posts = await as_seen(change, owner_id, batch_id, seen, now=now)
            keep(batch, now=now, start=start.isoformat() if start else None)
            return view(batch, posts, now=now)

    async def problems(self, batch: BatchView) -> tuple[RowProblem, ...]:
        """What keeps the batch from being scheduled as it is."""
        async with self._database.reading() as session:
            return await self._problems(session, batch)

    async def busy(self, account_ids: Sequence[int]) -> dict[int, list[datetime]]:
        """When the posts of these accounts go out that were agreed to, or went within a day."""
        async with self._database.reading() as session:
            return await self._busy(session, account_ids, without=())

    async def agree(
        self, owner_id: int, batch_id: int, *, seen: int, declaration: str
    ) -> tuple[PostView, ...]:
        """The creator's express consent to every post as it is: all are scheduled, or none.

        `declaration` is the wording they were shown; it is kept with each post. Raises
        `BatchIncomplete`, `Outdated`, `NotFound`, `SlotTaken`.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            batch, posts = await as_seen(change, owner_id, batch_id, seen, now=now)
            in_order = view(batch, posts, now=now).in_order
            if found := await self._problems(change, view(batch, posts, now=now)):
                raise BatchIncomplete(found)
            await close(change, batch, now=now)
            return tuple(
                [
                    await self._posts.agree_within(
                        change, owner_id, post.id, version=post.version, declaration=declaration
                    )
                    for post in in_order
                ]
            )

    async def _problems(self, session: AsyncSession, batch: BatchView) -> tuple[RowProblem, ...]:
        ours = [post.id for post in batch.posts]
        busy = await self._busy(session, batch.account_ids, without=ours)
        return problems(batch.in_order, busy, self._clock())

    async def _busy(
        self, session: AsyncSession, account_ids: Sequence[int], *, without: Sequence[int]
    ) -> dict[int, list[datetime]]:
        now = self._clock()
        return {
            account_id: await taken_instants(
                session, account_id, now=now, drafts_too=False, without=without
            )
            for account_id in account_ids
        }
