"""Photos as their creator handles them: they come one by one, are put in order, one is the cover.

Photos of one album come as messages of their own, side by side and in any order; those sent one
after another are meant together too. Whichever comes first opens the draft, the others join it.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import select

from core import files, photos, tiktok
from core.clock import Clock
from core.errors import ClipCueError, ClipGone, NotFound, WrongState
from core.media.files.filestore import FileStore, StoredFile
from core.media.images.asking import Images
from core.media.images.image import FittedImage, ImageRefused, Unusable
from core.posts import rows
from core.posts.posts import Posts
from core.posts.view import PostView
from core.states import PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Photo, Post, User
from core.times import Moment

TOGETHER_WITHIN = timedelta(minutes=2)
"""Photos that come so soon after one another are of one post."""

log = structlog.get_logger()


class PhotoRefused(ClipCueError):
    """The image cannot become a photo of a post; `why` says what is the matter."""

    def __init__(self, why: Unusable) -> None:
        super().__init__(f"the image cannot be used: {why}")
        self.why = why


class TooManyPhotos(ClipCueError):
    """TikTok takes no more photos in one post than there are already."""


class Photos:
    """Posts of photos, as far as they differ from posts of a clip."""

    def __init__(
        self, *, database: Database, store: FileStore, images: Images, posts: Posts, clock: Clock
    ) -> None:
        self._database = database
        self._store = store
        self._images = images
        self._posts = posts
        self._clock = clock

    async def known(self, owner_id: int, message_id: int) -> PostView | None:
        """The post that the photo of this message is part of; None while it is part of none."""
        async with self._database.reading() as session:
            post_id = await session.scalar(
                select(Photo.post_id).where(
                    Photo.owner_id == owner_id, Photo.message_id == message_id
                )
            )
        return None if post_id is None else await self._posts.get(owner_id, post_id)

    async def take(
        self,
        owner_id: int,
        stored: StoredFile,
        *,
        message_id: int,
        media_group_id: str | None,
        file_id: str | None,
        sent_at: datetime,
        caption: str = "",
        moment: Moment | None = None,
        time_words: str = "",
    ) -> PostView:
        """Make a received image fit, and join it to the draft that it is meant for, or open one.

        That is the draft its album belongs to, or else the newest of photos only that got its last
        one up to `TOGETHER_WITHIN` before `sent_at`. What is written below a photo becomes the
        post's caption and time; where that draft has words already and holds others than its
        album's, a post of its own is opened, and those of its album that were there come along.
        A message that comes again changes nothing.
        The received file goes in any case, and what was made of it where a photo of the creator's
        has the same bytes already: they share a file then. Raises `PhotoRefused`, `TooManyPhotos`,
        and OSError when the disk refuses.
        """
        try:
            if (known := await self.known(owner_id, message_id)) is not None:
                return known
            made, image = await self._made(stored)
        finally:
            await self._store.remove(stored.key)
            await self._store.release(stored)
        photo = Photo(
            owner_id=owner_id,
            storage_key=made.key,
            sha256=made.sha256,
            size=made.size,
            width=image.width,
            height=image.height,
            content_type=image.content_type,
            file_id=file_id,
            message_id=message_id,
            media_group_id=media_group_id,
            created_at=sent_at,
        )
        try:
            are_whole: dict[str, bool] = {}
            view, alike = None, None
            while view is None:
                if alike is not None:  # beside the change: the disk may be slow
                    are_whole[alike] = await self._store.size(alike) == made.size
                async with self._database.transaction() as change:
                    before = await _same_message(change, photo)
                    alike = await files.of_photo_like(change, owner_id, made.sha256)
                    if before is not None:  # another try of it was quicker
                        view = await self._posts.view_within(change, before)
                    elif alike is None or alike in are_whole:
                        if alike and are_whole[alike]:
                            photo.storage_key = alike
                        view = await self._join(change, photo, caption, moment, time_words)
        except Exception:  # not when cancelled: the row may be on the disk, the sweep will tell
            await self._store.remove(made.key)
            raise
        if before is not None or photo.storage_key != made.key:
            await self._store.remove(made.key)
        return view

    async def arrange(
        self, owner_id: int, post_id: int, *, version: int, order: Sequence[int]
    ) -> PostView:
        """Put a post's photos into an order, given by their ids; the cover stays the same photo.

        What was agreed to becomes a draft again. Raises `NotFound` where these are not its photos,
        `Outdated`, `WrongState`, `ClipGone`.
        """
        async with self._database.transaction() as change:
            post = await rows.as_seen(change, owner_id, post_id, version)
            held = await _photos_of(change, post)
            by_id = {photo.id: photo for photo in held}
            if sorted(order) != sorted(by_id):
                raise NotFound
            if [photo.id for photo in held] == list(order):
                return await self._posts.view_within(change, post)
            await self._posts.take_off_within(change, post)
            _number([by_id[photo_id] for photo_id in order])
            return await self._changed(change, post)

    async def remove(self, owner_id: int, post_id: int, *, version: int, photo_id: int) -> PostView:
        """Take a photo out of a post; the last one stays. Otherwise as `arrange`."""
        async with self._database.transaction() as change:
            post = await rows.as_seen(change, owner_id, post_id, version)
            held = await _photos_of(change, post)
            photo = next((photo for photo in held if photo.id == photo_id), None)
            if photo is None:
                raise NotFound
            if len(held) == 1:
                raise WrongState(post.status)
            await self._posts.take_off_within(change, post)
            if post.cover_photo_id == photo_id:
                post.cover_photo_id = None
            await change.delete(photo)
            _number([other for other in held if other is not photo])
            unused = await files.let_go(change, [photo.storage_key])
            view = await self._changed(change, post)
        for key in unused:  # what a crash leaves behind here, the sweep finds
            await self._store.remove(key)
        return view

    @asynccontextmanager
    async def file_of(self, owner_id: int, photo_id: int) -> AsyncIterator[Path]:
        """Where the file of a photo lies, within the block; raises `NotFound`, `ClipGone`."""
        async with self._database.reading() as session:
            photo = await session.get(Photo, photo_id)
            if photo is None or photo.owner_id != owner_id:
                raise NotFound
            if photo.file_gone_at is not None:
                raise ClipGone
        async with self._store.local(photo.storage_key) as path:
            yield path

    async def sheet(self, owner_id: int, post_id: int) -> bytes:
        """All photos of a post in one picture (JPEG), numbered from 1, the cover marked.

        Raises `NotFound`, `ClipGone`, or `PhotoRefused` where it cannot be drawn (in time).
        """
        async with self._database.reading() as session:
            post = await rows.owned(session, owner_id, post_id)
            held = await photos.require_files(session, post.id)
        ids = [photo.id for photo in held]
        cover = ids.index(post.cover_photo_id) if post.cover_photo_id in ids else 0
        try:
            async with AsyncExitStack() as block:
                paths = [
                    await block.enter_async_context(self._store.local(photo.storage_key))
                    for photo in held
                ]
                return await self._images.sheet(paths, cover=cover)
        except FileNotFoundError:
            raise ClipGone from None
        except ImageRefused as refused:
            raise PhotoRefused(refused.why) from None

    async def _made(self, stored: StoredFile) -> tuple[StoredFile, FittedImage]:
        async with self._store.receive() as incoming:
            try:
                async with self._store.local(stored.key) as path:
                    image = await self._images.fit(path, incoming.path)
            except ImageRefused as refused:
                log.info("photo_refused", why=refused.why.value)
                raise PhotoRefused(refused.why) from None
            await self._store.read_back(incoming)
            return await self._store.keep(incoming), image

    async def _join(
        self,
        change: Transaction,
        photo: Photo,
        caption: str,
        moment: Moment | None,
        time_words: str,
    ) -> PostView:
        post = await _meant_for(change, photo)
        held = (await photos.of(change, [post.id]))[post.id] if post else []
        brings_words = bool(caption) or moment is not None
        if post is None or (brings_words and _says_something_else(post, held, photo)):
            opened = await self._posts.draft_within(
                change,
                photo.owner_id,
                None,
                caption=caption,
                moment=moment,
                time_words=time_words,
            )
            own = await change.get_one(Post, opened.id)
            held = _move_album(held, photo, post, own) if post else []
            post = own
        else:
            if len(held) >= tiktok.PHOTOS_MAX:
                raise TooManyPhotos
            if moment is not None and post.due_at is None:
                rows.set_moment(post, moment)
                post.time_words = time_words or None
            if caption and not post.caption:
                post.caption, post.time_words = caption, time_words or post.time_words
            post.version += 1
        photo.post_id = post.id
        change.add(photo)
        _number(_with(held, photo))
        await change.flush()
        return await self._posts.view_within(change, post)

    async def _changed(self, change: Transaction, post: Post) -> PostView:
        post.version += 1
        await change.flush()
        return await self._posts.view_within(change, post)


async def _photos_of(change: Transaction, post: Post) -> list[Photo]:
    """Its photos in their order; raises `NotFound` where it is a clip's post."""
    held = (await photos.of(change, [post.id]))[post.id]
    if not held:
        raise NotFound
    return held


