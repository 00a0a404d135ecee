"""The outbox: what creators are owed, written with the fact it tells and delivered afterwards.

Delivery is at least once: a notice leaves the outbox only when the messenger has taken it. What
creators want to hear, and when, is looked at when a notice's turn comes, so that a change of their
settings counts for what waits as well.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from core.clock import Clock
from core.preferences import quiet_hours, reads
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Notification, User

LEASE = timedelta(seconds=60)
"""How long one delivery may take before the notice is tried again."""


class NoticeKind(StrEnum):
    """What a notice tells."""

    CONNECTED = "connected"
    DRAFT_READY = "draft_ready"
    PUBLISHED = "published"
    DELIVERED = "delivered"
    """Into the creator's TikTok inbox, as a draft."""
    FAILED = "failed"
    HELD = "held"
    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    ACCOUNT_LOST = "account_lost"
    PERMISSION_ENDS = "permission_ends"
    ZONE_FROM_BROWSER = "zone_from_browser"
    RESTORED = "restored"
    UPLOADED = "uploaded"
    UPLOAD_REFUSED = "upload_refused"
    UPLOAD_UNFIT = "upload_unfit"


GOOD_NEWS = frozenset({NoticeKind.PUBLISHED})
"""Not told to those who want to hear of failures only."""
CAN_WAIT = GOOD_NEWS | {NoticeKind.PERMISSION_ENDS}
"""Told after quiet hours; everything else is an answer, or a trouble that is told at once."""
QUIET = "quiet"
"""The `outcome` of a notice that waits for the end of quiet hours."""
UNWANTED = "unwanted"
_TROUBLES = (NoticeKind.FAILED, NoticeKind.HELD, NoticeKind.UNCONFIRMED, NoticeKind.WAITING)

_KINDS = {kind.value: kind for kind in NoticeKind}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One notice, claimed for delivery.

    Another version of ClipCue may have written it: `kind` is empty where this one does not know
    it, and `payload` may have other fields than `tell` gives it now. `language` is the
    tag of what the creator reads, where that is known.
    """

    id: int
    user_id: int
    chat_id: int
    kind: NoticeKind | None
    payload: dict[str, Any]
    attempts: int
    language: str | None = None


class Outbox:
    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._bell: Callable[[], None] | None = None

    def on_new(self, bell: Callable[[], None]) -> None:
        """Ring `bell` whenever there may be something to deliver."""
        self._bell = bell

    def wake(self) -> None:
        """There may be something to deliver."""
        if self._bell:
            self._bell()

    def tell(
        self, change: Transaction, *, user_id: int, kind: NoticeKind, key: str, **payload: Any
    ) -> None:
        """Owe the creator a notice, as part of the change it tells of.

        `key` names what is told: a second notice with the same key is a bug and fails the change.
        """
        now = self._clock()
        change.add(
            Notification(
                user_id=user_id,
                kind=kind,
                key=f"{kind}:{key}",
                payload=payload,
                created_at=now,
                next_attempt_at=now,
            )
        )
        change.after_commit(self.wake)

    async def take(self, limit: int, *, without: Collection[int] = ()) -> list[Notice]:
        """Claim notices that are due, each for `LEASE`: of each chat the oldest, no more.

        Chats named in `without` are left alone. None may come although some are due: they were
        not wanted, or not at this hour, and are not due any more.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            oldest = (
                select(func.min(Notification.id))
                .join(User, User.id == Notification.user_id)
                .where(Notification.next_attempt_at <= now, *_to(without))
                .group_by(Notification.user_id)
            )
            rows = (
                await change.execute(
                    select(Notification, User)
                    .join(User, User.id == Notification.user_id)
                    .where(Notification.id.in_(oldest))
                    .order_by(Notification.next_attempt_at, Notification.id)
                    .limit(limit)
                )
            ).all()
            taken = []
            for notification, user in rows:
                if await _is_wanted(change, notification, user, now):
                    notification.next_attempt_at = now + LEASE
                    notification.attempts += 1
                    notification.outcome = None
                    taken.append(_notice(notification, user))
            return taken

    async def reconsider(self, change: Transaction, user_id: int) -> None:
        """Look again at what waits for quiet hours: these, or the creator's clock, have changed."""
        await change.execute(
            update(Notification)
            .where(
                Notification.user_id == user_id,
                Notification.next_attempt_at.is_not(None),
                Notification.outcome == QUIET,
            )
            .values(next_attempt_at=self._clock(), outcome=None)
        )
        change.after_commit(self.wake)

    async def next_due(self, *, without: Collection[int] = ()) -> datetime | None:
        """When the next notice wants to be tried, those for chats in `without` aside."""
        async with self._database.reading() as session:
            return await session.scalar(
                select(func.min(Notification.next_attempt_at))
                .join(User, User.id == Notification.user_id)
                .where(Notification.next_attempt_at.is_not(None), *_to(without))
            )

    async def delivered(self, notice: Notice, message_id: int) -> None:
        """The messenger took it, as this message: it is owed no more."""
        await self._settle(notice, next_attempt_at=None, outcome="delivered", message_id=message_id)

    async def refused(self, notice: Notice, reason: str) -> None:
        """The messenger will never take it as it is; the reason is kept for the operator."""
        await self._settle(notice, next_attempt_at=None, outcome=reason[:64])

    async def postpone(self, notice: Notice, delay: timedelta) -> None:
        """Try it again after `delay`."""
        await self._settle(notice, next_attempt_at=self._clock() + delay)

    async def unreachable(self, notice: Notice) -> None:
        """The creator blocked the bot: keep all notices until they come back."""
        async with self._database.transaction() as change:
            await change.execute(
                update(User).where(User.id == notice.user_id).values(reachable=False)
            )
            await change.execute(
                update(Notification)
                .where(Notification.id == notice.id)
                .values(next_attempt_at=self._clock())
            )

    async def _settle(self, notice: Notice, **values: Any) -> None:
        async with self._database.transaction() as change:
            await change.execute(
                update(Notification).where(Notification.id == notice.id).values(**values)
            )


