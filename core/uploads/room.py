"""How much room there is: a creator's share of the disk, and what the disk itself has left."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import files
from core.errors import ClipCueError
from core.media.files.filestore import FileStore
from core.states import UploadState
from core.store.database import Database
from core.store.models import Clip, Upload

COMING = (UploadState.OPEN, UploadState.RECEIVED)


class NoRoom(ClipCueError):
    """There is no room for the clip."""


class QuotaReached(NoRoom):
    """The creator's clips would take more than their share."""

    def __init__(self, *, used: int, quota: int) -> None:
        super().__init__()
        self.used = used
        self.quota = quota


class DiskNearlyFull(NoRoom):
    """The disk has to keep some room for everything else."""


class Room:
    """`quota` is each creator's share and `spare` what stays free on the disk, both in bytes."""

    def __init__(self, *, database: Database, store: FileStore, quota: int, spare: int) -> None:
        self._database = database
        self._store = store
        self.quota = quota
        self._spare = spare

    async def require(self, owner_id: int, size: int) -> None:
        """Make sure that a clip of `size` bytes has room; raises `NoRoom`."""
        async with self._database.reading() as session:
            await self.require_within(session, owner_id, size)

    async def require_within(self, session: AsyncSession, owner_id: int, size: int) -> None:
        """The same as part of a change. Uploads count in full from their beginning."""
        used = await _used(session, owner_id)
        if used + size > self.quota:
            raise QuotaReached(used=used, quota=self.quota)
        await self._require_on_disk(session, size)

    async def _require_on_disk(self, session: AsyncSession, size: int) -> None:
        missing = await session.scalar(
            select(func.sum(Upload.size - Upload.received)).where(Upload.state == UploadState.OPEN)
        )
        if await self._store.free() - int(missing or 0) - size < self._spare:
            raise DiskNearlyFull

    async def require_counted(self, session: AsyncSession, clip_id: int) -> None:
        """Make sure that there is room for a clip that is a row by now; raises `NoRoom`.

        Of clips that come together each had room when it was asked for, and told its size or not.
        """
        clip = await session.get_one(Clip, clip_id)
        await self.require_within(session, clip.owner_id, 0)

    async def require_beside(self, clip_id: int) -> None:
        """Make sure that the disk has room for one more file as large as a clip; raises `NoRoom`.

        The creator's share is not asked: of the two that count then one goes once a post is out.
        """
        async with self._database.reading() as session:
            clip = await session.get_one(Clip, clip_id)
            await self._require_on_disk(session, clip.size)

    async def used(self, owner_id: int) -> int:
        """Bytes that the creator's clips and photos take, uploads under way in full."""
        async with self._database.reading() as session:
            return await _used(session, owner_id)


async def _used(session: AsyncSession, owner_id: int) -> int:
    kept = await files.bytes_of_owner(session, owner_id)
    coming = await session.scalar(
        select(func.sum(Upload.size)).where(
            Upload.owner_id == owner_id, Upload.state.in_(COMING), Upload.clip_id.is_(None)
        )
    )
    return kept + int(coming or 0)
