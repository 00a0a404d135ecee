"""The command line: words in, an exit code out."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from sqlalchemy.exc import SQLAlchemyError

from bot.commands import backup, doctor, export, make_key, migrate, restore, rotate_key, run
from bot.commands.command import COULD_NOT, Command
from bot.web.server import PortTaken
from core.backups.archive import BackupError
from core.settings import SettingsError
from core.store.state import DatabaseUnusable, unusable
from core.store.vault import VaultError

COMMANDS: tuple[Command, ...] = (
    run.COMMAND,
    doctor.COMMAND,
    migrate.COMMAND,
    backup.COMMAND,
    restore.COMMAND,
    export.COMMAND,
    make_key.COMMAND,
    rotate_key.COMMAND,
)
ENDS = (SettingsError, PortTaken, VaultError, BackupError, DatabaseUnusable)
"""What ends a command with one line, and no traceback: the operator can mend it."""

_EPILOG = """\
first steps:
  clipcue run                 try it: without any settings both far ends are stand-ins
  clipcue doctor              look a real set-up through, before the first start and after
  clipcue COMMAND --help      what a command does, needs, and answers

Settings come from the environment and from .env in the folder it is started in; .env.example
explains each. No command takes a secret on its line, where other programs could read it.

exit codes:
  0  done     1  done, but what was found is not as it should be     2  could not be done
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command named on the command line; returns the exit code."""
    chosen = parser().parse_args(arguments)
    command: Command = chosen.command
    try:
        return command.run(chosen)
    except OSError as error:
        sys.stderr.write(f"clipcue: {_of_the_system(error)}\n")
    except ENDS as error:
        sys.stderr.write(f"clipcue: {error}\n")
    except SQLAlchemyError as error:
        sys.stderr.write(f"clipcue: {unusable(error)}\n")
    return COULD_NOT


def _of_the_system(error: OSError) -> str:
    """What the system has against it: "backups/b.tar: no such file or directory"."""
    why = error.strerror.lower() if error.strerror else str(error)
    return f"{error.filename}: {why}" if error.filename else why


def parser() -> argparse.ArgumentParser:
    """All commands with their help; without a command it is `run`."""
    whole = argparse.ArgumentParser(
        prog="clipcue",
        description="Gets creators' clips from a Telegram chat onto TikTok at the right moment.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"clipcue {version('clipcue')}")
    whole.set_defaults(command=run.COMMAND)
    several = whole.add_subparsers(metavar="COMMAND")
    for command in COMMANDS:
        one = several.add_parser(
            command.name,
            help=command.help,
            description=f"{command.help[0].upper()}{command.help[1:]}.",
            epilog=command.teaches,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.arguments(one)
        one.set_defaults(command=command)
    return whole
