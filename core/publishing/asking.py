"""What became of a publish_id: TikTok's word on it, and its verdict written down."""

import structlog

from core import tiktok
from core.accounts.accounts import Accounts
from core.limits import Call
from core.publishing.claims import Claim
from core.publishing.outcomes import Outcomes

log = structlog.get_logger()


class Asking:
    """Asks TikTok about posts that have a publish_id."""

    def __init__(self, *, accounts: Accounts, client: tiktok.Client, outcomes: Outcomes) -> None:
        self._accounts = accounts
        self._client = client
        self._outcomes = outcomes

    async def status(self, account_id: int, publish_id: str) -> tiktok.PublishStatus | None:
        """How far TikTok is; None where it does not know the id, which proves nothing.

        Raises `AccountUnusable`, `LimitReached`, or TikTok's own error.
        """
        try:
            return await self._accounts.call(
                account_id,
                Call.STATUS,
                lambda token: self._client.publish_status(token, publish_id),
            )
        except tiktok.ApiError as error:
            if error.code not in _ID_NOT_KNOWN:
                raise
            log.warning("publish_id_not_known", code=error.code, log_id=error.log_id)
            return None

    async def is_decided(self, claim: Claim, status: tiktok.PublishStatus | None) -> bool:
        """Whether TikTok has decided; if so, what it decided has been written."""
        if status is None:
            return False
        if status.status is tiktok.PublishState.PUBLISH_COMPLETE:
            await self._outcomes.published(claim, public_id(status))
            return True
        if status.status is tiktok.PublishState.SEND_TO_USER_INBOX:
            await self._outcomes.delivered(claim)
            return True
        if status.status is tiktok.PublishState.FAILED:
            await self._outcomes.failed_at_tiktok(claim, status.fail_reason or "")
            return True
        return False


def public_id(status: tiktok.PublishStatus | None) -> str | None:
    """The id of the post in its public address, once TikTok has named one."""
    return next(iter(status.post_ids), None) if status is not None else None


_ID_NOT_KNOWN = {
    tiktok.ErrorCode.INVALID_PUBLISH_ID,
    tiktok.ErrorCode.TOKEN_NOT_AUTHORIZED_FOR_PUBLISH_ID,
}
