"""Clips that TikTok would not take as they are: what it has against them, and making them fit.

Such a clip is a row like any other, without a post; its `unfit` says what is wrong, what its
creator wrote below it, and whether it is being made to fit. So a restart finds it as it was, and
begins anew what it cut off.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Select, select

from core import files, intake
from core.clips import ClipKind, StoredClip, problem_from_json, stored_clip
from core.errors import ClipCueError, ClipNotRead, ClipRefused, NotFound
from core.media.files.filestore import FileStore, StoredFile
from core.media.fitting import AT_ONCE, Fitter
from core.media.limits import Problem, certain, content_type, problems
from core.media.probe import Probe, SlowClip, UnreadableClip
from core.media.probing import Prober
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Clip

LOOK_EVERY = 1.0
"""Seconds between two looks whether those in line before have ended."""
MAY_MISS = 0.1
"""Share of its length that a clip may lose: headers round it up, a broken end says much more."""

log = structlog.get_logger()


class CalledOff(ClipCueError):
    """Its creator does not want it made to fit any more."""


@dataclass(frozen=True, kw_only=True)
class Unfit:
    """A clip that TikTok would not take as it is.

    `update` is the number of the one that wants it made to fit, while that is under way.
    """

    clip_id: int
    problems: tuple[Problem, ...]
    duration: timedelta
    update: int | None

    @property
    def is_doubtful(self) -> bool:
        """Whether TikTok may take it after all."""
        return not certain(self.problems)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a creator wrote below a clip, and when."""

    words: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Far:
    """How far it is: so many are `before` it, or such a `share` (0 to 1) is done."""

    before: int = 0
    share: float = 0.0


At = Callable[[Far], Awaitable[None]]


class Fitting:
    """Makes clips fit, `AT_ONCE` at a time, in the order of asking."""

    def __init__(
        self, *, database: Database, store: FileStore, prober: Prober, fitter: Fitter
    ) -> None:
        self._database = database
        self._store = store
        self._prober = prober
        self._fitter = fitter
        self._line: list[int] = []

    @property
    def before_next(self) -> int:
        """How many the next one has to wait for."""
        return max(0, len(self._line) + 1 - AT_ONCE)

    async def of(self, owner_id: int, clip_id: int) -> Unfit | None:
        """What is wrong with a clip; None if nothing is. Raises `NotFound`."""
        async with self._database.reading() as session:
            clip = await session.scalar(_owned(owner_id, clip_id))
            if clip is None:
                raise NotFound
            return unfit_of(clip)

    async def written(self, owner_id: int, clip_id: int) -> Written:
        """What was written below a clip that is or was unfit. Raises `NotFound`."""
        async with self._database.reading() as session:
            clip = await session.scalar(_owned(owner_id, clip_id))
            if clip is None or clip.unfit is None:
                raise NotFound
            at = datetime.fromisoformat(clip.unfit["sent_at"])
            return Written(words=clip.unfit["words"], at=at)

    async def begin(self, owner_id: int, clip_id: int, *, update: int) -> bool:
        """Note that its creator wants it made to fit; says whether it was not wanted before.

        `update` is the number of the update that says so: its trail leads to the clip.
        """
        async with self._database.transaction() as change:
            clip = await _required(change, owner_id, clip_id)
            unfit = unfit_of(clip)
            if unfit is None or unfit.update is not None:
                return False
            clip.unfit = {**(clip.unfit or {}), "update": update}
            await intake.note(change, update, clip_id=clip_id)
            return True

    async def fit(self, owner_id: int, clip_id: int, *, update: int, at: At) -> StoredClip:
        """Make a clip fit as begun by that update; `at` hears how far it is.

        Raises `CalledOff`; `ClipRefused` or `ClipNotRead` where it cannot be done (in time), and
        OSError where the disk refuses. After those it is offered again.
        """
        self._line.append(clip_id)
        try:
            while before := max(0, self._line.index(clip_id) + 1 - AT_ONCE):
                await self._wanted(owner_id, clip_id, update)
                await at(Far(before=before))
                await asyncio.sleep(LOOK_EVERY)
            return await self._fit(owner_id, clip_id, update, at)
        except (ClipRefused, OSError):
            await self.call_off(owner_id, clip_id)
            raise
        finally:
            self._line.remove(clip_id)

    async def call_off(self, owner_id: int, clip_id: int) -> bool:
        """It is not to be made to fit now; says whether that is news."""
        async with self._database.transaction() as change:
            clip = await _required(change, owner_id, clip_id)
            unfit = unfit_of(clip)
            if unfit is None or unfit.update is None:
                return False
            clip.unfit = {**(clip.unfit or {}), "update": None}
            return True

    async def take_as_it_is(self, owner_id: int, clip_id: int) -> bool:
        """Its creator lets TikTok decide; says whether that was possible."""
        async with self._database.transaction() as change:
            clip = await _required(change, owner_id, clip_id)
            unfit = unfit_of(clip)
            if unfit is None or unfit.update is not None or not unfit.is_doubtful:
                return False
            clip.unfit = _mended(clip)
            return True

    async def discard(self, owner_id: int, clip_id: int) -> None:
        """Delete a clip that does not fit; one that does belongs to its posts, and stays."""
        async with self._database.transaction() as change:
            clip = await _required(change, owner_id, clip_id)
            if unfit_of(clip) is None:
                return
            await change.delete(clip)
            keys = await files.let_go(change, (clip.storage_key, clip.original_key))
        for key in keys:
            await self._store.remove(key)

    async def _fit(self, owner_id: int, clip_id: int, update: int, at: At) -> StoredClip:
        source, lasts = await self._wanted(owner_id, clip_id, update)

        async def heard(share: float) -> None:
            await self._wanted(owner_id, clip_id, update)
            await at(Far(share=share))

        await at(Far())
        async with self._store.receive() as incoming:
            try:
                async with self._store.local(source) as path:
                    await self._fitter.fit(path, incoming.path, at=heard)
                probe = await self._prober.probe(incoming.path)
            except FileNotFoundError:
                raise CalledOff from None  # retention or its creator has deleted it
            except UnreadableClip as error:
                log.warning("clip_not_fitted", clip=clip_id, why=str(error))
                raise ClipRefused from None
            except SlowClip:
                raise ClipNotRead from None
            await self._store.read_back(incoming)
            left = problems(probe, incoming.size)
            if left or probe.duration < lasts * (1 - MAY_MISS):
                log.warning("clip_not_fitted", clip=clip_id, left=[each.code for each in left])
                raise ClipRefused(left)
            made = await self._store.keep(incoming)
        return await self._replace(owner_id, clip_id, update, made, probe)

    async def _replace(
        self, owner_id: int, clip_id: int, update: int, made: StoredFile, probe: Probe
    ) -> StoredClip:
        """The fitted file takes the clip's place; the original stays until TikTok has it."""
        async with self._store.unless_kept(made.key), self._database.transaction() as change:
            clip = await _required(change, owner_id, clip_id)
            _require_wanted(clip, update)
            clip.original_key, clip.original_size = clip.storage_key, clip.size
            clip.storage_key = made.key
            clip.size, clip.sha256 = made.size, made.sha256
            clip.content_type = content_type(probe.container)
            clip.duration, clip.fps = probe.duration, probe.fps
            clip.width, clip.height = probe.width, probe.height
            clip.video_codec = probe.video_codec
            clip.kind, clip.file_id = ClipKind.VIDEO, None  # the messenger knows only the original
            clip.unfit = _mended(clip)
            return stored_clip(clip)

    async def _wanted(self, owner_id: int, clip_id: int, update: int) -> tuple[str, float]:
        """The file that is to be made to fit, and its length; raises `CalledOff`."""
        async with self._database.reading() as session:
            clip = await session.scalar(_owned(owner_id, clip_id))
            clip = _require_wanted(clip, update)
            return clip.storage_key, clip.duration