def _to(without: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """Those who can be reached, but for some chats."""
    return (User.reachable.is_(True), User.chat_id.not_in(without))


async def _is_wanted(
    change: Transaction, notification: Notification, user: User, now: datetime
) -> bool:
    """Whether the creator wants to hear this, and now; if not, it is let go or put off."""
    kind = notification.kind
    if (
        user.tells_only_failures
        and kind in GOOD_NEWS
        and not await _ends_trouble(change, notification)
    ):
        notification.next_attempt_at, notification.outcome = None, UNWANTED
        return False
    hours = quiet_hours(user)
    if kind not in CAN_WAIT or hours is None or user.zone is None:
        return True
    until = hours.end_after(now, user.zone)
    if until is None:
        return True
    await change.execute(  # with this one, whatever else would be put off one by one
        update(Notification)
        .where(
            Notification.user_id == user.id,
            Notification.next_attempt_at <= now,
            Notification.kind.in_(CAN_WAIT),
        )
        .values(next_attempt_at=until, outcome=QUIET)
    )
    return False


async def _ends_trouble(change: Transaction, notification: Notification) -> bool:
    """Whether the creator has heard of trouble with that post, and so waits to hear its end."""
    of_post = [f"{kind}:{notification.payload.get('post_id')}:" for kind in _TROUBLES]
    found = await change.scalar(
        select(Notification.id)
        .where(
            Notification.user_id == notification.user_id,
            or_(*(Notification.key.startswith(start) for start in of_post)),
        )
        .limit(1)
    )
    return found is not None


def _notice(notification: Notification, user: User) -> Notice:
    return Notice(
        id=notification.id,
        user_id=notification.user_id,
        chat_id=user.chat_id,
        kind=_KINDS.get(notification.kind),
        payload=dict(notification.payload),
        attempts=notification.attempts,
        language=reads(user),
    )
