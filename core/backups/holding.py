"""After a restore: what may have happened since the backup was made is never done once more.

The tables are as they were then, and the ClipCue that they come from went on for a while. So a post
that it may have published is held for its creator, and an upload that had begun is asked about at
TikTok and goes on, but never begins anew by itself (`core.publishing.outcomes`). Taps that waited
to be worked off may have been, and are not repeated; other messages are, for they publish nothing.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from core import verdicts
from core.notifications import NoticeKind, Outbox
from core.posts import uploads
from core.posts.history import RESTORED, move, record
from core.states import AWAITING, OPEN, PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Post, TelegramUpdate, User
from core.verdicts import Action

CLOCKS_DIFFER = timedelta(minutes=5)
"""So far the clock of the other machine may have been ahead of this one's."""
_STARTS = frozenset({PostStatus.SCHEDULED, PostStatus.PUBLISHING})


@dataclass(frozen=True, kw_only=True)
class Held:
    """What became of the posts of a restored database, in numbers."""

    held: int
    """May have been published meanwhile: their creators decide."""
    asked: int
    """Had an upload under way: TikTok is asked what became of it."""
    scheduled: int
    """Go out by themselves at their time."""
    taps: int
    """Taps on buttons that waited, and are not repeated."""
    creators: int
    """Who are told."""


@dataclass(kw_only=True)
class _Counts:
    held: Counter[int] = field(default_factory=Counter)
    scheduled: Counter[int] = field(default_factory=Counter)
    creators: set[int] = field(default_factory=set)
    asked: int = 0


async def hold(
    database: Database, *, made_at: datetime, now: datetime, everything: bool = False
) -> Held:
    """Mark what cannot be known in a database as it was at `made_at`; all of it or nothing.

    With `everything`, whatever is scheduled waits for its creator, also what is due later on: the
    only certainty where creators may have posted some of it early. A second call does no harm.
    """
    # What is of before the restore must never seem to be of after it, whosever clock was right.
    now = max(now, made_at)
    counts = _Counts()
    async with database.transaction() as change:
        for post in await change.scalars(select(Post).where(Post.status.in_(OPEN))):
            counts.creators.add(post.owner_id)
            if _may_be_out(post, now, everything=everything):
                counts.held[post.owner_id] += 1
                _hold(change, post, now)
            elif uploads.has_begun(post):
                counts.asked += 1
                _ask(change, post, now)
            elif post.status is PostStatus.SCHEDULED:
                counts.scheduled[post.owner_id] += 1
        taps = await _drop_taps(change, now)
        outbox = Outbox(database=database, clock=lambda: now)
        for owner in await change.scalars(select(User).where(User.id.in_(counts.creators))):
            outbox.tell(
                change,
                user_id=owner.id,
                kind=NoticeKind.RESTORED,
                key=f"{owner.id}:{now.isoformat()}",
                made_at=made_at.isoformat(),
                zone=owner.zone or "UTC",
                held=counts.held[owner.id],
                scheduled=counts.scheduled[owner.id],
            )
    return Held(
        held=counts.held.total(),
        asked=counts.asked,
        scheduled=counts.scheduled.total(),
        taps=taps,
        creators=len(counts.creators),
    )


def _may_be_out(post: Post, now: datetime, *, everything: bool) -> bool:
    """Whether the other ClipCue may have published it without a trace of that in here."""
    if post.publish_id is not None:
        return False  # TikTok knows
    if post.status is PostStatus.PUBLISHING:
        return True
    waits_for_account = (
        post.status is PostStatus.HELD
        and verdicts.of_code(post.failure_code or "").action is Action.RECONNECT
    )
    if post.status is not PostStatus.SCHEDULED and not waits_for_account:
        return False
    begins = post.wake_at or post.due_at
    return everything or begins is None or begins <= now + CLOCKS_DIFFER


def _hold(change: Transaction, post: Post, now: datetime) -> None:
    post.failure_code = verdicts.RESTORED
    post.wake_at = post.claim_owner = None
    uploads.forget(post)  # TikTok may have been told of photos: its creator looks
    if post.status in _STARTS:
        move(change, post, PostStatus.HELD, now, verdicts.RESTORED)
    else:
        post.version += 1
        record(change, post, now, verdicts.RESTORED)


def _ask(change: Transaction, post: Post, now: datetime) -> None:
    """Its history says from now on that its upload is of before the restore."""
    record(change, post, now, RESTORED)
    post.claim_owner = None
    if post.status in AWAITING and post.wake_at is not None:
        post.wake_at = now


async def _drop_taps(change: Transaction, now: datetime) -> int:
    waiting = await change.scalars(select(TelegramUpdate).where(TelegramUpdate.done_at.is_(None)))
    taps = [update for update in waiting if "callback_query" in update.data]
    for update in taps:
        update.done_at = now
    return len(taps)
