"""The way of a post from state to state: each move is checked, and leaves a line in its history."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from core.errors import WrongState
from core.posts.rows import owned
from core.states import PostStatus, may_move
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Post, PostEvent

TOLD = 20
"""Lines of a history that are read at once: the latest."""

BY_CREATOR = "by the creator's word"
RECONNECTED = "account connected again"
NO_VERDICT = "no verdict from TikTok"
ASKED = "put to the creator"
UNDONE = "cancelling undone"
COPIED = "copied"
RESTORED = "brought back from a backup"
LEFT = "not said to be posted"
DELETED = "deleted in the inbox, by the creator's word"


def move(change: Transaction, post: Post, to: PostStatus, now: datetime, note: str = "") -> None:
    """Take a post to another state, in the table of moves and in its history.

    Raises `WrongState` where the table has no such move.
    """
    if not may_move(post.status, to):
        raise WrongState(post.status)
    post.status = to
    post.version += 1
    record(change, post, now, note)


def record(change: Transaction, post: Post, now: datetime, note: str = "") -> None:
    """Add a line to the history of a post."""
    change.add(PostEvent(post_id=post.id, at=now, status=post.status, note=note[:200]))


class What(StrEnum):
    """What happened to a post."""

    DRAFTED = "drafted"
    TAKEN_OFF = "taken_off"
    """It left the schedule, for a change."""
    AGREED = "agreed"
    MOVED = "moved"
    MOVED_WITH_ZONE = "moved_with_zone"
    BEGUN = "begun"
    SENT = "sent"
    """TikTok had every byte."""
    PUT_OFF = "put_off"
    """Something was in the way; it is tried again."""
    RETRIED = "retried"
    RESUMED = "resumed"
    HELD = "held"
    FAILED = "failed"
    NO_VERDICT = "no_verdict"
    ASKED = "asked"
    DELIVERED = "delivered"
    """It came into the creator's TikTok inbox, as a draft."""
    LEFT = "left"
    """TikTok was asked no more whether it was posted."""
    DELETED = "deleted"
    """The draft, by its creator's word."""
    PUBLISHED = "published"
    SAID_LIVE = "said_live"
    SAID_DELIVERED = "said_delivered"
    SAID_NOT_LIVE = "said_not_live"
    CANCELLED = "cancelled"
    UNDONE = "undone"
    COPIED = "copied"
    RESTORED = "restored"
    """All of ClipCue was brought back from a backup."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a history; `to` is the new time, `code` a key of `core.verdicts`."""

    at: datetime
    what: What
    to: datetime | None = None
    code: str | None = None


class History:
    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def of(self, owner_id: int, post_id: int) -> tuple[tuple[Event, ...], bool]:
        """The latest of what happened to a post, in order, and whether that is all of it.

        Raises `NotFound`.
        """
        async with self._database.reading() as session:
            await owned(session, owner_id, post_id)
            found = await session.scalars(
                select(PostEvent)
                .where(PostEvent.post_id == post_id)
                .order_by(PostEvent.id.desc())
                .limit(TOLD + 1)
            )
            rows = found.all()[::-1]
        events, before = [], None
        for row, after in zip(rows, [*rows[1:], None], strict=True):
            if after is None or not _is_a_step(row, after):
                events.append(_event(row, before))
            before = row.status
        is_all = len(rows) <= TOLD
        return tuple(events if is_all else events[-TOLD:]), is_all


def _is_a_step(row: PostEvent, after: PostEvent) -> bool:
    """Whether the line is only a state in passing: agreeing anew goes by way of a draft."""
    goes_on = after.status is PostStatus.SCHEDULED and after.at == row.at
    return row.status is PostStatus.DRAFT and goes_on


_MOVED = re.compile(r"moved to (\S+) (by the creator|with )")
_UNDER_WAY = {PostStatus.PUBLISHING, PostStatus.PROCESSING, PostStatus.UNCONFIRMED}
_NOTES = {
    BY_CREATOR: {
        PostStatus.PUBLISHED: What.SAID_LIVE,
        PostStatus.FAILED: What.SAID_NOT_LIVE,
        PostStatus.DELIVERED: What.SAID_DELIVERED,
    },
    LEFT: {PostStatus.DELIVERED: What.LEFT},
    DELETED: {PostStatus.DELIVERED: What.DELETED},
    RECONNECTED: {PostStatus.SCHEDULED: What.RESUMED},
    ASKED: {PostStatus.UNCONFIRMED: What.ASKED},
    UNDONE: dict.fromkeys(PostStatus, What.UNDONE),
    COPIED: dict.fromkeys(PostStatus, What.COPIED),
    RESTORED: dict.fromkeys(PostStatus, What.RESTORED),
}
_STATES = {
    PostStatus.PUBLISHING: What.BEGUN,
    PostStatus.PROCESSING: What.SENT,
    PostStatus.DELIVERED: What.DELIVERED,
    PostStatus.PUBLISHED: What.PUBLISHED,
    PostStatus.UNCONFIRMED: What.NO_VERDICT,
    PostStatus.CANCELLED: What.CANCELLED,
}


def _event(row: PostEvent, before: PostStatus | None) -> Event:
    """A line as a value; `before` is the state that the post came from."""
    if moved := _MOVED.match(row.note):
        what = What.MOVED if moved[2] == "by the creator" else What.MOVED_WITH_ZONE
        return Event(at=row.at, what=what, to=datetime.fromisoformat(moved[1]))
    if noted := _NOTES.get(row.note, {}).get(row.status):
        return Event(at=row.at, what=noted)
    match row.status:
        case PostStatus.DRAFT:
            return Event(at=row.at, what=What.TAKEN_OFF if before else What.DRAFTED)
        case PostStatus.SCHEDULED if before in _UNDER_WAY:
            return Event(at=row.at, what=What.PUT_OFF, code=row.note)
        case PostStatus.SCHEDULED:
            retried = before in {PostStatus.FAILED, PostStatus.HELD}
            return Event(at=row.at, what=What.RETRIED if retried else What.AGREED)
        case PostStatus.HELD:
            return Event(at=row.at, what=What.HELD, code=row.note)
        case PostStatus.FAILED:
            return Event(at=row.at, what=What.FAILED, code=row.note)
        case status:
            return Event(at=row.at, what=_STATES[status])
