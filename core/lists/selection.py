"""Which posts a list shows, as a value and as a short text that a button can carry.

Nothing else of a list is kept: whoever holds the text can show the same list again.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

WORDS_BYTES = 24
"""What the words of a search may take, in UTF-8: with a place in the list, 64 bytes hold it all."""
FIRST_DAY = date(2020, 1, 1)
LAST_DAY = FIRST_DAY + timedelta(days=36**3 - 1)
"""Days that a list can be narrowed to."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NAME = re.compile(r"(.)(~?)([0-9a-z]{0,5})\.([0-9a-z]{0,3})\.([0-9a-z]{0,3})\.(.*)", re.DOTALL)
_ACCENTS = re.compile("[\u0300-\u036f]+")


class Tab(StrEnum):
    """A part of a creator's posts, by what they wait for."""

    PLANNED = "p"
    """They go out, or are on their way, without their creator's doing."""
    NEEDS_YOU = "n"
    DRAFTS = "d"
    PUBLISHED = "l"
    NOT_PUBLISHED = "x"
    """Failed, cancelled, or a draft in the inbox that nobody is known to have posted."""
    ALL = "a"
    DATED = "c"
    """What a calendar counts: all that was agreed to and not cancelled."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Posts of a tab: of an account, due from `first` to `last` day, with words in the caption.

    Those that are published stand by the time they went live instead. What is not given does not
    matter. `turned` is the other way round than the tab's own order. Whose days they are, the zone
    says with which the list is asked for.
    """

    tab: Tab = Tab.PLANNED
    turned: bool = False
    account_id: int | None = None
    first: date | None = None
    last: date | None = None
    words: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves out posts of its tab."""
        return any((self.account_id, self.first, self.last, self.words))

    def in_tab(self, tab: Tab) -> Self:
        """The same of another tab, in that tab's own order."""
        return replace(self, tab=tab, turned=False)

    def turn(self) -> Self:
        """The same, the other way round."""
        return replace(self, turned=not self.turned)

    @property
    def name(self) -> str:
        """The selection as a short text."""
        days = (
            "" if day is None else base36((day - FIRST_DAY).days) for day in (self.first, self.last)
        )
        account = "" if self.account_id is None else base36(self.account_id)
        turned = "~" if self.turned else ""
        return ".".join([f"{self.tab}{turned}{account}", *days, self.words])

    @classmethod
    def named(cls, name: str) -> Self:
        """The selection of that name; raises ValueError for any other text."""
        found = _NAME.fullmatch(name)
        if found is None:
            raise ValueError(name)
        tab, turned, account, first, last, words = found.groups()
        if tab == Tab.DATED and not first:
            raise ValueError(name)
        return cls(
            tab=Tab(tab),
            turned=bool(turned),
            account_id=int(account, 36) if account else None,
            first=FIRST_DAY + timedelta(days=int(first, 36)) if first else None,
            last=FIRST_DAY + timedelta(days=int(last, 36)) if last else None,
            words=fitting(words),
        )


def base36(number: int) -> str:
    """A number, 0 or more, as `int(text, 36)` reads it."""
    if number < 0:
        raise ValueError(number)
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"


def fitting(text: str) -> str:
    """The first words of a text that a search can hold; of one long word, its beginning."""
    kept = ""
    for word in unicodedata.normalize("NFC", text).split():
        longer = f"{kept} {word}".lstrip()
        if len(longer.encode()) > WORDS_BYTES:
            return kept or longer.encode()[:WORDS_BYTES].decode(errors="ignore")
        kept = longer
    return kept


def folded(text: str) -> str:
    """A text as searches compare it: without case and accents, in any script."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold())
