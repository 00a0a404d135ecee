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
    await lena.see("I cannot find that any more.")

    assert not stage.clips_on_disk
    sent = await lena.send("/posts")
    await lena.see("Nothing is planned.", after=sent)


async def test_the_caption_of_a_discarded_draft_is_not_waited_for(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip)
    await stage.open(lena, "Caption", "Send me the caption")
    await lena.tap(data=f"p1:{card.buttons[0][0].data.split(':')[1]}:1:discsure:")  # type: ignore[union-attr]  # a card's buttons carry data
    await lena.see("Discarded.")
    sent = await lena.send("for nobody")
    await lena.see("I was not waiting for a text", after=sent)


async def test_editing_takes_a_post_off_the_schedule(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.scheduled(lena, clip)
    await lena.tap("Edit", message=card)
    draft = await lena.see("Taken off the schedule while you change it.", after=card)
    assert "📝 Draft" in draft.text
    stage.clock.jump(timedelta(hours=1, minutes=59))
    await stage.write_post(lena, caption="Better now", when="in 2h", privacy=None)
    stage.clock.jump(timedelta(hours=1))
    assert not stage.tiktok.state.uploads, "the old time counts no more"

    await stage.schedule(lena)
    stage.clock.jump(timedelta(hours=1))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    assert [post.title for post in stage.tiktok.posts] == ["Better now"]


async def test_a_post_can_be_moved(stage: Stage, lena: Person, clip: Path) -> None:
    card = await stage.scheduled(lena, clip)
    await lena.tap("Move", message=card)
    asked = await lena.see("When should it go out?", after=card)
    assert "Taken off the schedule while you change it." in asked.text
    await lena.tap("Tomorrow 18:00", message=asked)
    await lena.see("🕒 Wed 13 Jan 2027, 18:00 (Europe/Madrid)", after=asked)
    await stage.schedule(lena)
    stage.clock.jump(timedelta(hours=3))
    assert not stage.tiktok.state.uploads

    stage.clock.jump(timedelta(hours=26))
    live = await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    assert "late" not in live.text, "what is on time says nothing of it"
    assert len(stage.tiktok.posts) == 1


async def test_a_scheduled_post_can_go_out_at_once(stage: Stage, lena: Person, clip: Path) -> None:
    card = await stage.scheduled(lena, clip)
    await lena.tap("Post now", message=card)
    asked = await lena.see("By posting, you agree to TikTok's", after=card)
    assert "Posting to Lena Cooks (@lena.cooks), now" in asked.text
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
