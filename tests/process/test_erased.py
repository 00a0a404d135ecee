"""The process is killed while it deletes all that it knows of a creator, and started again."""

import pytest

from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok.faults import Fault, Slow
from tests.process.bot_process import BotProcess
from tests.stage import Stage

NUMBERS = ("users", "accounts", "clips", "posts", "post_events", "notifications")


def rows(stage: Stage) -> dict[str, int]:
    counts = (stage.ask(f"SELECT count(*) FROM {table}")[0][0] for table in NUMBERS)  # noqa: S608 - names of tables
    return dict(zip(NUMBERS, counts, strict=True))


@pytest.fixture
async def asked(stage: Stage, ana: Person) -> ChatMessage:
    """The last question before everything of Ana's goes, a scheduled post with it."""
    await stage.set_zone(ana)
    await stage.scheduled(ana, stage.clip())
    sent = await ana.send("/mydata")
    shown = await ana.see("Your data", after=sent)
    await ana.tap("Delete everything", message=shown)
    return await ana.see("Delete everything?", after=shown)


async def test_while_tiktok_takes_the_permission_back(
    stage: Stage, bot: BotProcess, ana: Person, asked: ChatMessage
) -> None:
    stage.tiktok.faults.add(Fault(endpoint="oauth/revoke", kind=Slow(seconds=5)))
    await ana.tap("Yes, delete everything", message=asked)
    await stage.until(lambda: not stage.tiktok.state.refresh_tokens)
    await bot.kill()
    assert all(rows(stage).values()), "killed too late for what is tested here"

    await bot.start()
    done = await ana.see("Everything is deleted", after=asked, timeout=20)
    assert "did not confirm" not in done.text, "it has ended at TikTok"
    await stage.until(lambda: not any(rows(stage).values()))
    assert stage.clips_on_disk == []


async def test_between_the_deletion_and_the_word_of_it(
    stage: Stage, bot: BotProcess, ana: Person, asked: ChatMessage
) -> None:
    stage.telegram.faults.server_error("editMessageText", times=9)
    await ana.tap("Yes, delete everything", message=asked)
    await stage.until(lambda: not any(rows(stage).values()) and not stage.clips_on_disk)
    await bot.kill()
    assert ana.count("Everything is deleted") == 0, "killed too late for what is tested here"
    stage.telegram.faults.clear()

    await bot.start()
    await ana.see("Everything is deleted", after=asked, timeout=20)
    await stage.until(lambda: not any(rows(stage).values()))
    assert stage.clips_on_disk == []
