"""A clip that does not fit, from its row to the fitted file: one at a time, and nothing is lost."""

from datetime import timedelta

import pytest

from core.clips import SETTLES_WITHIN, ClipKind, Clips, StoredClip
from core.errors import NotFound
from core.fitting import CalledOff, Far, Fitting
from core.media.files.storage import ClipStore
from core.media.fitting import Fitter
from core.media.limits import ProblemCode
from core.media.probing import Prober
from core.retention import Retention
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Clip, Post
from core.uploads.room import Room
from core.users.personal_data import PersonalData
from sandbox.oddities import Oddity
from tests.clock import Clock
from tests.core.rows import add_user

TAP, ANOTHER_TAP = 70, 71
SOMEBODY_ELSE = 2


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = Oddity(name="film.mkv", fps=120).make(tmp_path_factory.mktemp("clips"))
    return path.read_bytes()


@pytest.fixture
def clips(database: Database, store: ClipStore, clock: Clock) -> Clips:
    return Clips(database=database, store=store, prober=Prober(), clock=clock)


@pytest.fixture
def fitting(database: Database, store: ClipStore) -> Fitting:
    return Fitting(database=database, store=store, prober=Prober(), fitter=Fitter())


@pytest.fixture
async def unfit(
    clips: Clips, database: Database, store: ClipStore, clock: Clock, film: bytes
) -> StoredClip:
    """A clip of user 1 that TikTok would not take."""
    await add_user(database, clock)
    async with store.receive() as incoming:
        await incoming.write(film)
        stored = await store.keep(incoming)
    return await clips.take(
        1, stored, kind=ClipKind.DOCUMENT, file_id="f", words="in 2h Sea", sent_at=clock()
    )


async def row(database: Database, clip_id: int) -> Clip:
    async with database.reading() as session:
        return await session.get_one(Clip, clip_id)


def files(store: ClipStore) -> set[str]:
    return {path.name for path in store.path("").iterdir() if path.is_file()}


async def silent(_: Far) -> None:
    pass


async def fitted(fitting: Fitting, clip: StoredClip) -> StoredClip:
    assert await fitting.begin(1, clip.id, update=TAP)
    return await fitting.fit(1, clip.id, update=TAP, at=silent)


async def test_what_is_wrong_is_kept_with_the_clip(
    fitting: Fitting, unfit: StoredClip, clock: Clock
) -> None:
    found = await fitting.of(1, unfit.id)
    assert found is not None
    codes = [problem.code for problem in found.problems]
    assert codes == [ProblemCode.CONTAINER, ProblemCode.FPS_TOO_HIGH]
    assert found.problems[0].limit == ("mp4", "mov", "webm")
    assert not found.is_doubtful
    written = await fitting.written(1, unfit.id)
    assert written.words == "in 2h Sea"
    assert timedelta() <= clock() - written.at < timedelta(minutes=1)
    assert not await fitting.take_as_it_is(1, unfit.id)  # TikTok would surely refuse it


async def test_the_fitted_file_takes_its_place_and_the_original_stays(
    fitting: Fitting, unfit: StoredClip, database: Database, store: ClipStore
) -> None:
    before = await row(database, unfit.id)
    made = await fitted(fitting, unfit)
    after = await row(database, unfit.id)

    assert await fitting.of(1, unfit.id) is None
    assert (made.id, made.width, made.height) == (unfit.id, 640, 360)
    assert after.original_key == before.storage_key
    assert (after.content_type, after.video_codec, after.fps) == ("video/mp4", "h264", 60)
    assert (after.kind, after.file_id) == (ClipKind.VIDEO, None)
    assert store.path(after.storage_key).stat().st_size == after.size
    assert files(store) == {before.storage_key, after.storage_key}
    assert (await fitting.written(1, unfit.id)).words == "in 2h Sea"
    await fitting.discard(1, unfit.id)  # a button of long ago
    assert files(store) == {before.storage_key, after.storage_key}


async def test_one_tap_at_a_time_has_it_made_to_fit(fitting: Fitting, unfit: StoredClip) -> None:
    assert await fitting.begin(1, unfit.id, update=TAP)
    assert not await fitting.begin(1, unfit.id, update=ANOTHER_TAP)
    assert await fitting.call_off(1, unfit.id)
    assert not await fitting.call_off(1, unfit.id)
    with pytest.raises(CalledOff):
        await fitting.fit(1, unfit.id, update=TAP, at=silent)
    assert await fitting.begin(1, unfit.id, update=ANOTHER_TAP)
    with pytest.raises(CalledOff):  # the first one does not go on with what the second began
        await fitting.fit(1, unfit.id, update=TAP, at=silent)
    await fitting.fit(1, unfit.id, update=ANOTHER_TAP, at=silent)


