"""Taking a file of another program over: by link, else by rename, else by a copy of the kernel's.

Whichever way, no byte of it passes through this process.
"""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BufferedRandom, BufferedReader
from pathlib import Path

_AT_ONCE = 1 << 30
"""Bytes that the kernel copies before it is asked to go on."""


class Way(StrEnum):
    """How a file was taken over: it still lies where it was, unless it was moved."""

    LINKED = "linked"
    MOVED = "moved"
    COPIED = "copied"


@contextmanager
def taken_over(
    source: Path, target: Path, *, may_move: bool
) -> Iterator[tuple[BufferedReader | BufferedRandom, Way]]:
    """Make `target` what `source` is, locked for this process and open for reading.

    A link leaves `source` as it is, and so does a copy; `may_move` says that a rename will do as
    well, which is possible where a file of another user's may not be linked. What is no regular
    file is not followed: raises OSError.
    """
    with _opened(source) as file:
        # Before it gets its name: whoever tidies up there takes what nobody holds.
        fcntl.flock(file, fcntl.LOCK_EX)
        if way := _tied(source, target, may_move=may_move):
            if not os.path.samestat(target.lstat(), os.fstat(file.fileno())):
                raise OSError(errno.ESTALE, "was exchanged meanwhile")
            yield file, way
            return
        with target.open("x+b") as copy:
            fcntl.flock(copy, fcntl.LOCK_EX)
            while os.sendfile(copy.fileno(), file.fileno(), None, _AT_ONCE):
                pass
            copy.seek(0)
            yield copy, Way.COPIED


def _tied(source: Path, target: Path, *, may_move: bool) -> Way | None:
    """Give the file its second or its new name; None where neither is possible."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another volume, another user's, or a disk without links
        if not may_move:
            return None
    else:
        return Way.LINKED
    try:
        source.rename(target)
    except OSError:
        return None
    return Way.MOVED


def _opened(path: Path) -> BufferedReader:
    """A regular file, and no link to one, open for reading."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "is no regular file")
    return os.fdopen(descriptor, "rb")
