"""Batches: clips planned together. A creator has one open at a time.

The posts of a batch are drafts like any other, and one that is changed on its own card stays
changed. What is chosen for all of them is `core.bulk.planning`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import case, func, select, update

from core.bulk.orders import Order
from core.bulk.rows import (
    as_seen,
    close,
    collects,
    keep,
    kept,
    open_batch,
    set_values,
    settled,
    view,
    whole,
)
from core.bulk.sheets import MOST_ROWS
from core.bulk.view import BatchView
from core.clips import StoredClip, stored_clip
from core.clock import Clock
from core.errors import ClipCueError, WrongState
from core.posts.posts import Posts
from core.posts.rows import owned
from core.posts.view import PostView, views_of
from core.states import PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account, Batch, Clip, Post
from core.times import Moment

MOST_POSTS = MOST_ROWS


class BatchFull(ClipCueError):
    """A batch holds no more than `MOST_POSTS` posts."""


class Batches:
    def __init__(self, *, database: Database, clock: Clock, posts: Posts) -> None:
        self._database = database
        self._clock = clock
        self._posts = posts

    async def collecting(self, owner_id: int) -> int | None:
        """The batch that clips join which come now, if there is one."""
        async with self._database.reading() as session:
            batch = await open_batch(session, owner_id)
            return batch.id if batch and collects(batch, now=self._clock()) else None

    async def open(self, owner_id: int, *, go_on: bool) -> int:
        """The batch that clips join from now on; returns its id.

        With `go_on` that is the creator's open one, however old. Without, one that no longer takes
        in clips is left, and a new one begun.
        """
        async with self._database.transaction() as change:
            batch = await open_batch(change, owner_id)
            if batch is not None and not (go_on or collects(batch, now=self._clock())):
                await close(change, batch, now=self._clock())
                batch = None
            batch = batch or await self._new(change, owner_id)
            keep(batch, now=self._clock())
            return batch.id

    async def current(self, owner_id: int) -> BatchView | None:
        """The creator's open batch, if there is one."""
        async with self._database.reading() as session:
            batch = await open_batch(session, owner_id)
        return await self.get(owner_id, batch.id) if batch else None

    async def get(self, owner_id: int, batch_id: int) -> BatchView:
        """An open batch of the creator's; raises `NotFound`.

        Its captions are filled for the times and accounts as they are now.
        """
        now = self._clock()
        async with self._database.reading() as session:
            batch, posts = await whole(session, owner_id, batch_id, now=now)
            if not kept(batch, "captions"):
                return view(batch, posts, now=now)
        async with self._database.transaction() as change:
            batch, posts = await whole(change, owner_id, batch_id, now=now)
            return await settled(self._posts, change, batch, posts, now=now)

    async def take_in(
        self,
        owner_id: int,
        batch_id: int,
        clip_id: int,
        *,
        caption: str,
        moment: Moment | None,
        time_words: str = "",
    ) -> BatchView:
        """A draft of a clip that has come, with what was chosen for all; once for each clip.

        `time_words` are what led the caption and was read as its time.
        Raises `BatchFull`, and `NotFound` for a batch that was closed meanwhile.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            batch, posts = await whole(change, owner_id, batch_id, now=now)
            if await change.scalar(select(func.min(Post.id)).where(Post.clip_id == clip_id)):
                return view(batch, posts, now=now)
            if len(posts) >= MOST_POSTS:
                raise BatchFull
            post = await self._posts.draft_within(
                change,
                owner_id,
                clip_id,
                caption=caption,
                moment=moment,
                time_words=time_words,
                batch_id=batch_id,
            )
            post = await set_values(self._posts, change, post, kept(batch, "all"))
            for_rest = kept(batch, "caption")
            keep(batch, now=now)
            texts = {post.id: for_rest} if for_rest and not caption else {}
            return await settled(self._posts, change, batch, [*posts, post], texts, now=now)

    async def clips(self, owner_id: int) -> Mapping[str, Sequence[StoredClip]]:
        """The clips of the creator's drafts by their names, case folded.

        Those of the open batch come before others of the same name.
        """
        async with self._database.reading() as session:
            batch = await open_batch(session, owner_id)
            rows = (
                await session.execute(
                    select(Clip, Post.batch_id)
                    .join(Post, Post.clip_id == Clip.id)
                    .where(Post.owner_id == owner_id, Post.status == PostStatus.DRAFT)
                    .order_by(Clip.id)
                )
            ).all()
        found: dict[str, dict[int, StoredClip]] = {}
        for ours in (True, False):
            here: dict[str, dict[int, StoredClip]] = {}
            for clip, batch_id in rows:
                if ours == (batch is not None and batch_id == batch.id):
                    stored = stored_clip(clip)
                    here.setdefault(stored.name.casefold(), {})[stored.id] = stored
            found = {**here, **found}
        return {name: tuple(clips.values()) for name, clips in found.items()}

    async def take_orders(self, owner_id: int, orders: Sequence[Order]) -> BatchView:
        """Make what a sheet asks for the creator's open batch, in one change.

        The draft of each clip is the post of the first row that names it; each further row gets a
        post of its own. Raises `BatchFull`, and `NotFound` for a clip that is no draft any more.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            batch = await open_batch(change, owner_id) or await self._new(change, owner_id)
            waiting = await self._drafts_of(change, batch)
            texts: dict[int, str] = {}
            for order in orders:
                post = await self._draft_for(change, batch, order, waiting)
                await set_values(self._posts, change, post, _values(order))
                if order.caption:
                    texts[post.id] = order.caption
            keep(batch, now=now)
            await change.flush()
            batch, posts = await whole(change, owner_id, batch.id, now=now)
            if len(posts) > MOST_POSTS:
                raise BatchFull
            return await settled(self._posts, change, batch, posts, texts, now=now)

    async def gather(self, owner_id: int, post_ids: Sequence[int]) -> BatchView:
        """Plan these drafts together, in the creator's open batch.

        Raises `NotFound`, `BatchFull`, and `WrongState` for what is no draft.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            batch = await open_batch(change, owner_id) or await self._new(change, owner_id)
            for post_id in post_ids:
                post = await owned(change, owner_id, post_id)
                if post.status is not PostStatus.DRAFT:
                    raise WrongState(post.status)
                post.batch_id = batch.id
            await change.flush()
            batch, posts = await whole(change, owner_id, batch.id, now=now)
            if len(posts) > MOST_POSTS:
                raise BatchFull
            return view(batch, posts, now=now)

    async def leave(self, owner_id: int, batch_id: int) -> None:
        """Close a batch; its drafts stay, each for itself. Raises `NotFound`."""
        async with self._database.transaction() as change:
            batch, _ = await whole(change, owner_id, batch_id, now=self._clock())
            await close(change, batch, now=self._clock())

    async def discard(self, owner_id: int, batch_id: int, *, seen: int) -> list[str]:
        """Close a batch and delete its drafts; returns the file keys of clips that went too."""
        async with self._database.transaction() as change:
            batch, posts = await as_seen(change, owner_id, batch_id, seen, now=self._clock())
            await close(change, batch, now=self._clock())
            keys: list[str] = []
            for post in posts:
                keys += await self._posts.discard_within(
                    change, owner_id, post.id, version=post.version
                )
            return keys

    async def drawn(self, batch_id: int, message_id: int) -> None:
        """This message shows the batch."""
        async with self._database.transaction() as change:
            await change.execute(
                update(Batch).where(Batch.id == batch_id).values(message_id=message_id)
            )

    async def _new(self, change: Transaction, owner_id: int) -> Batch:
        batch = Batch(owner_id=owner_id, plan={}, version=1, created_at=self._clock())
        change.add(batch)
        await change.flush()
        return batch

    async def _drafts_of(
        self, change: Transaction, batch: Batch
    ) -> dict[int, list[tuple[Post, PostView]]]:
        """The creator's drafts by their clips; those of the batch come first."""
        rows = await change.execute(
            select(Post, Clip, Account)
            .join(Clip, Clip.id == Post.clip_id)
            .outerjoin(Account, Account.id == Post.account_id)
            .where(Post.owner_id == batch.owner_id, Post.status == PostStatus.DRAFT)
            .order_by(case((Post.batch_id == batch.id, 0), else_=1), Post.id)
        )
        found: dict[int, list[tuple[Post, PostView]]] = {}
        drafts = rows.all()
        seen = await views_of(change, drafts, now=self._clock())
        for (post, clip, _), draft in zip(drafts, seen, strict=True):
            found.setdefault(clip.id, []).append((post, draft))
        return found

    async def _draft_for(
        self,
        change: Transaction,
        batch: Batch,
        order: Order,
        waiting: dict[int, list[tuple[Post, PostView]]],
    ) -> PostView:
        """The draft that becomes the post of a row, or a new one of the same clip."""
        if drafts := waiting.get(order.clip.id):
            row, post = drafts.pop(0)
            row.batch_id = batch.id
            return post
        return await self._posts.draft_within(
            change, batch.owner_id, order.clip.id, caption="", moment=None, batch_id=batch.id
        )


def _values(order: Order) -> dict[str, Any]:
    """What a row says of its post; what it leaves open stays as it is."""
    values: dict[str, Any] = {
        "account_id": order.account_id,
        "privacy": order.privacy,
        "moment": order.moment,
        **order.switches,
    }
    kinds = [order.switches.get(name) for name in ("your_brand", "branded_content")]
    if any(kinds) or None not in kinds:
        values["discloses"] = any(kinds)
    return {name: value for name, value in values.items() if value is not None}
