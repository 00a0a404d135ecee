"""Files that come in pieces, over hours and interruptions, each under an opaque key in one folder.

How much of a file counts is kept by whoever asks: what lies behind that was cut off half-way, and
goes before the next piece is written.
"""

import asyncio
import fcntl
import hashlib
import os
import re
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from core.unbroken import unbroken

SAMPLE_BYTES = 64 * 1024
"""Of the beginning and of the end of a file: by both it is known again."""

_KEY = re.compile(r"[0-9a-f]{32}")


class BeingWritten(Exception):
    """Somebody else writes to this file at the moment."""


@dataclass(kw_only=True)
class PieceFile:
    """A file that nobody else writes to meanwhile."""

    file: BinaryIO
    size: int
    """Bytes that lie in it."""

    async def begin_at(self, offset: int) -> None:
        """Write from here on; what lies behind goes."""
        await unbroken(asyncio.to_thread(self._begin_at, offset))

    async def write(self, data: bytes, digest: "hashlib._Hash | None" = None) -> None:
        """Write at the end; `digest` hears of it as well. Raises OSError where the disk refuses."""
        await unbroken(asyncio.to_thread(self._write, data, digest))

    async def settle(self) -> None:
        """Return once all of it survives a crash of the machine."""
        await unbroken(asyncio.to_thread(os.fsync, self.file.fileno()))

    def _begin_at(self, offset: int) -> None:
        self.file.truncate(offset)
        self.file.seek(offset)
        self.size = offset

    def _write(self, data: bytes, digest: "hashlib._Hash | None") -> None:
        left = memoryview(data)
        while left:
            left = left[self.file.write(left) :]
        self.size += len(data)
        if digest is not None:
            digest.update(data)


class Pieces:
    """The folder; files are named by keys of 32 hexadecimal digits, and nothing else is opened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self) -> None:
        """Make the folder."""
        self._folder.mkdir(parents=True, exist_ok=True)

    def path(self, key: str) -> Path:
        """Where a file lies; raises ValueError for what is no key."""
        if not _KEY.fullmatch(key):
            raise ValueError("not a key")
        return self._folder / key

    async def create(self, key: str) -> None:
        """An empty file; on return it survives a crash of the machine."""
        await unbroken(asyncio.to_thread(_create, self.path(key)))

    @asynccontextmanager
    async def writing(self, key: str) -> AsyncIterator[PieceFile]:
        """The file, for one writer; raises `BeingWritten`, or FileNotFoundError."""
        held = ExitStack()

        def open_() -> PieceFile:
            file = held.enter_context(self.path(key).open("r+b", buffering=0))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BeingWritten from None
            return PieceFile(file=file, size=os.fstat(file.fileno()).st_size)

        try:
            yield await unbroken(asyncio.to_thread(open_))
        finally:
            await unbroken(asyncio.to_thread(held.close))

    async def sample(self, key: str) -> str:
        """The SHA-256 of a file's first and last `SAMPLE_BYTES`, in hexadecimal digits."""
        return await asyncio.to_thread(_sample, self.path(key))

    async def remove(self, key: str) -> None:
        """Delete a file; one that is gone already is no error."""
        await asyncio.to_thread(self.path(key).unlink, missing_ok=True)

    async def older_than(self, instant: datetime) -> list[str]:
        """Keys of files that nobody has written to since this instant."""
        return await asyncio.to_thread(self._older_than, instant.timestamp())

    def _older_than(self, second: float) -> list[str]:
        with os.scandir(self._folder) as entries:
            return [
                entry.name
                for entry in entries
                if _KEY.fullmatch(entry.name) and entry.stat().st_mtime < second
            ]


def sample_of(file: BinaryIO) -> str:
    """What `Pieces.sample` is of an open file."""
    digest = hashlib.sha256(file.read(SAMPLE_BYTES))
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - SAMPLE_BYTES))
    digest.update(file.read(SAMPLE_BYTES))
    return digest.hexdigest()


def _sample(path: Path) -> str:
    with path.open("rb") as file:
        return sample_of(file)


def _create(path: Path) -> None:
    path.open("xb").close()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
