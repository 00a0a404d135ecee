"""The upload page: where it is, what opens it, and what it asks for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.templating import Jinja2Templates
from starlette.requests import ClientDisconnect

from bot.language import accepted_language, language_of, speak, spoken
from bot.views import uploading as words
from bot.web.security import UPLOAD_POLICY, Throttle
from bot.web.tus import UPLOADS_PATH, tus_routes
from core.settings import UPLOAD_PAGE_PATH, Settings
from core.states import UploadState
from core.uploads.links import LONGEST_KEY, KeyRefused, LinkRefused, Links
from core.uploads.room import Room
from core.uploads.uploads import Uploads, UploadView

OPENINGS_PER_MINUTE = 30
LONGEST_OPENING = 1024
"""Bytes."""
_templates = Jinja2Templates(Path(__file__).with_name("templates"))

log = structlog.get_logger()


def add_upload_page(
    site: FastAPI,
    settings: Settings,
    *,
    links: Links,
    uploads: Uploads,
    room: Room,
    chat_url: Callable[[], str | None],
) -> None:
    """Put the page and what it talks to on the site."""
    users = settings.telegram_allowed_users

    async def owner(request: Request) -> int:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        speak(accepted_language(request.headers.get("accept-language", "")))  # as the page is
        try:
            owner_id = await links.owner(key if scheme == "Bearer" else "")
        except KeyRefused:
            raise HTTPException(401, "The page is not open.") from None
        if users and owner_id not in users:
            raise HTTPException(403, "This bot is not for you.")
        return owner_id

    @site.get(UPLOAD_PAGE_PATH, dependencies=[Depends(Throttle())])
    async def page(
        request: Request, link: Annotated[str, Query(max_length=LONGEST_KEY)] = ""
    ) -> Response:
        if link and (tag := await links.language(link)):
            speak(language_of(tag))
        else:
            speak(accepted_language(request.headers.get("accept-language", "")))
        return _templates.TemplateResponse(
            request,
            "upload.html",
            {
                "language": spoken(),
                "words": words.page_words(),
                "uploads_path": UPLOADS_PATH,
                "chat_url": chat_url(),
            },
            headers={"Content-Security-Policy": UPLOAD_POLICY, "Cache-Control": "no-store"},
        )

    pages = APIRouter(prefix=UPLOADS_PATH)

    @pages.post("/open", dependencies=[Depends(Throttle(OPENINGS_PER_MINUTE))], status_code=204)
    async def open_(request: Request) -> None:
        link, key = await _opening(request)
        try:
            await links.open(link, key)
        except LinkRefused as error:
            log.info("upload_link_refused", reason=type(error).__name__)
            raise HTTPException(403, type(error).__name__) from None

    @pages.get("")
    async def shown(owner_id: Annotated[int, Depends(owner)]) -> dict[str, Any]:
        return {
            "uploads": [_shown(upload) for upload in await uploads.of(owner_id)],
            "free": max(0, room.quota - await room.used(owner_id)),
        }

    site.include_router(pages)
    site.include_router(tus_routes(uploads, owner, words.not_begun))


async def _opening(request: Request) -> tuple[str, str]:
    """The link's secret and the page's key; read by hand, since it comes from anybody."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > LONGEST_OPENING:
                raise HTTPException(413, "That is more than a page sends.")
        told = json.loads(body)
        link, key = told["link"], told["key"]
    except (ClientDisconnect, ValueError, RecursionError, KeyError, TypeError):
        raise HTTPException(400, "A page sends its link and its key.") from None
    if not (isinstance(link, str) and isinstance(key, str)):
        raise HTTPException(400, "A page sends its link and its key.")
    return link, key


def _shown(upload: UploadView) -> dict[str, Any]:
    refused = upload.state is UploadState.REFUSED
    return {
        "id": upload.id,
        "name": upload.file_name,
        "size": upload.size,
        "received": upload.received,
        "state": upload.state,
        "modified": upload.modified_ms,
        "sample": upload.sample,
        "reason": words.refusal_on_page(upload.refusal or {}) if refused else None,
    }
