"""The zone that a creator's browser tells on the page that follows connecting an account.

What the page carries is random, stands for one account, and is good once and for a while. It lives
in memory only: where it is lost, the creator is asked for their zone as always.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from core.clock import Clock
from core.notifications import NoticeKind, Outbox
from core.store.database import Database
from core.store.models import Account, Notification, User
from core.times import zone_named

LIFETIME = timedelta(minutes=10)
PAGES_KEPT = 256
"""Pages that may still tell a zone."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class _Page:
    account_id: int
    expires_at: datetime


class BrowserZone:
    def __init__(self, *, database: Database, outbox: Outbox, clock: Clock) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock
        self._pages: dict[str, _Page] = {}

    def ticket(self, account_id: int) -> str:
        """What the page of this account, just connected, tells its zone with."""
        ticket = secrets.token_urlsafe(32)
        self._pages[ticket] = _Page(account_id=account_id, expires_at=self._clock() + LIFETIME)
        if len(self._pages) > PAGES_KEPT:
            del self._pages[next(iter(self._pages))]
        return ticket

    async def told(self, ticket: str, zone: str) -> None:
        """Take the browser's zone for its creator's, who is told; one that is set is not changed.

        Where it is another one than theirs, they are asked. A ticket that is not good and a zone
        that is none change nothing.
        """
        page = self._pages.pop(ticket, None)
        named = zone_named(zone)
        if page is None or page.expires_at <= self._clock() or named is None:
            log.info("browser_zone_ignored", known=page is not None)
            return
        async with self._database.transaction() as change:
            account = await change.get_one(Account, page.account_id)
            user = await change.get_one(User, account.owner_id)
            if user.zone == named:
                return
            is_set = user.zone is None
            if is_set:
                user.zone = named
            kind = NoticeKind.ZONE_FROM_BROWSER
            key = f"{account.id}:{account.tokens_version}:{named}"
            told = select(Notification.id).where(Notification.key == f"{kind}:{key}")
            if await change.scalar(told) is None:  # a page that is shown again tells again
                self._outbox.tell(
                    change,
                    user_id=user.id,
                    kind=kind,
                    key=key,
                    zone=named,
                    is_set=is_set,
                    told_at=self._clock().isoformat(),
                )
