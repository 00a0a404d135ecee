"""What keeps the files of clips and photos, as all others see it.

There is one such store, a folder on this machine (`core.media.files.storage.ClipStore`). Another
one, such as an object store, has to do what stands here, and nothing else is asked of it: who needs
a file on this machine, to have it read, made to fit or sent, says for how long (`local`), and the
store may bring it there meanwhile. Pieces of an upload are always gathered here, and taken over
once they are whole.
"""

import asyncio
import hashlib
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from core.media.files.pieces import Pieces


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A whole file in the store; `source` is where another program still has it, if one does."""

    key: str
    size: int
    sha256: str
    source: Path | None = None


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


class FileStore(Protocol):
    """Files under opaque keys; none of them ever changes."""

    pieces: Pieces
    """What comes in over hours: not whole yet, kept over restarts, and on this machine."""

    def receive(self) -> AbstractAsyncContextManager[Incoming]:
        """A file of this machine to write to; it vanishes unless `keep` is called on it inside
        the block."""

    async def read_back(self, incoming: Incoming) -> None:
        """Count and hash what another process has written to the file's path."""

    async def keep(self, incoming: Incoming) -> StoredFile:
        """Give the file its key; on return it survives a crash of the machine."""

    async def adopt(self, source: Path, *, may_move: bool = False) -> StoredFile:
        """Take over a file of another program on this machine.

        It stays there too until `release`, so that what ends in between can begin again.
        `may_move`: it may also be gone from there at once, for whoever has it can get it anew.
        Raises OSError.
        """

    async def release(self, stored: StoredFile) -> None:
        """Let go of where it came from: the file is safe here, or nobody wants it any more."""

    def unless_kept(self, key: str) -> AbstractAsyncContextManager[None]:
        """The file of this key goes when the block fails, or is cancelled."""

    def local(self, key: str) -> AbstractAsyncContextManager[Path]:
        """Where the file lies on this machine, within the block; to be read only.

        Where there is none, whoever opens it finds that out: FileNotFoundError.
        """

    async def size(self, key: str) -> int | None:
        """Bytes of a file; None where there is none."""

    async def remove(self, key: str) -> None:
        """Delete a file; one that is gone already is no error."""

    async def older_than(self, instant: datetime) -> list[str]:
        """Keys of the files that came here before this instant."""

    async def free(self) -> int:
        """Bytes for which there is room."""
