"""A folder for work in progress, one process at a time."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core import workers
from core.backups.archive import BackupError


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """Make `folder`, empty and for this user's eyes only; it is gone when the block is left.

    What a killed process left in it is thrown away; raises `BackupError` while one is at work.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"another process is at work in {folder}") from None
        for leftover in folder.iterdir():
            if leftover.is_dir():
                shutil.rmtree(leftover)
            else:
                leftover.unlink()
        try:
            yield folder
        finally:
            shutil.rmtree(folder)
    finally:
        os.close(descriptor)


def require_at_rest(folder: Path) -> None:
    """Make sure that no ClipCue runs on the data folder; raises `BackupError`."""
    if workers.at_work(folder / "workers"):
        raise BackupError(f"ClipCue runs on {folder}: stop it first")


def make_durable(folder: Path) -> None:
    """Return once the names in `folder` are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
