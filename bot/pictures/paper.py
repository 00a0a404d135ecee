"""What all pictures are drawn on: a dark card, readable on a light screen as well as on a dark one.

Figures are made by hand, without pyplot and its memory of the last figure.
"""

import unicodedata
from functools import cache
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font

BACKGROUND = "#1b2431"
PANEL = "#243042"
INK = "#f2f5f9"
FAINT = "#a9b6c6"
GRID = "#3a4960"
ACCENT = "#4cc9f0"
GOOD = "#5ad19a"
BAD = "#ff7b7b"
WAITING = "#ffc857"

DPI = 100
BODY, SMALL, TITLE = 15, 13, 21
"""Sizes of type in points: readable when a phone shows 1080 pixels as wide as a thumb is long."""

_MISSING = "…"


def sheet(width: int, height: int) -> Figure:
    """An empty card of so many pixels."""
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=BACKGROUND)
    FigureCanvasAgg(figure)
    return figure


def panel(axes: Axes, title: str) -> None:
    """Give a chart its title and quiet lines."""
    axes.set_facecolor(PANEL)
    axes.set_title(title, color=INK, fontsize=BODY, loc="left", pad=12)
    axes.tick_params(colors=FAINT, labelsize=SMALL, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.grid(visible=True, axis="y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)


def readable(text: str) -> str:
    """The text without what the font cannot show, such as emoji in a nickname.

    A dollar is only a dollar: matplotlib would read a formula between two.
    """
    normal = unicodedata.normalize("NFC", " ".join(text.split()))
    kept = "".join(letter for letter in normal if _is_shown(letter))
    return " ".join(kept.split()).replace("$", r"\$") or _MISSING


def _is_shown(letter: str) -> bool:
    return ord(letter) in _known() and not unicodedata.category(letter).startswith("C")


@cache
def _known() -> frozenset[int]:
    font = FT2Font(findfont(FontProperties(family="DejaVu Sans")))
    return frozenset(font.get_charmap())


def png(figure: Figure) -> bytes:
    """The picture as the bytes of a PNG file."""
    written = BytesIO()
    figure.savefig(written, format="png", facecolor=BACKGROUND)
    return written.getvalue()
