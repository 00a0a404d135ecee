"""Sheets as spreadsheet programs and people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bulk.sheets import (
    COLUMNS,
    LARGEST_SHEET,
    MOST_ROWS,
    BadSheet,
    SheetFault,
    SheetRow,
    read_sheet,
)

TEXT = "file_name,caption\na.mp4,Crème brûlée\n"
EXPECTED = ({"file_name": "a.mp4", "caption": "Crème brûlée"},)


def cells(data: bytes) -> tuple[dict[str, str], ...]:
    return tuple(dict(row.cells) for row in read_sheet(data))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_encodings(encoding: str) -> None:
    assert cells(TEXT.encode(encoding)) == EXPECTED


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, line_end: str) -> None:
    text = TEXT.replace(",", delimiter).replace("\n", line_end)
    assert cells(text.encode()) == EXPECTED


def test_what_excel_says_of_its_delimiter() -> None:
    assert cells(b"sep=;\r\nfile_name;caption\r\na.mp4;x, y\r\n") == (
        {"file_name": "a.mp4", "caption": "x, y"},
    )


def test_cells_in_quotation_marks() -> None:
    data = b'file_name,caption\n"a,b.mp4","He said ""hi"",\nand left"\n'
    assert cells(data) == ({"file_name": "a,b.mp4", "caption": 'He said "hi",\nand left'},)


def test_headings_in_any_order_case_and_spelling() -> None:
    data = b" Caption ,FILE NAME,Branded  Content,\nx,a.mp4,yes,\n"
    assert cells(data) == ({"caption": "x", "file_name": "a.mp4", "branded_content": "yes"},)


def test_rows_have_the_numbers_that_programs_show() -> None:
    data = b'\n\nfile_name\na.mp4\n\n,,\n"b\n.mp4"\nc.mp4\n'
    assert [row.number for row in read_sheet(data)] == [4, 7, 8]


def test_a_row_may_be_short_and_what_is_behind_it_is_kept() -> None:
    assert read_sheet(b"file_name,caption\na.mp4\nb.mp4,x,y,,z\n") == (
        SheetRow(number=2, cells={"file_name": "a.mp4"}),
        SheetRow(number=3, cells={"file_name": "b.mp4", "caption": "x"}, surplus="y z"),
    )


def test_a_formula_is_only_text() -> None:
    formula = '=HYPERLINK("http://evil";"x")'
    doubled = formula.replace('"', '""')
    data = f'file_name,caption\na.mp4,"{doubled}"\n+1.mp4,@SUM(A1)\n'.encode()
    assert [row["caption"] for row in cells(data)] == [formula, "@SUM(A1)"]


@pytest.mark.parametrize(
    ("data", "fault", "subject"),
    [
        (b"", SheetFault.EMPTY, ""),
        (b" \n , \n", SheetFault.EMPTY, ""),
        (b"file_name,caption\n", SheetFault.EMPTY, ""),
        (b"file_name,caption\na.mp4,x\n" + b" " * LARGEST_SHEET, SheetFault.TOO_LARGE, ""),
        (b"\x89PNG\r\n\x1a\n\x00\x00", SheetFault.NOT_TEXT, ""),
        (b"PK\x03\x04\x00\x00\x00", SheetFault.NOT_TEXT, ""),
        (b'file_name,caption\na.mp4,x\nb.mp4,"never closed\n', SheetFault.BROKEN_QUOTES, "3"),
        (b"caption,when\nx,y\n", SheetFault.NO_FILE_NAMES, ""),
        (b"a.mp4,Hello\nb.mp4,You\n", SheetFault.NO_FILE_NAMES, ""),
        (b"file_name,capton\na.mp4,x\n", SheetFault.UNKNOWN_COLUMN, "capton"),
        (b"file_name,when,When\na.mp4,x,y\n", SheetFault.COLUMN_TWICE, "when"),
        (b"file_name\n" + b"a.mp4\n" * (MOST_ROWS + 1), SheetFault.TOO_MANY_ROWS, ""),
    ],
)
def test_what_is_no_sheet(data: bytes, fault: SheetFault, subject: str) -> None:
    with pytest.raises(BadSheet) as told:
        read_sheet(data)
    assert (told.value.fault, told.value.subject) == (fault, subject)


def test_as_many_rows_as_there_may_be() -> None:
    assert len(read_sheet(b"file_name\n" + b"a.mp4\n" * MOST_ROWS)) == MOST_ROWS


@given(
    data=st.binary(max_size=400)
    | st.text(max_size=400).map(lambda text: f"file_name,caption\n{text}".encode())
)
def test_any_bytes_are_rows_or_refused(data: bytes) -> None:
    try:
        rows = read_sheet(data)
    except BadSheet:
        return
    assert rows
    assert all(
        set(row.cells) <= set(COLUMNS) and any((*row.cells.values(), row.surplus)) for row in rows
    )