async def _same_message(change: Transaction, photo: Photo) -> Post | None:
    """The post that its message became part of already; from here on its creator's photos take
    turns: of an album's, which come together, only the first opens a draft.
    """
    await change.get_one(User, photo.owner_id, with_for_update=True)
    known: Photo | None = await change.scalar(
        select(Photo).where(Photo.owner_id == photo.owner_id, Photo.message_id == photo.message_id)
    )
    return await change.get_one(Post, known.post_id) if known else None


async def _meant_for(change: Transaction, photo: Photo) -> Post | None:
    """The draft that a photo which has just come belongs to, if there is one."""
    drafts = select(Post).where(
        Post.owner_id == photo.owner_id,
        Post.clip_id.is_(None),
        Post.status == PostStatus.DRAFT,
    )
    if photo.media_group_id is not None:
        of_album = select(Photo.post_id).where(
            Photo.owner_id == photo.owner_id, Photo.media_group_id == photo.media_group_id
        )
        album = await change.scalar(drafts.where(Post.id.in_(of_album)).order_by(Post.id.desc()))
        if album is not None:
            return album
    newest = await change.scalar(drafts.order_by(Post.id.desc()).limit(1))
    if newest is None:
        return None
    held = (await photos.of(change, [newest.id]))[newest.id]
    came = [each.created_at for each in held if each.message_id is not None]
    if not came or len(held) >= tiktok.PHOTOS_MAX:
        return None
    return newest if abs(photo.created_at - max(came)) < TOGETHER_WITHIN else None


