"""Taps on what plans posts: bulks, weekly slots, templates."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.callbacks.tap import Tap


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
