"""Who is let in, and where the bot keeps silent."""

from pathlib import Path
from typing import Any

from sandbox.telegram import Person
from tests.stage import Stage

TURNED_AWAY = "This is a private ClipCue: its operator has not let you in."


async def test_only_those_on_the_list_are_let_in(unstarted: Stage, clip: Path) -> None:
    unstarted.environment["TELEGRAM_ALLOWED_USERS"] = "42, 44"
    await unstarted.start_bot()
    ana = await unstarted.meet(42, "Ana")
    eve = unstarted.person(43, "Eve")

    for words in ("/start", "/connect", "let me in"):
        await eve.send(words)
    await eve.send_clip(clip)
    await eve.see(TURNED_AWAY)
    for data in ("m1:connect:", "p1:1:1:show:", "garbage"):
        await eve.tap(data=data)
    await unstarted.until(lambda: eve.count(TURNED_AWAY) == 7)

    assert eve.count("") == 7, "and nothing else is said"
    assert not unstarted.clips_on_disk
    await unstarted.draft(ana, clip)


async def test_groups_get_no_answer(stage: Stage, ana: Person) -> None:
    group = {"id": -100123, "type": "supergroup", "title": "Cooks"}
    someone = {"id": ana.id, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    message: dict[str, Any] = {
        "message_id": 5,
        "date": int(stage.clock().timestamp()),
        "chat": group,
        "from": someone,
    }
    command = [{"type": "bot_command", "offset": 0, "length": 8}]
    stage.telegram.updates.push("message", {**message, "text": "/connect", "entities": command})
    stage.telegram.updates.push("message", {**message, "text": "hello"})
    stage.telegram.updates.push(
        "callback_query",
        {
            "id": "1",
            "from": someone,
            "message": {**message, "text": "old"},
            "chat_instance": "7",
            "data": "m1:connect:",
        },
    )
    calls = len(stage.telegram.calls)
    sent = await ana.send("/help")
    await ana.see("How it works", after=sent)

    wrote = [
        call.parameters["chat_id"]
        for call in list(stage.telegram.calls)[calls:]
        if call.method == "sendMessage"
    ]
    assert wrote == [str(ana.id)]
