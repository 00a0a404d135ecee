"""A file that remembers: one line of JSON for each change, the later ones overruling."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Json = dict[str, Any]


class Journal:
    """Lines added to one file. Each is small and goes to the system's cache, so none is waited for.

    A line that was cut off when its process ended is passed over.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def add(self, line: Json) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def lines(self) -> list[Json]:
        """All lines, oldest first; none where there is no file yet."""
        try:
            written = self._file.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in written:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    def rewrite(self, lines: Iterable[Json]) -> None:
        """Put these in place of all there were, at once."""
        fresh = Journal(self._file.with_suffix(".new"))
        fresh._file.unlink(missing_ok=True)
        for line in lines:
            fresh.add(line)
        if fresh._file.exists():
            fresh._file.replace(self._file)
