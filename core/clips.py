"""Clips: from a file on the disk to something a post can be made of."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core import files, intake
from core.clock import Clock
from core.errors import ClipCueError, ClipGone, ClipNotRead, ClipRefused, NotFound
from core.media.files.filestore import FileStore, StoredFile
from core.media.limits import CONTAINERS, Problem, ProblemCode, content_type, problems
from core.media.probe import Probe, SlowClip, Strip, UnreadableClip
from core.media.probing import Prober
from core.states import PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Clip, Post

LONGEST_NAME = 255
"""Characters of a file's name that are kept."""
SETTLES_WITHIN = timedelta(hours=1)
"""A file this old without a clip is nobody's: checking one takes seconds."""

log = structlog.get_logger()


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
    file_name: str | None = None

    @property
    def name(self) -> str:
        """What it is called: by its creator's phone, or where that told nothing, by us."""
        return self.file_name or f"clip-{self.id}.mp4"


class Clips:
    def __init__(
        self, *, database: Database, store: FileStore, prober: Prober, clock: Clock
    ) -> None:
        self._database = database
        self._store = store
        self._prober = prober
        self._clock = clock

    async def take(
        self,
        owner_id: int,
        stored: StoredFile,
        *,
        kind: ClipKind,
        file_id: str | None,
        file_name: str | None = None,
        words: str = "",
        sent_at: datetime | None = None,
        update: int | None = None,
        together: Callable[[Transaction, int], Awaitable[None]] | None = None,
    ) -> StoredClip:
        """Check a stored file and keep it as the creator's clip; without success the file goes.

        It also goes where the creator's clips have the same one already, which is shared then.

        What TikTok would not take is kept too, with every problem found (`core.fitting`), and
        with it what was written below it, `words` at `sent_at`. `update` is the number of the
        update it came with: its trail leads to the clip. `together` is called with the clip's id
        for what has to be written in one change with it. Raises `ClipRefused` where it is no
        readable video, `ClipNotRead` where finding that out took too long, and what `together`
        raises.
        """
        try:
            async with self._store.unless_kept(stored.key):
                probe = await self._probed(stored)
        except ClipRefused:
            await self._store.release(stored)
            raise
        clip = Clip(
            owner_id=owner_id,
            storage_key=stored.key,
            sha256=stored.sha256,
            size=stored.size,
            content_type=content_type(probe.container) if probe.container in CONTAINERS else "",
            duration=probe.duration,
            width=probe.width,
            height=probe.height,
            fps=probe.fps,
            video_codec=probe.video_codec,
            file_id=file_id,
            kind=kind,
            file_name=file_name[:LONGEST_NAME] if file_name else None,
            created_at=self._clock(),
        )
        if found := problems(probe, stored.size):
            clip.unfit = {
                "problems": [asdict(problem) for problem in found],
                "words": words,
                "sent_at": (sent_at or self._clock()).isoformat(),
                "update": None,
            }
        try:
            are_whole: dict[str, bool] = {}
            while alike := await self._keep(clip, are_whole, update, together):
                are_whole[alike] = await self._store.size(alike) == stored.size
        except Exception as error:  # not when cancelled: the row may be there, the sweep will tell
            await self._store.remove(stored.key)
            if isinstance(error, ClipCueError):  # it is not wanted
                await self._store.release(stored)
            raise
        if clip.storage_key != stored.key:
            await self._store.remove(stored.key)
        await self._store.release(stored)
        return stored_clip(clip)

    async def post_of(self, owner_id: int, clip_id: int) -> int | None:
        """The first post made of a clip; None while there is none. Raises `NotFound`."""
        async with self._database.reading() as session:
            await owned(session, owner_id, clip_id)
            return await session.scalar(select(func.min(Post.id)).where(Post.clip_id == clip_id))

    async def post_alike(self, owner_id: int, clip_id: int) -> int | None:
        """The newest post that was agreed to of another clip with the same bytes."""
        clip, other = aliased(Clip), aliased(Clip)
        async with self._database.reading() as session:
            return await session.scalar(
                select(func.max(Post.id))
                .join(other, other.id == Post.clip_id)
                .join(clip, clip.sha256 == other.sha256)
                .where(
                    clip.id == clip_id,
                    clip.owner_id == owner_id,
                    other.owner_id == owner_id,
                    other.id != clip_id,
                    Post.status.not_in((PostStatus.DRAFT, PostStatus.CANCELLED)),
                )
            )

    @asynccontextmanager
    async def file_of(self, owner_id: int, clip_id: int) -> AsyncIterator[Path]:
        """Where the file of a clip lies, within the block; raises `NotFound`, `ClipGone`."""
        async with self._database.reading() as session:
            await owned(session, owner_id, clip_id)
            clip = await require_file(session, clip_id)
        async with self._store.local(clip.storage_key) as path:
            yield path

    async def frames(self, owner_id: int, clip_id: int) -> Strip:
        """Frames of a clip to choose its cover from.

        Raises `NotFound`, `ClipGone`, or `ClipNotRead` where they cannot be shown (in time).
        """
        async with self._database.reading() as session:
            await owned(session, owner_id, clip_id)
            clip = await require_file(session, clip_id)
        try:
            async with self._store.local(clip.storage_key) as path:
                return await self._prober.strip(path)
        except FileNotFoundError:
            raise ClipGone from None
        except (UnreadableClip, SlowClip):
            raise ClipNotRead from None

    async def sweep(self) -> None:
        """Delete files that no row names: what a crash left between a file and its row."""
        keys = await self._store.older_than(self._clock() - SETTLES_WITHIN)
        for begin in range(0, len(keys), files.AT_ONCE):
            some = keys[begin : begin + files.AT_ONCE]
            async with self._database.reading() as session:
                known = await files.named(session, some)
            for key in set(some) - known:
                await self._store.remove(key)
                log.warning("file_without_clip", key=key)

    async def remove_file(self, key: str) -> None:
        """Delete a file that no row names; after a crash in between, the sweep does it."""
        await self._store.remove(key)

    async def _keep(
        self,
        clip: Clip,
        are_whole: Mapping[str, bool],
        update: int | None,
        together: Callable[[Transaction, int], Awaitable[None]] | None,
    ) -> str | None:
        """Write the row, of a file that is there already if one of the creator's is whole.

        Of which nobody has looked yet whether it is, the key is returned, and nothing is written:
        the disk may be slow, and all changes wait for this one.
        """
        async with self._database.transaction() as change:
            alike = await files.of_clip_like(change, clip.owner_id, clip.sha256)
            if alike and alike not in are_whole:
                return alike
            if alike and are_whole[alike]:
                clip.storage_key = alike
            change.add(clip)
            await change.flush()
            if update is not None:
                await intake.note(change, update, clip_id=clip.id)
            if together is not None:
                await together(change, clip.id)
        return None

    async def _probed(self, stored: StoredFile) -> Probe:
        try:
            async with self._store.local(stored.key) as path:
                return await self._prober.probe(path)
        except UnreadableClip:
            raise ClipRefused from None
        except SlowClip:
            raise ClipNotRead from None


