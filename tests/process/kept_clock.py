"""A clock that other processes go by as well: how far it is put forward is kept in a file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.clock import Clock as Now
from tests.clock import Clock


class KeptClock(Clock):
    """The test's own end of it: it runs with the machine's, and can be put forward."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._put(timedelta())

    def jump(self, by: timedelta) -> None:
        super().jump(by)
        self._put(self._ahead)

    def _put(self, ahead: timedelta) -> None:
        draft = self._path.with_suffix(".new")
        draft.write_text(repr(ahead.total_seconds()))
        draft.replace(self._path)  # a reader finds the old file or the new one


def kept_in(path: Path) -> Now:
    """The clock of a `KeptClock` with this file, in whatever process."""

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(path.read_text()))

    return now
