"""`python -m benchmarks [NAME ...]`: run the measurements named, or all, then print the table."""

import argparse
import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import (
    answers,
    due,
    idle,
    intake_upload,
    lateness,
    memory,
    startup,
    updates,
    upload,
)
from benchmarks.table import Row, as_text

MEASUREMENTS = {
    "lateness": lateness.measure,
    "due": due.measure,
    "startup": startup.measure,
    "memory": memory.measure,
    "upload": upload.measure,
    "intake_upload": intake_upload.measure,
    "updates": updates.measure,
    "answers": answers.measure,
    "idle": idle.measure,
}


async def _measure(names: Sequence[str], folder: Path) -> list[Row]:
    rows = []
    for name in names:
        place = folder / name
        await asyncio.to_thread(place.mkdir)
        rows += await MEASUREMENTS[name](place)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    names = parser.parse_args().names or list(MEASUREMENTS)
    if unknown := set(names) - set(MEASUREMENTS):
        parser.error(
            f"there is no {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}"
        )
    with tempfile.TemporaryDirectory(prefix="clipcue-bench-") as folder:
        rows = asyncio.run(_measure(names, Path(folder)))
    print(f"\nPython {platform.python_version()}, {os.cpu_count()} CPUs, {platform.machine()}\n")
    print(as_text(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
