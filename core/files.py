"""Which rows name a file of the clip store. A file goes with the last row that names it.

Rows of one creator share a file where they hold the same bytes. Changes go one after another
(`core.store.commits`), and a row comes to share a file only by finding, within its change, another
one that names it. So what no row names at the end of a change nobody can come to name afterwards:
it is deleted after the commit, and what a crash leaves in between the sweep finds.
"""

from collections.abc import Collection

from sqlalchemy import select, union, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from core.store.commits import Transaction
from core.store.models import Clip, Photo

AT_ONCE = 500
"""Files that the database is asked about in one question."""

_NAMES = (
    (Clip.storage_key, Clip.file_gone_at, Clip.owner_id),
    (Clip.original_key, Clip.file_gone_at, Clip.owner_id),
    (Photo.storage_key, Photo.file_gone_at, Photo.owner_id),
)
"""The columns that name a file, each with those that say whether it has gone, and whose it is."""


async def named(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Those of `keys` whose files some row still needs."""
    waiting, found = list(keys), set[str]()
    while waiting:
        some, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        there = (select(key).where(key.in_(some), gone_at.is_(None)) for key, gone_at, _ in _NAMES)
        found.update(await session.scalars(union_all(*there)))
    return found


async def of_owner(session: AsyncSession, owner_id: int) -> list[str]:
    """The keys of all files of a creator."""
    theirs = (
        select(key).where(owner == owner_id, key.is_not(None), gone_at.is_(None))
        for key, gone_at, owner in _NAMES
    )
    return list(await session.scalars(union(*theirs)))


async def let_go(change: Transaction, keys: Collection[str | None]) -> list[str]:
    """Those of `keys` that rows have just let go of and no other row names.

    Their files are to be deleted once the change is committed.
    """
    ours = dict.fromkeys(key for key in keys if key is not None)
    await change.flush()
    needed = await named(change, ours)
    return [key for key in ours if key not in needed]


async def of_clip_like(session: AsyncSession, owner_id: int, sha256: str) -> str | None:
    """The key of the creator's newest file of a clip with these bytes."""
    return await _like(session, Clip, owner_id, sha256)


async def of_photo_like(session: AsyncSession, owner_id: int, sha256: str) -> str | None:
    """The key of the creator's newest file of a photo with these bytes."""
    return await _like(session, Photo, owner_id, sha256)


async def _like(
    session: AsyncSession, kind: type[Clip] | type[Photo], owner_id: int, sha256: str
) -> str | None:
    return await session.scalar(
        select(kind.storage_key)
        .where(kind.owner_id == owner_id, kind.sha256 == sha256, kind.file_gone_at.is_(None))
        .order_by(kind.id.desc())
        .limit(1)
    )
