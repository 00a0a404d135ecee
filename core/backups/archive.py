"""A backup's file: a plain tar of the database, the clips, and a manifest that vouches for them.

The manifest comes last, so that everything is read once while it is written. A member is an
ordinary file under one of the names below, else the file is no backup of ClipCue.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar

FORMAT = 1
DATABASE = "clipcue.db"
KEYS = "encryption.key"
CLIPS = "clips"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 << 20
"""Bytes; of half a million clips it takes that much."""
PIECE = 1 << 20

_Plain = TypeVar("_Plain", str, int)
_MEMBER = re.compile(rf"{re.escape(DATABASE)}|{re.escape(KEYS)}|{CLIPS}/[0-9a-f]{{32}}")


class BackupError(Exception):
    """A backup cannot be made or brought back; the text is one line for the operator."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file of a backup: its size in bytes, and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself.

    `version` is ClipCue's, `schema` the migration of the database. `key_ids` name the keys that
    open its secrets, without telling them; they are inside only where `files` has `KEYS`.
    `missing` are clips whose files were gone when they were to be read.
    """

    version: str
    schema: str
    made_at: datetime
    key_ids: tuple[str, ...]
    files: dict[str, Entry]
    missing: tuple[str, ...]

    @property
    def has_keys(self) -> bool:
        return KEYS in self.files

    @property
    def clips(self) -> int:
        return sum(name.startswith(f"{CLIPS}/") for name in self.files)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(entry.size for entry in self.files.values())


class Writer:
    """Adds files to an open tar and notes what they are."""

    def __init__(self, tar: tarfile.TarFile, now: datetime) -> None:
        self._tar = tar
        self._second = int(now.timestamp())
        self.files: dict[str, Entry] = {}

    def add(self, name: str, file: IO[bytes]) -> None:
        """Put a file in as `name`; it must not change meanwhile."""
        size = os.fstat(file.fileno()).st_size
        read = _Read(file)
        self._tar.addfile(self._header(name, size), read)
        self.files[name] = Entry(size=size, sha256=read.sha256)

    def add_bytes(self, name: str, data: bytes) -> None:
        """The same with bytes at hand."""
        self._tar.addfile(self._header(name, len(data)), io.BytesIO(data))
        self.files[name] = Entry(size=len(data), sha256=hashlib.sha256(data).hexdigest())

    def end(self, manifest: Manifest) -> None:
        """Put the manifest in, as the last."""
        told = {**asdict(manifest), "format": FORMAT, "made_at": manifest.made_at.isoformat()}
        data = json.dumps(told, indent=1).encode()
        self._tar.addfile(self._header(MANIFEST, len(data)), io.BytesIO(data))

    def _header(self, name: str, size: int) -> tarfile.TarInfo:
        header = tarfile.TarInfo(name)
        header.size, header.mtime, header.mode = size, self._second, 0o600
        return header


class _Read:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._digest.update(data)
        return data

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Reader:
    """An open backup: its manifest, and its files one after another."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar = tar
        self.manifest = manifest

    def unpack(self, folder: Path) -> None:
        """Write all files into an empty folder, and hold each against the manifest.

        Raises `BackupError` at the first that is not what the manifest says.
        """
        (folder / CLIPS).mkdir(mode=0o700)
        for member in self._tar:
            if member.name == MANIFEST:
                continue
            entry = self.manifest.files[member.name]
            content = self._tar.extractfile(member)
            assert content is not None  # noqa: S101 - only ordinary files got here
            if _write(content, folder / member.name) != entry:
                raise BackupError(f"{member.name} in the backup is damaged: its checksum differs")


def _write(content: IO[bytes], path: Path) -> Entry:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while data := content.read(PIECE):
            file.write(data)
            digest.update(data)
            size += len(data)
        file.flush()
        os.fsync(file.fileno())
    return Entry(size=size, sha256=digest.hexdigest())


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """The backup at `path`, its list of contents checked; raises `BackupError`."""
    try:
        with tarfile.open(path, "r:") as tar:
            yield Reader(tar, _listed(tar))
    except FileNotFoundError:
        raise BackupError(f"there is no file {path}") from None
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{path} is no whole backup of ClipCue ({error})") from None


def _listed(tar: tarfile.TarFile) -> Manifest:
    """The manifest, once it is sure that it and the members speak of the same files."""
    sizes: dict[str, int] = {}
    manifest: Manifest | None = None
    for member in tar:
        known = member.name == MANIFEST or _MEMBER.fullmatch(member.name)
        if not known or not member.isreg() or member.name in sizes:
            raise BackupError(f"the backup holds what ClipCue never puts in: {member.name!r}")
        if member.name == MANIFEST:
            if manifest is not None or member.size > LARGEST_MANIFEST:
                raise BackupError("the backup's manifest is damaged")
            content = tar.extractfile(member)
            manifest = _understood(content.read() if content else b"")
        else:
            sizes[member.name] = member.size
    if manifest is None:
        raise BackupError("the backup has no manifest: it was cut off, or is none of ClipCue's")
    if sizes != {name: entry.size for name, entry in manifest.files.items()}:
        raise BackupError("the backup does not hold the files that its manifest names")
    if DATABASE not in sizes:
        raise BackupError("the backup holds no database")
    return manifest


def _understood(data: bytes) -> Manifest:
    try:
        told: dict[str, Any] = json.loads(data)
        if told.pop("format") != FORMAT:
            raise BackupError("a newer ClipCue made this backup: bring it back with that one")
        made_at = datetime.fromisoformat(told["made_at"]).astimezone(UTC)
        return Manifest(
            version=_as(str, told["version"]),
            schema=_as(str, told["schema"]),
            made_at=made_at,
            key_ids=tuple(_as(str, each) for each in told["key_ids"]),
            files={
                name: Entry(size=_as(int, entry["size"]), sha256=_as(str, entry["sha256"]))
                for name, entry in told["files"].items()
            },
            missing=tuple(_as(str, each) for each in told["missing"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupError("the backup's manifest is damaged") from None


def _as(kind: type[_Plain], value: object) -> _Plain:
    if not isinstance(value, kind):
        raise TypeError(kind.__name__)
    return value