def _says_something_else(post: Post, held: Sequence[Photo], photo: Photo) -> bool:
    """Whether the words of the draft may be others' than those of the photo's own album."""
    has_words = bool(post.caption) or post.due_at is not None
    return has_words and not all(_is_of_album(each, photo) for each in held)


def _is_of_album(held: Photo, photo: Photo) -> bool:
    return photo.media_group_id is not None and held.media_group_id == photo.media_group_id


def _move_album(held: Sequence[Photo], photo: Photo, draft: Post, own: Post) -> list[Photo]:
    """Take the photos of a photo's album from a draft into the post of their own; returns them."""
    moved = [each for each in held if _is_of_album(each, photo)]
    if moved:
        if draft.cover_photo_id in {each.id for each in moved}:
            draft.cover_photo_id = None
        for each in moved:
            each.post_id = own.id
        _number(moved)
        _number([each for each in held if each not in moved])
        draft.version += 1
    return moved


def _with(held: list[Photo], photo: Photo) -> list[Photo]:
    """The photos with one more: by the order of their messages, unless they were put into another.

    Those of an album arrive in any order.
    """
    numbers = [each.message_id or 0 for each in held]
    place = len(held)
    if numbers == sorted(numbers):
        place = sum(number < (photo.message_id or 0) for number in numbers)
    return [*held[:place], photo, *held[place:]]


def _number(ordered: Sequence[Photo]) -> None:
    for position, photo in enumerate(ordered):
        photo.position = position
