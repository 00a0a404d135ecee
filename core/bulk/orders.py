"""What the rows of a sheet ask for: one post each, or what is wrong with the row."""

import re
from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from core import tiktok
from core.accounts.accounts import ConnectedAccount
from core.bulk.sheets import FILE_NAME, SheetRow
from core.clips import StoredClip
from core.media.limits import is_too_long
from core.queue.plans import is_free, keeps_cap
from core.states import AccountStatus
from core.times import (
    AmbiguousWords,
    DoesNotExist,
    HappensTwice,
    InThePast,
    Moment,
    NotUnderstood,
    Reason,
    TimeProblem,
    TooFar,
    at_instant,
    at_wall,
    check_range,
    parse,
)

SWITCHES = {
    "comment": "allow_comment",
    "duet": "allow_duet",
    "stitch": "allow_stitch",
    "your_brand": "your_brand",
    "branded_content": "branded_content",
    "ai_generated": "ai_generated",
}
"""The columns that say yes or no, and what they are of a post."""


class RowFault(StrEnum):
    """What can be wrong with a row; `Fault` has what it is about."""

    NO_FILE = "no_file"
    UNKNOWN_FILE = "unknown_file"
    SEVERAL_FILES = "several_files"
    SAME_POST = "same_post"
    CLIP_TOO_LONG = "clip_too_long"
    CAPTION_TOO_LONG = "caption_too_long"
    NO_TIME = "no_time"
    PAST = "past"
    TOO_FAR = "too_far"
    JUMPED = "jumped"
    TWICE = "twice"
    AMBIGUOUS = "ambiguous"
    SAME_TIME = "same_time"
    TAKEN = "taken"
    OVER_CAP = "over_cap"
    UNKNOWN_ACCOUNT = "unknown_account"
    LOST_ACCOUNT = "lost_account"
    UNKNOWN_PRIVACY = "unknown_privacy"
    PRIVACY_NOT_OFFERED = "privacy_not_offered"
    BRANDED_PRIVATE = "branded_private"
    NOT_YES_OR_NO = "not_yes_or_no"
    TURNED_OFF = "turned_off"
    SURPLUS = "surplus"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong with a row: in which column, and what stands there.

    `other` is the number of the row it clashes with, or the figure that was passed.
    """

    row: int
    what: RowFault
    column: str = ""
    value: str = ""
    other: int = 0


@dataclass(frozen=True, kw_only=True)
class Order:
    """A post as a row asks for it; what it leaves empty is None, and stays as it is."""

    row: int
    clip: StoredClip
    caption: str
    moment: Moment | None
    account_id: int | None
    privacy: str | None
    switches: Mapping[str, bool]
    """By the names of a post's fields, those that the row says something of."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What rows are read against.

    `clips` are by their names, case folded; `offers` is what TikTok offers each account now, and
    `busy` when its other posts go out. `privacy_words`, `yes` and `no` are case folded.
    """

    now: datetime
    zone: str
    languages: Sequence[str]
    clips: Mapping[str, Sequence[StoredClip]]
    accounts: Sequence[ConnectedAccount]
    offers: Mapping[int, tiktok.CreatorInfo]
    busy: Mapping[int, Sequence[datetime]]
    privacy_words: Mapping[str, str]
    yes: frozenset[str]
    no: frozenset[str]


def read_orders(
    rows: Sequence[SheetRow], setting: Setting
) -> tuple[tuple[Order, ...], tuple[Fault, ...]]:
    """What the rows ask for, and everything that is wrong with them, in their order."""
    orders, faults = [], []
    together = _Together(busy={key: sorted(each) for key, each in setting.busy.items()})
    for row in rows:
        reading = _Reading(row, setting)
        order = reading.order()
        found = [*reading.faults, *(together.clashes(order) if order else ())]
        faults += found
        if order and not found:
            orders.append(order)
            together.add(order)
    return tuple(orders), tuple(faults)


def account_named(cell: str, accounts: Sequence[ConnectedAccount]) -> ConnectedAccount | None:
    """The account that a cell names: by its handle, with or without @, or by its nickname."""
    wanted = cell.removeprefix("@").casefold()
    by_handle = [each for each in accounts if (each.username or "").casefold() == wanted]
    found = by_handle or [each for each in accounts if each.nickname.casefold() == wanted]
    return found[0] if len(found) == 1 else None


class _Reading:
    """One row while it is read."""

    def __init__(self, row: SheetRow, setting: Setting) -> None:
        self._row = row
        self._setting = setting
        self.faults: list[Fault] = []

    def order(self) -> Order | None:
        """The post; None where the clip is not known, for then there is nothing to speak of."""
        clip = self._clip()
        account_id = self._account_id()
        offer = self._setting.offers.get(account_id or 0)
        caption = self._cell("caption")
        units = tiktok.utf16_units(caption)
        if units > tiktok.TITLE_MAX_UTF16:
            self._fault(RowFault.CAPTION_TOO_LONG, "caption", other=units - tiktok.TITLE_MAX_UTF16)
        moment = self._moment()
        switches = self._switches(offer)
        privacy = self._privacy(offer)
        if switches.get("branded_content") and privacy == tiktok.PrivacyLevel.SELF_ONLY:
            self._fault(RowFault.BRANDED_PRIVATE, "privacy")
        if clip and offer and is_too_long(clip.duration, offer.max_video_post_duration_sec):
            longest = offer.max_video_post_duration_sec
            self._fault(RowFault.CLIP_TOO_LONG, FILE_NAME, other=longest)
        if self._row.surplus:
            self.faults.append(
                Fault(row=self._row.number, what=RowFault.SURPLUS, value=self._row.surplus)
            )
        if clip is None:
            return None
        return Order(
            row=self._row.number,
            clip=clip,
            caption=caption,
            moment=moment,
            account_id=account_id,
            privacy=privacy,
            switches={SWITCHES[name]: on for name, on in switches.items()},
        )

    def _cell(self, column: str) -> str:
        return self._row.cells.get(column, "")

    def _fault(self, what: RowFault, column: str, *, other: int = 0) -> None:
        value = self._cell(column)
        self.faults.append(
            Fault(row=self._row.number, what=what, column=column, value=value, other=other)
        )

    def _clip(self) -> StoredClip | None:
        name = self._cell(FILE_NAME).casefold()
        # An apostrophe keeps programs from taking a name for a formula.
        found = self._setting.clips.get(name) or self._setting.clips.get(name.removeprefix("'"), ())
        if len(found) == 1:
            return found[0]
        if not name:
            self._fault(RowFault.NO_FILE, FILE_NAME)
        elif found:
            self._fault(RowFault.SEVERAL_FILES, FILE_NAME, other=len(found))
        else:
            self._fault(RowFault.UNKNOWN_FILE, FILE_NAME)
        return None

    def _account_id(self) -> int | None:
        usable, cell = self._setting.accounts, self._cell("account")
        if not cell:
            return usable[0].id if len(usable) == 1 else None
        account = account_named(cell, usable)
        if account is None:
            self._fault(RowFault.UNKNOWN_ACCOUNT, "account")
            return None
        if account.status is not AccountStatus.CONNECTED:
            self._fault(RowFault.LOST_ACCOUNT, "account")
        return account.id

    def _moment(self) -> Moment | None:
        cell, setting = self._cell("when"), self._setting
        if not cell:
            return None
        try:
            return _moment_of(cell, setting)
        except TimeProblem as problem:
            self._fault(_TIME_FAULTS.get(type(problem), RowFault.NO_TIME), "when")
        return None

    def _privacy(self, offer: tiktok.CreatorInfo | None) -> str | None:
        cell = self._cell("privacy")
        if not cell:
            return None
        level = self._setting.privacy_words.get(cell.casefold())
        if level is None:
            self._fault(RowFault.UNKNOWN_PRIVACY, "privacy")
        elif offer and level not in offer.privacy_level_options:
            self._fault(RowFault.PRIVACY_NOT_OFFERED, "privacy")
        return level

    def _switches(self, offer: tiktok.CreatorInfo | None) -> dict[str, bool]:
        barred = {
            "comment": offer and offer.comment_disabled,
            "duet": offer and offer.duet_disabled,
            "stitch": offer and offer.stitch_disabled,
        }
        switches = {}
        for column in SWITCHES:
            cell = self._cell(column).casefold()
            if not cell:
                continue
            switches[column] = on = cell in self._setting.yes
            if not on and cell not in self._setting.no:
                self._fault(RowFault.NOT_YES_OR_NO, column)
            elif on and barred.get(column):
                self._fault(RowFault.TURNED_OFF, column)
        return switches


class _Together:
    """The orders so far, for what rows can only be wrong in beside each other."""

    def __init__(self, busy: Mapping[int, list[datetime]]) -> None:
        self._agreed = busy
        self._busy = {account_id: list(instants) for account_id, instants in busy.items()}
        self._rows: dict[tuple[object, ...], int] = {}

    def clashes(self, order: Order) -> Iterator[Fault]:
        """What is wrong with an order beside those before it."""
        same = self._rows.get((order.clip.id, order.account_id))
        if same is not None:
            yield Fault(row=order.row, what=RowFault.SAME_POST, column=FILE_NAME, other=same)
        if order.moment is None or order.account_id is None:
            return
        instant = order.moment.utc
        row = self._rows.get((instant, order.account_id))
        if row is not None:
            yield Fault(row=order.row, what=RowFault.SAME_TIME, column="when", other=row)
        elif not is_free(instant, self._agreed.get(order.account_id, [])):
            yield Fault(row=order.row, what=RowFault.TAKEN, column="when")
        elif not keeps_cap(instant, self._busy.get(order.account_id, [])):
            yield Fault(row=order.row, what=RowFault.OVER_CAP, column="when")

    def add(self, order: Order) -> None:
        """Count with an order from now on."""
        self._rows[order.clip.id, order.account_id] = order.row
        if order.moment is not None and order.account_id is not None:
            self._rows[order.moment.utc, order.account_id] = order.row
            insort(self._busy.setdefault(order.account_id, []), order.moment.utc)


def _moment_of(cell: str, setting: Setting) -> Moment:
    """The time in a cell: ISO 8601 in the creator's zone (or with one of its own), or words."""
    if not _ISO.match(cell):
        return parse(cell, now=setting.now, zone=setting.zone, languages=setting.languages)
    try:
        stated = datetime.fromisoformat(cell)
    except ValueError:
        raise NotUnderstood(Reason.NO_SUCH_DATE, cell) from None
    if stated.tzinfo is None:
        return at_wall(stated, setting.zone, now=setting.now)
    return check_range(at_instant(stated.astimezone(UTC), setting.zone), now=setting.now)


_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_TIME_FAULTS: Mapping[type[TimeProblem], RowFault] = {
    InThePast: RowFault.PAST,
    TooFar: RowFault.TOO_FAR,
    DoesNotExist: RowFault.JUMPED,
    HappensTwice: RowFault.TWICE,
    AmbiguousWords: RowFault.AMBIGUOUS,
}
