"""All that is kept about a creator: handed out as one file, or deleted without a trace.

Both go by one list of tables, so that nothing can be in the one and missed by the other.
"""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

import structlog
from sqlalchemy import ColumnElement, LargeBinary, Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import files
from core.accounts.accounts import Accounts, connected_account
from core.clock import Clock
from core.errors import ClipCueError
from core.media.files.filestore import FileStore
from core.posts.history import move
from core.states import AccountStatus, PostStatus
from core.store.database import Database
from core.store.models import (
    Account,
    Base,
    Batch,
    ChatState,
    Clip,
    Notification,
    OAuthRequest,
    Photo,
    Post,
    PostEvent,
    Slot,
    Template,
    TikTokCall,
    Upload,
    UploadLink,
    User,
)

PAGE = 500
"""Rows that are held in memory at a time."""
EXPORTS_AT_ONCE = 2
NOTE = "its creator deletes everything"

_AT_TIKTOK = (PostStatus.PROCESSING, PostStatus.UNCONFIRMED)

log = structlog.get_logger()


class BeingPublished(ClipCueError):
    """Posts are on their way to TikTok at this moment: that has to end first."""

    def __init__(self, posts: int) -> None:
        super().__init__()
        self.posts = posts


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept about a creator, in numbers."""

    posts: int
    scheduled: int
    at_tiktok: int
    """TikTok holds these and has given no verdict: they may be published whatever we do."""
    clips: int
    """With a file."""
    photos: int
    """The same."""
    accounts: tuple[str, ...]
    """The names of those that are connected."""


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What was deleted."""

    kept: Kept
    not_given_back: tuple[str, ...]
    """Accounts whose permission TikTok may still list, for it did not answer."""


