"""From an upload that has all its bytes to a clip, its draft, and the card that is owed to a chat.

Two steps, each one change: the clip beside the upload's note of it; the draft, the end of the
upload and the notice that brings the card, or the offer to make the clip fit. Whatever a crash
leaves between is taken up again by looking at the table, and does not happen twice.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import delete, select

from core.clips import ClipKind, Clips
from core.clock import Clock
from core.errors import ClipNotRead, ClipRefused
from core.fitting import to_json, unfit_of
from core.media.files.filestore import FileStore
from core.notifications import NoticeKind, Outbox
from core.posts.posts import Posts
from core.states import UploadState
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Clip, Upload
from core.unbroken import ended
from core.uploads.links import Links
from core.uploads.room import COMING
from core.uploads.uploads import CHANGED, KEPT, NOT_A_VIDEO, NOT_READ, Uploads, UploadView, view

LOOK_EVERY = 30.0
"""Seconds; a bell rings for what ends in this process."""
SWEEP_EVERY = timedelta(minutes=15)
END_WITHIN = timedelta(seconds=2)

log = structlog.get_logger()


class _TakenUp(Exception):
    """Another process has made a clip of the upload."""


class Finishing:
    def __init__(
        self,
        *,
        database: Database,
        store: FileStore,
        clips: Clips,
        posts: Posts,
        uploads: Uploads,
        links: Links,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._clips = clips
        self._posts = posts
        self._uploads = uploads
        self._links = links
        self._outbox = outbox
        self._clock = clock
        self._bell = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with what an earlier process has left."""
        self._uploads.on_received = self._bell.set
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; what is half done is taken up after the next start."""
        await ended(self._loop, within=END_WITHIN)

    async def _run(self) -> None:
        swept_at = None
        while True:
            self._bell.clear()
            try:
                await self._finish_all()
                if swept_at is None or self._clock() >= swept_at + SWEEP_EVERY:
                    swept_at = self._clock()
                    await self.sweep()
            except Exception:
                log.exception("uploads_not_tended")
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._bell.wait()

    async def _finish_all(self) -> None:
        async with self._database.reading() as session:
            rows = await session.scalars(
                select(Upload)
                .where(Upload.state == UploadState.RECEIVED)
                .order_by(Upload.created_at)
            )
            received = [(view(row), row.clip_id) for row in rows]
        for upload, clip_id in received:
            structlog.contextvars.bind_contextvars(upload=upload.id)
            try:
                made = clip_id or await self._clip_of(upload)
                if made is not None:
                    await self._draft(upload, made)
            except _TakenUp:
                log.info("upload_taken_up_elsewhere")
            except Exception:  # the next one may go well, and so may this one's next try
                log.exception("upload_not_finished")
            finally:
                structlog.contextvars.unbind_contextvars("upload")

    async def _clip_of(self, upload: UploadView) -> int | None:
        """The clip it becomes; None where it becomes none."""
        try:
            if upload.sample and upload.sample != await self._store.pieces.sample(upload.id):
                await self._uploads.refuse(upload, {"code": CHANGED})
                return None
            stored = await self._store.adopt(self._store.pieces.path(upload.id))
        except FileNotFoundError:  # a backup has the row, and no file of what was under way
            await self._uploads.refuse(upload, {"code": NOT_READ})
            return None

        async def note(change: Transaction, clip_id: int) -> None:
            row = await change.get(Upload, upload.id, with_for_update=True)
            if row is None or row.state is not UploadState.RECEIVED or row.clip_id is not None:
                raise _TakenUp
            row.clip_id = clip_id

        try:
            clip = await self._clips.take(
                upload.owner_id,
                replace(stored, source=None),  # it stays until all is done
                kind=ClipKind.DOCUMENT,
                file_id=None,
                file_name=upload.file_name,
                together=note,
            )
        except ClipNotRead:
            await self._uploads.refuse(upload, {"code": NOT_READ})
            return None
        except ClipRefused:
            await self._uploads.refuse(upload, {"code": NOT_A_VIDEO})
            return None
        return clip.id

    async def _draft(self, upload: UploadView, clip_id: int) -> None:
        async with self._database.transaction() as change:
            row = await change.get(Upload, upload.id, with_for_update=True)
            if row is None or row.state is not UploadState.RECEIVED:
                raise _TakenUp
            row.state, row.expires_at = UploadState.DONE, self._clock() + KEPT
            tell = partial(
                self._outbox.tell,
                change,
                user_id=upload.owner_id,
                key=upload.id,
                file_name=upload.file_name,
            )
            if unfit := unfit_of(await change.get_one(Clip, clip_id)):
                tell(kind=NoticeKind.UPLOAD_UNFIT, unfit=to_json(unfit))
            else:
                post = await self._posts.draft_within(
                    change, upload.owner_id, clip_id, caption="", moment=None
                )
                tell(kind=NoticeKind.UPLOADED, post_id=post.id)
        await self._store.pieces.remove(upload.id)
        log.info("upload_finished", clip=clip_id)

    async def sweep(self) -> None:
        """Give up what never came to its end; forget ended uploads and files of none."""
        now = self._clock()
        async with self._database.transaction() as change:
            unfinished = await change.scalars(
                select(Upload).where(Upload.state == UploadState.OPEN, Upload.expires_at < now)
            )
            for row in unfinished:
                row.state, row.expires_at = UploadState.REMOVED, now + KEPT
            await change.execute(
                delete(Upload).where(Upload.state.not_in(COMING), Upload.expires_at < now)
            )
        await self._links.sweep()
        async with self._database.reading() as session:
            wanted = set(await session.scalars(select(Upload.id).where(Upload.state.in_(COMING))))
        # A file is there a moment before its row.
        for key in await self._store.pieces.older_than(now - timedelta(hours=1)):
            if key not in wanted:
                await self._store.pieces.remove(key)
