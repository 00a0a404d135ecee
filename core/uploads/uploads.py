"""A creator's uploads: begun, listed, written to, taken back.

The bytes of an upload that count are those its row tells of (`received`). It is written only after
they are on the disk, so what a crash or a piece that broke its promise leaves behind them in the
file is overwritten by the next piece.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, func, select

from core.clock import Clock
from core.errors import ClipCueError, NotFound
from core.media.files.filestore import FileStore
from core.media.files.pieces import BeingWritten, PieceFile
from core.media.limits import LARGEST_FILE
from core.media.sniffing import ENOUGH, may_be_video
from core.notifications import NoticeKind, Outbox
from core.states import UploadState
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Upload
from core.unbroken import unbroken
from core.uploads.room import COMING, Room

MOST_COMING = 20
"""Uploads of one creator that are not ended."""
KEPT = timedelta(days=1)
"""How long an upload waits for its next byte, and how long its end is remembered."""
LONGEST_NAME = 255
WRITTEN_AT_ONCE = 1 << 20
"""Bytes that are gathered in memory before they are written."""
SETTLED_EVERY = 16 << 20
"""Bytes of one piece after which it is made durable, where no checksum has to wait for its end."""

NOT_A_VIDEO, NOT_READ, CHANGED = "not_a_video", "not_read", "changed"
"""Why an upload is refused: `Upload.refusal["code"]`."""

log = structlog.get_logger()


class TooLarge(ClipCueError):
    """It is more than TikTok takes, or more than the upload was said to have."""


class TooManyUploads(ClipCueError):
    """The creator has too many uploads that are not ended."""


class WrongOffset(ClipCueError):
    """The piece does not begin where the last one ended."""


class WrongChecksum(ClipCueError):
    """The piece is not what its checksum says."""


class UploadGone(ClipCueError):
    """The upload takes no more bytes: it was taken back, given up or refused."""


class UploadBusy(ClipCueError):
    """Another connection writes to the upload."""


@dataclass(frozen=True, kw_only=True)
class UploadView:
    """An upload as its creator sees it. `refusal` says why, where it is refused."""

    id: str
    owner_id: int
    file_name: str
    size: int
    received: int
    state: UploadState
    expires_at: datetime
    modified_ms: int | None = None
    sample: str | None = None
    refusal: dict[str, object] | None = None


@dataclass(frozen=True, kw_only=True)
class Checksum:
    """What a piece has to hash to; `algorithm` is a name that `hashlib` knows."""

    algorithm: str
    digest: bytes


class Uploads:
    def __init__(
        self, *, database: Database, store: FileStore, room: Room, outbox: Outbox, clock: Clock
    ) -> None:
        self._database = database
        self._pieces = store.pieces
        self._room = room
        self._outbox = outbox
        self._clock = clock
        self.on_received: Callable[[], None] = lambda: None
        """Called when an upload has all its bytes."""

    async def begin(
        self,
        owner_id: int,
        *,
        size: int,
        file_name: str,
        modified_ms: int | None = None,
        sample: str | None = None,
    ) -> UploadView:
        """Open an upload of `size` bytes; raises `TooLarge`, `TooManyUploads`, `NoRoom`."""
        if size > LARGEST_FILE:
            raise TooLarge
        upload = Upload(
            id=secrets.token_hex(16),
            owner_id=owner_id,
            file_name=plain_name(file_name),
            size=size,
            received=0,
            modified_ms=modified_ms,
            sample=sample,
            state=UploadState.OPEN,
            created_at=self._clock(),
            expires_at=self._clock() + KEPT,
        )
        await self._pieces.create(upload.id)
        try:
            async with self._database.transaction() as change:
                await _require_few(change, owner_id)
                await self._room.require_within(change, owner_id, size)
                change.add(upload)
        except Exception:  # not when cancelled: the row may be on the disk, the sweep will tell
            await self._pieces.remove(upload.id)
            raise
        log.info("upload_begun", user=owner_id, upload=upload.id, size=size)
        return view(upload)

    async def of(self, owner_id: int) -> list[UploadView]:
        """What comes in and what has ended lately, the oldest first."""
        return await self._those(Upload.owner_id == owner_id, Upload.state != UploadState.REMOVED)

    async def get(self, owner_id: int, upload_id: str) -> UploadView:
        """One of the creator's; raises `NotFound`."""
        found = await self._those(Upload.owner_id == owner_id, Upload.id == upload_id)
        if not found:
            raise NotFound
        return found[0]

    async def write(
        self,
        owner_id: int,
        upload_id: str,
        pieces: AsyncIterable[bytes],
        *,
        offset: int,
        checksum: Checksum | None = None,
    ) -> UploadView:
        """Take bytes in that begin at `offset`; what the upload is then.

        Where `pieces` fail, what has come counts all the same, unless a checksum would have had to
        tell of it. Raises `NotFound`, `UploadGone`, `UploadBusy`, `WrongOffset`, `TooLarge`,
        `WrongChecksum`, OSError where the disk refuses, and whatever `pieces` raise.
        """
        await self._require_open(owner_id, upload_id)
        try:
            async with self._pieces.writing(upload_id) as file:
                upload = await self._require_open(owner_id, upload_id)  # as it is by now
                if offset != upload.received:
                    raise WrongOffset
                if file.size < upload.received:  # a disk that lost what it had promised
                    log.error("upload_cut_short", upload=upload_id, size=file.size)
                    await self._lost(upload_id, file.size)
                    raise WrongOffset
                await file.begin_at(offset)
                await self._take_in(upload, file, pieces, checksum)
        except BeingWritten:
            raise UploadBusy from None
        except FileNotFoundError:
            await self._end(upload_id, UploadState.REMOVED)
            raise UploadGone from None
        return await self.get(owner_id, upload_id)

    async def remove(self, owner_id: int, upload_id: str) -> None:
        """Take an upload back, or forget one that has ended; raises `NotFound`, `UploadBusy`."""
        upload = await self.get(owner_id, upload_id)
        if upload.state is UploadState.RECEIVED:
            raise UploadBusy  # it becomes a card at this moment, which can be discarded
        await self._end(upload_id, UploadState.REMOVED)
        await self._pieces.remove(upload_id)

    async def refuse(self, upload: UploadView, reason: dict[str, object]) -> None:
        """It can become no clip: its creator hears why, and its file goes."""
        async with self._database.transaction() as change:
            row = await change.get(Upload, upload.id, with_for_update=True)
            if row is None or row.state not in COMING:
                return
            row.state, row.refusal = UploadState.REFUSED, reason
            row.expires_at = self._clock() + KEPT
            self._outbox.tell(
                change,
                user_id=upload.owner_id,
                kind=NoticeKind.UPLOAD_REFUSED,
                key=upload.id,
                file_name=upload.file_name,
                refusal=reason,
            )
        log.info("upload_refused", upload=upload.id, reason=reason["code"])
        await self._pieces.remove(upload.id)

    async def _take_in(
        self,
        upload: UploadView,
        file: PieceFile,
        pieces: AsyncIterable[bytes],
        checksum: Checksum | None,
    ) -> None:
        digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
        settled = file.size
        whole = False
        try:
            async for data in _gathered(pieces):
                if file.size + len(data) > upload.size:
                    raise TooLarge
                if file.size == 0 and len(data) >= ENOUGH and not may_be_video(data):
                    await self.refuse(upload, {"code": NOT_A_VIDEO})
                    raise UploadGone
                await file.write(data, digest)
                if digest is None and file.size - settled >= SETTLED_EVERY:
                    await unbroken(self._settle(upload.id, file))
                    settled = file.size
            whole = True
            if checksum and digest and digest.digest() != checksum.digest:
                whole = False
                raise WrongChecksum
        finally:
            if whole or digest is None:
                await unbroken(self._settle(upload.id, file))

    async def _settle(self, upload_id: str, file: PieceFile) -> None:
        """What is in the file counts from now on, also after a crash."""
        await file.settle()
        async with self._database.transaction() as change:
            row = await change.get(Upload, upload_id, with_for_update=True)
            if row is None or row.state is not UploadState.OPEN:
                return  # taken back meanwhile
            row.received = file.size
            row.expires_at = self._clock() + KEPT
            if row.received == row.size:
                row.state = UploadState.RECEIVED
                change.after_commit(self.on_received)

    async def _require_open(self, owner_id: int, upload_id: str) -> UploadView:
        upload = await self.get(owner_id, upload_id)
        if upload.state is not UploadState.OPEN:
            raise UploadGone
        return upload

    async def _lost(self, upload_id: str, size: int) -> None:
        """What the file lacks has to come once more."""
        async with self._database.transaction() as change:
            row = await change.get(Upload, upload_id, with_for_update=True)
            if row is not None:
                row.received = size

    async def _end(self, upload_id: str, state: UploadState) -> None:
        async with self._database.transaction() as change:
            row = await change.get(Upload, upload_id, with_for_update=True)
            if row is not None:
                row.state, row.expires_at = state, self._clock() + KEPT

    async def _those(self, *which: ColumnElement[bool]) -> list[UploadView]:
        async with self._database.reading() as session:
            rows = await session.scalars(
                select(Upload).where(*which).order_by(Upload.created_at, Upload.id)
            )
            return [view(row) for row in rows]


