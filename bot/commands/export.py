"""`clipcue export`: posts as a table, or all that is kept about one creator."""

import argparse
import asyncio
import csv
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from bot.commands.command import COULD_NOT, FINE, Command, counted, quiet_settings, say
from core.lists.all_posts import FIELDS, all_posts
from core.settings import Settings
from core.store.models import User
from core.store.state import opened
from core.users.personal_data import write_archive

Page = Sequence[dict[str, Any]]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that spreadsheets take for a formula: captions are strangers' words."""


def _run(chosen: argparse.Namespace) -> int:
    settings = quiet_settings()
    if chosen.user is not None:
        return asyncio.run(_creator(settings, chosen.user, chosen.file))
    if chosen.file is None:
        asyncio.run(_posts(settings, _json_lines(sys.stdout)))
        return FINE
    with _new(chosen.file) as raw, os.fdopen(os.dup(raw.fileno()), "w", newline="") as file:
        write = _csv(file) if chosen.file.suffix == ".csv" else _json_lines(file)
        count = asyncio.run(_posts(settings, write))
    say(f"Wrote {counted(count, 'post')} to {chosen.file}.")
    return FINE


async def _posts(settings: Settings, write: Callable[[Page], None]) -> int:
    count = 0
    async with opened(settings) as database:
        async for page in all_posts(database):
            await asyncio.to_thread(write, page)
            count += len(page)
    return count


async def _creator(settings: Settings, owner_id: int, path: Path | None) -> int:
    path = path or Path(f"clipcue-user-{owner_id}.zip")
    async with opened(settings) as database:
        async with database.reading() as session:
            if await session.get(User, owner_id) is None:
                sys.stderr.write(f"clipcue: there is no creator {owner_id}\n")
                return COULD_NOT
        with _new(path) as file:
            await write_archive(database, owner_id, file)
    say(f"Wrote what is kept about {owner_id} to {path}.")
    return FINE


@contextmanager
def _new(path: Path) -> Iterator[BinaryIO]:
    """A file that was not there before, readable by its owner only; gone again if it fails."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _json_lines(file: TextIO) -> Callable[[Page], None]:
    def write(page: Page) -> None:
        file.writelines(f"{json.dumps(post, ensure_ascii=False)}\n" for post in page)

    return write


def _csv(file: TextIO) -> Callable[[Page], None]:
    table = csv.DictWriter(file, FIELDS)
    table.writeheader()

    def write(page: Page) -> None:
        table.writerows({name: _cell(value) for name, value in post.items()} for post in page)

    return write


def _cell(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(FORMULA)
    return f"'{value}" if is_formula else value


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="where to; it must not exist. Named .csv it becomes a table, else JSON lines; "
        "without it JSON lines come out here",
    )
    parser.add_argument(
        "--user",
        type=int,
        metavar="ID",
        help="all that is kept about the creator with this Telegram id instead, as a zip: the "
        "same as /mydata hands out",
    )


COMMAND = Command(
    name="export",
    help="write all posts as JSON lines or CSV, or all that is kept about one creator",
    teaches="""\
Tokens, upload addresses and keys are never in it; captions are, so the file is readable by its
owner only. It may be taken while the bot runs. In a CSV, an apostrophe stands before what a
spreadsheet would take for a formula.

examples:
  clipcue export | jq 'select(.status == "failed")'
  clipcue export posts.csv
  clipcue export --user 11111111 ana.zip

needs:
  the database, up to date (clipcue migrate --check)

exit codes:
  0  written
  2  it could not be written
""",
    arguments=_arguments,
    run=_run,
)
