"""Fixtures of the whole-stack tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from sandbox.telegram import Person
from tests.browser import report
from tests.clock import Clock
from tests.stage import Stage, staged

# The same examples each run and no limit of time for one: neither luck nor a busy machine decides.
settings.register_profile("clipcue", derandomize=True, deadline=None)
settings.load_profile("clipcue")


LONG = ("tests/process/", "tests/browser/")
"""What takes longest begins first: at the end no worker waits for another's long test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Here, since with xdist only this file is read where the summary is written."""
    report.tell(terminalreporter)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Both far ends and the running bot."""
    async with staged(tmp_path, Clock()) as stage:
        await stage.start_bot()
        yield stage


@pytest.fixture
async def ana(stage: Stage) -> Person:
    """A creator who has said hello."""
    person = stage.person()
    await person.send("/start")
    await person.see("I get your clips onto TikTok")
    return person
