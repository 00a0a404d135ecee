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
        """The callback data of its button; raises ValueError where that would be too long."""
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
        """The tap behind callback data that begins with its prefix; raises `BadTap`."""
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
    HASHTAG = "tag"
    KEEP_CAPTION = "keepcap"
    WHEN = "when"
    AT = "at"
    PICK_DAY = "day"
    PICK_HOUR = "hour"
    PICK_MINUTE = "minute"
    PICKED = "picked"
    PRIVACY = "priv"
    SET_PRIVACY = "setp"
    INTERACTIONS = "inter"
    TOGGLE = "toggle"
    DISCLOSURE = "discl"
    ACCOUNT = "acc"
    SET_ACCOUNT = "setacc"
    ALSO = "also"
    SET_ALSO = "setalso"
    TOGETHER = "both"
    PREVIEW = "prev"
    COVER = "cover"
    SET_COVER = "setcov"
    KEEP_COVER = "keepcov"
    DESCRIPTION = "desc"
    TITLE = "title"
    NO_TITLE = "notitle"
    MUSIC = "music"
    PHOTOS = "photos"
    PHOTO = "photo"
    """Choose one on the sheet, by its number."""
    PHOTO_PLACES = "phplaces"
    MOVE_PHOTO = "phmove"
    """Its argument names the photo and its new place: "3>1"."""
    COVER_PHOTO = "phcover"
    REMOVE_PHOTO = "phremove"
    PHOTOS_DONE = "phdone"
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
    UNDO = "undo"
    DUPLICATE = "dup"
    HISTORY = "hist"
    SLOT = "slot"
    TEMPLATE = "tmpl"
    SAVE_TEMPLATE = "savetmpl"
    INBOX = "inbox"
    TO_INBOX = "toinbox"
    TO_INBOX_NOW = "toinnow"
    DIRECT = "direct"
    SEND_NOW = "send"
    IS_IN_INBOX = "ininbox"
    WAS_POSTED = "posted"
    WAS_DELETED = "deleted"


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

    NOTHING = "nothing"
    CONNECT = "connect"
    ACCOUNTS = "accounts"
    POSTS = "posts"
    SETTINGS = "settings"


@dataclass(frozen=True)
class MenuTap(Tap):
    prefix: ClassVar[str] = "m1"

    verb: MenuVerb
    argument: str = ""


class SettingsVerb(StrEnum):
    """Taps on what a creator can set; those that change something carry the new value."""

    ZONE = "zone"
    SET_ZONE = "setzone"
    LOCATION = "location"
    KEEP_CLOCK_TIMES = "keepclock"
    KEEP_MOMENTS = "keepmoment"
    LATENESS = "late"
    SET_LATENESS = "setlate"
    NOTICES = "notices"
    SET_NOTICES = "setnotices"
    QUIET = "quiet"
    QUIET_FROM = "quietfrom"
    QUIET_UNTIL = "quietuntil"
    SET_QUIET = "setquiet"
    NEW_DRAFTS = "newdrafts"
    SET_NEW_DRAFTS = "setnewdrafts"
    LANGUAGE = "language"
    SET_LANGUAGE = "setlanguage"
    KEEPING = "keeping"
    SET_KEEPING = "setkeeping"


@dataclass(frozen=True)
class SettingsTap(Tap):
    prefix: ClassVar[str] = "s1"

    verb: SettingsVerb
    argument: str = ""


@dataclass(frozen=True)
class StatsTap(Tap):
    """Statistics of one account, or of `ALL_ACCOUNTS`."""

    prefix: ClassVar[str] = "n1"

    account_id: int


ALL_ACCOUNTS = 0
"""No account has this id."""


class DataVerb(StrEnum):
    """What a tap does with everything that is kept about a creator."""

    SHOW = "show"
    EXPORT = "export"
    ERASE = "erase"
    ERASE_SURE = "erasesure"


@dataclass(frozen=True)
class DataTap(Tap):
    prefix: ClassVar[str] = "d1"

    verb: DataVerb


