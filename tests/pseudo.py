"""A made-up language that shows what nobody has translated: its letters are wide ones."""

import re
import string
from pathlib import Path

from bot.language import learn
from bot.locale.messages import collected, write

PSEUDO = "qps"
_WIDE = str.maketrans({letter: chr(ord(letter) + 0xFEE0) for letter in string.ascii_letters})
_KEPT = re.compile(r"(\{\w+\}|<code>[^<]*</code>|<[^>]*>|&\w+;|/[a-z]+)")
"""Fields, code, tags, entities and commands are the same in every language."""


def pseudo(text: str) -> str:
    """The text in that language: Latin letters in their wide forms."""
    parts = _KEPT.split(text)
    return "".join(part if _KEPT.fullmatch(part) else part.translate(_WIDE) for part in parts)


def speak_pseudo(folder: Path) -> None:
    """Have the bot know the language, with every message of the code in it."""
    catalog = collected()
    catalog.locale = "en"  # for its plurals
    for message in catalog:
        if isinstance(message.id, str):
            message.string = pseudo(message.id)
        else:
            message.string = tuple(pseudo(form) for form in message.id)
    path = folder / "pseudo.po"
    write(path, catalog)
    learn(PSEUDO, path)


_PLAIN = re.compile(r"[A-Za-z][A-Za-z']+")
_SAME_IN_EVERY_LANGUAGE = re.compile(
    r"<code>[^<]*</code>|<[^>]*>|&\w+;"  # what is typed as it stands, tags, entities
    r"|(?<!\w)/[a-z]+"  # commands
    r"|https?://\S+"
    r"|UTC"
    r"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Mo|Tu|We|Th|Fr|Sa|Su)\b"  # days are Babel's affair
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
    r"|\b(?:English|Español|Русский)\b"  # each language in its own words
)


def untranslated(html: str, *, names: list[str]) -> list[str]:
    """The words in plain letters that are neither names nor the same in every language."""
    for name in sorted(names, key=len, reverse=True):
        html = html.replace(name, " ")
    return _PLAIN.findall(_SAME_IN_EVERY_LANGUAGE.sub(" ", html))
