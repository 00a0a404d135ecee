"""What a post is made of, a clip or photos: whether it is still there, and letting go of it."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import clips, files, photos
from core.store.commits import Transaction
from core.store.models import Clip, Post


async def require(session: AsyncSession, post: Post) -> int | None:
    """Make sure that its files are there; the size of its clip, None for photos.

    Raises `ClipGone`.
    """
    if post.clip_id is None:
        await photos.require_files(session, post.id)
        return None
    return (await clips.require_file(session, post.clip_id)).size


async def discard(change: Transaction, post: Post) -> list[str]:
    """Delete a post, and what no other post needs of it; returns the keys of those files."""
    clip = await change.get(Clip, post.clip_id) if post.clip_id else None
    keys = [photo.storage_key for photo in (await photos.of(change, [post.id]))[post.id]]
    await change.delete(post)
    await change.flush()
    if clip is None:
        return await files.let_go(change, keys)
    if await change.scalar(select(func.count()).where(Post.clip_id == clip.id)):
        return []
    await change.delete(clip)
    return await files.let_go(change, (clip.storage_key, clip.original_key))