class PersonalData:
    """`folder` is where a file lies, without a name, while it is handed out."""

    def __init__(
        self,
        *,
        database: Database,
        accounts: Accounts,
        store: FileStore,
        clock: Clock,
        folder: Path,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._store = store
        self._clock = clock
        self._folder = folder
        self._exports = asyncio.Semaphore(EXPORTS_AT_ONCE)

    async def kept(self, owner_id: int) -> Kept:
        """What is kept about the creator."""
        async with self._database.reading() as session:
            return await _kept(session, owner_id)

    @asynccontextmanager
    async def export(self, owner_id: int) -> AsyncIterator[BinaryIO]:
        """A zip with a JSON file for each table; it is gone when the block is left.

        Sealed values (tokens, upload addresses) are not in it.
        """
        async with self._exports:
            with await asyncio.to_thread(_nameless, self._folder) as file:
                await write_archive(self._database, owner_id, file)
                yield file

    async def erase(self, owner_id: int) -> Erased:
        """Delete everything; raises `BeingPublished`, and then nothing has changed.

        What a crash cuts off is finished by calling it again, but for files whose rows are gone:
        those the sweep of the clip store finds.
        """
        kept = await self._halt(owner_id)
        done: dict[int, bool] = {}
        while True:
            for account_id in await self._connected(owner_id, without=done.keys()):
                done[account_id] = await self._accounts.give_back(account_id)
            async with self._database.transaction() as change:
                if await _connected(change, owner_id, without=done.keys()):
                    continue  # connected just now, in the browser
                await _require_at_rest(change, owner_id)
                left = await _names(change, [each for each, given in done.items() if not given])
                theirs = await files.of_owner(change, owner_id)
                coming = await change.scalars(select(Upload.id).where(Upload.owner_id == owner_id))
                uploads = coming.all()
                for table, rows in reversed(_tables(owner_id)):
                    await change.execute(delete(table).where(rows))
                keys = await files.let_go(change, theirs)
            break
        for key in keys:
            await self._store.remove(key)
        for upload_id in uploads:
            await self._store.pieces.remove(upload_id)
        log.info("creator_erased", posts=kept.posts, files=len(keys), not_given_back=len(left))
        return Erased(kept=kept, not_given_back=left)

    async def _halt(self, owner_id: int) -> Kept:
        """Take everything off the schedule, so that nothing begins while we are at it."""
        async with self._database.transaction() as change:
            await _require_at_rest(change, owner_id)
            kept = await _kept(change, owner_id)
            scheduled = await change.scalars(
                select(Post).where(Post.owner_id == owner_id, Post.status == PostStatus.SCHEDULED)
            )
            for post in scheduled:
                post.wake_at = None
                move(change, post, PostStatus.CANCELLED, self._clock(), NOTE)
            return kept

    async def _connected(self, owner_id: int, *, without: Collection[int]) -> Sequence[int]:
        async with self._database.reading() as session:
            return await _connected(session, owner_id, without=without)


async def write_archive(database: Database, owner_id: int, file: BinaryIO) -> None:
    """Write the zip of what is kept about a creator, as `PersonalData.export` hands it out."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for table, theirs in _tables(owner_id):
            await _write(database, archive, table, theirs)


async def _write(
    database: Database, archive: ZipFile, table: Table, theirs: ColumnElement[bool]
) -> None:
    """One table as a JSON array, page by page."""
    shown = [column for column in table.columns if not isinstance(column.type, LargeBinary)]
    (key,) = table.primary_key.columns
    with archive.open(f"{table.name}.json", "w") as member:
        last, lead = None, "[\n"
        while True:
            page = select(key, *shown).where(theirs).order_by(key).limit(PAGE)
            async with database.reading() as session:
                rows = (
                    await session.execute(page if last is None else page.where(key > last))
                ).all()
            if not rows:
                break
            text = lead + ",\n".join(_json(shown, row[1:]) for row in rows)
            await asyncio.to_thread(member.write, text.encode())
            last, lead = rows[-1][0], ",\n"
        await asyncio.to_thread(member.write, b"[]\n" if last is None else b"\n]\n")


def _nameless(folder: Path) -> BinaryIO:
    """A file that only whoever holds it can read, and that ends with the process."""
    return tempfile.TemporaryFile(dir=folder)


def _tables(owner_id: int) -> list[tuple[Table, ColumnElement[bool]]]:
    """Every table that holds something of a creator, and which rows; what others need first."""
    accounts = select(Account.id).where(Account.owner_id == owner_id)
    posts = select(Post.id).where(Post.owner_id == owner_id)
    chat = select(User.chat_id).where(User.id == owner_id)
    rows: list[tuple[type[Base], ColumnElement[bool]]] = [
        (User, User.id == owner_id),
        (Account, Account.owner_id == owner_id),
        (Clip, Clip.owner_id == owner_id),
        (Batch, Batch.owner_id == owner_id),
        (Template, Template.owner_id == owner_id),
        (Post, Post.owner_id == owner_id),
        (Slot, Slot.account_id.in_(accounts)),
        (TikTokCall, TikTokCall.account_id.in_(accounts)),
        (OAuthRequest, OAuthRequest.user_id == owner_id),
        (Notification, Notification.user_id == owner_id),
        (Upload, Upload.owner_id == owner_id),
        (UploadLink, UploadLink.user_id == owner_id),
        (ChatState, ChatState.chat_id.in_(chat)),
        (Photo, Photo.owner_id == owner_id),
        (PostEvent, PostEvent.post_id.in_(posts)),
    ]
    return [(Base.metadata.tables[kind.__tablename__], theirs) for kind, theirs in rows]


def _json(columns: Sequence[ColumnElement[Any]], values: Sequence[Any]) -> str:
    row = {column.key: value for column, value in zip(columns, values, strict=True)}
    return json.dumps(row, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


async def _kept(session: AsyncSession, owner_id: int) -> Kept:
    statuses = await session.execute(
        select(Post.status, func.count()).where(Post.owner_id == owner_id).group_by(Post.status)
    )
    count = dict(statuses.all())
    clips = await session.scalar(
        select(func.count()).where(Clip.owner_id == owner_id, Clip.file_gone_at.is_(None))
    )
    photos = await session.scalar(
        select(func.count()).where(Photo.owner_id == owner_id, Photo.file_gone_at.is_(None))
    )
    return Kept(
        posts=sum(count.values()),
        scheduled=count.get(PostStatus.SCHEDULED, 0),
        at_tiktok=sum(count.get(status, 0) for status in _AT_TIKTOK),
        clips=clips or 0,
        photos=photos or 0,
        accounts=await _names(session, await _connected(session, owner_id)),
    )


async def _require_at_rest(session: AsyncSession, owner_id: int) -> None:
    """Make sure that nothing is being sent to TikTok; raises `BeingPublished`."""
    posts = await session.scalar(
        select(func.count()).where(Post.owner_id == owner_id, Post.status == PostStatus.PUBLISHING)
    )
    if posts:
        raise BeingPublished(posts)


async def _connected(
    session: AsyncSession, owner_id: int, *, without: Collection[int] = ()
) -> Sequence[int]:
    found = await session.scalars(
        select(Account.id).where(
            Account.owner_id == owner_id,
            Account.status == AccountStatus.CONNECTED,
            Account.id.not_in(without),
        )
    )
    return found.all()


async def _names(session: AsyncSession, account_ids: Collection[int]) -> tuple[str, ...]:
    rows = await session.scalars(
        select(Account).where(Account.id.in_(account_ids)).order_by(Account.id)
    )
    return tuple(connected_account(row).name for row in rows)
