"""Calls a minute, in a sliding window for each creator and endpoint."""

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

from .faults import EndpointName

MINUTE = timedelta(minutes=1)


class Limits:
    """`per_minute` may be changed; an endpoint that is not in it has no limit."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._calls: defaultdict[tuple[EndpointName, str], deque[datetime]] = defaultdict(deque)
        self.per_minute: dict[EndpointName, int] = {
            "user/info": 600,
            "creator_info/query": 20,
            "video/init": 6,
            "inbox/video/init": 6,
            "content/init": 6,
            "status/fetch": 30,
            "video/query": 600,
        }

    def allow(self, endpoint: EndpointName, username: str) -> bool:
        """Count a call, unless the window is full. A refused call does not prolong the wait."""
        calls, now = self._calls[endpoint, username], self._now()
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        if len(calls) >= self.per_minute.get(endpoint, len(calls) + 1):
            return False
        calls.append(now)
        return True
