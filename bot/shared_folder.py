"""The folder that a Bot API server of the operator's own shares with the bot (`--local`).

Such a server names files by their paths on this machine. What it names is looked at before it is
taken, so that no mistake in its set-up hands out, or has deleted, a file of another program. A path
holds the bot's token, so none is told to anybody.
"""

import os
import stat
from pathlib import Path


class NotShared(Exception):
    """A file that may not be taken from the server; the text says why, for the log."""


class SharedFolder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def file(self, named: str) -> Path:
        """Where the file lies that the server names.

        Raises `NotShared`, or FileNotFoundError where there is none (any more).
        """
        path = Path(named)
        if not path.is_absolute():
            raise NotShared("it names no path on this machine: does it run with --local?")
        if ".." in path.parts or not path.is_relative_to(self._folder):
            raise NotShared(f"it is not in TELEGRAM_LOCAL_FOLDER, {self._folder}")
        try:
            found = path.lstat()
        except PermissionError:
            raise NotShared(f"ClipCue may not look into {self._folder}") from None
        except NotADirectoryError:
            raise FileNotFoundError from None
        real = self._folder.resolve() / path.relative_to(self._folder)
        if stat.S_ISLNK(found.st_mode) or path.resolve() != real:
            raise NotShared("a link stands in its way")
        if not stat.S_ISREG(found.st_mode):
            raise NotShared("it is no regular file")
        if not os.access(path, os.R_OK):
            raise NotShared("ClipCue may not read it: it belongs to another user")
        return path
