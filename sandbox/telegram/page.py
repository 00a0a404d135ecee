"""The chat page: a browser tab in which persons chat with the bot, each on a phone of their own.

A thin JSON API calls the same methods of Person that tests call. It answers only to this machine's
own names and origins, so that no other web page can speak for a person.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.loopback import from_own_page
from sandbox.telegram.chats import Json
from sandbox.telegram.deeds import DEEDS, Deed
from sandbox.telegram.errors import ApiError
from sandbox.telegram.news import news, private_chats
from sandbox.telegram.person import Person
from sandbox.telegram.studio import MENU, Studio
from sandbox.telegram.world import World

POLL_SECONDS = 25.0

_STATIC = Path(__file__).parent / "static"
_FIRST_PEOPLE = ((42, "Ana", "en"), (43, "Ben", "es"), (44, "Vera", "ru"))
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LONGEST_NAME = 64
_NUMBERS = 1 << 52
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

_Endpoint = Callable[[Request], Awaitable[Response]]


def routes(world: World, meet: Callable[..., Person]) -> list[BaseRoute]:
    """The page at /, its static files, and the JSON API; `meet` gives the person with an id."""
    epoch = secrets.token_hex(4)  # a page left open over a restart starts anew
    studio = Studio(world.files.folder)

    def person(request: Request) -> Person:
        known = {chat.id for chat in private_chats(world)}
        if request.path_params["person"] not in known:
            raise ValueError("Nobody here has this number.")
        return meet(request.path_params["person"])

    async def index(request: Request) -> Response:  # noqa: ARG001  the same page for all
        return FileResponse(_STATIC / "index.html", headers=_HEADERS)

    async def events(request: Request) -> Response:
        if not private_chats(world):
            for number, name, language in _FIRST_PEOPLE:
                meet(number, first_name=name, language_code=language)
        begun, _, count = request.query_params.get("after", "").partition(".")
        after = int(count) if begun == epoch and count.isdecimal() else 0
        if after:
            await world.changes.after(after, POLL_SECONDS)
        if world.closed:
            return PlainTextResponse("The sandbox is stopping.\n", status_code=503)
        told = {**news(world, after), "fresh": after == 0}
        return JSONResponse({**told, "cursor": f"{epoch}.{world.changes.count}"})

    async def people(request: Request) -> Response:
        return JSONResponse({"id": _introduced(world, meet, await request.json()).id})

    async def samples(request: Request) -> Response:  # noqa: ARG001  the same for all
        return JSONResponse(MENU)

    async def sample(request: Request) -> Response:
        body = await request.json()
        lines = studio.make_and_send(
            person(request),
            [str(name) for name in body["names"]],
            as_="document" if body.get("as") == "document" else "video",
            caption=body.get("caption"),
        )
        return StreamingResponse(lines, media_type="application/x-ndjson")

    async def file(request: Request) -> Response:
        return _file(world, request.path_params["file"], "download" in request.query_params)

    def deed(do: Deed) -> _Endpoint:
        async def endpoint(request: Request) -> Response:
            done: Any = await do(world, person(request), request)
            return JSONResponse(done or {})

        return endpoint

    return [
        Route("/", index),
        Mount("/static", _Static(directory=_STATIC)),
        Route("/events", _guarded(events)),
        Route("/people", _guarded(people), methods=["POST"]),
        Route("/samples", _guarded(samples)),
        Route("/files/{file}", _guarded(file)),
        Route("/person/{person:int}/sample", _guarded(sample), methods=["POST"]),
        *(
            Route(f"/person/{{person:int}}/{name}", _guarded(deed(do)), methods=["POST"])
            for name, do in DEEDS.items()
        ),
    ]


def _introduced(world: World, meet: Callable[..., Person], given: Json) -> Person:
    """Someone new, or who has this `id` already."""
    name, language = str(given["first_name"]).strip(), str(given["language_code"]).strip()
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise ValueError("A first name has 1 to 64 characters.")
    if not _LANGUAGE.fullmatch(language):
        raise ValueError("A language is a code such as en, es or pt-br.")
    newest = max((chat.id for chat in private_chats(world)), default=0)
    number = int(given.get("id") or newest + 1)
    if not 0 < number < _NUMBERS:
        raise ValueError("A person's number is positive and has up to 52 bits.")
    return meet(number, first_name=name, language_code=language)


def _file(world: World, file_id: str, download: bool) -> Response:
    """A file to be shown, or to be saved under its name."""
    try:
        found = world.files.by_id(file_id)
    except ApiError:
        return PlainTextResponse("No such file.\n", status_code=404)
    if not found.path.exists():
        return PlainTextResponse("The file is gone.\n", status_code=404)
    shown = found.mime_type.startswith(("video/", "image/")) and "svg" not in found.mime_type
    return FileResponse(
        found.path,
        media_type=found.mime_type if shown else "application/octet-stream",
        filename=None if shown and not download else found.name,
        headers=_HEADERS,
    )


class _Static(StaticFiles):
    """Static files that a browser asks about each time, so that a new version shows at once."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        response = super().file_response(*given, **named)
        response.headers.update(_HEADERS)
        return response


def _guarded(endpoint: _Endpoint) -> _Endpoint:
    """Refuse other sites' pages, and say in words what a person cannot do."""

    async def answer(request: Request) -> Response:
        if not from_own_page(request):
            return PlainTextResponse("Not from another site.\n", status_code=403)
        try:
            return await endpoint(request)
        except KeyError:
            return JSONResponse({"reason": "That is not here any more."}, status_code=400)
        except (AssertionError, TypeError, ValueError) as reason:
            return JSONResponse({"reason": str(reason)}, status_code=400)

    return answer
