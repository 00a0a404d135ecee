"""Files of clips: none is lost that somebody needs, none stays that nobody knows."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.clips import SETTLES_WITHIN, ClipKind, Clips
from core.errors import ClipNotRead, ClipRefused, NotFound
from core.files import let_go
from core.media.files.filestore import StoredFile
from core.media.files.storage import ClipStore
from core.media.probing import Prober
from core.store.database import Database
from core.store.models import Clip
from core.uploads.room import QuotaReached, Room
from sandbox.samples import make_clip
from tests.clock import Clock
from tests.core.rows import add_user

NOBODY = 99
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    return make_clip(path, seconds=1, width=360, height=640, fps=24).read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "clips"


@pytest.fixture
def store(folder: Path) -> ClipStore:
    store = ClipStore(folder)
    store.prepare()
    return store


@pytest.fixture
async def clips(database: Database, store: ClipStore, clock: Clock) -> Clips:
    await add_user(database, clock)
    return Clips(database=database, store=store, prober=Prober(), clock=clock)


@pytest.fixture
def elsewhere(clip: bytes, tmp_path: Path) -> Path:
    """The folder of a Bot API server on this machine, with the clip and a file that is none."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "clip.mp4").write_bytes(clip)
    (folder / "noise.mp4").write_bytes(b"no video")
    return folder


async def received(store: ClipStore, content: bytes) -> StoredFile:
    async with store.receive() as incoming:
        await incoming.write(content)
        return await store.keep(incoming)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def take(clips: Clips, stored: StoredFile, owner_id: int = 1) -> int:
    kept = await clips.take(owner_id, stored, kind=ClipKind.VIDEO, file_id=None)
    return kept.id


async def test_a_file_stays_only_with_its_row(
    clips: Clips, store: ClipStore, clip: bytes, folder: Path
) -> None:
    for content, owner, error in ((clip, NOBODY, IntegrityError), (clip[:100], 1, ClipRefused)):
        stored = await received(store, content)
        with pytest.raises(error):
            await take(clips, stored, owner)
        assert files(folder) == []
    await take(clips, await received(store, clip))
    assert len(files(folder)) == 1


async def test_a_clip_that_cannot_be_read_in_time_leaves_nothing(
    database: Database, clips: Clips, store: ClipStore, clip: bytes, clock: Clock, folder: Path
) -> None:
    hasty = Clips(database=database, store=store, prober=Prober(seconds=0.01), clock=clock)
    with pytest.raises(ClipNotRead):
        await take(hasty, await received(store, clip))
    assert files(folder) == []
    await take(clips, await received(store, clip))


async def test_a_check_that_is_cut_off_leaves_nothing(
    clips: Clips, store: ClipStore, clip: bytes, folder: Path
) -> None:
    stored = await received(store, clip)
    checking = asyncio.create_task(take(clips, stored))
    await asyncio.sleep(0)
    checking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await checking
    assert files(folder) == []


@pytest.mark.parametrize("milliseconds", range(6))
async def test_a_file_that_is_cut_off_at_any_moment_leaves_nothing_for_good(
    clips: Clips, store: ClipStore, folder: Path, clock: Clock, milliseconds: int
) -> None:
    async def receive() -> None:
        for _ in range(1000):
            await store.remove((await received(store, b"some bytes")).key)

    task = asyncio.create_task(receive())
    await asyncio.sleep(milliseconds / 1000)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert files(folder / "incoming") == []
    clock.jump(SETTLES_WITHIN + MINUTE)
    await clips.sweep()
    assert files(folder) == []


async def test_a_file_of_another_program_stays_there_until_ours_has_its_row(
    clips: Clips, store: ClipStore, elsewhere: Path, folder: Path
) -> None:
    source = elsewhere / "clip.mp4"
    with pytest.raises(IntegrityError):
        await take(clips, await store.adopt(source), NOBODY)
    assert source in files(elsewhere) and files(folder) == []

    await take(clips, await store.adopt(source))
    assert source not in files(elsewhere)
    assert len(files(folder)) == 1

    with pytest.raises(ClipRefused):
        await take(clips, await store.adopt(elsewhere / "noise.mp4"))
    assert files(elsewhere) == [], "nobody wants it any more"
    assert len(files(folder)) == 1


