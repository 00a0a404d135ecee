"""An account is lost and comes back: its posts wait together and go on together."""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from tests.creator.test_accounts import ask_to_disconnect
from tests.stage import Stage


async def disconnect(person: Person) -> None:
    asked = await ask_to_disconnect(person)
    await person.tap("Disconnect", message=asked)
    await person.see("Disconnected @lena.cooks.", after=asked)


async def reconnect(stage: Stage, person: Person) -> ChatMessage:
    """Through the link of /connect; returns the notice that tells it."""
    return await stage.connect(person)


def take_permission_away(stage: Stage) -> None:
    """As the creator does in TikTok's settings; no webhook is set, so nobody tells the bot."""
    stage.tiktok.remove_app("lena.cooks")


async def test_disconnecting_holds_every_post_at_once_and_says_so_once(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, caption="Soup", when="in 2h")
    await stage.scheduled(lena, clip, caption="Bread", when="in 3h")

    await disconnect(lena)

    held = await lena.see("✋ On hold: 2 posts for @lena.cooks")
    assert list(held.labels) == ["Reconnect"]
    stage.clock.jump(timedelta(hours=4))
    sent = await lena.send("/posts")
    listed = await lena.see("Needs you", after=sent)
    assert listed.text.count("Waiting for you") == 2
    assert lena.count("On hold") == 1
    assert lena.count("Not published") == 0, "one notice for all of them"


async def test_without_posts_there_is_nothing_to_tell(lena: Person) -> None:
    await disconnect(lena)
    await lena.send("/accounts")
    await lena.see("No TikTok account is connected yet")
    assert lena.count("On hold") == 0


async def test_posts_to_come_keep_their_time(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, caption="Soup", when="in 2h")
    await stage.scheduled(lena, clip, caption="Bread", when="in 3h")
    await disconnect(lena)
    connected = await reconnect(stage, lena)

    await lena.tap("Resume 2 posts", message=connected)

    done = await lena.see("2 posts back on schedule", after=connected)
    assert "overdue" not in done.text
    stage.clock.jump(timedelta(hours=1))
    assert not stage.tiktok.state.uploads
    stage.clock.jump(timedelta(hours=1, minutes=1))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    stage.clock.jump(timedelta(hours=1))
    await stage.see_in_time(lena, "“Bread”")
    assert len(stage.tiktok.posts) == 2


async def test_overdue_ones_go_out_now_or_are_put_to_the_creator(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, caption="Soup", when="in 1h")
    await stage.scheduled(lena, clip, caption="Bread", when="in 2h")
    await stage.scheduled(lena, clip, caption="Cake", when="in 5h")
    await disconnect(lena)
    stage.clock.jump(timedelta(hours=2, minutes=10))
    connected = await reconnect(stage, lena)

    await lena.tap("Resume 3 posts", message=connected)

    done = await lena.see("Posts for @lena.cooks", after=connected)
    assert "1 post back on schedule" in done.text
    assert "1 post overdue: on the way now" in done.text
    assert "1 post overdue for too long" in done.text
    live = await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    assert "“Bread”" in live.text
    assert "late" in live.text
    await lena.tap("Posts", message=done)
    listed = await lena.see("Needs you", after=done)
    await lena.tap("1", message=listed)
    card = await lena.see("Waiting for you", after=listed)
    assert "Soup" in card.text
    assert {"Post now", "Move"} <= {label.split(" ", 1)[1] for label in card.labels}
    assert len(stage.tiktok.posts) == 1


async def test_how_late_is_too_late_is_the_operators_word_here_too(
    unstarted: Stage, clip: Path
) -> None:
    stage = unstarted
    stage.environment["LATE_TOLERANCE_MINUTES"] = "240"
    await stage.start_bot()
    lena = await stage.creator()
    await stage.scheduled(lena, clip, caption="Soup", when="in 1h")
    await disconnect(lena)
    stage.clock.jump(timedelta(hours=3))
    connected = await reconnect(stage, lena)
    await lena.tap("Resume 1 post", message=connected)
    await lena.see("1 post overdue: on the way now", after=connected)
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")


async def test_resuming_twice_does_it_once(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip)
    await disconnect(lena)
    connected = await reconnect(stage, lena)
    await lena.tap("Resume 1 post", message=connected)
    done = await lena.see("1 post back on schedule", after=connected)

    await lena.tap("Resume 1 post", message=connected)

    await lena.see("Nothing is waiting for this account any more", after=done)
    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    assert len(stage.tiktok.posts) == 1


async def test_a_resume_button_of_an_account_lost_again_leads_to_connecting(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip)
    await disconnect(lena)
    connected = await reconnect(stage, lena)
    take_permission_away(stage)
    stage.clock.jump(timedelta(hours=3))
    card = await stage.draft(lena, clip, caption="Other")
    await lena.tap("Privacy", message=card)
    asked = await lena.see("Connect it again to go on", after=card)

    await lena.tap("Resume 1 post", message=connected)

    again = await lena.see("Connect it again to go on", after=asked)
    assert "Reconnect" in again.labels


async def test_a_permission_that_ended_holds_what_is_planned_before_it_is_due(
    stage: Stage, lena: Person, clip: Path
) -> None:
    """Found out by the first post; the others do not run into it one by one."""
    await stage.scheduled(lena, clip, caption="Soup", when="in 3h")
    await stage.scheduled(lena, clip, caption="Bread", when="in 4h")
    await stage.scheduled(lena, clip, caption="Cake", when="in 5h")
    take_permission_away(stage)

    stage.clock.jump(timedelta(hours=3))
    told = await stage.see_in_time(lena, "⚠️ Disconnected: @lena.cooks")

    assert "On hold until then: 3 posts." in told.text
    await stage.at_rest()
    assert lena.count("Not published") == 0, "one message tells of all"
    await lena.tap("Reconnect", message=told)
    connected = await reconnect(stage, lena)
    await lena.tap("Resume 3 posts", message=connected)
    done = await lena.see("Posts for", after=connected)
    assert "2 posts back on schedule" in done.text
    assert "1 post overdue: on the way now" in done.text
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")


@pytest.mark.parametrize("held", [True, False])
async def test_the_connected_notice_offers_it_only_where_something_waits(
    stage: Stage, lena: Person, clip: Path, *, held: bool
) -> None:
    if held:
        await stage.scheduled(lena, clip)
    await disconnect(lena)
    connected = await reconnect(stage, lena)
    assert any("Resume" in label for label in connected.labels) is held
