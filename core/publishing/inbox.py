"""TikTok inboxes, where posts go as drafts: whether there is place for one now, and its init."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy import update

from core import tiktok, verdicts
from core.accounts.accounts import Accounts, takes_drafts
from core.clock import Clock
from core.limits import Call
from core.media.limits import INBOX_LONGEST
from core.posts import inbox
from core.publishing.asking import Asking
from core.publishing.outcomes import CalledOff
from core.store.database import Database
from core.store.models import Account, Post

Told = TypeVar("Told")

log = structlog.get_logger()


class Inboxes:
    def __init__(
        self,
        *,
        database: Database,
        accounts: Accounts,
        asking: Asking,
        clock: Clock,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._asking = asking
        self._clock = clock

    async def require_place(
        self, account_id: int, post_id: int, lasts: timedelta = timedelta()
    ) -> None:
        """Make sure that TikTok would take this draft now; `lasts` is how long its clip is.

        Raises `CalledOff`, `AccountUnusable`, `LimitReached`, TikTok's errors.
        """
        if lasts > INBOX_LONGEST:
            raise CalledOff(verdicts.DRAFT_TOO_LONG)
        now = self._clock()
        async with self._database.reading() as session:
            if not takes_drafts(await session.get_one(Account, account_id)):
                raise CalledOff(verdicts.NO_INBOX_SCOPE)
            waiting = await inbox.pending(session, account_id, now, without=post_id)
        places = inbox.MOST_PENDING - len(waiting)
        for each in waiting if places <= 0 else ():
            if await self._is_over(account_id, each, now):
                places += 1
        if places <= 0:
            raise CalledOff(tiktok.ErrorCode.SPAM_RISK_TOO_MANY_PENDING_SHARE.value)

    async def init(self, account_id: int, tell: Callable[[str], Awaitable[Told]]) -> Told:
        """Tell TikTok of a draft: `tell` is given the token. Raises as `require_place` does."""
        try:
            return await self._accounts.call(account_id, Call.INIT, tell)
        except tiktok.ApiError as error:
            if error.code not in _MISSES_SCOPE:
                raise
            # The account can be posted to all the same: it is this permission that is missing.
            log.warning("tiktok_said_no", code=error.code, log_id=error.log_id)
            raise CalledOff(verdicts.NO_INBOX_SCOPE) from None

    async def _is_over(self, account_id: int, draft: inbox.Pending, now: datetime) -> bool:
        """Whether TikTok says that a draft waits no more; then its own follow-up is hurried."""
        if draft.publish_id is None:
            return False
        status = await self._asking.status(account_id, draft.publish_id)
        if status is None or not _is_over(status.status, draft):
            return False
        async with self._database.transaction() as change:
            await change.execute(
                update(Post)
                .where(Post.id == draft.post_id, Post.claim_owner.is_(None), Post.wake_at > now)
                .values(wake_at=now)
            )
        return True


_MISSES_SCOPE = {
    tiktok.ErrorCode.SCOPE_NOT_AUTHORIZED,
    tiktok.ErrorCode.SCOPE_PERMISSION_MISSED,
}
"""How TikTok refuses a draft for want of the permission."""


def _is_over(state: tiktok.PublishState, draft: inbox.Pending) -> bool:
    """What was in the inbox stays there where posting it failed: `Outcomes.failed_at_tiktok`."""
    failed = state is tiktok.PublishState.FAILED and not draft.is_delivered
    return failed or state is tiktok.PublishState.PUBLISH_COMPLETE
