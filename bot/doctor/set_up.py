"""The set-up that is looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage

import httpx

from core.clock import Clock
from core.media.probing import Prober
from core.settings import Settings


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """What checks look at. `instances` are the ClipCues that run on this data folder now."""

    settings: Settings
    http: httpx.AsyncClient
    clock: Clock
    instances: frozenset[str]
    prober: Prober
    free_bytes: Callable[[Path], int]
    """How much more fits on the disk of a folder."""


def free_bytes(folder: Path) -> int:
    """What the operating system says."""
    return disk_usage(folder).free


def why(error: httpx.HTTPError) -> str:
    """What went wrong with a request, in a few words."""
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
