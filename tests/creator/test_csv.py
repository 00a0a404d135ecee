"""A .csv file: answered row by row while anything is wrong, else taken whole and agreed to."""

import asyncio
import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from core.bulk.sheets import COLUMNS, LARGEST_SHEET
from sandbox.telegram import Person
from tests.stage import Stage

FAULTS = {
    5: {"file_name": "nowhere.mp4"},
    20: {"file_name": ""},
    37: {"caption": "x" * 2201},
    58: {"when": "when I feel like it"},
    79: {"when": "2026-12-24 18:00"},
    101: {"account": "@somebody.else"},
    123: {"privacy": "Friends of friends"},
    144: {"privacy": "Only me", "branded_content": "yes"},
    166: {"duet": "perhaps"},
    190: {"when": "2027-01-14 08:00"},
}
"""Rows as programs number them, and what is put wrong in them."""

TOLD = [
    "Row 5: no draft has a clip called “nowhere.mp4”: send the clip first",
    "Row 20: file_name is empty",
    "Row 37: the caption is longer than TikTok takes, by 1",
    "Row 58: I cannot read the time “when I feel like it”: try 2027-01-31 18:30",
    "Row 79: the time “2026-12-24 18:00” has gone by",
    "Row 101: you have no account “@somebody.else”: see /accounts",
    "Row 123: “Friends of friends” is no privacy: it is one of “Everyone”, “Followers”, “Friends”, "
    "“Only me”",
    "Row 144: branded content cannot be for “Only me”",
    "Row 166: duet is “perhaps”: write yes or no",
    "Row 190: row 2 posts to the same account at the same time",
]


def two_hundred_rows() -> list[dict[str, str]]:
    """Each clip twice an afternoon and so on: 12 posts a day, from 14 January on."""
    return [
        {
            "file_name": f"IMG_{number:03}.mp4",
            "caption": f"Recipe {number}; with, commas #food",
            "when": f"2027-01-{14 + number // 12:02} {8 + number % 12:02}:00",
            "account": "@lena.cooks",
            "privacy": "Everyone",
            "comment": "yes",
        }
        for number in range(200)
    ]


def sheet(rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


async def send_sheet(stage: Stage, person: Person, data: bytes) -> Any:
    path = stage.folder / "plan.csv"
    path.write_bytes(data)
    return await person.send_clip(path, as_="document", mime_type="text/csv")


def known_drafts(stage: Stage, count: int) -> None:
    """Drafts of clips with these names, as if the creator had sent them all."""
    stage.ask(
        "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers"  # noqa: S608 - a number
        f" WHERE n < {count - 1}) INSERT INTO clips (owner_id, storage_key, sha256, size,"
        " content_type, duration, width, height, fps, video_codec, kind, created_at, file_name)"
        " SELECT 42, 'made-' || n, '', 1, 'video/mp4', 10, 720, 1280, 30, 'h264', 'video',"
        " '2027-01-12 12:00:00.000000', 'IMG_' || substr(CAST(1000 + n AS text), 2) || '.mp4'"
        " FROM numbers ORDER BY n"
    )
    stage.ask(
        "INSERT INTO posts (owner_id, clip_id, account_id, status, version, caption,"
        " allow_comment, allow_duet, allow_stitch, discloses, your_brand, branded_content,"
        " attempt, tries, bytes_acknowledged, created_at)"
        " SELECT 42, id, 1, 'draft', 1, '', false, false, false, false, false, false,"
        " 0, 0, 0, created_at FROM clips WHERE storage_key LIKE 'made-%' ORDER BY id"
    )


def posts(stage: Stage) -> Sequence[Any]:
    return stage.ask("SELECT * FROM posts ORDER BY due_at, id")


async def test_two_hundred_rows_with_ten_faults_are_answered_row_by_row(
    stage: Stage, lena: Person
) -> None:
    await asyncio.to_thread(known_drafts, stage, 200)
    rows = two_hundred_rows()
    faulty = [row | FAULTS.get(number, {}) for number, row in enumerate(rows, start=2)]

    sent = await send_sheet(stage, lena, sheet(faulty))
    told = await lena.see("Something is wrong in 10 rows, so I have taken nothing", after=sent)
    assert told.text.split("\n")[2:] == TOLD
    assert all(post["due_at"] is None for post in posts(stage)), "nothing of it is taken"

    sent = await send_sheet(stage, lena, sheet(rows, delimiter=";"))
    batch = await lena.see("📄 200 rows taken from the file. Nothing is scheduled yet.", after=sent)
    assert "📦 Bulk · 200 posts" in batch.text
    assert "1. Thu 14 Jan, 08:00 · Recipe 0; with, commas #food" in batch.text
    assert {post["status"] for post in posts(stage)} == {"draft"}

    await lena.tap("Schedule all", message=batch)
    asked = await lena.see(
        "By posting, you agree to TikTok's Music Usage Confirmation.", after=batch
    )
    await lena.tap("Agree and schedule all", message=asked)
    await lena.see("✅ Scheduled: 200 posts.", after=asked, timeout=20)
    agreed = posts(stage)
    assert {post["status"] for post in agreed} == {"scheduled"}
    assert len({post["due_at"] for post in agreed}) == 200
    first = json.loads(agreed[0]["consent"])
    assert first["declaration"] == "By posting, you agree to TikTok's Music Usage Confirmation."
    assert (first["by"], first["caption"], first["privacy"], first["comment"]) == (
        *(42, "Recipe 0; with, commas #food", "PUBLIC_TO_EVERYONE", True),
    )


async def test_many_faults_come_as_a_file_as_well(stage: Stage, lena: Person) -> None:
    rows = [{"file_name": f"{number}.mp4"} for number in range(30)]
    sent = await send_sheet(stage, lena, sheet(rows))
    told = await lena.see("Something is wrong in 30 rows", after=sent)
    assert "The whole list is in the file below." in told.text
    assert told.text.count("Row ") == 12
    await lena.see("Everything that is wrong, row by row.", after=sent)
    lines = last_file(stage, "txt").decode().splitlines()
    assert len(lines) == 30
    assert lines[-1] == "Row 31: no draft has a clip called “29.mp4”: send the clip first"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"caption\nHello\n", "one of them file_name"),
        (b"file_name,title\na.mp4,x\n", "I know no column “title”."),
        (b'file_name\n"a.mp4\n', 'Row 2: a quotation mark " is not closed.'),
        (b"file_name\n", "There are no rows in it."),
        (b"x" * (LARGEST_SHEET + 1), "It is too large: 256 KB at most."),
    ],
)
async def test_a_file_that_is_no_sheet(stage: Stage, lena: Person, data: bytes, said: str) -> None:
    sent = await send_sheet(stage, lena, data)
    told = await lena.see("I cannot use that file.", after=sent)
    assert said in told.text


