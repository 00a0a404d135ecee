"""What can be done with a post after it was agreed to, and before."""

from datetime import timedelta
from pathlib import Path

from sandbox.telegram import Person
from tests.stage import Stage


async def test_cancelled_before_its_time_it_does_not_go_out(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.scheduled(lena, clip)
    await lena.tap("Cancel post", message=card)
    asked = await lena.see("Cancel this post? It will not go out.", after=card)
    await lena.tap("Back", message=asked)
    card = await lena.see("🗓 Scheduled", after=asked)
    await lena.tap("Cancel post", message=card)
    asked = await lena.see("Cancel this post?", after=card)
    await lena.tap("Cancel post", message=asked)
    await lena.see("🚫 Cancelled", after=asked)

    stage.clock.jump(timedelta(hours=3))
    sent = await lena.send("/posts")
    await lena.see("Nothing is planned.", after=sent)
    assert not stage.tiktok.state.uploads
    assert lena.count("Published") == 0


async def test_a_discarded_draft_is_gone_from_the_disk(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="Oh no")
    asked = await stage.open(lena, "Discard", "Discard this draft? The clip is deleted here")
    assert len(stage.clips_on_disk) == 1
    await lena.tap("Discard", message=asked)
    await lena.tap("Discard", message=asked)  # twice at once
    await lena.see("Discarded.", after=asked)

    assert not stage.clips_on_disk
    sent = await lena.send("/posts")
    await lena.see("Nothing is planned.", after=sent)
    assert lena.count("I cannot find that") == 0


async def test_the_caption_of_a_discarded_draft_is_not_waited_for(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip)
    await stage.open(lena, "Caption", "Send me the caption")
    await lena.tap(data=f"p1:{card.buttons[0][0].data.split(':')[1]}:1:discsure:")  # type: ignore[union-attr]  # a card's buttons carry data
    await lena.see("Discarded.")
    sent = await lena.send("for nobody")
    await lena.see("I was not waiting for a text", after=sent)


async def test_a_scheduled_post_can_go_out_at_once(stage: Stage, lena: Person, clip: Path) -> None:
    card = await stage.scheduled(lena, clip)
    await lena.tap("Post now", message=card)
    asked = await lena.see("By posting, you agree to TikTok's", after=card)
    assert "Posting to Lena Cooks (@lena.cooks), as soon as you agree" in asked.text
    await lena.tap("Back", message=asked)
    card = await lena.see("🗓 Scheduled", after=asked)
    await lena.tap("Post now", message=card)
    asked = await lena.see("By posting, you agree to TikTok's", after=card)
    await lena.tap("Agree and post", message=asked)

    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    stage.clock.jump(timedelta(hours=3))
    sent = await lena.send("/posts")
    await lena.see("Nothing is planned.", after=sent)
    assert len(stage.tiktok.posts) == 1


async def test_what_is_posted_now_says_when_it_was_posted(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.posted_now(lena, clip)
    assert lena.count("no time yet") == 0
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")

    sent = await lena.send("/posts")
    planned = await lena.see("Nothing is planned.", after=sent)
    await lena.tap("Published", message=planned)
    listed = await lena.see("1. ", after=planned)
    assert "✅ Published · posted Tue 12 Jan 2027, 13:0" in listed.text
    await lena.tap("1", message=listed)
    card = await lena.see("🕒 posted Tue 12 Jan 2027, 13:0", after=listed)
    url = await lena.tap("Open on TikTok", message=card)
    assert url is not None
    assert f"/@lena.cooks/video/{stage.tiktok.posts[0].post_id}" in url
