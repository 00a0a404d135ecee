"""`clipcue backup`: everything in one file, while it runs."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.command import FINE, Command, counted, quiet_settings, say
from core.backups.taking import take


def _run(chosen: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    path = chosen.file or Path(f"clipcue-{now:%Y%m%dT%H%M%SZ}.tar")
    taken = take(quiet_settings(), path, with_keys=chosen.with_key, now=now)
    manifest = taken.manifest
    files = f"{counted(manifest.clips, 'file')} of clips and photos"
    say(f"Wrote {taken.path}: the database and {files}, {_size(taken.size)}.")
    if manifest.missing:
        say(f"{counted(len(manifest.missing), 'file')} of them could not be found.")
    if manifest.has_keys:
        say("The encryption key is inside: whoever has this file can post for every creator.")
    else:
        say(
            "The encryption key is NOT inside. Keep it apart from this file (ENCRYPTION_KEY, or "
            "encryption.key in DATA_DIR): without it every account must be connected again."
        )
    return FINE


def _size(count: int) -> str:
    return f"{count / (1 << 20):.1f} MiB"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="where to; without it clipcue-<time>.tar in this folder. It must not exist",
    )
    parser.add_argument("--with-key", action="store_true", help="put the encryption key in as well")


COMMAND = Command(
    name="backup",
    help="write the database and all clips into one file, while the bot runs",
    teaches="""\
The file is a plain tar, readable by its owner only, with a manifest that vouches for each file in
it. It is consistent whatever happens meanwhile, and has its name only once it is whole. The
encryption key is left out, so that the file alone opens no TikTok account.

examples:
  clipcue backup
  clipcue backup /backups/clipcue-$(date +%F).tar

needs:
  SQLite (for PostgreSQL there is pg_dump, see docs/operate.md), room for the file, and room in
  DATA_DIR for a copy of the database

exit codes:
  0  written
  2  it could not be written
""",
    arguments=_arguments,
    run=_run,
)
