"""Pictures: what is drawn, and what happens where it cannot be."""

import struct
from pathlib import Path
from typing import Any

import psutil
import pytest

from bot.pictures import NoPicture, Pictures
from bot.pictures.paper import readable
from core.statistics.best_hours import BLOCKS

WEEKS = [f"{day} Nov" for day in range(1, 13)]


def stats(**changes: Any) -> dict[str, Any]:
    """A busy creator's numbers."""
    counts = [3, 4, 0, 5, 7, 6, 2, 9, 12, 4, 3, 1]
    return {
        "title": "@lena.cooks",
        "weeks": {
            "title": "Posts of each week",
            "labels": WEEKS,
            "values": counts,
            "words": [str(count) for count in counts],
        },
        "outcome": {
            "title": "How posts ended",
            "parts": [["Published: 56", 56, "good"], ["Not published: 2", 2, "bad"]],
            "empty": "Nothing yet.",
        },
        "views": {
            "title": "Views",
            "labels": WEEKS,
            "values": [None, *(count * 900 for count in counts[1:])],
            "words": ["", *(f"{count}K" for count in counts[1:])],
            "empty": "Nothing yet.",
        },
        "hours": {
            "title": "Hours",
            "rows": ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
            "columns": [f"{hour:02}" for hour in range(0, 24, 3)],
            "values": [[1.0] * BLOCKS] * 7,
            "words": [["×1"] * BLOCKS] * 7,
            "empty": "Nothing yet.",
        },
        **changes,
    }


NOTHING = stats(
    title="",
    weeks={"title": "", "labels": WEEKS, "values": [0] * 12, "words": ["0"] * 12},
    outcome={"title": "", "parts": [["Published: 0", 0, "good"]], "empty": "Nothing yet."},
    views={"title": "", "labels": WEEKS, "values": [None] * 12, "words": [""] * 12, "empty": "No"},
    hours={"title": "", "rows": [], "columns": [], "values": [], "words": [], "empty": "Too few"},
)


def size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header of a PNG."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("data", [stats(), NOTHING, stats(title="مرحبا 🍲🍲 漢字 $\\frac{$")])
async def test_numbers_become_a_picture_that_telegram_takes(
    data: dict[str, Any], tmp_path: Path
) -> None:
    png = await Pictures(tmp_path).draw("stats", data)
    width, height = size(png)
    assert width + height < 10_000
    assert len(png) < 2 << 20


async def test_what_cannot_be_drawn_is_said_and_leaves_no_process(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path)
    for kind, data in (("stats", {"title": "no charts"}), ("os", {}), ("stats", stats(weeks=7))):
        with pytest.raises(NoPicture):
            await pictures.draw(kind, data)
    assert not [child for child in psutil.Process().children() if "bot.pictures" in child.cmdline()]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@lena.cooks", "@lena.cooks"),
        ("Лена → еда", "Лена → еда"),
        ("Lena 🍲 Cooks ✨👩‍🍳", "Lena Cooks"),
        ("🍲🍲", "…"),
        ("漢字", "…"),
        ("Zoe\u0301\n", "Zoé"),
        ("$oup$", r"\$oup\$"),
    ],
)
def test_what_the_font_does_not_have_is_left_out(text: str, shown: str) -> None:
    assert readable(text) == shown