async def test_the_sweep_takes_files_without_a_clip_once_they_are_old(
    clips: Clips, store: ClipStore, clip: bytes, folder: Path, clock: Clock
) -> None:
    await take(clips, await received(store, clip))
    orphan = await received(store, b"its process died before the row")
    clock.jump(SETTLES_WITHIN - MINUTE)
    await clips.sweep()
    assert len(files(folder)) == 2, "it may be another process's, just now"
    clock.jump(2 * MINUTE)
    await clips.sweep()
    (kept,) = files(folder)
    assert kept != store.path(orphan.key)


async def test_the_post_of_a_clip_is_for_its_owner(
    clips: Clips, store: ClipStore, clip: bytes
) -> None:
    clip_id = await take(clips, await received(store, clip))
    assert await clips.post_of(1, clip_id) is None
    with pytest.raises(NotFound):
        await clips.post_of(2, clip_id)


# What a creator sends twice


async def test_the_same_bytes_lie_there_once(
    clips: Clips, store: ClipStore, clip: bytes, folder: Path, database: Database, clock: Clock
) -> None:
    first, second = [await take(clips, await received(store, clip)) for _ in range(2)]
    assert first != second
    assert len(files(folder)) == 1
    await add_user(database, clock, user_id=2)
    await take(clips, await received(store, clip), 2)
    assert len(files(folder)) == 2, "each creator has their own"
    await clips.sweep()
    clock.jump(SETTLES_WITHIN + MINUTE)
    await clips.sweep()
    assert len(files(folder)) == 2


async def test_a_shared_file_counts_once_and_goes_with_its_last_clip(
    clips: Clips, store: ClipStore, clip: bytes, folder: Path, database: Database
) -> None:
    room = Room(database=database, store=store, quota=len(clip), spare=0)
    ids = [await take(clips, await received(store, clip)) for _ in range(3)]
    assert await room.used(1) == len(clip)
    for left, clip_id in ((1, ids[0]), (1, ids[2]), (0, ids[1])):
        async with database.transaction() as change:
            row = await change.get_one(Clip, clip_id)
            await change.delete(row)
            keys = await let_go(change, (row.storage_key, row.original_key))
        for key in keys:
            await store.remove(key)
        assert len(files(folder)) == left
    assert await room.used(1) == 0


@pytest.mark.parametrize("gone", ["by hand", "by retention"])
async def test_a_file_that_has_gone_is_not_shared(
    clips: Clips,
    store: ClipStore,
    clip: bytes,
    folder: Path,
    database: Database,
    clock: Clock,
    gone: str,
) -> None:
    first = await take(clips, await received(store, clip))
    async with database.transaction() as change:
        row = await change.get_one(Clip, first)
        if gone == "by retention":
            row.file_gone_at = clock()
    await store.remove(row.storage_key)
    second = await take(clips, await received(store, clip))
    async with database.reading() as session:
        assert (await session.get_one(Clip, second)).storage_key != row.storage_key
    assert len(files(folder)) == 1


async def test_two_of_the_same_at_once_share_as_well(
    clips: Clips, store: ClipStore, clip: bytes, folder: Path
) -> None:
    stored = [await received(store, clip) for _ in range(4)]
    await asyncio.gather(*(take(clips, each) for each in stored))
    assert len(files(folder)) == 1


class _SlowDisk(ClipStore):
    """Answers once somebody else's change is through, as a slow disk may."""

    database: Database
    clock: Clock

    async def size(self, key: str) -> int | None:
        await add_user(self.database, self.clock, user_id=3)
        return await super().size(key)


async def test_a_slow_disk_holds_up_no_change(
    clips: Clips, store: ClipStore, clip: bytes, folder: Path, database: Database, clock: Clock
) -> None:
    await take(clips, await received(store, clip))
    slow = _SlowDisk(folder)
    slow.database, slow.clock = database, clock
    clips = Clips(database=database, store=slow, prober=Prober(), clock=clock)
    async with asyncio.timeout(10):
        await take(clips, await received(slow, clip))
    assert len(files(folder)) == 1


async def test_what_has_no_room_when_it_has_come_leaves_nothing(
    database: Database, clips: Clips, store: ClipStore, elsewhere: Path, folder: Path
) -> None:
    room = Room(database=database, store=store, quota=1, spare=0)
    stored = await store.adopt(elsewhere / "clip.mp4")
    with pytest.raises(QuotaReached):
        await clips.take(
            1, stored, kind=ClipKind.VIDEO, file_id=None, together=room.require_counted
        )
    assert files(folder) == []
    assert elsewhere / "clip.mp4" not in files(elsewhere), "nobody wants it any more"
    async with database.reading() as session:
        assert (await session.scalars(select(Clip))).all() == []
