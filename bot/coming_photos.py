"""Photos on their way into a post: what of each chat is shown meanwhile, and what is left out.

Kept in memory: after a restart they are fetched again. Which post each belongs to is in the
database.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from bot.gathering import Gathering
from bot.views.photos import LeftOut

DRAW_EVERY = 2.0
"""Seconds between two edits of the card while more photos come."""
ALBUMS_REMEMBERED = 256


@dataclass
class Shown:
    """What a chat shows of the photos that come now."""

    said_in: int | None = None
    """The message that says that they come, until it becomes a card."""
    post_ids: dict[int, None] = field(default_factory=dict)
    """The posts that they joined, in the order of the first of each."""
    left_out: list[LeftOut] = field(default_factory=list)
    left_out_in: int | None = None
    """The message that says which are left out."""


class ComingPhotos:
    def __init__(self) -> None:
        self.gathering = Gathering(draw_every=DRAW_EVERY)
        self._chats: dict[int, Shown] = {}
        self._albums: OrderedDict[str, set[bool]] = OrderedDict()

    def of(self, chat_id: int) -> Shown:
        """What the chat shows."""
        return self._chats.setdefault(chat_id, Shown())

    def expect(self, chat_id: int, update: int, message_id: int, *, said_in: int | None) -> bool:
        """One begins to come, and `said_in` was said that it does; whether it is the first of them.

        One that is tried again is expected again.
        """
        is_first = self.gathering.expect(chat_id, update, message_id)
        shown = self.of(chat_id)
        shown.said_in = shown.said_in or said_in
        return is_first

    def end(self, chat_id: int, update: int) -> None:
        """One has come, or will not; with the last of them all is forgotten."""
        self.gathering.end(chat_id, update)
        if not self.gathering.left(chat_id):
            self._chats.pop(chat_id, None)

    def holds(self, album: str | None, *, photo: bool) -> bool:
        """Whether a photo, or a clip, of that album has come lately."""
        return album is not None and photo in self._albums.get(album, ())

    def is_mixed(self, album: str | None, *, photo: bool) -> bool:
        """Whether an album turns out, with this part of it, to hold photos and clips."""
        if album is None:
            return False
        kinds = self._albums.setdefault(album, set())
        turns_out = kinds == {not photo}
        kinds.add(photo)
        if len(self._albums) > ALBUMS_REMEMBERED:
            self._albums.popitem(last=False)
        return turns_out
