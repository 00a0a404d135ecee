"""Clips: from a file on the disk to something a post can be made of."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.errors import ClipRefused, NotFound
from core.media.limits import content_type, problems
from core.media.probe import Probe, UnreadableClip, probe_clip
from core.media.storage import ClipStore, StoredFile
from core.store.database import Database
from core.store.models import Clip


class ClipKind(StrEnum):
    """How the creator sent it; the messenger wants it sent back the same way."""

    VIDEO = "video"
    DOCUMENT = "document"
    ANIMATION = "animation"


@dataclass(frozen=True, kw_only=True)
class StoredClip:
    """A clip of a creator; `file_id` is the messenger's own handle for sending it back."""

    id: int
    size: int
    duration: timedelta
    width: int
    height: int
    file_id: str | None
    kind: ClipKind


class Clips:
    def __init__(self, *, database: Database, store: ClipStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def take(
        self, owner_id: int, stored: StoredFile, *, kind: ClipKind, file_id: str | None
    ) -> StoredClip:
        """Check a stored file and keep it as the creator's clip.

        Raises `ClipRefused` with every problem found; the file is gone then.
        """
        try:
            probe = await self._check(stored)
        except ClipRefused:
            await self._store.remove(stored.key)
            raise
        async with self._database.transaction() as change:
            clip = Clip(
                owner_id=owner_id,
                storage_key=stored.key,
                sha256=stored.sha256,
                size=stored.size,
                content_type=content_type(probe.container),
                duration=probe.duration,
                width=probe.width,
                height=probe.height,
                fps=probe.fps,
                video_codec=probe.video_codec,
                file_id=file_id,
                kind=kind,
                created_at=self._clock(),
            )
            change.add(clip)
            await change.flush()
            return view(clip)

    async def drop(self, owner_id: int, clip_id: int) -> None:
        """Delete a clip of the creator's that no post needs any more."""
        async with self._database.transaction() as change:
            clip = await owned(change, owner_id, clip_id)
            key = clip.storage_key
            await change.delete(clip)
        await self._store.remove(key)

    async def _check(self, stored: StoredFile) -> Probe:
        try:
            probe = await probe_clip(stored.path)
        except UnreadableClip:
            raise ClipRefused from None
        if found := problems(probe, stored.size):
            raise ClipRefused(found)
        return probe


async def owned(session: AsyncSession, owner_id: int, clip_id: int) -> Clip:
    """The row, if it is this creator's; raises `NotFound`."""
    clip = await session.scalar(select(Clip).where(Clip.id == clip_id, Clip.owner_id == owner_id))
    if clip is None:
        raise NotFound
    return clip


def view(clip: Clip) -> StoredClip:
    """The row as a value."""
    return StoredClip(
        id=clip.id,
        size=clip.size,
        duration=timedelta(seconds=clip.duration),
        width=clip.width,
        height=clip.height,
        file_id=clip.file_id,
        kind=ClipKind(clip.kind),
    )
