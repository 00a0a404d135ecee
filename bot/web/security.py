"""What every answer carries, and how often one address may ask."""

from fastapi import HTTPException, Request
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PER_MINUTE = 60
"""Requests of one address to pages that do something."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # the callback's address holds a code
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
SCRIPT_POLICY = f"{PAGE_POLICY}; script-src 'self'; connect-src 'self'"
"""For the page whose script tells us the browser's time zone."""

UPLOAD_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src blob:; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors https://web.telegram.org"
)
"""For the upload page: it looks at clips of the phone, and Telegram's web client shows it inside
its own page (this counts before X-Frame-Options)."""


class SecurityHeaders:
    """Adds headers that an answer does not bring itself."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Throttle:
    """A dependency that refuses an address asking too often."""

    def __init__(self, per_minute: int = PER_MINUTE) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(per_minute)

    async def __call__(self, request: Request) -> None:
        await self.count(request.client.host if request.client else "unknown")

    async def count(self, who: str) -> None:
        """One more request of theirs; raises HTTPException where it is one too many."""
        if not await self._limiter.hit(self._limit, who):
            raise HTTPException(429, "Too many requests: please wait a minute.")
