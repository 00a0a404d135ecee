"""Pictures of a creator's numbers and plans, drawn by a child process that ends after each.

The process draws by matplotlib, which the bot itself never loads: it takes a second to begin, a
hundred megabytes, and one thread at a time. A kind of picture is a module here with one pure
function `draw(data) -> PNG`; `bot.pictures.__main__` lists them. The words in a picture come with
its data, in the creator's language.
"""

import json
from pathlib import Path
from typing import Any

from core.children import ChildDied, Children, ChildSlow

SECONDS = 30.0  # a picture takes one to three; the first on a machine has fonts to find
MEMORY = 1 << 30  # bytes of addresses
AT_ONCE = 2
LARGEST = 5 << 20  # bytes; Telegram takes photos of 10 MB


class NoPicture(Exception):
    """The picture could not be drawn within its bounds."""


class Pictures:
    """Draws pictures; `folder` is where matplotlib keeps what it found out about fonts."""

    def __init__(self, folder: Path) -> None:
        self._drawers = Children(
            "bot.pictures",
            seconds=SECONDS,
            memory=MEMORY,
            at_once=AT_ONCE,
            largest_answer=LARGEST,
            # One thread for numbers: each would take addresses for itself.
            environment={"MPLCONFIGDIR": str(folder.resolve()), "OPENBLAS_NUM_THREADS": "1"},
        )

    async def draw(self, kind: str, data: dict[str, Any]) -> bytes:
        """The picture as PNG; `data` is what the kind's module says, as JSON. Raises NoPicture."""
        request = json.dumps({"kind": kind, "data": data}).encode()
        try:
            return await self._drawers.ask(request=request)
        except (ChildSlow, ChildDied, RuntimeError) as error:
            raise NoPicture(f"{kind}: {error!r}") from None
