"""Reading a sheet: the bytes of a .csv file to rows of plain text, whatever program wrote it."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import ClipCueError

LARGEST_SHEET = 256 << 10  # bytes
MOST_ROWS = 500

FILE_NAME = "file_name"
COLUMNS = (
    *(FILE_NAME, "caption", "when", "account", "privacy", "comment", "duet", "stitch"),
    *("your_brand", "branded_content", "ai_generated"),
)
"""What a sheet may say of each post; only the first has to be there."""

_DELIMITERS = ",;\t"
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class SheetFault(StrEnum):
    """Why a file is no sheet at all."""

    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    EMPTY = "empty"
    BROKEN_QUOTES = "broken_quotes"
    TOO_MANY_ROWS = "too_many_rows"
    NO_FILE_NAMES = "no_file_names"
    UNKNOWN_COLUMN = "unknown_column"
    COLUMN_TWICE = "column_twice"


class BadSheet(ClipCueError):
    """The file cannot be read as a sheet; `subject` is the column or row it is about, if any."""

    def __init__(self, fault: SheetFault, subject: str = "") -> None:
        super().__init__(f"{fault}: {subject}" if subject else fault)
        self.fault = fault
        self.subject = subject


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """A row: its number as programs show it, its cells by column, and cells under no heading."""

    number: int
    cells: Mapping[str, str]
    surplus: str = ""


def read_sheet(data: bytes) -> tuple[SheetRow, ...]:
    """The rows of a .csv file, without its headings and without empty rows; raises `BadSheet`.

    Takes UTF-8, UTF-16 and Windows-1252, with or without a byte order mark, and commas, semicolons
    or tabs between cells. A cell is only ever text: one that looks like a formula is that text.
    """
    if len(data) > LARGEST_SHEET:
        raise BadSheet(SheetFault.TOO_LARGE)
    lines = _lines(_text(data))
    heading = next((cells for _, cells in lines), None)
    if heading is None:
        raise BadSheet(SheetFault.EMPTY)
    columns = _columns(heading)
    rows: list[SheetRow] = []
    for number, cells in lines:
        if len(rows) == MOST_ROWS:
            raise BadSheet(SheetFault.TOO_MANY_ROWS)
        known = dict(zip(columns, cells, strict=False))
        known.pop("", None)
        beyond = [cell for cell in cells[len(columns) :] if cell]
        rows.append(SheetRow(number=number, cells=known, surplus=" ".join(beyond)))
    if not rows:
        raise BadSheet(SheetFault.EMPTY)
    return tuple(rows)


def _text(data: bytes) -> str:
    marked = (name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark))
    for encoding in (next(marked, None) or _guess(data), "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise BadSheet(SheetFault.NOT_TEXT)


def _guess(data: bytes) -> str:
    """UTF-16 without a mark has a zero in every other byte of what Latin letters it holds."""
    if data[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if data[:1] == b"\0" else "utf-8"


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers, cells trimmed."""
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().strip('"').lower().startswith("sep=") and len(first.strip().strip('"')) == 5:
        delimiter, text, skipped = first.strip().strip('"')[4], rest, 1  # Excel's own hint
    else:
        delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = skipped
    try:
        for cells in reader:
            number += 1
            trimmed = [cell.strip() for cell in cells]
            if any(trimmed):
                yield number, trimmed
    except csv.Error:
        raise BadSheet(SheetFault.BROKEN_QUOTES, str(number + 1)) from None


def _delimiter(text: str) -> str:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=heading.count)


def _columns(heading: Sequence[str]) -> list[str]:
    columns = ["_".join(cell.casefold().replace("_", " ").split()) for cell in heading]
    named = [column for column in columns if column]
    for column, cell in zip(columns, heading, strict=True):
        if column and column not in COLUMNS:
            if FILE_NAME not in named:
                raise BadSheet(SheetFault.NO_FILE_NAMES)
            raise BadSheet(SheetFault.UNKNOWN_COLUMN, cell)
        if column and named.count(column) > 1:
            raise BadSheet(SheetFault.COLUMN_TWICE, cell)
    if FILE_NAME not in named:
        raise BadSheet(SheetFault.NO_FILE_NAMES)
    return columns
