"""Drafts on their way into a TikTok inbox: whether one may be begun now, and its init."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import update

from core import tiktok, verdicts
from core.accounts.accounts import Accounts, takes_drafts
from core.clock import Clock
from core.limits import Call
from core.media.limits import DRAFT_LONGEST
from core.posts import inbox
from core.publishing.asking import Asking
from core.store.database import Database
from core.store.models import Account, Post

log = structlog.get_logger()


class Drafts:
    def __init__(
        self,
        *,
        database: Database,
        accounts: Accounts,
        client: tiktok.Client,
        asking: Asking,
        clock: Clock,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._client = client
        self._asking = asking
        self._clock = clock

    async def trouble_with(
        self, account_id: int, post_id: int, lasts: timedelta = timedelta()
    ) -> str | None:
        """Why TikTok would not take this draft now, if so: a code of `verdicts`.

        `lasts` is how long its clip is. Raises `AccountUnusable`, `LimitReached`, TikTok's errors.
        """
        if lasts > DRAFT_LONGEST:
            return verdicts.DRAFT_TOO_LONG
        now = self._clock()
        async with self._database.reading() as session:
            if not takes_drafts(await session.get_one(Account, account_id)):
                return verdicts.NO_INBOX_SCOPE
            waiting = await inbox.pending(session, account_id, now, without=post_id)
        places = inbox.MOST_PENDING - len(waiting)
        for each in waiting if places <= 0 else ():
            if await self._is_over(account_id, each, now):
                places += 1
        if places > 0:
            return None
        return tiktok.ErrorCode.SPAM_RISK_TOO_MANY_PENDING_SHARE.value

    async def open(self, account_id: int, plan: tiktok.ChunkPlan) -> tiktok.Upload | str:
        """Open the upload of a clip into the inbox, or the code of `verdicts` why not.

        Raises as `trouble_with` does.
        """
        try:
            return await self._accounts.call(
                account_id,
                Call.INIT,
                lambda token: self._client.init_inbox_video(token, plan),
            )
        except tiktok.ApiError as error:
            if error.code not in MISSES_SCOPE:
                raise
            # The account can be posted to all the same: it is this permission that is missing.
            log.warning("tiktok_said_no", code=error.code, log_id=error.log_id)
            return verdicts.NO_INBOX_SCOPE

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


MISSES_SCOPE = {
    tiktok.ErrorCode.SCOPE_NOT_AUTHORIZED,
    tiktok.ErrorCode.SCOPE_PERMISSION_MISSED,
}
"""How TikTok refuses a draft for want of the permission."""


def _is_over(state: tiktok.PublishState, draft: inbox.Pending) -> bool:
    """What was in the inbox stays there where posting it failed: `Outcomes.failed_at_tiktok`."""
    failed = state is tiktok.PublishState.FAILED and not draft.is_delivered
    return failed or state is tiktok.PublishState.PUBLISH_COMPLETE
