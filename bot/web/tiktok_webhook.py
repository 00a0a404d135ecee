"""TikTok's webhook: what it reports by itself comes in here."""

from typing import Annotated

import structlog
from fastapi import FastAPI, Header, HTTPException, Request
from starlette.requests import ClientDisconnect

from core import tiktok
from core.webhooks import Webhooks

TIKTOK_WEBHOOK_PATH = "/api/social/tiktok/webhook"
LONGEST_BODY = 64 * 1024
"""Bytes; TikTok's events have a few hundred."""

log = structlog.get_logger()


def add_tiktok_webhook(site: FastAPI, webhooks: Webhooks) -> None:
    """Take TikTok's events. The answer waits for our own disk only, never for TikTok."""

    @site.post(TIKTOK_WEBHOOK_PATH)
    async def webhook(
        request: Request, tiktok_signature: Annotated[str | None, Header()] = None
    ) -> dict[str, bool]:
        body = await _read(request)
        try:
            await webhooks.take(body, signature=tiktok_signature)
        except tiktok.SignatureRefused as error:
            log.warning("webhook_refused", reason=error.reason)
            raise HTTPException(403, "This address is for TikTok only.") from None
        return {"ok": True}


async def _read(request: Request) -> bytes:
    """The raw body, which is what the signature is made of."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > LONGEST_BODY:
                raise HTTPException(413, "That is more than TikTok ever sends.")
    except ClientDisconnect:
        raise HTTPException(400, "The event broke off.") from None
    return bytes(body)
