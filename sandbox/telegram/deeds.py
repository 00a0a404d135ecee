"""What a person does through the chat page: each request becomes a call of Person's method."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import IO, Any, get_args

from starlette.requests import Request

from sandbox.telegram.chats import Json
from sandbox.telegram.person import ClipKind, Person
from sandbox.telegram.world import World

LARGEST_FILE = 2000 << 20  # of an account without Premium

_CLIP_KINDS: dict[str, ClipKind] = {kind: kind for kind in get_args(ClipKind)}

Deed = Callable[[World, Person, Request], Awaitable[Any]]


async def send(world: World, person: Person, request: Request) -> Json:  # noqa: ARG001  as all
    body = await request.json()
    return await person.send(str(body["text"]), reply_to=_number(body.get("reply_to")))


async def edit(world: World, person: Person, request: Request) -> Json:  # noqa: ARG001
    body = await request.json()
    return await person.edit(int(body["message"]), str(body["text"]))


async def delete(world: World, person: Person, request: Request) -> None:  # noqa: ARG001
    await person.delete(int((await request.json())["message"]))


async def tap(world: World, person: Person, request: Request) -> None:  # noqa: ARG001
    body = await request.json()
    await person.tap(data=str(body["data"]), message=int(body["message"]))


async def location(world: World, person: Person, request: Request) -> Json:  # noqa: ARG001
    body = await request.json()
    return await person.send_location(float(body["latitude"]), float(body["longitude"]))


async def stop(world: World, person: Person, request: Request) -> None:  # noqa: ARG001
    await person.block()


async def restart(world: World, person: Person, request: Request) -> None:  # noqa: ARG001
    await person.unblock()


async def file(world: World, person: Person, request: Request) -> Json:
    """The body is the file; how it is sent stands in the query."""
    query = request.query_params
    measures: dict[str, Any] = {
        name: int(float(query[name])) for name in ("width", "height", "duration") if name in query
    }
    caption, album = query.get("caption"), query.get("album")
    if album is not None and not album.isdecimal():
        raise ValueError("an album is named by a number")
    with tempfile.NamedTemporaryFile(dir=world.files.folder) as upload:
        await _save(request.stream(), upload)
        if query.get("as") == "photo":
            return await person.send_photo(upload.name, caption=caption, album=album)
        return await person.send_clip(
            upload.name,
            as_=_CLIP_KINDS[query.get("as", "video")],
            caption=caption,
            file_name=query.get("name", "clip.mp4"),
            mime_type=query.get("type") or None,
            album=album,
            **measures,
        )


DEEDS: dict[str, Deed] = {
    "send": send,
    "edit": edit,
    "delete": delete,
    "tap": tap,
    "location": location,
    "file": file,
    "stop": stop,
    "restart": restart,
}


async def _save(body: AsyncIterator[bytes], target: IO[bytes]) -> None:
    size = 0
    async for chunk in body:
        size += len(chunk)
        if size > LARGEST_FILE:
            raise ValueError("Telegram takes files of up to 2 GB")
        await asyncio.to_thread(target.write, chunk)
    await asyncio.to_thread(target.flush)


def _number(value: Any) -> int | None:
    return None if value is None else int(value)
