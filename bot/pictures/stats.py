"""A creator's numbers on one card: posts a week, how they ended, views, and the best hours.

Data: `title`; `weeks` and `views`, each {title, labels, values, words} with one entry a week, where
`words` is what stands at a value that is shown; `outcome` {title, parts: [[word, count, colour]]};
`hours` {title, rows, columns, values, words} with a row for each weekday. A chart without values
has `empty`, the words that stand in its place. Colours are names of `COLOURS`.
"""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from bot.pictures.paper import (
    ACCENT,
    BACKGROUND,
    BAD,
    BODY,
    FAINT,
    GOOD,
    INK,
    PANEL,
    SMALL,
    TITLE,
    WAITING,
    panel,
    png,
    readable,
    sheet,
)

WIDTH, HEIGHT = 1080, 1500
COLOURS = {"good": GOOD, "bad": BAD, "waiting": WAITING}
_WARMTH = LinearSegmentedColormap.from_list("warmth", [PANEL, "#2b6f8a", ACCENT, "#d9f7ff"])
_COLDEST, _WARMEST = 0.4, 2.2
"""Multiples of the typical views at the two ends of the colours."""

Data = dict[str, Any]


def draw(data: Data) -> bytes:
    """The card as PNG."""
    figure = sheet(WIDTH, HEIGHT)
    figure.text(0.06, 0.965, readable(data["title"]), color=INK, fontsize=TITLE, weight="bold")
    left, width = 0.06, 0.88
    _bars(figure.add_axes((left, 0.735, width, 0.165)), data["weeks"])
    _parts(figure.add_axes((left, 0.625, width, 0.035)), data["outcome"])
    _line(figure.add_axes((left, 0.385, width, 0.16)), data["views"])
    _heat(figure.add_axes((0.1, 0.045, 0.84, 0.265)), data["hours"])
    return png(figure)


def _bars(axes: Axes, chart: Data) -> None:
    panel(axes, readable(chart["title"]))
    places = range(len(chart["values"]))
    axes.bar(places, chart["values"], color=ACCENT, width=0.62)
    axes.set_ylim(0, max([*chart["values"], 1]) * 1.25)
    _name_weeks(axes, chart["labels"])
    axes.set_yticks([])
    for place, value, word in zip(places, chart["values"], chart["words"], strict=True):
        if value:
            axes.annotate(word, (place, value), (0, 4), textcoords="offset points",
                          ha="center", color=INK, fontsize=SMALL)  # fmt: skip


def _parts(axes: Axes, chart: Data) -> None:
    panel(axes, readable(chart["title"]))
    axes.grid(visible=False)
    axes.set_xticks([])
    axes.set_yticks([])
    parts = [part for part in chart["parts"] if part[1]]
    if not parts:
        _say(axes, chart["empty"])
        return
    start = 0
    for _word, count, colour in parts:
        axes.barh(0, count, left=start, color=COLOURS[colour], height=1)
        start += count
    axes.set_xlim(0, start)
    axes.set_ylim(-0.5, 0.5)
    handles = axes.patches
    words = [readable(word) for word, _count, _colour in parts]
    legend = axes.legend(handles, words, loc="upper left", bbox_to_anchor=(-0.01, -0.1),
                         ncols=len(parts), frameon=False, fontsize=SMALL)  # fmt: skip
    for text in legend.get_texts():
        text.set_color(INK)


def _line(axes: Axes, chart: Data) -> None:
    panel(axes, readable(chart["title"]))
    axes.set_yticks([])
    known = [(place, value) for place, value in enumerate(chart["values"]) if value is not None]
    if not known:
        axes.set_xticks([])
        _say(axes, chart["empty"])
        return
    places, values = [place for place, _ in known], [value for _, value in known]
    axes.fill_between(places, values, color=GOOD, alpha=0.22, linewidth=0)
    axes.plot(places, values, color=GOOD, linewidth=3, marker="o", markersize=8)
    axes.set_ylim(0, max([*values, 1]) * 1.3)
    _name_weeks(axes, chart["labels"])
    for place, value in known:
        axes.annotate(chart["words"][place], (place, value), (0, 9), textcoords="offset points",
                      ha="center", color=INK, fontsize=SMALL)  # fmt: skip


def _name_weeks(axes: Axes, labels: list[str]) -> None:
    """Name every second week, the last one among them: some languages have long months."""
    named = range((len(labels) - 1) % 2, len(labels), 2)
    axes.set_xticks(named, [labels[place] for place in named])
    axes.set_xlim(-0.5, len(labels) - 0.5)


def _heat(axes: Axes, chart: Data) -> None:
    panel(axes, readable(chart["title"]))
    axes.grid(visible=False)
    if not chart["values"]:
        axes.set_xticks([])
        axes.set_yticks([])
        _say(axes, chart["empty"])
        return
    axes.imshow(chart["values"], cmap=_WARMTH, vmin=_COLDEST, vmax=_WARMEST, aspect="auto")
    axes.set_xticks(range(len(chart["columns"])), chart["columns"])
    axes.set_yticks(range(len(chart["rows"])), [readable(row) for row in chart["rows"]])
    for row, words in enumerate(chart["words"]):
        for column, word in enumerate(words):
            bright = chart["values"][row][column] > (_COLDEST + _WARMEST) / 2
            axes.text(column, row, word, ha="center", va="center", fontsize=SMALL,
                      color=BACKGROUND if bright else INK)  # fmt: skip
    axes.set_xticks([place + 0.5 for place in range(len(chart["columns"]) - 1)], minor=True)
    axes.set_yticks([place + 0.5 for place in range(len(chart["rows"]) - 1)], minor=True)
    axes.grid(visible=True, which="minor", color=BACKGROUND, linewidth=3)
    axes.tick_params(which="minor", length=0)


def _say(axes: Axes, words: str) -> None:
    """Words in place of a chart."""
    axes.text(0.5, 0.5, readable(words), transform=axes.transAxes, ha="center", va="center",
              color=FAINT, fontsize=BODY, wrap=True)  # fmt: skip
