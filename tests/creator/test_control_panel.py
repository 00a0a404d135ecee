"""What is done on the sandbox's control panel, and what the creator sees of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.creator.conftest import NOON
from tests.newcomer import alone, press
from tests.stage import Stage


@pytest.fixture(name="newcomer")
async def _newcomer(tmp_path: Path) -> AsyncIterator[Stage]:
    async with alone(tmp_path, Clock(NOON)) as stage:
        yield stage


async def test_a_clip_is_refused_after_tiktok_took_it(newcomer: Stage, clip: Path) -> None:
    lena = await newcomer.creator(name="Lena")
    await press(newcomer, "trouble", place="processing", trouble="fail:spam_risk_text", times="1")
    card = await newcomer.posted_now(lena, clip)
    await press(newcomer, "jump", by="+1 min")
    told = await lena.see("Not published", after=card)
    assert "spam_risk_text" in told.text


async def test_tiktok_is_down_until_that_is_called_off(newcomer: Stage, clip: Path) -> None:
    lena = await newcomer.creator(name="Lena")
    down = {"place": "any call", "trouble": "refuse:internal_error:503", "always": "on"}
    card = await newcomer.scheduled(lena, clip, when="in 1h")
    await press(newcomer, "trouble", **down)
    await press(newcomer, "jump", by="+1 hour")
    page = await press(newcomer, "jump", by="+1 min")
    assert "<td>503</td>" in page
    assert newcomer.tiktok.posts == []
    await press(newcomer, "call-off", id="all")
    await press(newcomer, "jump", by="+1 hour")
    await lena.see("✅ Published on @lena.cooks", after=card)


async def test_a_creator_removes_the_app(newcomer: Stage, clip: Path) -> None:
    lena = await newcomer.creator(name="Lena")
    card = await newcomer.scheduled(lena, clip, when="in 2h")
    await press(newcomer, "remove-app", creator="lena.cooks")
    told = await lena.see("Disconnected: @lena.cooks", after=card)
    assert "On hold until then: 1 post." in told.text


async def test_a_creator_turns_private(newcomer: Stage, clip: Path) -> None:
    lena = await newcomer.creator(name="Lena")
    settings = {"creator": "lena.cooks", "private": "on", "longest": "600", "posting": ""}
    await press(newcomer, "creator", **settings)
    await newcomer.draft(lena, clip)
    asked = await newcomer.open(lena, "Privacy", "Who can see this post?")
    assert any("Followers" in label for label in asked.labels)
    assert not any("Everyone" in label for label in asked.labels)
