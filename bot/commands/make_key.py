"""`clipcue make-key`: a key for ENCRYPTION_KEY."""

import argparse

from bot.commands.command import FINE, Command, say
from core.store.keys import make_key


def _run(_chosen: argparse.Namespace) -> int:
    say(make_key())
    return FINE


COMMAND = Command(
    name="make-key",
    help="print a new key for ENCRYPTION_KEY",
    teaches="""\
Changes nothing. Without ENCRYPTION_KEY, ClipCue makes a key in the data folder by itself.

example:
  echo "ENCRYPTION_KEY=$(clipcue make-key)" >> .env

exit codes:
  0  printed
""",
    run=_run,
)
