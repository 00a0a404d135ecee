"""Photos: what a post without a clip is made of."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import ClipGone, NotFound
from core.store.commits import Transaction
from core.store.models import Photo, Post


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


async def named(session: AsyncSession, post: Post) -> dict[str, str | int]:
    """What a notice needs to name a post of photos, beside its caption; nothing of a clip's."""
    if post.clip_id is not None:
        return {}
    return {"title": post.title, "photos": len((await of(session, [post.id]))[post.id])}


async def require_files(session: AsyncSession, post_id: int) -> list[Photo]:
    """A post's photos with their files, in their order; raises `ClipGone`."""
    photos = (await of(session, [post_id]))[post_id]
    if not photos or any(photo.file_gone_at is not None for photo in photos):
        raise ClipGone
    return photos


async def all_asked_for(session: AsyncSession, post_id: int) -> bool:
    """Whether somebody has asked for each of a post's photos since TikTok was last told of it."""
    return all(photo.fetched_at is not None for photo in (await of(session, [post_id]))[post_id])


async def require_part(session: AsyncSession, post_id: int, photo_id: int) -> None:
    """Make sure that a photo is part of a post; raises `NotFound`."""
    photo = await session.get(Photo, photo_id)
    if photo is None or photo.post_id != post_id:
        raise NotFound


async def copied(change: Transaction, post: Post, copy: Post) -> int | None:
    """Give a copy of a post the same photos, of the same files; returns that of its cover.

    They came in no message, and wait for no other of their album.
    """
    cover = None
    for photo in (await of(change, [post.id]))[post.id]:
        same = Photo(
            owner_id=photo.owner_id,
            post_id=copy.id,
            position=photo.position,
            storage_key=photo.storage_key,
            sha256=photo.sha256,
            size=photo.size,
            width=photo.width,
            height=photo.height,
            content_type=photo.content_type,
            file_id=photo.file_id,
            created_at=copy.created_at,
        )
        change.add(same)
        await change.flush()
        if photo.id == post.cover_photo_id:
            cover = same.id
    return cover


def stored_photo(photo: Photo) -> StoredPhoto:
    """The row as a value."""
    return StoredPhoto(
        id=photo.id,
        size=photo.size,
        width=photo.width,
        height=photo.height,
        file_id=photo.file_id,
    )
