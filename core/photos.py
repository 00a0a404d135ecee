"""Photos: what a post without a clip is made of."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import ClipGone
from core.store.models import Photo


@dataclass(frozen=True, kw_only=True)
class StoredPhoto:
    """A photo of a post, as TikTok gets it; `file_id` is the messenger's own handle."""

    id: int
    size: int
    width: int
    height: int
    file_id: str | None


async def of(session: AsyncSession, post_ids: Collection[int]) -> dict[int, list[Photo]]:
    """The rows of posts' photos in their order, by the posts' ids."""
    found: dict[int, list[Photo]] = {post_id: [] for post_id in post_ids}
    if found:
        rows = await session.scalars(
            select(Photo).where(Photo.post_id.in_(found)).order_by(Photo.position, Photo.id)
        )
        for row in rows:
            found[row.post_id].append(row)
    return found


async def require_files(session: AsyncSession, post_id: int) -> list[Photo]:
    """A post's photos with their files, in their order; raises `ClipGone`."""
    photos = (await of(session, [post_id]))[post_id]
    if not photos or any(photo.file_gone_at is not None for photo in photos):
        raise ClipGone
    return photos


def stored_photo(photo: Photo) -> StoredPhoto:
    """The row as a value."""
    return StoredPhoto(
        id=photo.id,
        size=photo.size,
        width=photo.width,
        height=photo.height,
        file_id=photo.file_id,
    )
