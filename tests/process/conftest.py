"""Fixtures of the tests that start and end real processes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.telegram import Person
from tests.clock import Clock
from tests.process.bot_process import BotProcess
from tests.process.kept_clock import KeptClock
from tests.stage import Stage, staged


@pytest.fixture
def local() -> bool:
    """Whether Telegram is a Bot API server of the operator's own: the cloud stops at 20 MB."""
    return False


@pytest.fixture
def keeps_clock() -> bool:
    """Whether the process goes by the stage's clock as well, and not by the real one."""
    return False


@pytest.fixture
async def stage(tmp_path: Path, local: bool, keeps_clock: bool) -> AsyncIterator[Stage]:
    """Both far ends; the bot is not in this process."""
    clock = KeptClock(tmp_path / "clock") if keeps_clock else Clock()
    async with staged(tmp_path, clock, local=local) as stage:
        stage.environment["TELEGRAM_LOCAL_MODE"] = str(local)
        stage.tiktok.processing_delay = 0.3
        yield stage
        stage.telegram.updates.end_poll("the end of the test")  # that of a process long killed


@pytest.fixture
async def bot(stage: Stage, keeps_clock: bool) -> AsyncIterator[BotProcess]:
    """The bot between the two far ends, healthy."""
    clock = stage.folder / "clock" if keeps_clock else None
    async with BotProcess(stage.variables(), stage.folder, clock=clock) as process:
        await process.start()
        yield process


@pytest.fixture
async def ana(stage: Stage, bot: BotProcess) -> Person:  # noqa: ARG001 - the bot has to be there
    """A creator whose TikTok account is connected."""
    person = await stage.meet()
    await stage.connect(person)
    return person
