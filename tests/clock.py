"""A clock that runs with the machine's and can be put forward."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The present, plus what the test has jumped ahead."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def jump(self, by: timedelta) -> None:
        self._ahead += by
