"""Bringing a backup back: checked whole beside what is there, then put in its place by renames."""

import asyncio
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.backups.archive import CLIPS, DATABASE, KEYS, BackupError, Manifest, Reader, opened
from core.backups.holding import Held, hold
from core.backups.workplace import make_durable, require_at_rest, workplace
from core.store.database import Database, newest_version
from core.store.keys import read_keys
from core.store.vault import key_id

DRAFT = "restore.partial"
SPARE = 64 << 20
"""Bytes that stay free on the disk."""


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What a restore did."""

    manifest: Manifest
    held: Held
    set_aside: Path | None
    """Where what was in the folder before is now."""
    key_fits: bool
    """Whether a key that is at hand opens the secrets of the backup."""


def occupied(folder: Path) -> bool:
    """Whether a restore would have to set something aside."""
    return any((folder / name).exists() for name in (DATABASE, CLIPS, KEYS))


async def restore(
    path: Path,
    folder: Path,
    *,
    now: datetime,
    keys: Collection[bytes] = (),
    hold_everything: bool = False,
) -> Restored:
    """Make `folder` the data folder of the backup at `path`; `keys` are those of the environment.

    Nothing there is touched before all of the backup is checked; nothing is deleted. Raises
    `BackupError`, OSError.
    """
    require_at_rest(folder)
    with opened(path) as backup, _draft(folder) as draft:
        manifest = backup.manifest
        _require_known(manifest)
        await asyncio.to_thread(_unpack, backup, draft)
        await asyncio.to_thread(_require_sound, draft / DATABASE, manifest)
        held = await _made_current(draft / DATABASE, manifest, now, everything=hold_everything)
        require_at_rest(folder)
        set_aside = await asyncio.to_thread(_swap, draft, folder, now)
    at_hand = [*keys, *(read_keys(folder / KEYS) if (folder / KEYS).exists() else [])]
    known = {key_id(key).hex() for key in at_hand}
    return Restored(
        manifest=manifest,
        held=held,
        set_aside=set_aside,
        key_fits=not manifest.key_ids or manifest.key_ids[0] in known,
    )


def _require_known(manifest: Manifest) -> None:
    if manifest.schema > newest_version():
        raise BackupError(
            f"ClipCue {manifest.version} made this backup, and its tables are newer (at "
            f"{manifest.schema}) than this version knows ({newest_version()}): update ClipCue first"
        )


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A place on the same disk; a folder made for it is gone again where the restore fails."""
    is_new = not folder.exists()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with workplace(folder / DRAFT) as draft:
            yield draft
    finally:
        if is_new and not any(folder.iterdir()):
            folder.rmdir()


def _unpack(backup: Reader, draft: Path) -> None:
    free = shutil.disk_usage(draft).free
    if free < backup.manifest.size + SPARE:
        raise BackupError(
            f"the backup takes {backup.manifest.size >> 20} MiB, and only {free >> 20} MiB are free"
        )
    backup.unpack(draft)


def _require_sound(database: Path, manifest: Manifest) -> None:
    try:
        with closing(sqlite3.connect(database)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.Error, TypeError) as error:
        raise BackupError(f"the database in the backup is damaged: {error}") from None
    if verdict != "ok" or schema != manifest.schema:
        raise BackupError(f"the database in the backup is damaged: {verdict}")


async def _made_current(path: Path, manifest: Manifest, now: datetime, *, everything: bool) -> Held:
    """Bring the tables up to date, and mark what may have happened since."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    try:
        await database.migrate()
        held = await hold(database, made_at=manifest.made_at, now=now, everything=everything)
    finally:
        await database.close()
    await asyncio.to_thread(_fold, path)
    return held


def _fold(database: Path) -> None:
    """Bring everything into the one file: it moves alone."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()


def _swap(draft: Path, folder: Path, now: datetime) -> Path | None:
    """Set aside what is there and put the new in its place, the database last.

    Inside the folder, which may be where a disk is mounted. A crash in between leaves a folder
    without a database, and everything of both on the disk.
    """
    aside = folder / f"before-restore-{now:%Y%m%dT%H%M%S}"
    old = [DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", CLIPS]
    if (draft / KEYS).exists():
        old.append(KEYS)
    steps = [(folder / name, aside / name) for name in old if (folder / name).exists()]
    is_in_use = bool(steps)
    if is_in_use:
        aside.mkdir(mode=0o700)
    new = [name for name in (KEYS, CLIPS, DATABASE) if (draft / name).exists()]
    steps += [(draft / name, folder / name) for name in new]
    with ExitStack() as way_back:
        for place, to in steps:
            place.rename(to)
            way_back.callback(to.rename, place)
        way_back.pop_all()
    make_durable(folder)
    return aside if is_in_use else None
