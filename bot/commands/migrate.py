"""`clipcue migrate`: the database brought up to date."""

import argparse
import asyncio

from bot.commands.command import FINE, NOT_FINE, Command, quiet_settings, say
from core.settings import Settings
from core.store.database import newest_version, refuse_newer
from core.store.state import database_version, migrated


def _run(chosen: argparse.Namespace) -> int:
    return asyncio.run(_check(quiet_settings()) if chosen.check else _migrate(quiet_settings()))


async def _check(settings: Settings) -> int:
    found, newest = await database_version(settings), newest_version()
    if found == newest:
        say(f"The database is up to date, at {newest}.")
        return FINE
    refuse_newer(found)
    say(f"The database is at {found or 'nothing yet'}, this version wants {newest}.")
    return NOT_FINE


async def _migrate(settings: Settings) -> int:
    found = await migrated(settings)
    newest = newest_version()
    say(
        f"The database is up to date already, at {newest}."
        if found == newest
        else f"Brought the database from {found or 'nothing'} to {newest}."
    )
    return FINE


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only tell, and change nothing")


COMMAND = Command(
    name="migrate",
    help="bring the database up to date with this version",
    teaches="""\
Every start does so too; this is for those who want to see it happen before. The change is made
whole or not at all. Take a backup first, since there is no way back but that.

example:
  clipcue backup && clipcue migrate

needs:
  the database; no bot of an older version should run on it

exit codes:
  0  it is up to date
  1  with --check: it is behind
  2  it could not be done: the database cannot be reached, or a newer version made its tables
""",
    arguments=_arguments,
    run=_run,
)
