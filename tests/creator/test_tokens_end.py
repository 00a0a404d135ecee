"""TikTok's permission ends in the middle of things: no post is doubled, none is lost."""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.telegram import Person
from sandbox.tiktok import DropBefore, EndToken, Fault, LoseAnswer, Slow
from sandbox.tiktok.faults import CallFault
from tests.stage import Stage

LIVE = "✅ Published on @lena.cooks"
DISCONNECTED = "⚠️ Disconnected: @lena.cooks"
HOUR = timedelta(hours=1)


def codes(stage: Stage, endpoint: str) -> list[str]:
    return [call.code for call in stage.tiktok.calls if call.endpoint == endpoint]


@pytest.mark.parametrize("times", [1, 2])
async def test_a_token_ends_while_tiktok_is_asked_what_became_of_a_post(
    stage: Stage, lena: Person, clip: Path, times: int
) -> None:
    """The status is asked again with another token; nothing is uploaded again for that."""
    stage.tiktok.processing_delay = 20
    for after in (0, 1)[:times]:
        stage.tiktok.faults.add(Fault(endpoint="status/fetch", kind=EndToken(), after=after))
    await stage.posted_now(lena, clip, caption="Soup")

    told = await stage.see_in_time(lena, LIVE)

    assert "“Soup”" in told.text
    assert codes(stage, "status/fetch").count("access_token_invalid") == times
    assert codes(stage, "oauth/token") == ["ok"] * (1 + times), "the connection, then renewals"
    assert codes(stage, "video/init") == codes(stage, "upload") == ["ok"]
    assert [post.title for post in stage.tiktok.posts] == ["Soup"]
    assert (lena.count(LIVE), lena.count("Not published")) == (1, 0)


@pytest.mark.parametrize(
    ("kind", "renewal"),
    [
        pytest.param(DropBefore(), ["dropped", "ok"], id="nothing was renewed"),
        pytest.param(LoseAnswer(), ["ok", "invalid_grant"], id="TikTok has rotated the pair"),
    ],
)
async def test_the_answer_to_a_renewal_is_lost(
    stage: Stage, lena: Person, clip: Path, kind: CallFault, renewal: list[str]
) -> None:
    """One more try tells which it was; where the pair is gone, only the creator can help."""
    stage.tiktok.processing_delay = 20
    stage.tiktok.faults.add(Fault(endpoint="status/fetch", kind=EndToken()))
    stage.tiktok.faults.add(Fault(endpoint="oauth/token", kind=kind))
    await stage.posted_now(lena, clip, caption="Soup")

    if renewal[-1] == "invalid_grant":
        told = await stage.see_in_time(lena, DISCONNECTED)
        assert told.labels == ["Reconnect"]
        assert codes(stage, "oauth/token")[1:] == renewal, "not tried a third time"
        await stage.connect(lena)
    await stage.see_in_time(lena, LIVE)

    assert codes(stage, "oauth/token")[1:3] == renewal
    assert codes(stage, "video/init") == codes(stage, "upload") == ["ok"]
    assert [post.title for post in stage.tiktok.posts] == ["Soup"]
    assert (lena.count(LIVE), lena.count("Not published")) == (1, 0)
    assert lena.count(DISCONNECTED) == (renewal[-1] == "invalid_grant")


async def test_a_refusal_to_renew_holds_all_posts_and_one_tap_takes_them_up(
    stage: Stage, lena: Person, clip: Path
) -> None:
    """invalid_grant, long before the first of them is due."""
    for caption, when in (("Soup", "in 3h"), ("Bread", "in 4h"), ("Cake", "in 5h")):
        await stage.scheduled(lena, clip, caption=caption, when=when)
    stage.tiktok.state.refresh_tokens.clear()
    stage.clock.jump(2 * HOUR)
    draft = await stage.draft(lena, clip, caption="Something else")
    await lena.tap("Privacy", message=draft)  # if not its card, the first to need a token

    told = await lena.see(DISCONNECTED)
    assert "On hold until then: 3 posts." in told.text
    assert codes(stage, "oauth/token")[1:] == ["invalid_grant"]
    stage.clock.jump(HOUR + timedelta(minutes=5))
    await lena.tap("Reconnect", message=told)
    connected = await stage.connect(lena)
    await lena.tap("Resume 3 posts", message=connected)
    await lena.see("2 posts back on schedule", after=connected)

    for caption in ("Soup", "Bread", "Cake"):
        live = await stage.see_in_time(lena, f"“{caption}”")
        assert live.text.startswith(LIVE)
        stage.clock.jump(HOUR)
    assert [post.title for post in stage.tiktok.posts] == ["Soup", "Bread", "Cake"]
    assert len(stage.tiktok.state.uploads) == 3
    assert (lena.count(LIVE), lena.count(DISCONNECTED)) == (3, 1)
    assert lena.count("Not published") == 0


async def test_a_permission_that_ends_while_clips_are_with_tiktok_is_told(
    stage: Stage, lena: Person, clip: Path
) -> None:
    """One is asked about, the other on its way: neither is held, and yet the creator is needed."""
    stage.tiktok.processing_delay = 600
    await stage.posted_now(lena, clip, caption="Bread")
    await stage.until(lambda: len(codes(stage, "status/fetch")) > 0)
    stage.tiktok.faults.add(Fault(endpoint="upload", kind=Slow(seconds=1)))
    await stage.posted_now(lena, clip, caption="Soup")
    await stage.until(lambda: len(codes(stage, "upload")) == 2)
    stage.tiktok.remove_app("lena.cooks")
    stage.clock.jump(timedelta(seconds=30))

    told = await lena.see(DISCONNECTED)
    assert told.labels == ["Reconnect"]
    assert "On hold" not in told.text
    await stage.connect(lena)
    for caption in ("Bread", "Soup"):
        live = await stage.see_in_time(lena, f"“{caption}”", step=timedelta(seconds=30))
        assert live.text.startswith(LIVE)
    assert len(stage.tiktok.posts) == len(stage.tiktok.state.uploads) == 2
    assert (lena.count(LIVE), lena.count(DISCONNECTED)) == (2, 1)
