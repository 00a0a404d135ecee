"""How long files are kept once no post needs them: as their creators chose, else `KEPT`.

The rows stay, as history; they say that their file has gone. What a creator chooses counts from
when a post was published. One that ended otherwise may be tried again, so its file stays at least
for `KEPT`.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, or_, select

from core import files
from core.clock import Clock
from core.media.files.filestore import FileStore
from core.states import OPEN, PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Clip, Photo, Post, PostEvent, User

KEPT = timedelta(days=7)
AT_ONCE = timedelta()
"""The choice of those who want nothing kept: looked after every minute."""
AT_TIKTOK = (PostStatus.PUBLISHED, PostStatus.DELIVERED)
"""TikTok has the fitted file and liked it, as post or in the creator's inbox."""
AT_MOST = 500
"""Rows that are changed at a time; the next run goes on."""

log = structlog.get_logger()


class Retention:
    def __init__(self, *, database: Database, store: FileStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def forget(self) -> None:
        """Delete the files whose time has come."""
        async with self._database.reading() as session:
            chosen = set(await session.scalars(select(User.keep_files_days).distinct()))
        for days in chosen:
            await self._forget(days)

    async def forget_at_once(self) -> None:
        """The same for creators who want nothing kept."""
        await self._forget(AT_ONCE.days)

    async def forget_originals(self) -> None:
        """Delete what clips were before they were made to fit, once TikTok has one of their posts
        and none is open."""
        posts = select(Post.id).where(Post.clip_id == Clip.id)
        async with self._database.transaction() as change:
            found = await change.scalars(
                select(Clip)
                .where(
                    Clip.original_key.is_not(None),
                    posts.where(Post.status.in_(AT_TIKTOK)).exists(),
                    ~posts.where(Post.status.in_(OPEN)).exists(),
                )
                .limit(AT_MOST)
            )
            originals = []
            for clip in found:
                originals.append(clip.original_key)
                clip.original_key = None
            keys = await files.let_go(change, originals)
        await self._remove(keys)

    async def _forget(self, days: int | None) -> None:
        """Of the creators who chose so many days; None are those who chose nothing."""
        kept = KEPT if days is None else timedelta(days=days)
        now = self._clock()
        async with self._database.transaction() as change:
            gone = await _clips_gone(change, days, kept, now)
            gone += await _photos_gone(change, days, kept, now)
            keys = await files.let_go(change, gone)
        await self._remove(keys)
        if gone:
            log.info("clips_forgotten", files=len(keys))

    async def _remove(self, keys: list[str]) -> None:
        for key in keys:  # what a crash leaves behind here, the sweep finds
            await self._store.remove(key)


async def _clips_gone(
    change: Transaction, days: int | None, kept: timedelta, now: datetime
) -> list[str | None]:
    """Note that the files of clips that nobody needs have gone; returns their keys."""
    theirs = Post.clip_id == Clip.id
    found = await change.scalars(
        select(Clip)
        .join(User, User.id == Clip.owner_id)
        .where(
            _chose(days),
            Clip.file_gone_at.is_(None),
            Clip.created_at <= now - kept,
            or_(select(Post.id).where(theirs).exists(), Clip.created_at < now - max(kept, KEPT)),
            _is_over(theirs, kept, now),
        )
        .limit(AT_MOST)
    )
    keys: list[str | None] = []
    for clip in found:
        clip.file_gone_at = now
        keys += [clip.storage_key, clip.original_key]
        clip.original_key = None
    return keys


async def _photos_gone(
    change: Transaction, days: int | None, kept: timedelta, now: datetime
) -> list[str | None]:
    found = await change.scalars(
        select(Photo)
        .join(User, User.id == Photo.owner_id)
        .where(
            _chose(days),
            Photo.file_gone_at.is_(None),
            Photo.created_at <= now - kept,
            _is_over(Post.id == Photo.post_id, kept, now),
        )
        .limit(AT_MOST)
    )
    keys: list[str | None] = []
    for photo in found:
        photo.file_gone_at = now
        keys.append(photo.storage_key)
    return keys


def _chose(days: int | None) -> ColumnElement[bool]:
    return User.keep_files_days.is_(None) if days is None else User.keep_files_days == days


def _is_over(theirs: ColumnElement[bool], kept: timedelta, now: datetime) -> ColumnElement[bool]:
    """None of these posts is open, and nothing has happened to them for long enough."""
    posts = select(Post.id).where(theirs)
    events = select(PostEvent.id).join(Post, Post.id == PostEvent.post_id).where(theirs)
    published = Post.status == PostStatus.PUBLISHED
    return and_(
        ~posts.where(Post.status.in_(OPEN)).exists(),
        ~events.where(published, PostEvent.at > now - kept).exists(),
        ~events.where(~published, PostEvent.at > now - max(kept, KEPT)).exists(),
    )
