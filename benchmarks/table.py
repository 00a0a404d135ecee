"""What a measurement hands over, and how it is printed."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """A median of ClipCue's beside that of a baseline, in the same `unit`."""

    what: str
    unit: str
    ours: float
    baseline: float
    against: str
    """What the baseline is."""


def as_text(rows: list[Row]) -> str:
    """The table, one line a row."""
    cells = [("measured", "unit", "ClipCue", "baseline", "the baseline is")]
    cells += [
        (row.what, row.unit, _number(row.ours), _number(row.baseline), row.against) for row in rows
    ]
    what, unit, ours, baseline, _ = (max(map(len, column)) for column in zip(*cells, strict=True))
    return "\n".join(
        f"{line[0]:{what}}  {line[1]:{unit}}  {line[2]:>{ours}}  {line[3]:>{baseline}}  {line[4]}"
        for line in cells
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def note(text: str) -> None:
    """Say what is going on, as the whole takes a minute or two."""
    print(f"... {text}", flush=True)
