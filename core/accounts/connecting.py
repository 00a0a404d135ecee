"""Connecting a TikTok account: from a tap in the chat through TikTok's consent page and back.

The state that travels through the browser is random, kept only as a hash, bound to the creator who
asked, good once and for ten minutes.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select

from core import limits, tiktok
from core.accounts.accounts import ConnectedAccount, connected_account
from core.accounts.tokens import Tokens
from core.clock import Clock
from core.errors import (
    ConsentDenied,
    ExchangeFailed,
    ScopesMissing,
    StateExpired,
    StateUnknown,
    StateUsed,
)
from core.limits import Call
from core.states import AccountStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account, OAuthRequest, User

OnConnected = Callable[[Transaction, Account], Awaitable[None]]
"""What else happens, in the same change, when an account is connected."""

SCOPES = frozenset({tiktok.Scope.USER_INFO_BASIC, tiktok.Scope.VIDEO_PUBLISH})
COUNTS = tiktok.Scope.VIDEO_LIST
DRAFTS = tiktok.Scope.VIDEO_UPLOAD
"""Both are asked for where the app has them; an account without them can be posted to all the
same."""
STATE_LIFETIME = timedelta(minutes=10)
KEPT_AFTER_END = timedelta(days=1)
"""How long a used or expired request is remembered, so that its link can be answered rightly."""
WAYS_BACK_KEPT = 256
"""Pages of success that can be shown again."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class _Identity:
    nickname: str
    username: str | None


@dataclass(kw_only=True)
class _WayBack:
    """A browser that came back with a code; reloading its page asks for the same again."""

    came_at: datetime
    account: ConnectedAccount | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


def scopes_asked(*, counts: bool, drafts: bool) -> frozenset[tiktok.Scope]:
    """What creators are asked for on TikTok's consent page."""
    return SCOPES | ({COUNTS} if counts else set()) | ({DRAFTS} if drafts else set())


class Connecting:
    def __init__(
        self,
        *,
        database: Database,
        tokens: Tokens,
        client: tiktok.Client,
        clock: Clock,
        on_connected: OnConnected,
        redirect_uri: str,
        asks_for_counts: bool,
        asks_for_drafts: bool = False,
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._client = client
        self._clock = clock
        self._on_connected = on_connected
        self._redirect_uri = redirect_uri
        self._asked = scopes_asked(counts=asks_for_counts, drafts=asks_for_drafts)
        self._ways_back: dict[bytes, _WayBack] = {}

    async def begin(self, user_id: int) -> str:
        """The address of TikTok's consent page for this creator, good for `STATE_LIFETIME`."""
        state = secrets.token_urlsafe(32)
        now = self._clock()
        async with self._database.transaction() as change:
            user = await change.get_one(User, user_id)
            await change.execute(
                delete(OAuthRequest).where(OAuthRequest.expires_at < now - KEPT_AFTER_END)
            )
            change.add(
                OAuthRequest(
                    state_hash=_hash(state),
                    user_id=user_id,
                    chat_id=user.chat_id,
                    expires_at=now + STATE_LIFETIME,
                )
            )
        return self._client.authorize_url(
            redirect_uri=self._redirect_uri, state=state, scopes=sorted(self._asked)
        )

    async def refuse(self, state: str, *, error: str) -> None:
        """TikTok sent the browser back without a code; always raises a `ConnectFailed`."""
        await self._redeem(state)
        log.info("connect_refused", error=error[:64])
        if error == tiktok.OAuthErrorCode.ACCESS_DENIED:
            raise ConsentDenied
        raise ExchangeFailed(error[:64])

    async def finish(self, state: str, *, code: str) -> ConnectedAccount:
        """Exchange the code and keep the account; raises a `ConnectFailed`.

        What depends on the account learns of it in the same change. The same state with the same
        code gives the same account again for a while, and exchanges nothing.
        """
        now = self._clock()
        key = _hash(f"{state} {code}")
        way_back = self._ways_back.setdefault(key, _WayBack(came_at=now))
        if len(self._ways_back) > WAYS_BACK_KEPT:
            del self._ways_back[next(iter(self._ways_back))]
        async with way_back.turn:
            if way_back.account is None or now - way_back.came_at > STATE_LIFETIME:
                way_back.account = await self._finish(state, code)
            return way_back.account

    async def _finish(self, state: str, code: str) -> ConnectedAccount:
        user_id = await self._redeem(state)
        try:
            tokens = await self._client.exchange(code=code, redirect_uri=self._redirect_uri)
            if missing := SCOPES - tokens.scopes:
                if not await self._is_connected(tokens.open_id):
                    await self._give_back(tokens)
                raise ScopesMissing(missing)
            identity = await self._identify(tokens)
        except tiktok.TikTokError as error:
            log.warning("connect_failed", code=error.code, log_id=error.log_id)
            answered = not isinstance(error, tiktok.TransportError)
            raise ExchangeFailed(error.code, answered=answered) from None
        return await self._keep(user_id, tokens, identity)

    async def _redeem(self, state: str) -> int:
        """Use up the state and return who asked."""
        now = self._clock()
        async with self._database.transaction() as change:
            request = await change.get(OAuthRequest, _hash(state))
            if request is None:
                raise StateUnknown
            if request.used_at is not None:
                raise StateUsed
            if request.expires_at <= now:
                raise StateExpired
            request.used_at = now
            return request.user_id

    async def _is_connected(self, open_id: str) -> bool:
        """Whether giving back would end a connection that works: TikTok knows one grant only."""
        async with self._database.reading() as session:
            found = await session.scalar(
                select(Account.id).where(
                    Account.open_id == open_id, Account.status == AccountStatus.CONNECTED
                )
            )
            return found is not None

    async def _give_back(self, tokens: tiktok.Tokens) -> None:
        try:
            await self._client.revoke(tokens.access_token)
        except tiktok.TikTokError as error:
            log.warning("revoke_failed", code=error.code)

    async def _identify(self, tokens: tiktok.Tokens) -> _Identity:
        try:
            creator = await self._client.creator_info(tokens.access_token)
        except tiktok.TikTokError:
            # It may be barred from posting just now; its name is known all the same.
            user = await self._client.user_info(
                tokens.access_token, fields=("open_id", "display_name")
            )
            return _Identity(nickname=user.display_name or "TikTok", username=None)
        return _Identity(nickname=creator.nickname, username=creator.username)

    async def _keep(
        self, user_id: int, tokens: tiktok.Tokens, identity: _Identity
    ) -> ConnectedAccount:
        async with self._database.transaction() as change:
            account = await change.scalar(
                select(Account).where(
                    Account.owner_id == user_id, Account.open_id == tokens.open_id
                )
            )
            if account is None:
                account = _without_tokens(user_id, tokens.open_id, self._clock())
                change.add(account)
            account.nickname = identity.nickname
            account.username = identity.username or account.username
            account.connected_at = account.synced_at = self._clock()
            await change.flush()  # gives a new row its id, which its tokens are bound to
            self._tokens.keep(account, tokens)
            limits.note(change, account.id, Call.CREATOR_INFO, self._clock())
            await self._on_connected(change, account)
            log.info("account_connected", account=account.id)
            return connected_account(account)


def _without_tokens(owner_id: int, open_id: str, now: datetime) -> Account:
    return Account(
        owner_id=owner_id,
        open_id=open_id,
        scopes="",
        status=AccountStatus.RECONNECT,
        access_expires_at=now,
        refresh_expires_at=now,
        tokens_version=0,
    )


def _hash(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()
