"""Telegram's HTML: read into plain text with entities, and written back.

The reader refuses what the real server refuses and in its words, which count positions in bytes.
Source: https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from sandbox.telegram.errors import ApiError
from sandbox.telegram.links import checked_link

Entity = dict[str, Any]

_PLAIN_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
}
_TAGS = {*_PLAIN_TAGS, "a", "blockquote", "tg-time", "tg-emoji"}
_WRITTEN = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6});?|#([0-9]{1,7});?|(lt|gt|amp|quot);?)")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_BARE_VALUE = re.compile(r"[A-Za-z0-9.-]*")
_TIME_FORMAT = re.compile(r"(?:r|w?[dD]?[tT]?)")


def units(text: str) -> int:
    """Length in UTF-16 code units, which is how Telegram counts."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def cut(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity's offset and length (UTF-16 units) name."""
    return text.encode("utf-16-le")[offset * 2 : (offset + length) * 2].decode("utf-16-le")


def in_order(entities: list[Entity]) -> list[Entity]:
    """Entities as the server lists them: by offset, the longer before those inside it."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


@dataclass(kw_only=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    begins_in: int  # index among the text's pieces
    number: int  # in the order of start tags


@dataclass
class _Reader:
    source: str
    position: int = 0
    pieces: list[str] = field(default_factory=list)
    offset: int = 0
    found: dict[int, Entity] = field(default_factory=dict)  # by number of the start tag
    opened: int = 0
    stack: list[_Open] = field(default_factory=list)

    def read(self) -> tuple[str, list[Entity]]:
        while self.position < len(self.source):
            if self.source[self.position] != "<":
                self._append(self._character())
            elif self.source.startswith("</", self.position):
                self._end_tag()
            else:
                self._start_tag()
        if self.stack:
            raise _refused(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        entities = [self.found[number] for number in sorted(self.found)]
        return "".join(self.pieces), in_order(entities)

    def _append(self, character: str) -> None:
        self.pieces.append(character)
        self.offset += units(character)

    def _character(self) -> str:
        """The next character, a reference such as &lt; or &#128640; decoded."""
        found = _REFERENCE.match(self.source, self.position)
        code = (
            int(found[1], 16) if found and found[1] else int(found[2]) if found and found[2] else 0
        )
        if found is None or (not found[3] and not 0 < code <= 0x10FFFF):
            self.position += 1
            return self.source[self.position - 1]
        if 0xD800 <= code <= 0xDFFF:
            raise _refused(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        self.position = found.end()
        return _NAMED[found[3]] if found[3] else chr(code)

    def _start_tag(self) -> None:
        begin = self.position
        self.position += 1
        tag = self._take(_TAG_NAME).lower()
        if self._at_end():
            raise self._refused_at("Unclosed start tag", begin)
        if tag not in _TAGS:
            raise self._refused_at(f'Unsupported start tag "{tag}"', begin)
        attributes = dict(self._attributes(tag, begin))
        self.position += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._refused_at('Tag "span" must have class "tg-spoiler"', begin)
        self.opened += 1
        self.stack.append(
            _Open(
                number=self.opened,
                tag=tag,
                attributes=attributes,
                offset=self.offset,
                begins_in=len(self.pieces),
            )
        )

    def _attributes(self, tag: str, begin: int) -> Iterator[tuple[str, str]]:
        while True:
            self._skip_space()
            if self._at_end():
                raise self._refused_at(f'Unclosed start tag "{tag}"', begin)
            if self.source[self.position] == ">":
                return
            name = self._take(_ATTRIBUTE_NAME).lower()
            if not name:
                raise self._refused_at(f'Empty attribute name in the tag "{tag}"', begin)
            self._skip_space()
            if not self.source.startswith("=", self.position):
                if tag == "blockquote" and name == "expandable":  # the one valueless attribute
                    yield "expandable", ""
                    continue
                if self._at_end():
                    raise self._refused_at(f'Unclosed start tag "{tag}"', begin)
                raise self._refused_at(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin
                )
            self.position += 1
            self._skip_space()
            if self._at_end():
                raise self._refused_at(f'Unclosed start tag "{tag}"', begin)
            yield name, self._attribute_value(begin)

    def _attribute_value(self, begin: int) -> str:
        quote = self.source[self.position]
        if quote not in "\"'":
            bare_begin = self.position
            bare = self._take(_BARE_VALUE).lower()
            if not re.match(r"[\s>]", self.source[self.position : self.position + 1]):
                raise self._refused_at("Unexpected end of name token", bare_begin)
            return bare
        self.position += 1
        value = []
        while not self._at_end() and self.source[self.position] != quote:
            value.append(self._character())
        if self._at_end():
            raise self._refused_at("Unclosed start tag", begin)
        self.position += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.position
        if not self.stack:
            raise self._refused_at("Unexpected end tag", begin)
        self.position += 2
        tag = self._take(_TAG_NAME).lower()
        self._skip_space()
        if self._at_end() or self.source[self.position] != ">":
            raise self._refused_at("Unclosed end tag", begin)
        self.position += 1
        opened = self.stack.pop()
        if tag not in ("", opened.tag):
            raise _refused(
                f"Unmatched end tag at byte offset {self._bytes(begin)}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        length = self.offset - opened.offset
        if length:
            self._close(opened, length)

    def _close(self, opened: _Open, length: int) -> None:
        tag, attributes = opened.tag, opened.attributes
        entity: Entity = {"offset": opened.offset, "length": length}
        if tag == "a":
            target = attributes.get("href") or "".join(self.pieces[opened.begins_in :])
            try:
                entity |= {"type": "text_link", "url": checked_link(target)}
            except ValueError:
                return  # the server shows the words and silently leaves out the link
        elif tag == "blockquote":
            entity["type"] = "expandable_blockquote" if "expandable" in attributes else tag
        elif tag == "tg-time":
            entity |= _time(attributes)
        elif tag == "tg-emoji":
            if not attributes.get("emoji-id", "").isdecimal():
                raise _refused("Invalid custom emoji identifier specified")
            entity |= {"type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]}
        elif tag == "code" and self._inside_pre(opened) and "class" in attributes:
            self.stack[-1].attributes["language"] = attributes["class"].removeprefix("language-")
            return
        else:
            entity["type"] = _PLAIN_TAGS[tag]
            if "language" in attributes:
                entity["language"] = attributes["language"]
        self.found[opened.number] = entity

    def _inside_pre(self, opened: _Open) -> bool:
        return (
            bool(self.stack)
            and self.stack[-1].tag == "pre"
            and (self.stack[-1].offset == opened.offset)
        )

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.position)
        if found is None:
            return ""
        self.position = found.end()
        return found[0]

    def _skip_space(self) -> None:
        while not self._at_end() and self.source[self.position].isspace():
            self.position += 1

    def _at_end(self) -> bool:
        return self.position >= len(self.source)

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _refused_at(self, reason: str, position: int) -> ApiError:
        return _refused(f"{reason} at byte offset {self._bytes(position)}")


def _refused(reason: str) -> ApiError:
    return ApiError(f"can't parse entities: {reason}")


def _time(attributes: dict[str, str]) -> Entity:
    unix, style = attributes.get("unix", ""), attributes.get("format", "")
    if not unix.isdecimal() or not _TIME_FORMAT.fullmatch(style):
        raise _refused("Invalid date-time specified")
    entity: Entity = {"type": "date_time", "unix_time": int(unix)}
    return entity | ({"date_time_format": style} if style else {})


def read_html(source: str) -> tuple[str, list[Entity]]:
    """Split HTML into plain text and entities (offsets in UTF-16 units).

    Raises ApiError "can't parse entities: ..." for an unknown tag, a tag left open or unmatched,
    or a wrong attribute.
    """
    return _Reader(source).read()


def write_html(text: str, entities: list[Entity]) -> str:
    """Put entities back into a text as tags; those the server found by itself get none."""
    marks: list[tuple[int, int, str]] = []
    for order, entity in enumerate(entities):
        start, end = _tags(entity)
        if start:
            last = entity["offset"] + entity["length"]
            marks.append((entity["offset"], order, start))
            marks.append((last, -order - 1, end))  # ends come first, the innermost before
    written, position = [], 0
    for offset, _, tag in sorted(marks):
        written += [escape(cut(text, position, offset - position)), tag]
        position = offset
    return "".join([*written, escape(cut(text, position, units(text)))])


def _tags(entity: Entity) -> tuple[str, str]:
    match entity:
        case {"type": "text_link", "url": url}:
            return f'<a href="{escape(url)}">', "</a>"
        case {"type": "date_time", "unix_time": unix}:
            style = entity.get("date_time_format", "")
            return f'<tg-time unix="{unix}"' + (
                f' format="{style}">' if style else ">"
            ), "</tg-time>"
        case {"type": "custom_emoji", "custom_emoji_id": emoji}:
            return f'<tg-emoji emoji-id="{emoji}">', "</tg-emoji>"
        case {"type": "expandable_blockquote"}:
            return "<blockquote expandable>", "</blockquote>"
        case {"type": "pre", "language": language}:
            return f'<pre><code class="language-{escape(language)}">', "</code></pre>"
        case {"type": kind} if kind in _WRITTEN:
            return f"<{_WRITTEN[kind]}>", f"</{_WRITTEN[kind]}>"
    return "", ""
