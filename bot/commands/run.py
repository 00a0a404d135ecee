"""`clipcue run`: everything, until it is told to stop."""

import argparse
import asyncio
import gc

from bot import logs
from bot.commands.command import FINE, Command
from core.settings import Settings


def _run(_chosen: argparse.Namespace) -> int:
    settings = Settings.load()
    logs.configure(settings.log_level, settings.log_format, secrets=settings.secrets)
    from bot.app import serve  # noqa: PLC0415 - the other commands start in a third of its time

    gc.freeze()  # what is loaded stays: the collector need not look through it again and again
    asyncio.run(serve(settings))
    return FINE


COMMAND = Command(
    name="run",
    help="run the bot, the scheduler and the web side (the default)",
    teaches="""\
Serves until SIGTERM or Ctrl-C, and then finishes or parks what is under way within 20 seconds.
Without TELEGRAM_BOT_TOKEN the chat is a stand-in that opens in the browser, without
TIKTOK_CLIENT_KEY so is TikTok. The database is brought up to date first.

example:
  clipcue run

needs:
  a free WEB_PORT and a DATA_DIR that can be written to

exit codes:
  0  it was told to stop
  2  it could not start: a setting, the port, the database, or a token that Telegram does not know
""",
    run=_run,
)