def to_json(unfit: Unfit) -> dict[str, Any]:
    """As a notice carries it; `from_json` reads it."""
    return {
        "clip_id": unfit.clip_id,
        "problems": [asdict(problem) for problem in unfit.problems],
        "seconds": unfit.duration.total_seconds(),
    }


def from_json(kept: dict[str, Any]) -> Unfit:
    return Unfit(
        clip_id=kept["clip_id"],
        problems=tuple(problem_from_json(each) for each in kept["problems"]),
        duration=timedelta(seconds=kept["seconds"]),
        update=None,
    )


def _owned(owner_id: int, clip_id: int) -> Select[Clip]:
    """The row, while its file is kept."""
    return select(Clip).where(
        Clip.id == clip_id, Clip.owner_id == owner_id, Clip.file_gone_at.is_(None)
    )


async def _required(change: Transaction, owner_id: int, clip_id: int) -> Clip:
    clip: Clip | None = await change.scalar(_owned(owner_id, clip_id).with_for_update())
    if clip is None:
        raise NotFound
    return clip


def _require_wanted(clip: Clip | None, update: int) -> Clip:
    """The clip, if it still is to be made to fit by that update; raises `CalledOff`."""
    if clip is None or clip.unfit is None or clip.unfit["update"] != update:
        raise CalledOff
    return clip


def _mended(clip: Clip) -> dict[str, Any]:
    """Nothing is wrong any more; what was written below it is still to be read."""
    return {**(clip.unfit or {}), "problems": [], "update": None}


def unfit_of(clip: Clip) -> Unfit | None:
    """What is wrong with the clip of a row; None if nothing is."""
    if clip.unfit is None or not clip.unfit["problems"]:
        return None
    return Unfit(
        clip_id=clip.id,
        problems=tuple(problem_from_json(each) for each in clip.unfit["problems"]),
        duration=timedelta(seconds=clip.duration),
        update=clip.unfit["update"],
    )
