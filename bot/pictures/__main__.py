"""Draws one picture: JSON with `kind` and `data` comes in, a PNG goes out."""

import json
import sys
from importlib import import_module
from typing import Any

from core.bounds import bound_by

KINDS = frozenset({"month", "stats"})
"""Each is a module of this package with `draw(data) -> PNG`."""


def main(arguments: list[str]) -> int:
    bound_by(float(arguments[0]), int(arguments[1]))
    request: dict[str, Any] = json.load(sys.stdin)
    kind = request["kind"]
    if kind not in KINDS:
        return 2
    # Only now, and only this kind: matplotlib is to be within the bounds from its beginning.
    picture = import_module(f"bot.pictures.{kind}").draw(request["data"])
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
