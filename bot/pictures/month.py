"""A month on one card: each day with how many posts it has, and how they stand.

Data: `title`; `weekdays`, seven words in the order of the columns; `begins`, the column of the
first day; `today`, a day of the month or nothing; `days`, for each day a count for each of
`COLOURS` and `words`, what stands there for all of them; `legend`: [[colour, word]].
"""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from bot.pictures.paper import (
    ACCENT,
    BAD,
    BODY,
    FAINT,
    GOOD,
    GRID,
    INK,
    PANEL,
    SMALL,
    TITLE,
    WAITING,
    png,
    readable,
    sheet,
)

WIDTH, CELL = 1080, 140
MARGIN, HEAD, FOOT = 50, 150, 80
COLOURS = {"good": GOOD, "planned": ACCENT, "waiting": WAITING, "bad": BAD}
COUNT = 30
"""Size of type of a day's count."""
_WEEK = 7
_GAP = 8

Data = dict[str, Any]


def draw(data: Data) -> bytes:
    """The card as PNG."""
    weeks = -(-(data["begins"] + len(data["days"])) // _WEEK)
    height = HEAD + weeks * CELL + FOOT
    figure = sheet(WIDTH, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)  # downwards, as one reads
    axes.text(MARGIN, 55, readable(data["title"]), color=INK, fontsize=TITLE, weight="bold",
              va="center")  # fmt: skip
    for column, word in enumerate(data["weekdays"]):
        axes.text(_left(column) + _width() / 2, HEAD - 25, readable(word), color=FAINT,
                  fontsize=BODY, ha="center", va="center")  # fmt: skip
    for number, day in enumerate(data["days"], start=1):
        week, column = divmod(data["begins"] + number - 1, _WEEK)
        corner = (_left(column), HEAD + week * CELL)
        _day(axes, corner, number, day, is_today=number == data["today"])
    _legend(axes, data["legend"], height - FOOT / 2)
    return png(figure)


def _left(column: int) -> float:
    return MARGIN + column * _width()


def _width() -> float:
    return (WIDTH - 2 * MARGIN) / _WEEK


def _day(
    axes: Axes, corner: tuple[float, float], number: int, day: Data, *, is_today: bool
) -> None:
    """A box with the day, its count, and a strip of how its posts stand."""
    left, top = corner[0] + _GAP / 2, corner[1] + _GAP / 2
    width, height = _width() - _GAP, CELL - _GAP
    axes.add_patch(
        FancyBboxPatch((left + 8, top + 8), width - 16, height - 16, boxstyle="round,pad=8",
                       facecolor=PANEL, edgecolor=ACCENT if is_today else PANEL, linewidth=2)
    )  # fmt: skip
    counts = {name: day[name] for name in COLOURS if day[name]}
    axes.text(left + 14, top + 24, str(number), color=INK if counts or is_today else FAINT,
              fontsize=SMALL, va="center")  # fmt: skip
    if not counts:
        return
    axes.text(left + width / 2, top + height / 2 + 6, readable(day["words"]), color=INK,
              fontsize=COUNT, weight="bold", ha="center", va="center")  # fmt: skip
    start, strip = left + 12, width - 24
    for name, count in counts.items():
        part = strip * count / sum(counts.values())
        axes.add_patch(Rectangle((start, top + height - 20), part, 10, color=COLOURS[name]))
        start += part
    axes.add_patch(Rectangle((left + 12, top + height - 20), strip, 10, fill=False,
                             edgecolor=GRID, linewidth=1))  # fmt: skip


def _legend(axes: Axes, legend: list[list[str]], middle: float) -> None:
    """What the colours stand for, side by side."""
    wide = (WIDTH - 2 * MARGIN) / max(len(legend), 1)
    for place, (colour, word) in enumerate(legend):
        left = MARGIN + place * wide
        axes.add_patch(Rectangle((left, middle - 9), 18, 18, color=COLOURS[colour]))
        axes.text(left + 30, middle, readable(word), color=INK, fontsize=SMALL, va="center")
