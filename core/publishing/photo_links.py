"""Where TikTok fetches the photos of a post: signed addresses that are good for one init.

A link names a photo and the moment at which TikTok was last told of its post. It is good from then
on for `LASTS`, and no longer once that post is told of anew or let go. That somebody asked for a
photo is written down before the first byte goes out: of a photo that nobody has asked for TikTok
can have posted nothing.
"""

import asyncio
import base64
import binascii
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from os import stat_result
from pathlib import Path

from core.clock import Clock
from core.errors import ClipCueError
from core.media.files.filestore import FileStore
from core.settings import PHOTOS_PATH
from core.store.database import Database
from core.store.models import Photo, Post
from core.store.vault import SIGNATURE_BYTES, Vault

LASTS = timedelta(minutes=70)
"""A pull times out an hour after it began (Media Transfer Guide), and it may begin a bit later."""
SUFFIXES = {"image/jpeg": ".jpg", "image/webp": ".webp"}

_PURPOSE = "photo links"
_CONTENT = struct.Struct(">Qq")
"""The photo's id, and the moment in microseconds."""
_LONGEST = 128
"""Characters of a name that is looked at."""


class LinkRefused(ClipCueError):
    """The link does not lead to a photo, or not any more."""


@dataclass(frozen=True, kw_only=True)
class ServedPhoto:
    """A file to be sent."""

    path: Path = field(repr=False)
    content_type: str
    stat: stat_result = field(repr=False)


class PhotoLinks:
    """`base_url` is where TikTok reaches our web server, without a path."""

    def __init__(
        self, *, database: Database, vault: Vault, store: FileStore, clock: Clock, base_url: str
    ) -> None:
        self._database = database
        self._vault = vault
        self._store = store
        self._clock = clock
        self._prefix = base_url + PHOTOS_PATH

    def url(self, photo_id: int, content_type: str, begun: datetime) -> str:
        """The address of a photo for the init that is marked as begun at that moment."""
        content = _CONTENT.pack(photo_id, _microseconds(begun))
        token = content + self._vault.sign(_PURPOSE, content)
        return f"{self._prefix}{_text(token)}{SUFFIXES[content_type]}"

    @asynccontextmanager
    async def open(self, name: str, *, only_looks: bool = False) -> AsyncIterator[ServedPhoto]:
        """The photo that the last part of a link names, to be sent within the block.

        It is on the disk by then that it was asked for, unless that `only_looks`. Raises
        `LinkRefused`.
        """
        photo_id, begun = await self._read(name)
        async with self._database.reading() as session:
            photo = await session.get(Photo, photo_id)
            asked_for = photo is not None and photo.fetched_at is not None
        suffix = name[len(name.partition(".")[0]) :]
        if photo is None or suffix != SUFFIXES[photo.content_type]:
            raise LinkRefused
        if asked_for or only_looks:
            async with self._database.reading() as session:
                _require_current(await session.get(Post, photo.post_id), begun)
        else:
            await self._write_down(photo_id, begun)
        async with self._store.local(photo.storage_key) as path:
            try:
                found = await asyncio.to_thread(path.stat)
            except FileNotFoundError:
                raise LinkRefused from None
            yield ServedPhoto(path=path, content_type=photo.content_type, stat=found)

    async def _write_down(self, photo_id: int, begun: datetime) -> None:
        async with self._database.transaction() as change:
            photo = await change.get(Photo, photo_id)
            if photo is None:
                raise LinkRefused
            # The row is held: whoever decides that nobody asked comes before this, or after it.
            _require_current(await change.get(Post, photo.post_id, with_for_update=True), begun)
            photo.fetched_at = photo.fetched_at or self._clock()

    async def _read(self, name: str) -> tuple[int, datetime]:
        """What a link says, if it is ours and still good; raises `LinkRefused`."""
        token = _bytes(name.partition(".")[0])
        content, signature = token[: _CONTENT.size], token[_CONTENT.size :]
        if len(signature) != SIGNATURE_BYTES:
            raise LinkRefused
        if not await self._vault.has_signed(_PURPOSE, content, signature):
            raise LinkRefused
        photo_id, microseconds = _CONTENT.unpack(content)
        begun = _EPOCH + timedelta(microseconds=microseconds)
        if self._clock() >= begun + LASTS:
            raise LinkRefused
        return photo_id, begun


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _require_current(post: Post | None, begun: datetime) -> None:
    if post is None or post.initialised_at != begun:
        raise LinkRefused


def _text(token: bytes) -> str:
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """The token that is written like this and in no other way; raises `LinkRefused`."""
    try:
        if len(text) > _LONGEST or not text.isascii():
            raise LinkRefused
        token = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise LinkRefused from None
    if _text(token) != text:
        raise LinkRefused
    return token
