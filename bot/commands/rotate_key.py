"""`clipcue rotate-key`: every stored secret sealed with a new key."""

import argparse
import asyncio

from bot.commands.command import FINE, Command, quiet_settings, say
from core.store.rotation import rotate


def _run(_chosen: argparse.Namespace) -> int:
    count = asyncio.run(rotate(quiet_settings()))
    say(f"Sealed {count} secrets again. Keep the old key until no backup needs it.")
    return FINE


COMMAND = Command(
    name="rotate-key",
    help="seal every stored secret with a new key",
    teaches="""\
Where the key is a file of the data folder, a new one is made and put before the old ones; a bot
that runs meanwhile finds it. Where ENCRYPTION_KEY is set, put a new key from `clipcue make-key`
there and the one used so far into ENCRYPTION_KEYS_OLD first, and start the bot anew afterwards.
May be repeated, and interrupted.

example:
  clipcue rotate-key

needs:
  the database, and every key that something in it is still sealed with

exit codes:
  0  all are sealed with the new key
  2  it could not be done: a key is missing, a setting is wrong, the database cannot be reached
""",
    run=_run,
)
