"""Photos that come one by one: which draft they join, in which order, and what is changed there."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import tiktok
from core.clips import Clips
from core.engine import EmbeddedEngine
from core.errors import NotFound, Outdated, WrongState
from core.media.files.filestore import StoredFile
from core.media.files.storage import ClipStore
from core.media.images.asking import Images
from core.media.images.image import Unusable
from core.media.probing import Prober
from core.posts.copies import Copies
from core.posts.photos import TOGETHER_WITHIN, PhotoRefused, Photos, TooManyPhotos
from core.posts.posts import Posts
from core.posts.view import Missing, PostView
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Account, User
from core.times import Moment, at_instant
from tests.clock import Clock
from tests.core.media.images.strange_images import with_secrets
from tests.core.rows import add_accounts, add_user, get_post, set_post

OWNER, OTHER = 1, 2
SMALL = with_secrets(120, 160)
MINUTE = timedelta(minutes=1)


class Room:
    """Everything a photo needs on its way into a draft."""

    def __init__(self, folder: Path, database: Database, clock: Clock, client: tiktok.Client):
        self.clock, self.database = clock, database
        self.store = ClipStore(folder)
        engine = EmbeddedEngine(clock=clock)
        self.posts = Posts(database=database, clock=clock, engine=engine, client=client)
        self.photos = Photos(
            database=database, store=self.store, images=Images(), posts=self.posts, clock=clock
        )
        self.copies = Copies(database=database, clock=clock)
        self.clips = Clips(database=database, store=self.store, prober=Prober(), clock=clock)

    async def received(self, content: bytes) -> StoredFile:
        async with self.store.receive() as incoming:
            await incoming.write(content)
            return await self.store.keep(incoming)

    async def send(
        self,
        message: int,
        album: str | None = None,
        *,
        owner_id: int = OWNER,
        caption: str = "",
        moment: Moment | None = None,
        content: bytes | None = None,
    ) -> PostView:
        """No two messages bring the same photo, unless its `content` is given."""
        return await self.photos.take(
            owner_id,
            await self.received(with_secrets(120, 160 + message) if content is None else content),
            message_id=message,
            media_group_id=album,
            file_id=f"file-{message}",
            sent_at=self.clock(),
            caption=caption,
            moment=moment,
        )

    async def files(self) -> int:
        return len(await self.store.older_than(self.clock() + MINUTE))


@pytest.fixture
async def room(
    tmp_path: Path, database: Database, clock: Clock, client: tiktok.Client
) -> AsyncIterator[Room]:
    room = Room(tmp_path / "clips", database, clock, client)
    await asyncio.to_thread(room.store.prepare)
    await add_user(database, clock)
    await add_user(database, clock, OTHER)
    async with asyncio.timeout(60):
        yield room


def messages(post: PostView) -> list[str]:
    return [(photo.file_id or "").removeprefix("file-") for photo in post.photos]


async def test_an_album_is_one_draft_in_its_order_however_it_comes(room: Room) -> None:
    numbers = list(range(10, 18))
    random.Random(6).shuffle(numbers)  # noqa: S311 - the same order each time
    await asyncio.gather(
        *(
            room.send(number, "album", caption="Lisbon" if number == 10 else "")
            for number in numbers
        )
    )
    found = await room.photos.known(OWNER, 10)
    assert found is not None
    assert messages(found) == [str(number) for number in range(10, 18)]
    assert found.caption == "Lisbon"
    assert await room.files() == 8  # what was received has gone, what was made of it is there


async def test_a_message_that_comes_again_changes_nothing(room: Room) -> None:
    first = await room.send(5)
    again = await asyncio.gather(room.send(5), room.send(5))
    assert {view.id for view in again} == {first.id}
    assert {view.version for view in again} == {first.version}
    assert await room.files() == 1


async def test_photos_close_to_one_another_are_of_one_post(room: Room) -> None:
    first = await room.send(1)
    room.clock.jump(TOGETHER_WITHIN - MINUTE / 2)
    assert (await room.send(2)).id == first.id
    room.clock.jump(TOGETHER_WITHIN + MINUTE / 2)
    later = await room.send(3)
    assert later.id != first.id
    assert (await room.send(4, "late album")).id == later.id
    room.clock.jump(timedelta(hours=1))
    assert (await room.send(5, "late album")).id == later.id  # of an album, whenever it comes
    assert (await room.send(1, owner_id=OTHER)).id not in {first.id, later.id}


@pytest.mark.parametrize("order", [(1, 2, 3, 4), (2, 4, 3, 1), (4, 2, 1, 3), (3, 1, 4, 2)])
async def test_photos_with_words_of_their_own_are_a_post_of_their_own(
    room: Room, order: tuple[int, ...]
) -> None:
    """1 and 2 are one album, 3 and 4 another; 1 and 3 bring words."""
    for number in order:
        await room.send(number, "ab"[number > 2], caption={1: "First", 3: "Second"}.get(number, ""))
    for number, caption, held in ((2, "First", ["1", "2"]), (4, "Second", ["3", "4"])):
        found = await room.photos.known(OWNER, number)
        assert found is not None
        assert (found.caption, messages(found)) == (caption, held)


async def test_a_time_alone_is_words_too_and_albums_without_any_join(room: Room) -> None:
    first = await room.send(1, "a", caption="First")
    for number in (2, 3):  # of a phone that splits what was chosen at once
        assert (await room.send(number, "b")).id == first.id
    when = at_instant(room.clock() + MINUTE * 90, "UTC")
    second = await room.send(4, "c", moment=when)
    assert (second.id != first.id, second.caption, second.moment) == (True, "", when)
    third = await room.send(5, caption="Third")
    assert messages(third) == ["5"]
    also = await room.send(6, "d", caption="")
    assert messages(also) == ["5", "6"]
    again = await room.send(7, "d", moment=when)
    assert messages(again) == ["6", "7"]


async def test_no_photo_joins_what_was_agreed_to_or_copied(room: Room) -> None:
    first = await room.send(1, "album")
    copy = await room.copies.duplicate(OWNER, first.id, version=first.version)
    assert [photo.file_id for photo in copy.photos] == ["file-1"]
    assert (await room.send(2)).id not in {first.id, copy.id}
    await set_post(room.database, first.id, status=PostStatus.SCHEDULED)
    assert (await room.send(3, "album")).id != first.id


async def test_no_post_has_more_photos_than_tiktok_takes(room: Room) -> None:
    await asyncio.gather(*(room.send(number, "album") for number in range(tiktok.PHOTOS_MAX)))
    with pytest.raises(TooManyPhotos):
        await room.send(99, "album")
    alone = await room.send(100)
    assert len(alone.photos) == 1
    assert await room.files() == tiktok.PHOTOS_MAX + 1


async def test_what_is_no_image_leaves_nothing_behind(room: Room) -> None:
    with pytest.raises(PhotoRefused) as refused:
        await room.photos.take(
            OWNER, await room.received(b"PK\3\4"), message_id=1, media_group_id=None,
            file_id=None, sent_at=room.clock(),
        )  # fmt: skip
    assert refused.value.why is Unusable.NO_IMAGE
    assert await room.files() == 0
    assert await room.photos.known(OWNER, 1) is None


async def test_an_order_that_was_chosen_stays(room: Room) -> None:
    for number in (1, 2, 3):
        view = await room.send(number)
    ids = [photo.id for photo in view.photos]
    view = await room.photos.arrange(
        OWNER, view.id, version=view.version, order=[ids[2], ids[0], ids[1]]
    )
    assert messages(view) == ["3", "1", "2"]
    assert messages(await room.send(0)) == ["3", "1", "2", "0"]
    same = await room.posts.get(OWNER, view.id)
    order = [photo.id for photo in same.photos]
    again = await room.photos.arrange(OWNER, view.id, version=same.version, order=order)
    assert again.version == same.version
    for wrong in (ids[:2], [*ids, 999], [ids[0]] * 4):
        with pytest.raises(NotFound):
            await room.photos.arrange(OWNER, view.id, version=same.version, order=wrong)


async def test_a_photo_is_taken_out_with_its_file_but_not_the_last_one(room: Room) -> None:
    await room.send(1)
    view = await room.send(2)
    first, second = (photo.id for photo in view.photos)
    view = await room.posts.edit(OWNER, view.id, version=view.version, cover_photo_id=second)
    copy = await room.copies.duplicate(OWNER, view.id, version=view.version)
    assert copy.cover_photo_id == copy.photos[1].id
    view = await room.posts.get(OWNER, view.id)
    view = await room.photos.remove(OWNER, view.id, version=view.version, photo_id=second)
    assert view.cover_photo_id is None
    assert await room.files() == 2  # the copy needs it
    with pytest.raises(WrongState):
        await room.photos.remove(OWNER, view.id, version=view.version, photo_id=first)
    for key in await room.posts.discard(OWNER, copy.id, version=copy.version):
        await room.clips.remove_file(key)
    assert await room.files() == 1


async def test_nobody_changes_what_is_not_theirs_or_not_as_they_saw_it(room: Room) -> None:
    view = await room.send(1)
    stranger = await room.send(1, owner_id=OTHER)
    photo = view.photos[0].id
    with pytest.raises(NotFound):
        await room.photos.arrange(OTHER, view.id, version=view.version, order=[photo])
    with pytest.raises(NotFound):
        async with room.photos.file_of(OTHER, photo):
            pass
    with pytest.raises(NotFound):
        await room.photos.sheet(OTHER, view.id)
    with pytest.raises(NotFound):
        await room.posts.edit(OTHER, stranger.id, version=stranger.version, cover_photo_id=photo)
    with pytest.raises(Outdated):
        await room.photos.remove(OWNER, view.id, version=view.version - 1, photo_id=photo)


async def test_what_was_agreed_to_is_a_draft_again_after_a_change(room: Room) -> None:
    [account_id] = await add_accounts(room.database, room.clock)
    async with room.database.transaction() as change:
        (await change.get_one(User, OWNER)).zone = "Europe/Madrid"
        (await change.get_one(Account, account_id)).username = "lena.cooks"
    await room.send(1)
    view = await room.send(2)
    view = await room.posts.edit(
        OWNER, view.id, version=view.version, account_id=account_id, title="Lisbon",
        auto_add_music=True,
    )  # fmt: skip
    view = await room.posts.edit(OWNER, view.id, version=view.version, privacy="SELF_ONLY")
    view = await room.posts.agree(
        OWNER, view.id, version=view.version, declaration="as shown", now=True
    )
    ids = [photo.id for photo in view.photos]
    consent = (await get_post(room.database, view.id)).consent
    assert consent is not None
    assert (consent["photos"], consent["title"], consent["music"]) == (ids, "Lisbon", True)
    view = await room.photos.arrange(OWNER, view.id, version=view.version, order=ids[::-1])
    assert view.status is PostStatus.DRAFT
    assert view.agreed_before


async def test_texts_have_tiktoks_own_lengths(room: Room) -> None:
    view = await room.send(1)
    view = await room.posts.edit(
        OWNER, view.id, version=view.version, title="😀" * 45, caption="x" * 4000
    )
    missing = view.missing(room.clock())
    assert not {Missing.TITLE_TOO_LONG, Missing.CAPTION_TOO_LONG} & set(missing)
    view = await room.posts.edit(
        OWNER, view.id, version=view.version, title="😀" * 45 + "x", caption="x" * 4001
    )
    assert {Missing.TITLE_TOO_LONG, Missing.CAPTION_TOO_LONG} <= set(view.missing(room.clock()))


async def test_a_sheet_shows_all_of_them(room: Room) -> None:
    await room.send(1)
    view = await room.send(2)
    assert (await room.photos.sheet(OWNER, view.id)).startswith(b"\xff\xd8")


async def test_photos_with_the_same_bytes_share_a_file(room: Room) -> None:
    await room.send(1, content=SMALL)
    view = await room.send(2, content=SMALL)
    assert await room.files() == 1
    await room.send(1, owner_id=OTHER, content=SMALL)
    assert await room.files() == 2, "creators share nothing"
    first, second = (photo.id for photo in view.photos)
    view = await room.photos.remove(OWNER, view.id, version=view.version, photo_id=second)
    async with room.photos.file_of(OWNER, first) as path:
        assert await asyncio.to_thread(path.is_file)