async def _require_few(change: Transaction, owner_id: int) -> None:
    coming = select(func.count()).where(Upload.owner_id == owner_id, Upload.state.in_(COMING))
    if (await change.scalar(coming) or 0) >= MOST_COMING:
        raise TooManyUploads


def plain_name(name: str) -> str:
    """What a file is called, without its folders and what cannot be shown; it leads nowhere."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(each for each in last if unicodedata.category(each)[0] != "C").strip()
    return shown[:LONGEST_NAME] or "clip"


async def _gathered(pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in larger pieces; where `pieces` fail, all that came is handed on before."""
    gathered, trouble = bytearray(), None
    try:
        async for piece in pieces:
            gathered += piece
            if len(gathered) >= WRITTEN_AT_ONCE:
                yield bytes(gathered)
                gathered.clear()
    except Exception as error:  # raised below, after what it has left
        trouble = error
    if gathered:
        yield bytes(gathered)
    if trouble is not None:
        raise trouble


def view(row: Upload) -> UploadView:
    """The row as a value."""
    return UploadView(
        id=row.id,
        owner_id=row.owner_id,
        file_name=row.file_name,
        size=row.size,
        received=row.received,
        state=row.state,
        expires_at=row.expires_at,
        modified_ms=row.modified_ms,
        sample=row.sample,
        refusal=row.refusal,
    )
