"""What a command of the command line is."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass

from bot import logs
from core.settings import LogLevel, Settings

FINE, NOT_FINE, COULD_NOT = 0, 1, 2
"""Exit codes: done; done, and what was found is not as it should be; could not be done."""


def _no_arguments(_parser: argparse.ArgumentParser) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command: `help` is its line in the list, `teaches` the rest of its own help.

    `run` returns the exit code; what it raises of `ENDS` in `bot.commands.line` becomes one line.
    """

    name: str
    help: str
    teaches: str
    run: Callable[[argparse.Namespace], int]
    arguments: Callable[[argparse.ArgumentParser], None] = _no_arguments


def say(text: str) -> None:
    """A line for whoever reads the output."""
    sys.stdout.write(text + "\n")


def counted(count: int, noun: str) -> str:
    """ "1 clip", "2 clips"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def quiet_settings() -> Settings:
    """The settings, for a command that does one thing: only what goes wrong is logged."""
    settings = Settings.load()
    logs.configure(LogLevel.ERROR, settings.log_format, secrets=settings.secrets)
    return settings
