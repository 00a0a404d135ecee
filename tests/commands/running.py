"""`clipcue` as an operator runs it."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from tests.stage import Stage

ROOT = Path(__file__).parents[2]


async def run(stage: Stage, *words: str, **variables: Any) -> tuple[int, str, str]:
    """`clipcue` with these words in a process of its own: exit code, output, errors."""
    given = {name: value for name, value in stage.variables().items() if value is not None}
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **given, **variables},
        cwd=stage.folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await child.communicate()
    return child.returncode or 0, out.decode(), err.decode()
