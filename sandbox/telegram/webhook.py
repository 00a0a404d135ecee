"""Delivery of updates to the bot's webhook."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from sandbox.telegram.chats import Json
from sandbox.telegram.errors import ApiError
from sandbox.telegram.parameters import Parameters
from sandbox.telegram.updates import Update, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
PORTS = (443, 80, 88, 8443)
DEFAULT_CONNECTIONS = 40
LONGEST_DELAY = 60.0
LONGEST_ASKED_DELAY = 3600.0
_TIMEOUT = 60.0


class Webhook:
    """Posts the oldest update until it is taken (2xx), then the next: order is kept.

    A failure is tried again after `first_delay` seconds, then twice that and so on up to a minute,
    or after what Retry-After asks for.
    """

    def __init__(
        self,
        updates: Updates,
        *,
        now: Callable[[], datetime],
        local: bool,
        first_delay: float,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._updates = updates
        self._now = now
        self._local = local
        self._first_delay = first_delay
        self._transport = transport
        self._url = ""
        self._secret = ""
        self._connections = DEFAULT_CONNECTIONS
        self._last_error: tuple[int, str] | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def active(self) -> bool:
        return bool(self._url)

    async def set(self, given: Parameters) -> None:
        """Start delivering to a new address, or stop when it is empty.

        Raises ApiError "bad webhook: ..." for an address the server would not call.
        """
        url = given.get("url", "")
        secret = given.get("secret_token", "")
        connections = given.get("max_connections", DEFAULT_CONNECTIONS)
        if url:
            self._check(url)
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise ApiError("secret token contains unallowed characters")
        if not 1 <= connections <= (100_000 if self._local else 100):
            raise ApiError("max_connections must be between 1 and 100")
        await self.stop()
        if given.get("drop_pending_updates"):
            self._updates.clear()
        self._url, self._secret, self._connections = url, secret, connections
        self._last_error = None
        if url:
            self._updates.end_poll("setWebhook request")
            self._task = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        """Stop delivering; updates stay queued."""
        task, self._task, self._url = self._task, None, ""
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    def info(self) -> Json:
        """The WebhookInfo object."""
        info: Json = {
            "url": self._url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self._url:
            info["max_connections"] = self._connections
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        if self._last_error is not None:
            info["last_error_date"], info["last_error_message"] = self._last_error
        return info

    def _check(self, url: str) -> None:
        if self._local:
            return
        parts = urlsplit(url)
        if parts.scheme != "https":
            raise ApiError("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in PORTS:
            raise ApiError("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        try:
            public = ipaddress.ip_address(host).is_global
        except ValueError:
            return  # a name; whom it belongs to is not looked up
        if not public:
            raise ApiError(f"bad webhook: IP address {host} is reserved")

    async def _deliver(self) -> None:
        async with httpx.AsyncClient(
            transport=self._transport, timeout=_TIMEOUT, trust_env=False
        ) as client:
            delay = self._first_delay
            while True:
                update = await self._updates.front()
                asked = await self._post(client, update)
                if asked is None:
                    self._updates.drop(update)
                    delay = self._first_delay
                else:
                    await asyncio.sleep(max(delay, min(asked, LONGEST_ASKED_DELAY)))
                    delay = min(delay * 2, LONGEST_DELAY)

    async def _post(self, client: httpx.AsyncClient, update: Update) -> float | None:
        """None once the update is taken, else the seconds that the bot asked to wait."""
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        try:
            answer = await client.post(self._url, json=update.as_json(), headers=headers)
        except httpx.HTTPError as error:
            return self._failed(f"Connection failed: {type(error).__name__}", "")
        if answer.is_success:
            return None
        words = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        return self._failed(words, answer.headers.get("Retry-After", ""))

    def _failed(self, words: str, retry_after: str) -> float:
        self._last_error = (int(self._now().timestamp()), words)
        return float(retry_after) if retry_after.isdecimal() else 0.0
