"""How far the uploads of this process are: kept in memory only, for whoever shows it.

What a post has come to is in the database. Here is what would not be worth a write, and a bell.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sent:
    """So many of the clip's bytes were handed to the network."""

    count: int
    total: int

    @property
    def percent(self) -> int:
        """Whole percents; 100 is left to TikTok, which says when it has everything."""
        return min(99, self.count * 100 // self.total)


class Progress:
    """What is under way; as many entries at most as there are posts being followed."""

    def __init__(self) -> None:
        self._sent: dict[int, Sent] = {}
        self._bell: Callable[[], None] | None = None

    def on_change(self, bell: Callable[[], None]) -> None:
        """Ring `bell` whenever a post may have come to another state, or its bytes begin to go."""
        self._bell = bell

    @contextmanager
    def following(self, post_id: int) -> Iterator[None]:
        """The block takes a post further."""
        self.ring()
        try:
            yield
        finally:
            self._sent.pop(post_id, None)
            self.ring()

    def sent(self, post_id: int, count: int, *, total: int) -> None:
        """The first `count` bytes of the clip of a followed post are on their way."""
        begins = post_id not in self._sent
        self._sent[post_id] = Sent(count=count, total=total)
        if begins:
            self.ring()

    def of(self, post_id: int) -> Sent | None:
        """How far its upload is, while this process sends it."""
        return self._sent.get(post_id)

    @property
    def uploading(self) -> list[int]:
        """The posts whose bytes this process is sending."""
        return list(self._sent)

    def ring(self) -> None:
        """Posts may have come to another state."""
        if self._bell:
            self._bell()
