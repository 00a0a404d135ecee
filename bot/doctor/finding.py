"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    OK = "ok"
    WARNING = "warning"
    """It works, but not for everything or not for long."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """There is nothing to look at in this set-up, or not yet."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`found` is a sentence without its full stop; `do` is what to do about it, if anything."""

    status: Status
    found: str
    do: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A finding and the name of what was looked at."""

    name: str
    finding: Finding


def ok(found: str, do: str = "") -> Finding:
    return Finding(status=Status.OK, found=found, do=do)


def warning(found: str, do: str) -> Finding:
    return Finding(status=Status.WARNING, found=found, do=do)


def failed(found: str, do: str) -> Finding:
    return Finding(status=Status.FAILED, found=found, do=do)


def skipped(found: str, do: str = "") -> Finding:
    return Finding(status=Status.SKIPPED, found=found, do=do)
