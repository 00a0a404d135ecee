"""The files of the world: bytes on disk, and the ids that name them."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sandbox.telegram.errors import ApiError
from sandbox.telegram.journal import Journal

CLOUD_DOWNLOAD_LIMIT = 20 << 20
_CHUNK = 1 << 20
_FOLDERS = {"photo": "photos", "video": "videos", "voice": "voice", "animation": "animations",
            "video_note": "video_notes", "sticker": "stickers"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file as the server knows it. `unique_id` is the same for the same bytes."""

    id: str
    unique_id: str
    kind: str
    path: Path
    remote_path: str
    name: str
    mime_type: str
    size: int

    def ids(self) -> dict[str, str | int]:
        """The fields that every file object of the Bot API begins with."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file that a --local server has brought to its own disk, and its inode there."""

    path: Path
    inode: int


class Files:
    """Keeps copies in one folder; nothing is held in memory beyond a megabyte.

    Those that an earlier run kept in the same folder are still known.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._journal = Journal(folder / "files.jsonl")
        self._by_id: dict[str, StoredFile] = {}
        self._by_remote_path: dict[str, StoredFile] = {}
        for line in self._journal.lines():
            self._know(StoredFile(path=folder / line["remote_path"], **line))
        self.downloads: list[Download] = []
        """What was downloaded for getFile in local mode, one after another."""
        self._downloading = asyncio.Lock()
        last = max((int(file_id.split("-")[1]) for file_id in self._by_id), default=0)
        self._numbers = itertools.count(last + 1)

    async def keep(self, source: Path, *, kind: str, name: str, mime_type: str) -> StoredFile:
        """Copy a file from disk into the folder."""
        with await asyncio.to_thread(source.open, "rb") as stream:
            return await self.receive(stream, kind=kind, name=name, mime_type=mime_type)

    async def receive(
        self, stream: IO[bytes], *, kind: str, name: str, mime_type: str
    ) -> StoredFile:
        """Copy an open file into the folder and give it its ids."""
        number = next(self._numbers)
        remote_path = f"{_FOLDERS.get(kind, 'documents')}/file_{number}{Path(name).suffix.lower()}"
        path = self.folder / remote_path
        size, digest = await asyncio.to_thread(_copy, stream, path)
        file = StoredFile(
            id=f"{kind}-{number:06}-{digest[:24]}",
            unique_id=f"{kind[:2]}{digest[:14]}",
            kind=kind,
            path=path,
            remote_path=remote_path,
            name=name,
            mime_type=mime_type,
            size=size,
        )
        self._know(file)
        self._journal.add({name: value for name, value in vars(file).items() if name != "path"})
        return file

    def by_id(self, file_id: str) -> StoredFile:
        """The file with this id. Raises ApiError as the server does for a made-up one."""
        try:
            return self._by_id[file_id]
        except KeyError:
            raise ApiError("wrong file_id or the file is temporarily unavailable") from None

    @property
    def local_folder(self) -> Path:
        """The working directory of a --local server; each bot's files lie below its token."""
        return self.folder / "server"

    async def download(self, file: StoredFile, token: str) -> Path:
        """Where a --local server has the file: from Telegram, unless it still lies on its disk.

        Bots may take files away. Source: do_get_file in telegram-bot-api's Client.cpp and
        FileManager::download of TDLib, which looks whether the file is there and else gets it anew.
        """
        path = self.local_folder / token / file.remote_path
        async with self._downloading:
            if not await asyncio.to_thread(_is_whole, path, file.size):
                inode = await asyncio.to_thread(_download, file.path, path)
                self.downloads.append(Download(path=path, inode=inode))
        return path

    def by_remote_path(self, remote_path: str) -> StoredFile | None:
        """The file that getFile named by this path, None for one it never named."""
        return self._by_remote_path.get(remote_path)

    def _know(self, file: StoredFile) -> None:
        self._by_id[file.id] = self._by_remote_path[file.remote_path] = file


def _copy(source: IO[bytes], target: Path) -> tuple[int, str]:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += out.write(chunk)
    return size, digest.hexdigest()


def _is_whole(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _download(source: Path, target: Path) -> int:
    """Bring it there under a passing name first; returns its inode."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, temporary)
    temporary.rename(target)
    return target.stat().st_ino
