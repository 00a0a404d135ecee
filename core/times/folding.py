"""Texts as they are compared: without case, accents and the many forms of digits and marks."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar

_T = TypeVar("_T")

# Signs that stand for the same in time words but share no decomposition.
_SAME = {
    **dict.fromkeys("\u2019\u2018\u02bc\u02bb`\u00b4\u2032", "'"),
    **dict.fromkeys("\u2010\u2212", "-"),
    **{"\u060c": ",", "\u066b": ".", "\u0964": ".", "\u2044": "/"},
    **{
        "\u0131": "i",
        "\u0629": "\u0647",
        "\u0649": "\u064a",
        "\u0640": "",
    },  # dotless i, ة, ى, tatweel
}

# Combining classes of vowel signs and of the virama, which make syllables of the letters of
# Indian scripts; all other marks (accents, harakat, nukta) are often left out when typing.
_MARKS_OF_SYLLABLES = (0, 9)


def fold(text: str) -> str:
    """Return `text` as compared."""
    return fold_mapped(text)[0]


def fold_mapped(text: str) -> tuple[str, tuple[int, ...]]:
    """Return `text` as compared, and for each of its positions and the end that of the original.

    Line ends stay, other space is a plain one.
    """
    folded: list[str] = []
    origins: list[int] = []
    for position, character in enumerate(text):
        for plain in _plain(character):
            folded.append(plain)
            origins.append(position)
    return "".join(folded), (*origins, len(text))


def _plain(character: str) -> Iterator[str]:
    if character == "\n":
        yield character
        return
    for part in unicodedata.normalize("NFKD", character.casefold()):
        if part.isspace():
            yield " "
        elif part.isdecimal():
            yield str(unicodedata.decimal(part))
        elif unicodedata.combining(part) in _MARKS_OF_SYLLABLES and not _invisible(part):
            yield from _SAME.get(part, part)


def _invisible(character: str) -> bool:
    """Whether it only steers how text is shown, such as the marks of writing direction."""
    return unicodedata.category(character) == "Cf"


# What may not follow a word; Python counts the vowel signs of Devanagari as no part of words.
_SYLLABLE_SIGNS = "\u0900-\u0963\u0971-\u097f"
NO_LETTER = rf"(?![^\W\d]|[{_SYLLABLE_SIGNS}])"
WORD_END = rf"(?![\w{_SYLLABLE_SIGNS}])"


def any_of(words: Collection[str], *, whole: bool = True) -> str:
    """Return a pattern for any of `words` in folded text, the longest first; of none, for none.

    A word ends where its letters end, unless not `whole`. Spaces and hyphens inside a phrase
    stand for each other.
    """
    if not words:
        return "(?!)"
    keys = sorted({spoken(word) for word in words}, key=len, reverse=True)
    return "(?:" + "|".join(_pattern(key, whole=whole) for key in keys) + ")"


def _pattern(key: str, *, whole: bool) -> str:
    ends_in_letter = key[-1].isalpha() or unicodedata.category(key[-1]).startswith("M")
    return re.escape(key).replace(r"\ ", "[ -]+") + (NO_LETTER if whole and ends_in_letter else "")


def spoken(words: str) -> str:
    """Return `words` as a key: folded, with one plain space for each gap."""
    return " ".join(fold(words).replace("-", " ").split())


def keyed(table: Mapping[str, _T]) -> dict[str, _T]:
    """Return a table of words by their keys."""
    return {spoken(word): meaning for word, meaning in table.items()}
