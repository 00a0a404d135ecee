"""Workers: who holds a claim, and how one sees that the other is gone.

Every running process holds a lock on a file of its own; the kernel lets go of it when the process
ends, however it ends. So claims of a dead process on this machine are known to be free at once,
without waiting for their lease.
"""

import fcntl
import hashlib
import secrets
import socket
from pathlib import Path


class Worker:
    """This process, as the owner of claims."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._place = _place(folder)
        token = secrets.token_hex(8)
        self.name = f"{self._place}:{token}"
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


def _place(folder: Path) -> str:
    """Names this machine and this folder: the workers that see each other's files."""
    facts = folder.stat()
    place = f"{socket.gethostname()}:{facts.st_dev}:{facts.st_ino}"
    return hashlib.sha256(place.encode()).hexdigest()[:16]
