"""`python -m benchmarks`: run every measurement, then print the table."""

import asyncio
import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks import memory, upload
from benchmarks.table import Row, as_text

MEASUREMENTS = (memory.measure, upload.measure)


async def _all(folder: Path) -> list[Row]:
    return [row for measure in MEASUREMENTS for row in await measure(folder)]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="clipcue-bench-") as folder:
        rows = asyncio.run(_all(Path(folder)))
    print(f"\nPython {platform.python_version()}, {os.cpu_count()} CPUs, {platform.machine()}\n")
    print(as_text(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
