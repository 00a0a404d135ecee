"""After a whole story no secret is in the log, however chatty, nor readable in the database."""

import httpx

from sandbox.tiktok.faults import Fault, Refuse
from tests.process.bot_process import BotProcess
from tests.stage import TIKTOK_SECRET, TOKEN, Stage


async def test_no_secret_is_written_down(stage: Stage) -> None:
    stage.environment["LOG_LEVEL"] = "DEBUG"
    async with BotProcess(stage.variables(), stage.folder) as bot:
        await bot.start()
        secrets = await _story_with_mishaps(stage)
        stored = b"".join(file.read_bytes() for file in (stage.folder / "data").glob("*.db*"))
        assert await bot.stop() == 0
    assert b"Lena Cooks" in stored, "what is read here is what the story was written to"
    assert "[debug" in bot.logs, "a quiet log would prove nothing"
    assert len(secrets) == 10
    for secret, name in secrets.items():
        assert len(secret) > 10, f"{name} is too short to be looked for"
        assert secret not in bot.logs, f"{name} is in the log"
        assert secret.encode() not in stored, f"{name} is readable in the database"


async def _story_with_mishaps(stage: Stage) -> dict[str, str]:
    """Return every secret that came up, and what it is."""
    ana = await stage.meet()
    consent = httpx.URL(await stage.ask_to_connect(ana))
    way_back = httpx.URL(await stage.decide_at_tiktok(str(consent)))
    stage.tiktok.faults.add(Fault(endpoint="creator_info/query", kind=Refuse()))
    assert "Connected" in (await stage.browse(str(way_back))).text
    await stage.browse(str(way_back.copy_set_param("code", "made-up-code")))
    await ana.see("Connected:")

    stage.downloads.to_break = 1
    await stage.draft(ana, stage.clip(), caption="A quiet caption")
    await stage.write_post(ana)
    asked = await stage.open(ana, "Post now", "By posting, you agree to TikTok's")
    tokens = _tokens(stage)
    stage.tiktok.state.access_tokens.clear()  # the one in use is refused and has to be renewed
    stage.tiktok.faults.add(Fault(endpoint="upload", kind=Refuse(status=503)))
    stage.telegram.faults.drop_before("sendMessage")
    await ana.tap("Agree and post", message=asked)
    await ana.see("Published on", timeout=30)

    (upload,) = stage.tiktok.state.uploads.values()
    return {
        TOKEN: "the bot token",
        TIKTOK_SECRET: "the client secret",
        consent.params["state"]: "the state of the connection",
        way_back.params["code"]: "the authorization code",
        "made-up-code": "a code that somebody made up",
        upload.token: "the upload token",
        **tokens,
        **_tokens(stage),
    }


def _tokens(stage: Stage) -> dict[str, str]:
    state = stage.tiktok.state
    return {
        **dict.fromkeys(state.access_tokens, "an access token"),
        **dict.fromkeys(state.refresh_tokens, "a refresh token"),
    }
