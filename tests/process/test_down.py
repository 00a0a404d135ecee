"""The process is killed, and the clock has gone on when it is started again."""

import re
from datetime import timedelta
from typing import Any

import pytest

from core.accounts.tokens import RENEWAL_LEASE
from sandbox.tiktok import EndToken, Fault, Slow
from tests.process.bot_process import BotProcess
from tests.stage import Stage

HOUR = timedelta(hours=1)
LIVE = "✅ Published on @lena.cooks"
CHEAP: dict[str, Any] = {"seconds": 1, "width": 360, "height": 640, "fps": 24}
NOT_YET = "✋ Not published yet on @lena.cooks"


@pytest.fixture
def keeps_clock() -> bool:
    return True


async def test_across_due_times(stage: Stage, bot: BotProcess) -> None:
    """What is little late goes out and says so, what is very late asks, what is to come waits."""
    lena = await stage.creator()
    for caption, when in (("Soup", "in 2h"), ("Bread", "in 6h"), ("Cake", "in 7h")):
        await stage.scheduled(lena, stage.clip(**CHEAP), caption=caption, when=when)
    await bot.kill()
    stage.clock.jump(6 * HOUR + timedelta(minutes=15))
    assert not stage.tiktok.state.uploads
    await bot.start()

    told = await lena.see(LIVE, timeout=20)
    assert "“Bread”" in told.text
    assert re.search(r"It went out 1\d min late", told.text)
    asked = await lena.see(NOT_YET, timeout=20)
    assert "“Soup”" in asked.text
    assert [label.split(" ", 1)[1] for label in asked.labels] == ["Post now", "Move", "Cancel post"]
    assert [post.title for post in stage.tiktok.posts] == ["Bread"]

    stage.clock.jump(HOUR)
    await lena.see("“Cake”", after=asked, timeout=20)
    await lena.tap("Post now", message=asked)
    sure = await lena.see("By posting, you agree to TikTok's", after=asked, timeout=20)
    await lena.tap("Agree and post", message=sure)

    await stage.until(lambda: lena.count(LIVE) == 3, timeout=20)
    assert sorted(post.title for post in stage.tiktok.posts) == ["Bread", "Cake", "Soup"]
    assert len(stage.tiktok.state.uploads) == 3


async def test_between_a_renewal_at_tiktok_and_its_storing(stage: Stage, bot: BotProcess) -> None:
    """The pair that works now was in the answer; nobody has it, so the creator has to connect."""
    lena = await stage.creator()
    await stage.draft(lena, stage.clip(**CHEAP), caption="Soup")
    await stage.write_post(lena)
    asked = await stage.open(lena, "Post now", "By posting, you agree to TikTok's")
    stage.tiktok.faults.add(Fault(endpoint="creator_info/query", kind=EndToken()))
    stage.tiktok.faults.add(Fault(endpoint="oauth/token", kind=Slow(seconds=2)))
    await lena.tap("Agree and post", message=asked)
    await stage.until(lambda: _codes(stage, "oauth/token") == ["ok", "ok"], timeout=20)
    await bot.kill()
    stage.clock.jump(RENEWAL_LEASE)
    await bot.start()

    told = await lena.see(NOT_YET, timeout=20)
    assert "Reconnect" in [label.split(" ", 1)[-1] for label in told.labels]
    assert _codes(stage, "oauth/token") == ["ok", "ok", "invalid_grant"]
    connected = await stage.connect(lena)
    await lena.tap("Resume 1 post", message=connected)
    await lena.see(LIVE, timeout=20)
    assert [post.title for post in stage.tiktok.posts] == ["Soup"]
    assert len(stage.tiktok.state.uploads) == 1
    assert lena.count(LIVE) == 1


def _codes(stage: Stage, endpoint: str) -> list[str]:
    return [call.code for call in stage.tiktok.calls if call.endpoint == endpoint]
