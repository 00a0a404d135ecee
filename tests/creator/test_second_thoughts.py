"""What a creator thinks better of: cancelling taken back, a post made again, and its history."""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok import Fault, Refuse
from tests.creator.test_lists import tap
from tests.stage import Stage

UNDO = "Undo brings it back."
OUTDATED = "That button was out of date"


async def cancelled(person: Person, card: ChatMessage) -> ChatMessage:
    asked = await tap(person, "Cancel post", card)
    await person.tap("Cancel post", message=asked)
    return await person.see("🚫 Cancelled", after=asked)


# Undo


async def test_what_was_cancelled_comes_back_and_goes_out_at_its_time(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await cancelled(lena, await stage.scheduled(lena, clip, when="in 2h"))
    assert f"For 15 minutes, {UNDO}" in card.text
    assert card.labels == ["📄 Duplicate", "🕘 History", "↩️ Undo"]
    await stage.stop_bot()
    await stage.start_bot()

    await lena.tap("Undo", message=card)
    await lena.tap("Undo", message=card)  # twice at once
    card = await lena.see("Back on the schedule, as you agreed to it.", after=card)
    assert "🗓 Scheduled" in card.text
    assert "Tue 12 Jan 2027, 15:0" in card.text
    assert lena.count(OUTDATED) == 0

    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    assert len(stage.tiktok.posts) == 1


async def test_after_a_while_cancelled_is_cancelled(stage: Stage, lena: Person, clip: Path) -> None:
    card = await cancelled(lena, await stage.scheduled(lena, clip, when="in 2h"))
    stage.clock.jump(timedelta(minutes=16))
    await lena.tap("Undo", message=card)
    card = await lena.see("The 15 minutes for Undo are over.", after=card)
    assert "🚫 Cancelled" in card.text
    assert card.labels == ["📄 Duplicate", "🕘 History"]
    stage.clock.jump(timedelta(hours=3))
    await stage.at_rest()
    assert not stage.tiktok.state.uploads


async def test_where_its_time_has_gone_by_meanwhile_the_creator_says_what_happens(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await cancelled(lena, await stage.scheduled(lena, clip, when="today 13:10"))
    stage.clock.jump(timedelta(minutes=10))
    card = await tap(lena, "Undo", card)
    assert "It is not cancelled any more, but it waits for you." in card.text
    assert "✋ Waiting for you" in card.text
    assert not stage.tiktok.state.uploads

    await lena.tap("Post now", message=card)
    asked = await lena.see("By posting, you agree to TikTok's", after=card)
    await lena.tap("Agree and post", message=asked)
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")


async def test_where_its_account_is_lost_meanwhile_it_waits_for_that(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await cancelled(lena, await stage.scheduled(lena, clip, when="in 2h"))
    sent = await lena.send("/accounts")
    shown = await tap(lena, "Details", await lena.see("Your TikTok accounts", after=sent))
    shown = await tap(lena, "Disconnect", shown)
    await lena.tap("Disconnect", message=shown)
    done = await lena.see("Disconnected", after=shown)

    await lena.tap("Undo", message=card)
    card = await lena.see("It is not cancelled any more", after=done)
    assert "ClipCue can no longer post to this account. Connect it again to go on." in card.text
    connected = await stage.connect(lena)
    assert "Resume 1 post" in " ".join(connected.labels)


async def test_what_was_held_is_held_again(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip, caption="Soup")
    await stage.write_post(lena)
    code = "unaudited_client_can_only_post_to_private_accounts"
    stage.tiktok.faults.add(Fault(endpoint="video/init", kind=Refuse(code=code, status=403)))
    await stage.post_now(lena)
    told = await stage.see_in_time(lena, "✋ Not published yet")
    sent = await lena.send("/posts")
    card = await tap(lena, "1", await lena.see("Needs you", after=sent))
    card = await cancelled(lena, card)
    stage.clock.jump(timedelta(minutes=1))
    card = await tap(lena, "Undo", card)
    assert "✋ Waiting for you" in card.text
    assert "Set the account to private in the TikTok app" in card.text, "for the same reason"
    assert told.id != card.id


async def test_a_made_up_undo_brings_nothing_to_life(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.scheduled(lena, clip, when="in 2h")
    data = card.buttons[0][0].data
    assert data is not None
    await lena.tap(data=data.replace(":edit:", ":undo:"), message=card)
    await lena.see("That is not possible any more", after=card)
    max_ = await stage.meet(43, "Max")
    await max_.tap(data=data.replace(":edit:", ":undo:"))
    await max_.see("I cannot find that any more.")


# Duplicate


async def test_a_post_is_made_again_with_what_may_be_copied(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.posted_now(lena, clip, caption="Soup of the day")
    live = await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    sent = await lena.send("/posts")
    shown = await tap(lena, "Published", await lena.see("Planned", after=sent))
    card = await tap(lena, "1", shown)

    await lena.tap("Duplicate", message=card)
    await lena.tap("Duplicate", message=card)  # twice at once
    copy = await lena.see("A copy of your post.", after=card)
    assert "Soup of the day" in copy.text
    assert "👤 Lena Cooks (@lena.cooks)" in copy.text
    assert "👁 not chosen yet" in copy.text, "TikTok wants that chosen anew for each post"
    assert "🕒 no time yet" in copy.text
    assert "no comments, duets or stitches" in copy.text
    assert lena.count("A copy of your post.") == 1
    assert lena.count(OUTDATED) == 0

    await stage.write_post(lena, when="in 2h")
    await stage.schedule(lena)
    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks", after=live)
    await stage.until(lambda: len(stage.tiktok.posts) == 2)
    assert {post.title for post in stage.tiktok.posts} == {"Soup of the day"}


async def test_a_discarded_copy_leaves_the_clip_to_the_original(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.scheduled(lena, clip, when="in 2h")
    await lena.tap("Duplicate", message=card)
    copy = await lena.see("A copy of your post.", after=card)
    await lena.tap("Discard", message=copy)
    asked = await lena.see("Discard this draft?", after=copy)
    await lena.tap("Discard", message=asked)
    await lena.see("Discarded.", after=asked)
    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")


async def test_a_copy_has_no_account_that_is_gone(stage: Stage, lena: Person, clip: Path) -> None:
    card = await stage.scheduled(lena, clip, when="in 2h")
    sent = await lena.send("/accounts")
    shown = await tap(lena, "Details", await lena.see("Your TikTok accounts", after=sent))
    shown = await tap(lena, "Disconnect", shown)
    await lena.tap("Disconnect", message=shown)
    await lena.see("Disconnected", after=shown)
    await stage.at_rest()
    sent = await lena.send("/posts")
    card = await tap(lena, "1", await lena.see("Needs you", after=sent))
    await lena.tap("Duplicate", message=card)
    copy = await lena.see("A copy of your post.", after=card)
    assert "no account chosen yet" in copy.text


async def test_what_has_no_file_any_more_cannot_be_made_again(unstarted: Stage, clip: Path) -> None:
    stage = unstarted
    app = await stage.start_bot()
    lena = await stage.creator(name="Lena")
    await stage.posted_now(lena, clip)
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    stage.clock.jump(timedelta(days=31))
    await app.services.upkeep.run()
    assert not stage.clips_on_disk
    sent = await lena.send("/posts")
    shown = await tap(lena, "Published", await lena.see("Planned", after=sent))
    card = await tap(lena, "Duplicate", await tap(lena, "1", shown))
    assert "The clip's file is gone" in card.text
    assert lena.count("A copy of your post.") == 0


# History


def story(shown: ChatMessage) -> list[str]:
    """What happened, without the times."""
    lines = [line.partition("  ")[2] for line in shown.text.splitlines()]
    return [line for line in lines if line]


async def test_a_post_tells_its_history(stage: Stage, lena: Person, clip: Path) -> None:
    card = await stage.scheduled(lena, clip, caption="Soup", when="in 2h")
    card = await tap(lena, "Move", card)
    await lena.tap("Tomorrow 18:00", message=card)
    sure = await lena.see("Move this post?", after=card)
    await lena.tap("Move it", message=sure)
    card = await lena.see("Moved.", after=sure)
    stage.clock.jump(timedelta(minutes=1))
    card = await tap(lena, "Undo", await cancelled(lena, card))
    await lena.tap("Duplicate", message=card)
    await lena.see("A copy of your post.", after=card)
    stage.tiktok.faults.add(Fault(endpoint="video/init", kind=Refuse(status=500)))
    stage.clock.jump(timedelta(hours=29, minutes=1))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")

    sent = await lena.send("/posts")
    shown = await tap(lena, "Published", await lena.see("Drafts", after=sent))
    shown = await tap(lena, "History", await tap(lena, "1", shown))
    assert "What happened to this post" in shown.text
    assert "Soup" in shown.text
    assert story(shown) == [
        "The draft was made",
        "You agreed to it going out",
        "You moved it to Wed 13 Jan, 18:00",
        "You cancelled it",
        "You took the cancelling back",
        "You made a copy of it",
        "Publishing began",
        "It will be tried again. TikTok could not be reached, or had a fault of its own.",
        "Publishing began",
        "TikTok has all of it",
        "It was published",
    ]
    assert "Tue 12 Jan, 13:00  The draft was made" in shown.text
    assert "Now: ✅ Published" in shown.text
    card = await tap(lena, "Back", shown)
    assert "✅ Published" in card.text


@pytest.mark.parametrize(
    ("city", "time"), [("Tokyo", "Tue 12 Jan, 21:00"), ("Los Angeles", "Tue 12 Jan, 04:00")]
)
async def test_a_history_is_told_by_the_creators_clock(
    stage: Stage, lena: Person, clip: Path, city: str, time: str
) -> None:
    await stage.set_zone(lena, city)
    card = await stage.scheduled(lena, clip, when="in 2h")
    shown = await tap(lena, "History", card)
    assert f"{time}  The draft was made" in shown.text
