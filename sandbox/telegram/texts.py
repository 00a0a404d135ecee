"""The text of a message: parsed, trimmed, measured, and searched for links and commands."""

from __future__ import annotations

import re
from typing import Any

from sandbox.telegram.errors import ApiError
from sandbox.telegram.html import Entity, in_order, read_html, units

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100

_FOUND = (
    (
        "url",
        re.compile(
            r"(?<![\w@./])(?:https?://[^\s<>]+|(?:[\w-]+\.)+(?:com|org|net|io|me|tv|app|dev)(?:/[^\s<>]*)?(?![\w.-]))"
        ),
    ),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/<>@.])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z]\w{3,31}(?!\w)", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
)
_KINDS = {
    "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote",
    "expandable_blockquote", "text_link", "date_time", "custom_emoji", "url", "email",
    "bot_command", "mention", "hashtag", "cashtag", "phone_number", "text_mention",
}  # fmt: skip
_OPAQUE = {"code", "pre", "text_link", "url", "email", "date_time"}


def written(source: str, parse_mode: str | None, given: Any) -> tuple[str, list[Entity]]:
    """A bot's text as the server keeps it: parsed, trimmed at both ends, links found.

    `given` are the entities of the request, used when no parse_mode is. HTML is the one
    parse_mode that is understood.
    """
    if parse_mode and parse_mode.lower() != "html":
        raise ApiError("unsupported parse_mode")
    text, entities = read_html(source) if parse_mode else (source, _checked(source, given))
    text, entities = _trimmed(text, entities)
    return text, _with_found(text, entities)[:ENTITY_LIMIT]


def typed(text: str) -> tuple[str, list[Entity]]:
    """A person's text as the server keeps it."""
    text = text.strip()
    return text, _with_found(text, [])


def message_text(
    source: str | None, parse_mode: str | None, given: Any
) -> tuple[str, list[Entity]]:
    """The text of a message, 1 to 4096 UTF-16 units once parsed."""
    if not source:
        raise ApiError("message text is empty")
    text, entities = written(source, parse_mode, given)
    if not text:
        raise ApiError("text must be non-empty")
    if units(text) > TEXT_LIMIT:
        raise ApiError("message is too long")
    return text, entities


def caption_text(
    source: str | None, parse_mode: str | None, given: Any
) -> tuple[str, list[Entity]]:
    """The caption of a file, 0 to 1024 UTF-16 units once parsed."""
    text, entities = written(source or "", parse_mode, given)
    if units(text) > CAPTION_LIMIT:
        raise ApiError("message caption is too long")
    return text, entities


def _checked(text: str, given: Any) -> list[Entity]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise ApiError("can't parse entities: expected an Array of MessageEntity")
    length = units(text)
    for entity in given:
        if not isinstance(entity, dict) or entity.get("type") not in _KINDS:
            raise ApiError("can't parse entities: unsupported type of MessageEntity")
        offset, size = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(size, int) or offset < 0 or size < 1:
            raise ApiError("can't parse entities: wrong offset or length of MessageEntity")
        if offset + size > length:
            raise ApiError(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text"
            )
    return in_order(given)


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    shift = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        length = min(entity["offset"] + entity["length"] - shift, end) - start
        if length > 0:
            kept.append({**entity, "offset": start, "length": length})
    return text, kept


def _with_found(text: str, entities: list[Entity]) -> list[Entity]:
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in _OPAQUE
    ]
    found = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            hit = match[0].rstrip(".,:;!?'\")") if kind == "url" else match[0]
            start = units(text[: match.start()])
            end = start + units(hit)
            if all(end <= left or start >= right for left, right in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    return in_order([*entities, *found])
