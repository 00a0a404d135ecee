"""Workers: who holds a claim, how one sees that the other is gone, and what only one of them does.

Every running process holds a lock on a file of its own; the kernel lets go of it when the process
ends, however it ends. So claims of a dead process on this machine are known to be free at once,
without waiting for their lease.
"""

import fcntl
import hashlib
import secrets
import socket
from pathlib import Path
from typing import TextIO


class Worker:
    """This process, as the owner of claims."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._place = _place(folder)
        token = secrets.token_hex(8)
        self.name = f"{self._place}:{token}"
        self.instance = token
        """Tells this process from others of its folder; `at_work` finds it there."""
        self._path = folder / token
        self._file = self._path.open("x")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def is_gone(self, name: str) -> bool:
        """Whether another worker of this folder has ended; of others nobody here can tell."""
        place, _, token = name.rpartition(":")
        if place != self._place or name == self.name or not token.isalnum():
            return False
        path = self._folder / token
        try:
            with path.open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except FileNotFoundError:
            return True
        path.unlink(missing_ok=True)
        return True

    def close(self) -> None:
        """Leave in order."""
        self._path.unlink(missing_ok=True)
        self._file.close()


def at_work(folder: Path) -> frozenset[str]:
    """The instances whose processes are alive now; nothing in the folder is changed."""
    if not folder.is_dir():
        return frozenset()
    return frozenset(path.name for path in folder.iterdir() if path.is_file() and _is_held(path))


def _is_held(path: Path) -> bool:
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


class Duty:
    """What one process of a folder does at a time; `name` says what.

    It is free once whoever has it leaves it or ends, however it ends.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.duty"
        self._file: TextIO | None = None

    def take(self) -> bool:
        """Take it where it is free; whether it is ours now."""
        if self._file is None:
            file = self._path.open("a")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                file.close()
                if isinstance(error, BlockingIOError):
                    return False
                raise
            self._file = file
        return True

    def leave(self) -> None:
        """Somebody else may take it."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _place(folder: Path) -> str:
    """Names this machine and this folder: the workers that see each other's files."""
    facts = folder.stat()
    place = f"{socket.gethostname()}:{facts.st_dev}:{facts.st_ino}"
    return hashlib.sha256(place.encode()).hexdigest()[:16]
