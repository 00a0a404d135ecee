"""Finding what is to be translated, and bringing the catalogs up to date with it.

`python -m bot.locale` does both after a change of any text: new messages come into the catalogs
without a translation, those that are gone are taken out.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "core")
"""Where there are texts for creators."""
MARKS = {"_": 1, "N_": 1, "ngettext": 2}
"""The calls that mark a message, and how many of their arguments are one."""
WIDTH = 90


@dataclass(frozen=True, kw_only=True)
class Found:
    """A message and where it stands; `plural` where it depends on a number."""

    text: str
    plural: str | None
    file: str
    line: int


class NotExtractable(Exception):
    """A message that is put together before it is translated, so that no catalog can have it."""


def found() -> Iterator[Found]:
    """Every message of the code, file after file; raises `NotExtractable`."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            file = path.relative_to(ROOT).as_posix()
            yield from in_source(path.read_text(), file)


def in_source(source: str, file: str) -> Iterator[Found]:
    """The messages of one file, in their order."""
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS
    ]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        assert isinstance(call.func, ast.Name)  # noqa: S101 - said to the type checker
        texts = call.args[: MARKS[call.func.id]]
        if any(isinstance(text, ast.JoinedStr | ast.BinOp) for text in texts):
            raise NotExtractable(f"{file}:{call.lineno}: {ast.unparse(call)}")
        words = [text.value for text in texts if isinstance(text, ast.Constant)]
        if words and len(words) == len(texts):  # else a name: what it holds is marked where it is
            text, *plural = map(str, words)
            plural_text = plural[0] if plural else None
            yield Found(text=text, plural=plural_text, file=file, line=call.lineno)


def collected() -> Catalog:
    """A catalog of all messages, without translations."""
    template = Catalog()
    for each in found():
        names = (each.text, each.plural) if each.plural else each.text
        template.add(names, locations=[(each.file, each.line)])
    return template


def brought_up_to_date(path: Path, language: str) -> Catalog:
    """The catalog in this file with exactly the messages of the code; not written yet."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    catalog.update(collected(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def write(path: Path, catalog: Catalog) -> None:
    """Write a catalog, so that an unchanged one stays the same to the byte."""
    with path.open("wb") as file:
        file.write(
            f'msgid ""\nmsgstr ""\n'
            f'"Language: {catalog.locale_identifier}\\n"\n'
            f'"Plural-Forms: {catalog.plural_forms}\\n"\n'
            f'"Content-Type: text/plain; charset=utf-8\\n"\n\n'.encode()
        )
        write_po(file, catalog, width=WIDTH, omit_header=True, include_lineno=False)
