"""Which rows name a file of the clip store. A file goes with the last row that names it.

Rows of one creator share a file where they hold the same bytes. Changes go one after another
(`core.store.commits`), and a row comes to share a file only by finding, within its change, another
one that names it. So what no row names at the end of a change nobody can come to name afterwards:
it is deleted after the commit, and what a crash leaves in between the sweep finds.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, union, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core.store.commits import Transaction
from core.store.models import Clip, Photo

AT_ONCE = 500
"""Files that the database is asked about in one question."""


@dataclass(frozen=True, kw_only=True)
class Naming:
    """A column that names a file, and those that say more of that file."""

    key: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
    size: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
    gone_at: InstrumentedAttribute[datetime | None]
    owner_id: InstrumentedAttribute[int]


NAMINGS = (
    Naming(key=Clip.storage_key, size=Clip.size, gone_at=Clip.file_gone_at, owner_id=Clip.owner_id),
    Naming(
        key=Clip.original_key,
        size=Clip.original_size,
        gone_at=Clip.file_gone_at,
        owner_id=Clip.owner_id,
    ),
    Naming(
        key=Photo.storage_key, size=Photo.size, gone_at=Photo.file_gone_at, owner_id=Photo.owner_id
    ),
)
"""Every column that names a file."""


async def named(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Those of `keys` whose files some row still needs."""
    waiting, found = list(keys), set[str]()
    while waiting:
        some, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        there = (
            select(each.key).where(each.key.in_(some), each.gone_at.is_(None)) for each in NAMINGS
        )
        found.update(await session.scalars(union_all(*there)))
    return found


async def of_owner(session: AsyncSession, owner_id: int) -> list[str]:
    """The keys of all files of a creator."""
    theirs = (
        select(each.key).where(
            each.owner_id == owner_id, each.key.is_not(None), each.gone_at.is_(None)
        )
        for each in NAMINGS
    )
    return list(await session.scalars(union(*theirs)))


async def bytes_of_owner(session: AsyncSession, owner_id: int) -> int:
    """What all files of a creator take; one that several rows name counts once."""
    theirs = union(
        *(
            select(each.key.label("key"), each.size.label("size")).where(
                each.owner_id == owner_id, each.key.is_not(None), each.gone_at.is_(None)
            )
            for each in NAMINGS
        )
    ).subquery()
    once = select(func.max(theirs.c.size).label("size")).group_by(theirs.c.key).subquery()
    return int(await session.scalar(select(func.sum(once.c.size))) or 0)


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
