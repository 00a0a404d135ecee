"""Who is let in."""

from pathlib import Path

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
