"""What can go wrong in the business, as one tree.

ClipCueError
├── NotFound             no such thing of this creator's
├── Outdated             it changed since the button was drawn
├── WrongState           the state of the post does not allow it
├── Incomplete           the post lacks something that scheduling needs
├── ClipRefused          the file cannot become a post
│   └── ClipNotRead      what it is was not found out in time
├── ClipGone             the post ended so long ago that its clip was deleted
├── SlotTaken            another post goes out in this posting slot
├── AccountUnusable      the account has to be connected again
└── ConnectFailed        a connection did not come about
    ├── StateUnknown     nobody asked for it, or it was used up long ago
    ├── StateUsed        this link was used before
    ├── StateExpired     this link is too old
    ├── ConsentDenied    the creator said no at TikTok
    ├── ScopesMissing    the creator left out a permission that is needed
    └── ExchangeFailed   TikTok did not hand over the account

An error that only one room can meet, such as a batch that is full, stands beside what raises it.
TikTok's own errors are a tree of their own (`core.tiktok`); `core.verdicts` says what each means.
A class docstring is the default message.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.media.limits import Problem
    from core.states import PostStatus


class ClipCueError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class NotFound(ClipCueError):
    """There is no such thing here."""


class Outdated(ClipCueError):
    """This has changed meanwhile."""


class WrongState(ClipCueError):
    """The post's state does not allow that."""

    def __init__(self, status: "PostStatus") -> None:
        super().__init__(f"not possible while the post is {status}")
        self.status = status


class Incomplete(ClipCueError):
    """The post is not ready to be scheduled."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(f"the post lacks: {', '.join(self.missing)}")


class ClipRefused(ClipCueError):
    """The file cannot become a post."""

    def __init__(self, problems: "Iterable[Problem]" = ()) -> None:
        super().__init__()
        self.problems = tuple(problems)
        """Empty where the file is no readable video at all."""


class ClipNotRead(ClipRefused):
    """The file could not be read in time."""


class ClipGone(ClipCueError):
    """The clip of this post is no longer kept."""


class SlotTaken(ClipCueError):
    """Another post has been agreed to for this posting slot."""


class AccountUnusable(ClipCueError):
    """The account has to be connected again."""


class ConnectFailed(ClipCueError):
    """The connection did not come about."""


class StateUnknown(ConnectFailed):
    """Nobody asked for this connection."""


class StateUsed(ConnectFailed):
    """This link was used already."""


class StateExpired(ConnectFailed):
    """This link is too old."""


class ConsentDenied(ConnectFailed):
    """The creator did not agree at TikTok."""


class ScopesMissing(ConnectFailed):
    """A permission that is needed was left out."""

    def __init__(self, scopes: Iterable[str]) -> None:
        self.scopes = tuple(sorted(scopes))
        super().__init__(f"permissions left out: {', '.join(self.scopes)}")


class ExchangeFailed(ConnectFailed):
    """TikTok did not hand over the account."""

    def __init__(self, code: str, *, answered: bool = True) -> None:
        super().__init__(f"TikTok answered {code}" if answered else "TikTok did not answer")
        self.code = code
        self.answered = answered
