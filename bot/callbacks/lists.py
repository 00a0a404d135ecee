"""Taps on posts looked through: lists, months, statistics."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.callbacks.tap import Tap


@dataclass(frozen=True)
class StatsTap(Tap):
    """Statistics of one account, or of `ALL_ACCOUNTS`."""

    prefix: ClassVar[str] = "n1"

    account_id: int


ALL_ACCOUNTS = 0
"""No account has this id."""


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