async def owned(session: AsyncSession, owner_id: int, clip_id: int) -> Clip:
    """The row, if it is this creator's; raises `NotFound`."""
    clip = await session.scalar(select(Clip).where(Clip.id == clip_id, Clip.owner_id == owner_id))
    if clip is None:
        raise NotFound
    return clip


async def require_file(session: AsyncSession, clip_id: int) -> Clip:
    """The clip with its file; clips of posts that ended are not kept for ever: `ClipGone`."""
    clip = await session.get_one(Clip, clip_id)
    if clip.file_gone_at is not None:
        raise ClipGone
    return clip


def stored_clip(clip: Clip) -> StoredClip:
    """The row as a value."""
    return StoredClip(
        id=clip.id,
        size=clip.size,
        duration=timedelta(seconds=clip.duration),
        width=clip.width,
        height=clip.height,
        file_id=clip.file_id,
        kind=ClipKind(clip.kind),
        file_name=clip.file_name,
    )


def problem_from_json(problem: dict[str, Any]) -> Problem:
    """A problem as it is kept with its clip."""
    limit = problem["limit"]
    return Problem(
        code=ProblemCode(problem["code"]),
        measured=problem["measured"],
        limit=tuple(limit) if isinstance(limit, list) else limit,
    )


async def newest_file_id(database: Database, *, at_most: int) -> str | None:
    """The messenger's handle of the newest clip of up to `at_most` bytes."""
    async with database.reading() as session:
        return await session.scalar(
            select(Clip.file_id)
            .where(Clip.file_id.is_not(None), Clip.size <= at_most)
            .order_by(Clip.id.desc())
            .limit(1)
        )
