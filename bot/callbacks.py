"""What a button carries: typed, versioned, within Telegram's 64 bytes.

Each kind of tap has a prefix whose digit goes up when its fields change, so that a button drawn by
an older ClipCue is recognised as such instead of being misread.
"""

import re
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from typing import ClassVar, Self

CALLBACK_DATA_MAX_BYTES = 64  # Bot API, InlineKeyboardButton.callback_data


class BadTap(ValueError):
    """No button of this version carries that."""


@dataclass(frozen=True)
class Tap:
    """Base of all taps: fields are joined by colons; only the last may hold one itself."""

    prefix: ClassVar[str]

    def pack(self) -> str:
        if not self.fits:
            raise ValueError(f"callback data too long: {self._data!r}")
        return self._data

    @property
    def fits(self) -> bool:
        """Whether a button can carry it."""
        return len(self._data.encode()) <= CALLBACK_DATA_MAX_BYTES

    @property
    def _data(self) -> str:
        return ":".join([self.prefix, *(str(value) for value in astuple(self))])

    @classmethod
    def unpack(cls, data: str) -> Self:
        kinds = [_number if field.type is int else field.type for field in fields(cls)]
        values = data.split(":", len(kinds))[1:]
        if len(values) != len(kinds):
            raise BadTap(data)
        try:
            return cls(*(kind(value) for kind, value in zip(kinds, values, strict=True)))  # type: ignore[operator]  # field types are callables
        except ValueError:
            raise BadTap(data) from None


def _number(text: str) -> int:
    """A number as `pack` writes it, and no larger than a database takes."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", text):
        raise ValueError(text)
    return int(text)


class PostVerb(StrEnum):
    """What a tap does to a post."""

    SHOW = "show"
    CAPTION = "cap"
    NO_CAPTION = "nocap"
    KEEP_CAPTION = "keep"
    WHEN = "when"
    AT = "at"
    PRIVACY = "priv"
    SET_PRIVACY = "setp"
    INTERACTIONS = "inter"
    TOGGLE = "toggle"
    DISCLOSURE = "discl"
    ACCOUNT = "acc"
    SET_ACCOUNT = "setacc"
    PREVIEW = "prev"
    SCHEDULE = "sched"
    AGREE = "agree"
    POST_NOW = "now"
    AGREE_NOW = "agreenow"
    DISCARD = "disc"
    DISCARD_SURE = "discsure"
    EDIT = "edit"
    MOVE = "move"
    MOVE_SURE = "movesure"
    RETRY = "retry"
    IS_LIVE = "live"
    IS_NOT_LIVE = "notlive"
    CANCEL = "cancel"
    CANCEL_SURE = "cancelsure"


@dataclass(frozen=True)
class PostTap(Tap):
    """`version` is the version of the post that the button was drawn for."""

    prefix: ClassVar[str] = "p1"

    post_id: int
    version: int
    verb: PostVerb
    argument: str = ""


class AccountVerb(StrEnum):
    """What a tap does to an account."""

    DETAILS = "det"
    DISCONNECT = "disc"
    DISCONNECT_SURE = "sure"
    RECONNECT = "rec"
    RESUME = "resume"


@dataclass(frozen=True)
class AccountTap(Tap):
    prefix: ClassVar[str] = "a1"

    account_id: int
    verb: AccountVerb


class MenuVerb(StrEnum):
    """Taps that belong to no single thing."""

    CONNECT = "connect"
    ACCOUNTS = "accounts"
    POSTS = "posts"
    PAST = "past"
    SETTINGS = "settings"
    ZONE = "zone"
    SET_ZONE = "setzone"
    KEEP_CLOCK_TIMES = "keepclock"
    KEEP_MOMENTS = "keepmoment"
    LATENESS = "late"
    SET_LATENESS = "setlate"


@dataclass(frozen=True)
class MenuTap(Tap):
    prefix: ClassVar[str] = "m1"

    verb: MenuVerb
    argument: str = ""


_KINDS: dict[str, type[Tap]] = {kind.prefix: kind for kind in (PostTap, AccountTap, MenuTap)}


def read(data: str) -> Tap:
    """The tap behind callback data; raises `BadTap` for anything no current button carries."""
    kind = _KINDS.get(data.split(":", 1)[0])
    if kind is None:
        raise BadTap(data)
    return kind.unpack(data)
