"""Media that a request describes in JSON: the albums a bot sends, and media put in others' place.

Source: https://core.telegram.org/bots/api#inputmedia
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.telegram.chats import Json
from sandbox.telegram.errors import ApiError
from sandbox.telegram.html import Entity
from sandbox.telegram.parameters import Parameters
from sandbox.telegram.sending import caption_of, file_in, post, shape, shown
from sandbox.telegram.world import World

LEAST, MOST = 2, 10
"""Items of an album."""
_COMMON = {"type", "media", "caption", "parse_mode", "caption_entities"}
_SHOWN = {"has_spoiler", "show_caption_above_media"}
_MEASURES = {"width", "height", "duration"}
_FIELDS = {
    "photo": _COMMON | _SHOWN,
    "video": _COMMON | _SHOWN | _MEASURES | {"supports_streaming"},
    "animation": _COMMON | _SHOWN | _MEASURES,
    "document": _COMMON | {"disable_content_type_detection"},
}
_ALONE = {"document"}  # in an album only among themselves
_NEVER = {"animation"}


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item, ready to be a message's content."""

    kind: str
    text: str
    entities: list[Entity]
    media: Json
    extra: Json


async def item(world: World, given: Any) -> Item:
    """Read an InputMedia whose attached file, if any, stands in it already."""
    kind = _kind(given)
    text, entities = caption_of(given)
    file = await file_in(world, given.get("media"), kind)
    content = await shape(world, file, given)
    return Item(kind=kind, text=text, entities=entities, media=content, extra=shown(given))


async def send_media_group(world: World, given: Parameters) -> list[Json]:
    """2 to 10 items as messages of one album; it cannot have buttons."""
    listed = given.get("media")
    if not isinstance(listed, list):
        raise ApiError("can't parse media JSON object")
    if len(listed) < LEAST:
        raise ApiError("too few messages to send as an album")
    if len(listed) > MOST:
        raise ApiError("too many messages to send as an album")
    kinds = {_kind(each) for each in listed}
    if kinds & _NEVER:
        raise ApiError("animations can't be sent in an album")
    if kinds & _ALONE and len(kinds) > 1:
        raise ApiError("Documents can't be mixed with other media types")
    chat = world.reachable(given.get("chat_id"))
    items = [await item(world, each) for each in listed]
    album = str(world.second() * 1000 + len(chat.messages))
    return [
        post(
            world,
            given,
            text=each.text,
            entities=each.entities,
            media=each.media,
            extra={**each.extra, "media_group_id": album},
        )
        for each in items
    ]


def _kind(given: Any) -> str:
    if not isinstance(given, dict):
        raise ApiError("can't parse InputMedia: expected an Object")
    kind = given.get("type")
    if kind not in _FIELDS:
        raise ApiError("can't parse InputMedia: wrong type of the media")
    for name in given.keys() - _FIELDS[kind]:
        raise ApiError(f'can\'t parse InputMedia: unknown field "{name}"')
    return str(kind)
