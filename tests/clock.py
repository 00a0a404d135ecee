"""A clock that runs with the machine's and can be put forward."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The present (or `start`, an aware instant), plus what the test has jumped ahead."""

    def __init__(self, start: datetime | None = None) -> None:
        now = datetime.now(UTC)
        self._ahead = (start or now) - now

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def jump(self, by: timedelta) -> None:
        self._ahead += by
