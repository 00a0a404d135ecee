"""Fixtures of the command line's tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.core.store.conftest import database, url
from tests.stage import Stage, staged

__all__ = ["database", "url"]


@pytest.fixture
def local() -> bool:
    """Whether Telegram is a Bot API server of the operator's own."""
    return False


@pytest.fixture
async def stage(tmp_path: Path, local: bool) -> AsyncIterator[Stage]:
    """Both far ends; the bot is started by the test, if at all."""
    async with staged(tmp_path, Clock(), local=local) as stage:
        yield stage