async def test_the_example_has_the_clips_of_the_bulk_and_can_be_sent_back(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await lena.send("/bulk")
    await lena.see("📦 Bulk · 0 posts")
    for name in ("one.mp4", "two.mp4"):
        await lena.send_clip(clip, file_name=name)
    batch = await lena.see("📦 Bulk · 2 posts")
    await lena.tap("Example .csv", message=batch)
    shown = await lena.see("Captions and times from a spreadsheet", after=batch)
    filled = last_file(stage).decode("utf-8-sig").splitlines()
    assert filled == [",".join(COLUMNS), "one.mp4" + "," * 10, "two.mp4" + "," * 10]

    filled[1] = 'one.mp4,"Day {n}, {account}",fri 9am' + "," * 8
    sent = await send_sheet(stage, lena, "\n".join(filled).encode("utf-16"))
    batch = await lena.see("📄 2 rows taken", after=sent)
    assert "1. Fri 15 Jan, 09:00 · Day 1, @lena.cooks" in batch.text
    assert "2. no time yet · two.mp4" in batch.text
    assert shown.text.count("yes or no") == 2


def last_file(stage: Stage, kind: str = "csv") -> bytes:
    """What the bot has uploaded last."""
    folder = stage.folder / "telegram"
    newest = max(folder.rglob(f"*.{kind}"), key=lambda path: path.stat().st_mtime)
    return newest.read_bytes()


async def test_one_clip_for_two_accounts(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.connect(lena, username="quiet_max")
    await lena.send("/bulk")
    await lena.see("📦 Bulk · 0 posts")
    await lena.send_clip(clip, file_name="one.mp4")
    await lena.see("📦 Bulk · 1 post")
    rows = [
        {"file_name": "one.mp4", "account": name, "privacy": privacy, "when": "fri 9am"}
        for name, privacy in (("lena.cooks", "Everyone"), ("@quiet_max", "Followers"))
    ]
    sent = await send_sheet(stage, lena, sheet(rows))
    batch = await lena.see("📦 Bulk · 2 posts", after=sent)
    assert "👤 Lena Cooks (@lena.cooks), Max (@quiet_max)" in batch.text
    assert "👁 differs" in batch.text
    await lena.tap("Schedule all", message=batch)
    asked = await lena.see("Posting 2 posts to Lena Cooks (@lena.cooks), Max (@quiet_max)")
    await lena.tap("Agree and schedule all", message=asked)
    await lena.see("✅ Scheduled: 2 posts.", after=asked)
