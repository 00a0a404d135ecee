"""What every walk of a creator needs."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.samples import make_clip
from sandbox.telegram import Person
from tests.clock import Clock
from tests.stage import Stage, staged

NOON = datetime(2027, 1, 12, 12, 0, tzinfo=UTC)
"""A Tuesday far from any change of clocks: 13:00 in Madrid."""


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest clip that TikTok takes: one second, about 50 KB."""
    path = tmp_path_factory.mktemp("clips") / "IMG_1.mp4"
    return make_clip(path, seconds=1, width=360, height=640, fps=24)


@pytest.fixture
async def unstarted(tmp_path: Path) -> AsyncIterator[Stage]:
    """Both far ends at noon; the test starts the bot itself."""
    async with staged(tmp_path, Clock(NOON)) as stage:
        yield stage


@pytest.fixture
async def stage(unstarted: Stage) -> Stage:
    """Both far ends at noon, and the running bot."""
    await unstarted.start_bot()
    return unstarted


@pytest.fixture
async def lena(stage: Stage) -> Person:
    """A creator who has connected @lena.cooks and lives in Madrid."""
    return await stage.creator(name="Lena")
