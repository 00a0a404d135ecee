"""Taking a backup while everything runs.

The database is copied in one read transaction of SQLite's, which no writer waits for. Clips never
change, they only come and go: those that it names are held by a link before the copy is made, and
those that came meanwhile after it, so that whatever the copy names is there, also if it is deleted
at that moment. A file that no row names is left alone: a link would make it look young, and the
sweep would never come to it.
"""

import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from core.backups.archive import CLIPS, DATABASE, KEYS, BackupError, Manifest, Writer
from core.backups.workplace import make_durable, workplace
from core.files import NAMINGS
from core.settings import Settings
from core.store.keys import given_keys, text_of
from core.store.state import sqlite_file
from core.store.vault import key_id

SNAPSHOT = "backup.partial"
"""The folder beside the clips in which a backup under way holds what it needs."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A backup that was made."""

    path: Path
    size: int
    """Bytes of the file."""
    manifest: Manifest


def database_file(settings: Settings) -> Path:
    """Where SQLite's file is; raises `BackupError` on PostgreSQL."""
    file = sqlite_file(settings)
    if file is None:
        raise BackupError(
            "the database is PostgreSQL's, which has tools of its own: pg_dump it, then copy "
            "DATA_DIR; docs/operate.md shows how"
        )
    return file


def take(settings: Settings, path: Path, *, with_keys: bool, now: datetime) -> Taken:
    """Write a backup to `path`, which must not exist; raises `BackupError`, OSError.

    The file appears when it is whole and on the disk, readable by its owner only.
    """
    database = database_file(settings)
    if not database.exists():
        raise BackupError(f"there is no database yet: {database}")
    if path.exists():
        raise BackupError(f"{path} exists already")
    keys = given_keys(settings)
    if with_keys and not keys:
        raise BackupError("there is no encryption key yet")
    with workplace(settings.data_dir / SNAPSHOT) as folder:
        copy = folder / DATABASE
        held = _Clips(settings.data_dir / CLIPS, folder)
        schema, named = _copied(database, copy, held)
        with _appearing(path) as file, _tar(file) as tar:
            writer = Writer(tar, now)
            if with_keys:
                writer.add_bytes(KEYS, text_of(keys).encode())
            with copy.open("rb") as content:
                writer.add(DATABASE, content)
            missing = [key for key in named if not held.give(key, writer)]
            manifest = Manifest(
                version=version("clipcue"),
                schema=schema,
                made_at=now,
                key_ids=tuple(key_id(key).hex() for key in keys),
                files=writer.files,
                missing=tuple(missing),
            )
            writer.end(manifest)
    return Taken(path=path, size=path.stat().st_size, manifest=manifest)


def _copied(database: Path, copy: Path, held: "_Clips") -> tuple[str, list[str]]:
    """Copy the database and hold what it names; returns its schema, and the keys of the files."""
    try:
        with closing(
            sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
        ) as source:
            held.hold(_named(source))
            source.execute("VACUUM INTO ?", [str(copy)])
        with closing(sqlite3.connect(copy)) as snapshot:
            (schema,) = snapshot.execute("SELECT version_num FROM alembic_version").fetchone()
            named = _named(snapshot)
            held.hold(named)
            return schema, named
    except sqlite3.Error as error:
        raise BackupError(f"the database cannot be copied: {error}") from None


def _named(database: sqlite3.Connection) -> list[str]:
    """The keys of all files that there are; older databases have fewer columns that name any."""
    there = set(
        database.execute(
            "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c"
        )
    )
    named = [
        key
        for each in NAMINGS
        if (each.key.class_.__tablename__, each.key.key) in there
        for (key,) in database.execute(
            f"SELECT {each.key.key} FROM {each.key.class_.__tablename__} "  # noqa: S608 - our own
            f"WHERE {each.gone_at.key} IS NULL AND {each.key.key} IS NOT NULL"
        )
    ]
    return list(dict.fromkeys(named))  # rows may share a file


class _Clips:
    """Holds clips of the store by links in `folder`; where links cannot be made, by nothing."""

    def __init__(self, store: Path, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def hold(self, keys: list[str]) -> None:
        for key in keys:
            with suppress(OSError):  # held already, gone, or on a disk without links
                os.link(self._store / key, self._folder / key)

    def give(self, key: str, writer: Writer) -> bool:
        """Put a clip into the backup; whether there was a file of it."""
        for place in (self._folder / key, self._store / key):
            with suppress(FileNotFoundError), place.open("rb") as content:
                writer.add(f"{CLIPS}/{key}", content)
                return True
        return False


def _tar(file: BinaryIO) -> tarfile.TarFile:
    return tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)


@contextmanager
def _appearing(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name once it is whole and on the disk; else it vanishes."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    make_durable(path.parent)
