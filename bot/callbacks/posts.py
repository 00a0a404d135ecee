"""Taps on a post, and on a clip that is to become one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.callbacks.tap import Tap


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