async def test_called_off_at_the_last_moment(
    fitting: Fitting, unfit: StoredClip, store: ClipStore
) -> None:
    steps: list[Far] = []

    async def at(far: Far) -> None:
        steps.append(far)
        if len(steps) == 2:  # the process is at it
            await fitting.call_off(1, unfit.id)

    before = files(store)
    assert await fitting.begin(1, unfit.id, update=TAP)
    with pytest.raises(CalledOff):
        await fitting.fit(1, unfit.id, update=TAP, at=at)
    assert files(store) == before
    assert await fitting.of(1, unfit.id) is not None
    await fitting.discard(1, unfit.id)
    assert files(store) == set()


async def test_another_creators_clip_is_not_there(fitting: Fitting, unfit: StoredClip) -> None:
    for deed in (
        fitting.of(SOMEBODY_ELSE, unfit.id),
        fitting.begin(SOMEBODY_ELSE, unfit.id, update=TAP),
        fitting.call_off(SOMEBODY_ELSE, unfit.id),
        fitting.take_as_it_is(SOMEBODY_ELSE, unfit.id),
        fitting.discard(SOMEBODY_ELSE, unfit.id),
        fitting.written(SOMEBODY_ELSE, unfit.id),
    ):
        with pytest.raises(NotFound):
            await deed


async def test_the_sweep_leaves_the_original(
    fitting: Fitting,
    clips: Clips,
    unfit: StoredClip,
    store: ClipStore,
    clock: Clock,
) -> None:
    await fitted(fitting, unfit)
    clock.jump(SETTLES_WITHIN * 24 * 400)
    await clips.sweep()
    assert len(files(store)) == 2


@pytest.mark.parametrize(
    ("statuses", "left"),
    [
        ((), 2),
        ((PostStatus.SCHEDULED,), 2),
        ((PostStatus.FAILED,), 2),
        ((PostStatus.PUBLISHED,), 1),
        ((PostStatus.DELIVERED,), 1),
        ((PostStatus.PUBLISHED, PostStatus.SCHEDULED), 2),
    ],
)
async def test_the_original_is_kept_until_tiktok_has_it(
    fitting: Fitting,
    unfit: StoredClip,
    database: Database,
    store: ClipStore,
    clock: Clock,
    statuses: tuple[PostStatus, ...],
    left: int,
) -> None:
    await fitted(fitting, unfit)
    async with database.transaction() as change:
        for status in statuses:
            change.add(Post(owner_id=1, clip_id=unfit.id, status=status, created_at=clock()))
    retention = Retention(database=database, store=store, clock=clock)
    await retention.forget_originals()
    assert len(files(store)) == left
    clip = await row(database, unfit.id)
    assert (clip.original_key is None) is (left == 1)
    assert clip.storage_key in files(store)

    clock.jump(timedelta(days=30))
    await retention.forget()
    open_ = PostStatus.SCHEDULED in statuses
    assert len(files(store)) == (2 if open_ else 0)


async def test_both_files_count_until_the_original_goes(
    fitting: Fitting, unfit: StoredClip, database: Database, store: ClipStore, clock: Clock
) -> None:
    room = Room(database=database, store=store, quota=1 << 40, spare=0)
    await fitted(fitting, unfit)
    sizes = {name: store.path(name).stat().st_size for name in files(store)}
    assert await room.used(1) == sum(sizes.values())
    async with database.transaction() as change:
        change.add(
            Post(owner_id=1, clip_id=unfit.id, status=PostStatus.PUBLISHED, created_at=clock())
        )
    await Retention(database=database, store=store, clock=clock).forget_originals()
    assert await room.used(1) == sizes[(await row(database, unfit.id)).storage_key]


async def test_both_files_are_deleted_with_all_else(
    fitting: Fitting, unfit: StoredClip, ours: PersonalData, store: ClipStore
) -> None:
    await fitted(fitting, unfit)
    await ours.erase(1)
    assert files(store) == set()
