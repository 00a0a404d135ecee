"""What TikTok reports by itself: it hurries a question that would be asked anyway.

An event may come late, twice, or before an earlier one, and so nothing of what it says about a post
is believed: the post is only asked about now. What is taken from it is the end of a consent.
"""

from datetime import datetime

import structlog
from sqlalchemy import or_, select

from core import tiktok
from core.accounts.tokens import Tokens
from core.clock import Clock
from core.engine import WakeEngine
from core.states import AWAITING, AccountStatus, PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account, Post

log = structlog.get_logger()


class Webhooks:
    def __init__(
        self,
        *,
        database: Database,
        tokens: Tokens,
        engine: WakeEngine,
        clock: Clock,
        client_secret: str,
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._engine = engine
        self._clock = clock
        self._client_secret = client_secret

    async def take(self, body: bytes, *, signature: str | None) -> None:
        """Act on what TikTok sent: `body` as it came, `signature` from its header.

        Raises `tiktok.SignatureRefused`. An event that cannot be read, or concerns nobody here, is
        passed over: sent again it would be no better.
        """
        tiktok.verify_signature(
            signature, body, client_secret=self._client_secret, now=self._clock()
        )
        try:
            event = tiktok.read_event(body)
        except tiktok.EventMalformed as error:
            log.warning("webhook_malformed", problem=error.message)
            return
        if event is None:
            return
        async with self._database.transaction() as change:
            if event.kind is tiktok.WebhookKind.AUTHORIZATION_REMOVED:
                found = await self._consent_ended(change, event.user_openid, event.created_at)
            else:
                found = await self._ask_now(change, event.user_openid, event.publish_id)
        log.info("webhook_taken", kind=event.kind, found=found)

    async def _ask_now(self, change: Transaction, open_id: str, publish_id: str | None) -> int:
        """Make the post due, unless a worker has it: that one is asking."""
        now = self._clock()
        posts = await change.scalars(
            select(Post)
            .join(Account, Account.id == Post.account_id)
            .where(
                Account.open_id == open_id,
                Post.publish_id == publish_id,
                Post.status.in_(AWAITING),
                or_(Post.claim_owner.is_(None), Post.wake_at <= now),
                # These may still become a post when their questions have ended.
                or_(
                    Post.wake_at.is_not(None),
                    Post.status.in_((PostStatus.UNCONFIRMED, PostStatus.DELIVERED)),
                ),
            )
        )
        hurried = posts.all()
        for post in hurried:
            post.wake_at = min(post.wake_at or now, now)
            await self._engine.wake_at(post.id, post.version, post.wake_at, change)
        return len(hurried)

    async def _consent_ended(self, change: Transaction, open_id: str, ended_at: datetime) -> int:
        """Mark the account lost, unless it was connected again since; of ours there is none left.

        TikTok tells whole seconds: an end within the second of the connection is found out by the
        next call instead.
        """
        accounts = await change.scalars(
            select(Account).where(
                Account.open_id == open_id,
                Account.status == AccountStatus.CONNECTED,
                Account.connected_at < ended_at,
            )
        )
        lost = accounts.all()
        for account in lost:
            await self._tokens.forget(change, account, AccountStatus.RECONNECT)
        return len(lost)
