"""Groups and channels: declined politely once, and left."""

import pytest

from sandbox.telegram import Person
from tests.stage import Stage

DECLINED = "Thank you, but I work in private chats only"


async def worked_off(ana: Person) -> None:
    """Wait until whatever came before is worked off: her updates go one after another."""
    sent = await ana.send("/help")
    await ana.see("How it works", after=sent)


async def test_a_group_hears_why_once_and_is_left(stage: Stage, ana: Person) -> None:
    group = stage.telegram.group(ana)

    group.add_bot()
    group.send("/start@clipcue_sandbox_bot")
    group.send("hello everybody")

    await stage.until(lambda: group.blocked)
    await worked_off(ana)
    (said,) = group.heard
    assert said.startswith(DECLINED)
    assert "@clipcue_sandbox_bot" in said


async def test_a_group_that_it_is_still_in_is_left_at_the_first_word(
    unstarted: Stage,
) -> None:
    """It was added while nobody heard of it."""
    ana = unstarted.person()
    group = unstarted.telegram.group(ana)
    unstarted.telegram.updates.allowed = ["message"]
    group.add_bot()
    await unstarted.start_bot()
    await unstarted.meet()
    assert not group.heard

    group.send("/connect")

    await unstarted.until(lambda: group.blocked)
    await worked_off(ana)
    assert len(group.heard) == 1


async def test_a_channel_is_left_without_a_word(stage: Stage, ana: Person) -> None:
    channel = stage.telegram.group(ana, kind="channel")
    channel.add_bot()
    await stage.until(lambda: channel.blocked)
    await worked_off(ana)
    assert not channel.heard


async def test_where_it_may_not_write_it_leaves_all_the_same(stage: Stage, ana: Person) -> None:
    group = stage.telegram.group(ana)
    stage.telegram.faults.refuse("sendMessage", "not enough rights to send text messages")
    group.add_bot()
    await stage.until(lambda: group.blocked)
    assert not group.heard


@pytest.mark.parametrize("others", [True, False])
async def test_buttons_and_clips_in_a_group_reach_nothing(
    stage: Stage, ana: Person, others: bool
) -> None:
    """Even forged ones, as of a group that could not be left."""
    group = stage.telegram.group(ana)
    group.blocked = False
    message = {
        "message_id": 5,
        "date": int(stage.clock().timestamp()),
        "chat": group.as_json(),
        "from": {"id": 7 if others else ana.id, "is_bot": False, "first_name": "Ben"},
    }
    tapped = {"id": "1", "message": {**message, "text": "old"}, "chat_instance": "7"}
    stage.telegram.updates.push(
        "callback_query", {**tapped, "from": message["from"], "data": "m1:connect:"}
    )
    video = {"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1, "duration": 1}
    stage.telegram.updates.push("message", {**message, "video": video})
    await stage.until(lambda: group.blocked)
    await worked_off(ana)
    assert len(group.heard) == 1
    assert not stage.clips_on_disk
