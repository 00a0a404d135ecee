"""What a creator notices of the upkeep: a word in time, and clips that are not kept for ever."""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.tiktok import FailProcessing, Fault
from tests.stage import Stage


async def test_the_end_of_a_permission_is_told_in_time(unstarted: Stage) -> None:
    stage = unstarted
    stage.tiktok.refresh_lifetime = 20 * 24 * 3600
    app = await stage.start_bot()
    lena = await stage.creator()
    # TikTok counts on from the first consent here: renewing does not move the end.
    stage.tiktok.access_lifetime = 90 * 24 * 3600
    await app.services.upkeep.renew_tokens()
    await app.services.upkeep.remind()
    assert lena.count("permission ends soon") == 0
    stage.clock.jump(timedelta(days=6, minutes=1))
    await app.services.upkeep.remind()
    await app.services.upkeep.remind()

    told = await lena.see("⏰ TikTok's permission ends soon: @lena.cooks")
    assert "Connect the account again before that" in told.text
    await lena.tap("Reconnect", message=told)
    await lena.see("works once and for 10 minutes", after=told)
    stage.clock.jump(timedelta(days=11))
    await app.services.upkeep.remind()
    again = await lena.see("permission ends soon", after=told)
    assert again.id != told.id
    assert lena.count("permission ends soon") == 2


@pytest.mark.parametrize("button", ["Retry", "Edit"])
async def test_a_retry_weeks_later_says_kindly_that_the_clip_is_gone(
    unstarted: Stage, clip: Path, button: str
) -> None:
    stage = unstarted
    stage.tiktok.access_lifetime = 90 * 24 * 3600
    app = await stage.start_bot()
    lena = await stage.creator()
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=FailProcessing(reason="odd")))
    await stage.posted_now(lena, clip)
    await stage.see_in_time(lena, "❌ Not published")
    stage.clock.jump(timedelta(days=8))
    await app.services.upkeep.run()
    assert not stage.clips_on_disk

    sent = await lena.send("/posts")
    listed = await lena.see("Nothing is planned", after=sent)
    await lena.tap("Not published", message=listed)
    past = await lena.see("1. ", after=listed)
    await lena.tap("1", message=past)
    card = await lena.see("❌ Not published", after=past)
    await lena.tap(button, message=card)

    told = await lena.see("The clip's file is gone", after=card)
    assert "Send it again" in told.text
    assert not stage.tiktok.posts
