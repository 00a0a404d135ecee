"""The log as programs read it: each line of a post names it, and no line holds a secret."""

import json
from typing import Any

from sandbox.tiktok.faults import EndToken, Fault, Refuse
from tests.process.bot_process import BotProcess
from tests.stage import TIKTOK_SECRET, TOKEN, Stage

METRICS_TOKEN = "a-token-of-the-operators"

OF_A_POST = {
    "initialised",
    "sending_interrupted",
    "tiktok_said_no",
    "token_renewed",
    "all_bytes_sent",
    "published",
}
"""What is logged while a post is worked on, in the story below."""


async def test_every_line_of_a_post_names_post_account_and_attempt(stage: Stage) -> None:
    stage.environment |= {"LOG_FORMAT": "json", "METRICS_TOKEN": METRICS_TOKEN}
    async with BotProcess(stage.variables(), stage.folder) as bot:
        await bot.start()
        secrets = await _story_with_mishaps(stage)
        await stage.until(lambda: "notice_delivered" in _events(_told(bot)), timeout=20)
        assert await bot.stop() == 0
        lines, told = _lines(bot), _told(bot)

    found = [line for line in lines if line["event"] in OF_A_POST]
    assert set(_events(found)) == OF_A_POST
    assert _events(told) == ["notice_undelivered", "notice_delivered"]
    for line in [*found, *told]:
        assert (line["post"], line["account"]) == (1, 1), line
        assert line["attempt"] >= 1, line
    assert _attempts(found, "published") == {line["attempt"] for line in told}
    assert max(_attempts(found, "tiktok_said_no")) < min(_attempts(found, "initialised"))

    assert len(secrets) >= 8
    for secret in secrets:
        assert len(secret) > 10, "too short to be looked for"
        assert secret not in bot.logs


def _lines(bot: BotProcess) -> list[dict[str, Any]]:
    whole = bot.logs.rpartition("\n")[0]
    return [json.loads(line) for line in whole.splitlines()]


def _told(bot: BotProcess) -> list[dict[str, Any]]:
    """What is logged of the message that tells the creator."""
    return [line for line in _lines(bot) if line.get("kind") == "published"]


def _events(lines: list[dict[str, Any]]) -> list[str]:
    return [line["event"] for line in lines]


def _attempts(lines: list[dict[str, Any]], event: str) -> set[int]:
    return {line["attempt"] for line in lines if line["event"] == event}


async def _story_with_mishaps(stage: Stage) -> set[str]:
    """A post that is refused once, renews its token, and breaks off once; returns its secrets."""
    ana = await stage.meet()
    await stage.connect(ana)
    await stage.draft(ana, stage.clip(), caption="A quiet caption")
    await stage.write_post(ana)
    asked = await stage.open(ana, "Post now", "By posting, you agree to TikTok's")
    secrets = {TOKEN, TIKTOK_SECRET, METRICS_TOKEN} | _tokens(stage)
    stage.tiktok.faults.add(Fault(endpoint="video/init", kind=Refuse(status=500)))
    stage.tiktok.faults.add(Fault(endpoint="video/init", kind=EndToken()))
    stage.tiktok.faults.add(Fault(endpoint="upload", kind=Refuse(status=503)))
    await ana.tap("Agree and post", message=asked)
    await ana.see("On its way.")
    stage.telegram.faults.drop_before("sendMessage")
    await ana.see("Published", timeout=40)
    (upload,) = stage.tiktok.state.uploads.values()
    return secrets | _tokens(stage) | {upload.token}


def _tokens(stage: Stage) -> set[str]:
    return {*stage.tiktok.state.access_tokens, *stage.tiktok.state.refresh_tokens}
