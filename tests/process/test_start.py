"""Starting and ending: what the operator sees of it, and the exit code."""

import asyncio
import re
import socket
from pathlib import Path
from time import monotonic

import httpx

from core.store.keys import KEY_FILE
from sandbox.telegram import Person
from tests.process.bot_process import BotProcess
from tests.stage import TOKEN, Stage, free_port

WRONG = {
    "WEB_PORT": "eighty",
    "TELEGRAM_BOT_TOKEN": "my-token",
    "TIKTOK_CLIENT_SECRET": "",
}


def _alone(folder: Path) -> dict[str, str]:
    """An environment without any credentials."""
    port = free_port()
    return {
        "WEB_PORT": str(port),
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "DATA_DIR": str(folder / "data"),
    }


async def test_a_wrong_setting_is_named_in_one_line(stage: Stage) -> None:
    async def line_about(variable: str, value: str) -> str:
        environment = {**stage.variables(), variable: value}
        async with BotProcess(environment, stage.folder, name=variable) as process:
            await process.launch()
            assert await process.ended() == 2
            return process.logs

    lines = await asyncio.gather(*(line_about(*wrong) for wrong in WRONG.items()))
    for (variable, value), line in zip(WRONG.items(), lines, strict=True):
        assert re.fullmatch(rf"clipcue: {variable} [^\n]+ Example: {variable}=[^\n]+\n", line)
        assert not value or value not in line.partition("Example:")[0], "a value may be a secret"


async def test_a_lost_key_is_not_replaced_while_secrets_are_sealed_with_it(
    stage: Stage,
) -> None:
    key = stage.folder / "data" / KEY_FILE
    async with BotProcess(stage.variables(), stage.folder) as process:
        await process.start()
        await stage.connect(await stage.meet())
    kept = key.rename(stage.folder / "kept.key")
    async with BotProcess(stage.variables(), stage.folder, name="keyless") as process:
        await process.launch()
        assert await process.ended() == 2
    assert re.fullmatch(
        rf"clipcue: {key} is gone, and 2 secrets are sealed with it\. [^\n]+\n", process.logs
    )
    assert not key.exists()

    kept.rename(key)
    async with BotProcess(stage.variables(), stage.folder, name="again") as process:
        await process.start()


async def test_a_taken_port_is_named_in_one_line(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", stage.bot_port)):
        async with BotProcess(stage.variables(), stage.folder) as process:
            await process.launch()
            assert await process.ended() == 2
    said = [line for line in process.logs.splitlines() if "info" not in line]
    assert said == [f"clipcue: cannot listen on 127.0.0.1:{stage.bot_port}: is it in use?"]


async def test_a_token_that_telegram_does_not_know_ends_the_start(stage: Stage) -> None:
    stage.environment["TELEGRAM_BOT_TOKEN"] = TOKEN.replace("123456789", "987654321")
    async with BotProcess(stage.variables(), stage.folder) as process:
        await process.launch()
        assert await process.ended() == 2
    last = process.logs.splitlines()[-1]
    assert last.startswith("clipcue: TELEGRAM_BOT_TOKEN is not known to Telegram")
    assert "Traceback" not in process.logs


async def test_an_idle_process_ends_at_once(bot: BotProcess) -> None:
    asked = monotonic()
    assert await bot.stop() == 0
    assert monotonic() - asked < 5
    assert "stopped_hard" not in bot.logs


async def test_it_runs_without_any_credentials(tmp_path: Path) -> None:
    async with BotProcess(_alone(tmp_path), tmp_path) as bot:
        await bot.start()
        async with httpx.AsyncClient(base_url=bot.url) as browser:
            for path in ("/", "/sandbox/telegram/", "/sandbox/tiktok/"):
                assert (await browser.get(path)).status_code == 200, path
        assert f"{bot.url}/sandbox/telegram/" in bot.logs, "where to try it is said at the start"
        assert await bot.stop() == 0


async def test_without_a_tiktok_app_it_brings_its_own_tiktok(stage: Stage, tmp_path: Path) -> None:
    environment = {
        **_alone(tmp_path),
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": f"{stage.ends_url}/telegram",
        "HTTP_PROXY": "http://127.0.0.1:9",  # where nobody listens: it is for the world outside
    }
    async with BotProcess(environment, tmp_path) as bot:
        await bot.start()
        ana = await stage.meet()
        await _publish(stage, ana, tiktok=f"{bot.url}/sandbox/tiktok")
        assert await bot.stop() == 0
    assert not stage.tiktok.calls, "the TikTok of the test has nothing to do with it"


async def _publish(stage: Stage, ana: Person, *, tiktok: str) -> None:
    """From connecting to the public page of the post, all of it on the TikTok at this address."""
    consent = await stage.ask_to_connect(ana)
    assert consent.startswith(f"{tiktok}/v2/auth/authorize/?")
    page = await stage.open_consent_page(consent)
    assert page.status_code == 200
    await ana.see("Connected:")

    await stage.posted_now(ana, stage.clip(), caption="From my own sandbox")
    live = await ana.see("Published on", timeout=20)
    (link,) = re.findall(rf"{re.escape(tiktok)}/@lena\.cooks/video/\d+", live.html)
    async with httpx.AsyncClient() as browser:
        shown = await browser.get(link)
    assert shown.status_code == 200
    assert "From my own sandbox" in shown.text
