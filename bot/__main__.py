"""`python -m bot`, also installed as `clipcue`."""

import argparse
import asyncio
import gc
import sys
from collections.abc import Sequence

from bot import logs
from bot.app import serve
from bot.web.server import PortTaken
from core.settings import Settings, SettingsError
from core.store.keys import make_key
from core.store.rotation import rotate
from core.store.vault import VaultError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command named on the command line; returns the exit code."""
    gc.freeze()  # what is loaded stays: the collector need not look through it again and again
    command = _parser().parse_args(arguments).command
    try:
        if command == "make-key":
            _say(make_key())
            return 0
        settings = Settings.load()
        _configure_logs(settings)
        if command == "rotate-key":
            count = asyncio.run(rotate(settings))
            _say(f"Sealed {count} secrets again. Keep the old key until no backup needs it.")
        else:
            asyncio.run(serve(settings))
    except (SettingsError, PortTaken, VaultError) as error:
        sys.stderr.write(f"clipcue: {error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="clipcue",
        description="Gets creators' clips from a Telegram chat onto TikTok at the right moment.",
        epilog="Settings come from the environment and from .env; .env.example explains each.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="run the bot, the scheduler and the web side (the default)")
    commands.add_parser("make-key", help="print a new key for ENCRYPTION_KEY")
    commands.add_parser(
        "rotate-key",
        help="seal every stored secret with a new key: one that is made in the data folder, or, "
        "where ENCRYPTION_KEY is set, the one set there (put the old one in ENCRYPTION_KEYS_OLD)",
    )
    return parser


def _configure_logs(settings: Settings) -> None:
    secrets = [settings.telegram_bot_token, settings.tiktok_client_secret]
    logs.configure(
        settings.log_level,
        settings.log_format,
        secrets=[secret.get_secret_value() for secret in secrets if secret],
    )


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
