"""The clip store: files under opaque keys in one folder.

A clip is written to a temporary file, hashed on the way, and gets its key only when it is whole
and on the disk. Nothing of what a creator calls their file ever becomes part of a path.
"""

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A whole file in the store."""

    key: str
    path: Path
    size: int
    sha256: str


@dataclass(kw_only=True)
class Incoming:
    """A file on its way in: bytes go to disk as they come."""

    path: Path
    file: BinaryIO
    size: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    async def write(self, data: bytes) -> None:
        await asyncio.to_thread(self._write, data)

    def _write(self, data: bytes) -> None:
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)


class ClipStore:
    """Keeps clips in `folder`; unfinished ones in `folder/incoming`, emptied at start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"

    def prepare(self) -> None:
        """Make the folders and throw away what a crash left unfinished."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        for leftover in self._incoming.iterdir():
            leftover.unlink()

    @asynccontextmanager
    async def receive(self) -> AsyncIterator[Incoming]:
        """A file to write to; it vanishes unless `keep` is called on it inside the block."""
        path = self._incoming / secrets.token_hex(16)
        file = await asyncio.to_thread(path.open, "xb")
        try:
            yield Incoming(path=path, file=file)
        finally:
            await asyncio.to_thread(_discard, file, path)

    async def keep(self, incoming: Incoming) -> StoredFile:
        """Give the file its key; on return it survives a crash of the machine."""
        key = secrets.token_hex(16)
        await asyncio.to_thread(_persist, incoming.file, incoming.path, self.path(key))
        return StoredFile(
            key=key,
            path=self.path(key),
            size=incoming.size,
            sha256=incoming.digest.hexdigest(),
        )

    async def adopt(self, source: Path) -> StoredFile:
        """Take over a file of another program on this machine, by link where that can be."""
        async with self.receive() as incoming:
            await asyncio.to_thread(_take_over, source, incoming)
            return await self.keep(incoming)

    def path(self, key: str) -> Path:
        return self._folder / key

    async def remove(self, key: str) -> None:
        """Delete a file; one that is gone already is no error."""
        await asyncio.to_thread(self.path(key).unlink, missing_ok=True)


def _persist(file: BinaryIO, temporary: Path, final: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    temporary.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _take_over(source: Path, incoming: Incoming) -> None:
    incoming.path.unlink()
    try:
        os.link(source, incoming.path)
        source.unlink()
    except OSError:  # another volume: the bytes have to move
        with source.open("rb") as reader, incoming.path.open("xb") as writer:
            while piece := reader.read(1 << 20):
                writer.write(piece)
    incoming.file.close()
    incoming.file = incoming.path.open("r+b")
    while piece := incoming.file.read(1 << 20):
        incoming.digest.update(piece)
        incoming.size += len(piece)


def _discard(file: BinaryIO, path: Path) -> None:
    file.close()
    path.unlink(missing_ok=True)
