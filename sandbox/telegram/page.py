"""The chat page: a browser tab in which a person chats with the bot.

A thin JSON API under /person/{id}/ calls the same methods of Person that tests call. It answers
only to this machine's own names and origins, so that no other web page can speak for the person.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import IO, Any, get_args
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.telegram.chats import Chat, Json, Message
from sandbox.telegram.errors import ApiError
from sandbox.telegram.person import ClipKind, Person
from sandbox.telegram.profile import commands_for
from sandbox.telegram.world import World

POLL_SECONDS = 25.0
ACTION_SECONDS = 5
_STATIC = Path(__file__).parent / "static"
_NAMES = ("localhost", "127.0.0.1", "::1")
_CLIP_KINDS: dict[str, ClipKind] = {kind: kind for kind in get_args(ClipKind)}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

_Endpoint = Callable[[Request], Awaitable[Response]]


def routes(world: World, meet: Callable[..., Person]) -> list[BaseRoute]:
    """The page at /, its static files, and the JSON API; `meet` gives the person with an id."""
    epoch = secrets.token_hex(4)  # a page left open over a restart starts anew

    def person(request: Request) -> Person:
        known = request.query_params
        names = {name: known[name] for name in ("first_name", "language_code") if name in known}
        return meet(request.path_params["person"], **names)

    async def index(request: Request) -> Response:  # noqa: ARG001  the same page for all
        return FileResponse(_STATIC / "index.html", headers=_HEADERS)

    async def events(request: Request) -> Response:
        chat = world.chats[person(request).id]
        begun, _, count = request.query_params.get("after", "").partition(".")
        after = int(count) if begun == epoch and count.isdecimal() else 0
        fresh = after == 0
        if not fresh:
            await chat.changes.after(after, POLL_SECONDS)
        news = _news(world, chat, after)
        return JSONResponse({**news, "cursor": f"{epoch}.{chat.changes.count}", "fresh": fresh})

    async def send(request: Request) -> Response:
        body = await request.json()
        return JSONResponse(await person(request).send(str(body["text"])))

    async def tap(request: Request) -> Response:
        body = await request.json()
        await person(request).tap(data=str(body["data"]), message=int(body["message"]))
        return JSONResponse({})

    async def clip(request: Request) -> Response:
        query = request.query_params
        measures: dict[str, Any] = {
            name: int(float(query[name]))
            for name in ("width", "height", "duration")
            if name in query
        }
        with tempfile.NamedTemporaryFile(dir=world.files.folder) as upload:
            await _save(request.stream(), upload)
            sent = await person(request).send_clip(
                upload.name,
                as_=_CLIP_KINDS[query.get("as", "video")],
                caption=query.get("caption"),
                file_name=query.get("name", "clip.mp4"),
                mime_type=query.get("type") or None,
                **measures,
            )
        return JSONResponse(sent)

    async def file(request: Request) -> Response:
        try:
            found = world.files.by_id(request.path_params["file"])
        except ApiError:
            return PlainTextResponse("No such file.\n", status_code=404)
        shown = found.mime_type.startswith(("video/", "image/")) and "svg" not in found.mime_type
        mime_type = found.mime_type if shown else "application/octet-stream"
        return FileResponse(found.path, media_type=mime_type, headers=_HEADERS)

    return [
        Route("/", index),
        Mount("/static", StaticFiles(directory=_STATIC)),
        Route("/person/{person:int}/events", _guarded(events)),
        Route("/person/{person:int}/send", _guarded(send), methods=["POST"]),
        Route("/person/{person:int}/tap", _guarded(tap), methods=["POST"]),
        Route("/person/{person:int}/clip", _guarded(clip), methods=["POST"]),
        Route("/person/{person:int}/files/{file}", _guarded(file)),
    ]


def _guarded(endpoint: _Endpoint) -> _Endpoint:
    """Refuse other sites' pages, and say in words what a person cannot do."""

    async def answer(request: Request) -> Response:
        origin = request.headers.get("origin")
        own = request.url.hostname in _NAMES
        if not own or (origin and urlsplit(origin).netloc != request.url.netloc):
            return PlainTextResponse("Not from another site.\n", status_code=403)
        try:
            return await endpoint(request)
        except (AssertionError, KeyError, TypeError, ValueError) as reason:
            return JSONResponse({"reason": str(reason)}, status_code=400)

    return answer


async def _save(body: AsyncIterator[bytes], target: IO[bytes]) -> None:
    async for chunk in body:
        await asyncio.to_thread(target.write, chunk)
    await asyncio.to_thread(target.flush)


def _news(world: World, chat: Chat, after: int) -> Json:
    """What changed in a chat since a revision, and the little that stands beside it."""
    action = chat.action
    acting = action is not None and world.second() - action[1] < ACTION_SECONDS
    return {
        "bot": world.bot,
        "started": chat.started,
        "messages": [
            _message(chat, message)
            for message in chat.messages.values()
            if message.revision > after
        ],
        "removed": [number for number, revision in chat.removed.items() if revision > after],
        "toasts": [
            {"text": toast.text, "alert": toast.alert}
            for toast in chat.toasts
            if after and toast.revision > after
        ],
        "keyboard": chat.keyboard,
        "commands": commands_for(world, chat),
        "action": action[0] if action is not None and acting else None,
    }


def _message(chat: Chat, message: Message) -> Json:
    keyboard = (message.keyboard or {}).get("inline_keyboard", [])
    replied: Any = chat.messages.get(message.reply_to or 0)
    return {
        "id": message.id,
        "from_bot": message.from_bot,
        "date": message.date,
        "edited": message.edits > 0,
        "text": message.text,
        "entities": message.entities,
        "media": message.media,
        "keyboard": keyboard,
        "reply_to": replied.text[:80] if replied else None,
        "reactions": [reaction["emoji"] for reaction in message.reaction],
    }
