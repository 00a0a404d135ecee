"""Changing what was agreed to: it keeps its place until something is really changed."""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from tests.creator.test_stale_buttons import data_of
from tests.stage import Stage

OFF = "Off the schedule until you agree again"
PUBLISHED = "✅ Published on @lena.cooks"
DUE = timedelta(hours=2, minutes=1)


async def editing(lena: Person, card: ChatMessage) -> ChatMessage:
    await lena.tap("Edit", message=card)
    return await lena.see("What do you want to change?", after=card)


@pytest.mark.parametrize("opens", ["Edit", "Move"])
@pytest.mark.parametrize("leaves", ["Back", "/cancel", "nothing"])
async def test_looking_and_leaving_changes_nothing(
    stage: Stage, lena: Person, clip: Path, opens: str, leaves: str
) -> None:
    card = await stage.scheduled(lena, clip)
    if opens == "Edit":
        asked = await editing(lena, card)
        assert "Nothing has changed yet: it goes out as planned." in asked.text
        await lena.tap("Caption", message=asked)
        asked = await lena.see("Send me the caption", after=asked)
    else:
        await lena.tap("Move", message=card)
        asked = await lena.see("When should it go out?", after=card)
        await lena.tap("Tomorrow 18:00", message=asked)
        asked = await lena.see("Move this post?", after=asked)
        assert "From Tue 12 Jan 2027, 15:0" in asked.text
        assert "to Wed 13 Jan 2027, 18:00 (Madrid)" in asked.text
    if leaves == "Back":
        await lena.tap("Back", message=asked)
    elif leaves == "/cancel":
        asked = await lena.see(asked.text)
        await lena.send("/cancel")
    if leaves != "nothing":
        card = await lena.see("🗓 Scheduled", after=asked)
        assert "🕒 Tue 12 Jan 2027, 15:0" in card.text
        assert "New recipe" in card.text

    stage.clock.jump(DUE)
    await stage.see_in_time(lena, PUBLISHED)
    assert [post.title for post in stage.tiktok.posts] == ["New recipe"]


async def test_the_same_again_is_no_change(stage: Stage, lena: Person, clip: Path) -> None:
    card = await stage.scheduled(lena, clip)
    asked = await editing(lena, card)
    await lena.tap("Privacy", message=asked)
    asked = await lena.see("Who can see this post?", after=asked)
    await lena.tap("Everyone", message=asked)
    card = await lena.see("🗓 Scheduled", after=asked)
    assert OFF not in card.text

    stage.clock.jump(DUE)
    await stage.see_in_time(lena, PUBLISHED)


async def test_a_change_takes_it_off_until_the_creator_agrees_again(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.scheduled(lena, clip)
    asked = await editing(lena, card)
    await lena.tap("Caption", message=asked)
    await lena.see("Send me the caption", after=asked)
    sent = await lena.send("Better now")
    draft = await lena.see("📝 Draft", after=sent)
    assert OFF in draft.text
    assert "🕒 Tue 12 Jan 2027, 15:0" in draft.text, "the old time is kept"
    await lena.tap("Privacy", message=draft)
    asked = await lena.see("Who can see this post?", after=draft)
    await lena.tap("Back", message=asked)
    draft = await lena.see("📝 Draft", after=asked)
    assert OFF in draft.text, "said for as long as it is so"

    card = await stage.schedule(lena)
    assert OFF not in card.text
    stage.clock.jump(DUE)
    await stage.see_in_time(lena, PUBLISHED)
    assert [post.title for post in stage.tiktok.posts] == ["Better now"]


async def test_what_was_changed_does_not_go_out_at_the_old_time(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.scheduled(lena, clip)
    asked = await editing(lena, card)
    await lena.tap("Interactions", message=asked)
    asked = await lena.see("What may others do with this post?", after=asked)
    await lena.tap("Comment", message=asked)
    asked = await lena.see(OFF, after=asked)
    assert "☑️ Comment" in asked.labels

    stage.clock.jump(DUE)
    await lena.tap("Back", message=asked)
    await lena.see("📝 Draft", after=asked)
    assert not stage.tiktok.state.uploads
    told = await stage.open(lena, "Schedule", "Almost there.")
    assert "the time has gone by: choose another" in told.text


@pytest.mark.parametrize("how", ["tapped", "typed"])
async def test_a_post_can_be_moved_and_stays_agreed_to(
    stage: Stage, lena: Person, clip: Path, how: str
) -> None:
    card = await stage.scheduled(lena, clip)
    await lena.tap("Move", message=card)
    asked = await lena.see("When should it go out?", after=card)
    assert "It stays at Tue 12 Jan 2027, 15:0" in asked.text
    if how == "tapped":
        await lena.tap("Tomorrow 18:00", message=asked)
        sure = await lena.see("Move this post?", after=asked)
    else:
        sent = await lena.send("tomorrow 18:00")
        sure = await lena.see("Move this post?", after=sent)
    await lena.tap("Move it", message=sure)
    moved = await lena.see("Moved.", after=sure)
    assert "🗓 Scheduled" in moved.text
    assert "🕒 Wed 13 Jan 2027, 18:00 (Madrid)" in moved.text
    assert OFF not in moved.text
    stage.clock.jump(timedelta(hours=3))
    sent = await lena.send("/posts")
    await lena.see("Wed 13 Jan 2027, 18:00", after=sent)
    assert not stage.tiktok.state.uploads

    stage.clock.jump(timedelta(hours=26))
    live = await stage.see_in_time(lena, PUBLISHED)
    assert "late" not in live.text, "what is on time says nothing of it"
    assert len(stage.tiktok.posts) == 1


async def test_moving_what_is_being_published_says_so(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.scheduled(lena, clip)
    await lena.tap("Move", message=card)
    asked = await lena.see("When should it go out?", after=card)
    await lena.tap("Tomorrow 18:00", message=asked)
    sure = await lena.see("Move this post?", after=asked)
    move = data_of(sure, "Move it")
    stage.clock.jump(DUE)
    await stage.until(lambda: bool(stage.tiktok.state.uploads))

    await lena.tap(data=move, message=sure)

    await lena.see("It is being published right now", after=sure)
    await stage.see_in_time(lena, PUBLISHED)
    assert len(stage.tiktok.posts) == 1
