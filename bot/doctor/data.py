"""What is kept: the database, the key to its secrets, and room for clips."""

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from bot.doctor.finding import Finding, failed, ok, skipped, warning
from bot.doctor.set_up import SetUp
from core.settings import SettingsError
from core.store.database import newest_version
from core.store.keys import given_keys, key_file
from core.store.sealed import Opened, open_all
from core.store.state import DatabaseUnusable, database_version, opened, sqlite_file
from core.store.vault import Vault

GIB = 1 << 30
LITTLE = 5 * GIB
"""One clip may have four."""
TOO_LITTLE = GIB // 4
_BRING_BACK = "Bring a backup back: clipcue restore FILE"


async def database(set_up: SetUp) -> Finding:
    """Is it there, whole, writable, and of this version? It is only read."""
    settings = set_up.settings
    file = sqlite_file(settings)
    if file is not None:
        if not file.exists():
            return await asyncio.to_thread(_to_be_made, file)
        if problem := await asyncio.to_thread(_problem_with, file):
            return problem
    try:
        version = await database_version(settings)
    except (DatabaseUnusable, SettingsError) as error:
        return failed(
            str(error),
            "Check DATABASE_URL, and that its server runs and lets this machine in"
            if file is None
            else _BRING_BACK,
        )
    newest, what = newest_version(), "whole and writable" if file else "reachable"
    if version is None:
        return ok("it is empty; the first start makes its tables")
    if version > newest:
        return failed(
            f"a newer ClipCue made its tables (at {version}; this version knows {newest})",
            "Update ClipCue, or bring a backup back from before",
        )
    if version < newest:
        return warning(
            f"its tables are at {version}, this version wants {newest}",
            "Take a backup, then: clipcue migrate (each start does so too)",
        )
    return ok(f"{what}, and up to date at {version}")


def _to_be_made(file: Path) -> Finding:
    place = _first_that_exists(file.parent)
    if not os.access(place, os.W_OK):
        return failed(f"{place} cannot be written to", "Let ClipCue's user write there")
    return ok(f"there is none yet; the first start makes {file}")


def _problem_with(file: Path) -> Finding | None:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as reader:
            (verdict,) = reader.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        verdict = str(error)
    if verdict != "ok":
        return failed(f"{file} is damaged: {verdict.splitlines()[0]}", _BRING_BACK)
    if not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK):
        return failed(f"{file} cannot be written to", "Let ClipCue's user write there")
    return None


async def encryption_key(set_up: SetUp) -> Finding:
    """Is there one, for its owner's eyes only, and does it open what is stored?"""
    settings = set_up.settings
    path = key_file(settings)
    try:
        keys = given_keys(settings)
    except (SettingsError, OSError) as error:
        return failed(str(error), "Bring the key back from where you keep it")
    file = sqlite_file(settings)
    found = Opened(opened=0, sealed=0, problem="")
    if file is None or file.exists():
        try:
            async with opened(settings) as there:
                if await there.version() is not None:
                    found = await open_all(there, Vault(keys) if keys else None)
        except DatabaseUnusable:
            return skipped("what it has to open is not known: the database fails", "See database")
    if found.problem:
        where = f"put it into {path}" if path else "set it as ENCRYPTION_KEY or in _KEYS_OLD"
        return failed(
            f"{found.sealed - found.opened} of {found.sealed} secrets do not open: {found.problem}"
            if keys
            else f"the key is gone, and {found.sealed} secrets are sealed with it",
            f"Find the key that was used before and {where}; else every account must be "
            "connected again",
        )
    if not keys:
        return ok("there is none yet; the first start makes one")
    if path and (others := stat.S_IMODE(path.stat().st_mode) & 0o077):
        return warning(
            f"{path} is open to other users (mode {others | 0o600:o})", f"chmod 600 {path}"
        )
    opens = f"it opens all {found.sealed} secrets" if found.sealed else "nothing is sealed yet"
    return ok(f"{opens}; it is {f'in {path}' if path else 'in the environment'}")


async def disk(set_up: SetUp) -> Finding:
    """Whether there is room for clips."""
    folder = _first_that_exists(set_up.settings.data_dir)
    free = await asyncio.to_thread(set_up.free_bytes, folder)
    found = f"{free / GIB:.1f} GiB are free under {folder}"
    if free < TOO_LITTLE:
        return failed(found, "Make room: clips cannot be taken in, and posts may not go out")
    if free < LITTLE:
        return warning(found, "Make room: one clip may have 4 GiB")
    return ok(found)


def _first_that_exists(folder: Path) -> Path:
    return next(each for each in (folder, *folder.absolute().parents) if each.exists())
