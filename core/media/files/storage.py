"""The clip store: files under opaque keys in one folder.

A clip is written to a temporary file, hashed on the way, and gets its key only when it is whole
and on the disk. Nothing of what a creator calls their file ever becomes part of a path.
"""

import asyncio
import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

import structlog

from core.media.files.filestore import FileStore, Incoming, StoredFile
from core.media.files.pieces import Pieces
from core.media.files.takeover import Way, taken_over
from core.unbroken import unbroken

_File = TypeVar("_File", bound=BinaryIO)

log = structlog.get_logger()


class ClipStore(FileStore):
    """Keeps clips in `folder`; unfinished ones in `folder/incoming`, swept at start.

    An unfinished file is locked by the process that writes it: another one on the same folder
    leaves it alone, and the kernel lets go of it when its process ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self.pieces = Pieces(folder / "uploads")

    def prepare(self) -> None:
        """Make the folders and throw away what a crash left unfinished."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        self.pieces.prepare()
        for leftover in self._incoming.iterdir():
            with suppress(BlockingIOError, FileNotFoundError), leftover.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                leftover.unlink()

    @asynccontextmanager
    async def receive(self) -> AsyncIterator[Incoming]:
        """A file to write to; it vanishes unless `keep` is called on it inside the block."""
        path = self._incoming / secrets.token_hex(16)
        held = ExitStack()

        def begin() -> BinaryIO:
            file = held.enter_context(path.open("xb"))
            held.callback(path.unlink, missing_ok=True)
            return _locked(file)

        try:
            yield Incoming(path=path, file=await unbroken(asyncio.to_thread(begin)))
        finally:
            await unbroken(asyncio.to_thread(held.close))

    async def read_back(self, incoming: Incoming) -> None:
        """Count and hash what another process has written to the file's path."""

        def measure() -> None:
            with incoming.path.open("rb") as file:
                incoming.digest = hashlib.file_digest(file, "sha256")
                incoming.size = file.tell()

        await asyncio.to_thread(measure)

    async def keep(self, incoming: Incoming) -> StoredFile:
        """Give the file its key; on return it survives a crash of the machine."""
        key = secrets.token_hex(16)
        async with self.unless_kept(key):
            await unbroken(
                asyncio.to_thread(_persist, incoming.file, incoming.path, self.path(key))
            )
        return StoredFile(
            key=key,
            size=incoming.size,
            sha256=incoming.digest.hexdigest(),
        )

    async def adopt(self, source: Path, *, may_move: bool = False) -> StoredFile:
        """Take over a file of another program on this machine (`core.media.files.takeover`).

        It stays there too until `release`, so that what ends in between can begin again.
        `may_move`: it may also be gone from there at once, for whoever has it can get it anew.
        """
        key = secrets.token_hex(16)
        async with self.unless_kept(key):
            return await unbroken(asyncio.to_thread(self._adopt, source, key, may_move))

    def _adopt(self, source: Path, key: str, may_move: bool) -> StoredFile:
        temporary = self._incoming / secrets.token_hex(16)
        try:
            with taken_over(source, temporary, may_move=may_move) as (file, way):
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                size = os.fstat(file.fileno()).st_size
                _persist(file, temporary, self.path(key))
        finally:
            temporary.unlink(missing_ok=True)
        if way is Way.COPIED:
            log.info("file_copied", key=key, size=size)
        return StoredFile(
            key=key,
            size=size,
            sha256=digest,
            source=None if way is Way.MOVED else source,
        )

    @asynccontextmanager
    async def unless_kept(self, key: str) -> AsyncIterator[None]:
        """The file of this key goes when the block fails, or is cancelled."""
        try:
            yield
        except BaseException:
            await unbroken(self.remove(key))
            raise

    async def release(self, stored: StoredFile) -> None:
        """Let go of where it came from: the file is safe here, or nobody wants it any more."""
        if stored.source is not None:
            with suppress(OSError):  # theirs to tidy up where we may only read
                await asyncio.to_thread(stored.source.unlink)

    async def older_than(self, instant: datetime) -> list[str]:
        """Keys of the files that came here before this instant."""
        return await asyncio.to_thread(self._older_than, instant.timestamp())

    def _older_than(self, second: float) -> list[str]:
        with os.scandir(self._folder) as entries:
            # When its name was given: a file taken over may have been written long before.
            return [
                entry.name
                for entry in entries
                if entry.is_file() and entry.stat().st_ctime < second
            ]

    async def free(self) -> int:
        """Bytes that are free on the disk."""
        return (await asyncio.to_thread(shutil.disk_usage, self._folder)).free

    def path(self, key: str) -> Path:
        """Where a file lies in this store; others ask for `local`."""
        return self._folder / key

    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        """Where the file lies; here that is so for good."""
        yield self.path(key)

    async def size(self, key: str) -> int | None:
        """Bytes of a file; None where there is none."""
        try:
            return (await asyncio.to_thread(self.path(key).stat)).st_size
        except FileNotFoundError:
            return None

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


def _locked(file: _File) -> _File:
    fcntl.flock(file, fcntl.LOCK_EX)
    return file
