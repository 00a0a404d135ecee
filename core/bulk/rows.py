"""Rows of batches within a change: found, checked, written.

`core.bulk.batches` and `core.bulk.planning` stand on this.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.bulk.view import BatchView, view_of
from core.errors import NotFound, Outdated
from core.posts import captions
from core.posts.posts import Posts
from core.posts.view import PostView, views_of
from core.preferences import reads
from core.states import PostStatus
from core.store.commits import Transaction
from core.store.models import Account, Batch, Clip, Post, User

COLLECTS_FOR = timedelta(minutes=30)
"""So long after its last clip or choice a batch takes in the clips that come."""


async def open_batch(session: AsyncSession, owner_id: int) -> Batch | None:
    """The creator's open batch."""
    return await session.scalar(
        select(Batch)
        .where(Batch.owner_id == owner_id, Batch.closed_at.is_(None))
        .order_by(Batch.id.desc())
        .limit(1)
    )


async def whole(
    session: AsyncSession, owner_id: int, batch_id: int, *, now: datetime
) -> tuple[Batch, list[PostView]]:
    """A batch that is open, and its drafts in the order of their clips; raises `NotFound`."""
    batch = await session.get(Batch, batch_id)
    if batch is None or batch.owner_id != owner_id or batch.closed_at is not None:
        raise NotFound
    rows = await session.execute(
        select(Post, Clip, Account)
        .join(Clip, Clip.id == Post.clip_id)
        .outerjoin(Account, Account.id == Post.account_id)
        .where(Post.batch_id == batch_id, Post.status == PostStatus.DRAFT)
        .order_by(Post.id)
    )
    found = rows.all()
    # A session holds its rows weakly: kept here, a change of each post reads none of them again.
    session.info.setdefault("kept", []).append(found)
    return batch, await views_of(session, found, now=now)


async def as_seen(
    session: AsyncSession, owner_id: int, batch_id: int, seen: int, *, now: datetime
) -> tuple[Batch, list[PostView]]:
    """The same, if its stamp is the one that the creator saw; raises `Outdated`."""
    batch, posts = await whole(session, owner_id, batch_id, now=now)
    if view(batch, posts, now=now).stamp != seen:
        raise Outdated
    return batch, posts


def view(batch: Batch, posts: Sequence[PostView], *, now: datetime) -> BatchView:
    """The rows as a value."""
    return view_of(batch, posts, collects=batch.closed_at is None and collects(batch, now=now))


def collects(batch: Batch, *, now: datetime) -> bool:
    """Whether clips that come now join it."""
    until = (batch.plan or {}).get("until")
    return until is not None and now < datetime.fromisoformat(until)


def kept(batch: Batch, name: str) -> Any:
    """What a batch keeps under a name; an empty mapping where that is nothing."""
    return (batch.plan or {}).get(name) or {}


def keep(batch: Batch, *, now: datetime, **values: Any) -> None:
    """Note choices, or that a clip came; from then on the batch collects for a while."""
    until = (now + COLLECTS_FOR).isoformat()
    batch.plan = {**(batch.plan or {}), **values, "until": until}
    batch.version += 1


async def close(change: Transaction, batch: Batch, *, now: datetime) -> None:
    """The batch is done with; its posts stay as they are, each for itself."""
    batch.closed_at = now
    batch.version += 1
    await change.execute(update(Post).where(Post.batch_id == batch.id).values(batch_id=None))


async def set_values(
    posts: Posts, change: Transaction, post: PostView, values: Mapping[str, Any]
) -> PostView:
    """Change one post; its account first, since a new one resets what depends on it."""
    account = {name: value for name, value in values.items() if name == "account_id"}
    rest = {name: value for name, value in values.items() if name != "account_id"}
    for step in (account, rest):
        if step:
            post = await posts.edit_within(
                change, post.owner_id, post.id, version=post.version, **step
            )
    return post


async def settled(
    posts: Posts,
    change: Transaction,
    batch: Batch,
    drafts: Sequence[PostView],
    texts: Mapping[int, str] | None = None,
    *,
    now: datetime,
) -> BatchView:
    """The batch with its captions filled; `texts` are new ones for some posts by their ids."""
    owner = await change.get_one(User, batch.owner_id)
    before = kept(batch, "captions")
    in_order = view(batch, drafts, now=now).in_order
    after, filled = captions.refilled(before, in_order, texts or {}, now=now, language=reads(owner))
    if after != before:
        batch.plan = {**(batch.plan or {}), "captions": after}
    changed = [
        await set_values(posts, change, draft, {"caption": filled[draft.id]})
        if draft.id in filled
        else draft
        for draft in drafts
    ]
    return view(batch, changed, now=now)