class ListVerb(StrEnum):
    """What a tap does to a list of posts."""

    PAGE = "p"
    OPEN = "o"
    NARROW = "n"
    FROM_DAY = "f"
    TO_DAY = "t"
    SEARCH = "s"
    LEAVE = "b"
    """Back to the list from its question."""


@dataclass(frozen=True)
class ListTap(Tap):
    """`selection` names a `lists.selection.Selection`, `at` a place in its list."""

    prefix: ClassVar[str] = "l1"

    verb: ListVerb
    at: str
    selection: str


class CalendarVerb(StrEnum):
    """What a tap shows of a month."""

    MONTH = "m"
    PICTURE = "i"


@dataclass(frozen=True)
class CalendarTap(Tap):
    """`month` is its year and month, "2027-01"."""

    prefix: ClassVar[str] = "k1"

    verb: CalendarVerb
    month: str


class BatchVerb(StrEnum):
    """What a tap does to a batch."""

    SHOW = "show"
    ROW = "row"
    BACK = "back"
    CAPTION = "cap"
    NO_CAPTION = "nocap"
    TEMPLATE = "tmpl"
    TIMES = "times"
    EVERY = "every"
    SLOTS = "slots"
    START = "start"
    ACCOUNT = "acc"
    SET_ACCOUNT = "setacc"
    GIVE_ACCOUNT = "giveacc"
    PRIVACY = "priv"
    SET_PRIVACY = "setp"
    INTERACTIONS = "inter"
    DISCLOSURE = "discl"
    TOGGLE = "toggle"
    EXAMPLE = "example"
    SCHEDULE = "sched"
    AGREE = "agree"
    LEAVE = "leave"
    DISCARD = "disc"
    DISCARD_SURE = "discsure"


@dataclass(frozen=True)
class BatchTap(Tap):
    """`seen` is the stamp of the batch that the button was drawn for."""

    prefix: ClassVar[str] = "b1"

    batch_id: int
    seen: int
    verb: BatchVerb
    argument: str = ""


ANY_STAMP = 0
"""Of a button that only leads to a batch, however it is by now."""


class QueueVerb(StrEnum):
    """What a tap does to the posting slots of an account."""

    SHOW = "show"
    HOUR = "hour"
    DAYS = "days"
    ADD = "add"
    REMOVE = "rem"
    CLEAR = "clear"


@dataclass(frozen=True)
class QueueTap(Tap):
    prefix: ClassVar[str] = "q1"

    account_id: int
    verb: QueueVerb
    argument: str = ""


class TemplateVerb(StrEnum):
    """What a tap does to a template, or to the list of them."""

    LIST = "list"
    SHOW = "show"
    NEW = "new"
    RENAME = "ren"
    DELETE = "del"
    DELETE_SURE = "delsure"


@dataclass(frozen=True)
class TemplateTap(Tap):
    """`number` is the id of the template, for `LIST` the page."""

    prefix: ClassVar[str] = "t1"

    number: int
    verb: TemplateVerb


class FitVerb(StrEnum):
    """What a tap does with a clip that TikTok would not take as it is."""

    FIT = "fit"
    CALL_OFF = "stop"
    AS_IT_IS = "asis"
    DISCARD = "disc"


@dataclass(frozen=True)
class FitTap(Tap):
    prefix: ClassVar[str] = "f1"

    clip_id: int
    verb: FitVerb


_KINDS: dict[str, type[Tap]] = {
    kind.prefix: kind
    for kind in (
        PostTap,
        AccountTap,
        MenuTap,
        SettingsTap,
        StatsTap,
        DataTap,
        ListTap,
        CalendarTap,
        BatchTap,
        QueueTap,
        TemplateTap,
        FitTap,
    )
}


def read(data: str) -> Tap:
    """The tap behind callback data; raises `BadTap` for anything no current button carries."""
    kind = _KINDS.get(data.split(":", 1)[0])
    if kind is None:
        raise BadTap(data)
    return kind.unpack(data)
