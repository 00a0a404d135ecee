"""`python -m tests.core.media.forked FOLDER SECONDS BYTES`: the reader, once for each file.

A process of its own for each, as in the product, but forked from one that has loaded FFmpeg. For
each file a line of JSON: its name, how its process ended, and what it said.
"""

import json
import os
import sys
from pathlib import Path

from core.media import reader


def ended(path: Path, *bounds: str) -> tuple[int, str]:
    """The exit code, or below zero the signal, of the process that reads this file, and its words.

    The process leaves by `os._exit`: nothing that was set up for the parent is torn down twice.
    """
    answer, told = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(told, sys.stdout.fileno())
        code = 1
        try:
            code = reader.main([str(path), *bounds])
            sys.stdout.flush()
        finally:
            os._exit(code)
    os.close(told)
    with os.fdopen(answer) as words:
        said = words.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said


def main(folder: str, *bounds: str) -> None:
    for path in sorted(Path(folder).iterdir()):
        code, said = ended(path, *bounds)
        sys.stdout.write(json.dumps({"name": path.name, "code": code, "said": said}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
