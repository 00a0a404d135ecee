"""The doctor and what lies outside: Telegram, TikTok, the web. Each broken set-up is named."""

import asyncio
import re
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from time import monotonic

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.doctor.finding import Status
from bot.web.server import WebServer
from tests.clock import Clock
from tests.commands.looking import look, reports
from tests.stage import TOKEN, Stage, free_port, staged

OTHER_VOLUME = Path("/dev/shm")  # noqa: S108 - nothing is written there
OTHER_TOKEN = TOKEN.replace("123456789", "987654321")


async def test_a_whole_set_up_is_found_well_and_left_alone(stage: Stage) -> None:
    await stage.start_bot()
    began = monotonic()
    found = await reports(stage)
    assert monotonic() - began < 15
    bad = {each.name: each.finding for each in found if each.finding.status is Status.FAILED}
    assert bad.keys() == {"redirect URI", "photo posts"}, (
        "loopback is no address for the real TikTok"
    )
    told = {each.name: each.finding.found for each in found}
    assert told["ClipCue itself"] == "it runs, and is ready"
    assert told["bot token"] == "Telegram knows it as @clipcue_sandbox_bot"
    assert told["updates"] == "the running ClipCue polls, and nobody else does"
    assert told["TikTok keys"].startswith("TikTok knows key and secret")
    assert told["public address"] == f"{stage.bot_url} leads here"
    assert told["port"] == f"ClipCue listens on 127.0.0.1:{stage.bot_port}"
    assert told["database"].startswith("whole and writable, and up to date")
    ana = stage.person()
    await ana.send("/start")
    await ana.see("I get your clips onto TikTok")


async def test_before_the_first_start_there_is_nothing_to_mend(stage: Stage) -> None:
    shutil.rmtree(stage.folder / "data")
    await stage.person().send("/start")
    found = {each.name: each.finding for each in await reports(stage)}
    assert not (stage.folder / "data").exists(), "the doctor makes nothing"
    assert [name for name, each in found.items() if each.status is Status.FAILED] == [
        "redirect URI",
        "photo posts",
    ]
    assert found["updates"].found == "updates wait for ClipCue, and nobody else takes them"
    assert len(stage.telegram.updates) == 1, "it is still there for the bot"
    assert found["public address"].status is Status.SKIPPED


async def test_without_credentials_it_says_what_is_a_stand_in(stage: Stage) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "TIKTOK_CLIENT_KEY", "TIKTOK_CLIENT_SECRET"):
        stage.environment[name] = None
    found = {each.name: each.finding for each in await reports(stage)}
    for name in ("bot token", "updates", "clip files", "TikTok keys", "scopes", "redirect URI"):
        assert found[name].status is Status.SKIPPED, name
        assert "stand-in" in found[name].found
    assert "@BotFather" in found["bot token"].do


# What is wrong, the check that has to say so, and words of what it says.
WRONG = [
    ({"TELEGRAM_BOT_TOKEN": OTHER_TOKEN}, "bot token", "Telegram does not know the token"),
    ({"TIKTOK_CLIENT_KEY": "no-such-key"}, "TikTok keys", "(invalid_client)"),
    ({"TIKTOK_CLIENT_SECRET": "no-such-secret"}, "TikTok keys", "(invalid_client)"),
    ({"TIKTOK_API_BASE_URL": "http://127.0.0.1:9"}, "TikTok keys", "cannot be reached"),
    ({"PUBLIC_BASE_URL": "http://localhost:8131"}, "redirect URI", "https only"),
    ({"PUBLIC_BASE_URL": "http://localhost:8131"}, "photo posts", "over https only"),
    ({"PUBLIC_BASE_URL": "https://203.0.113.7"}, "photo posts", "no host without a name"),
    ({"TIKTOK_URL_VERIFICATION": "a page?"}, "settings", "is not what TikTok's signature file"),
    ({"PUBLIC_BASE_URL": "https://clips"}, "redirect URI", "only this machine or network"),
    ({"PUBLIC_BASE_URL": "https://127.0.0.1"}, "redirect URI", "only this machine or network"),
    (
        {"PUBLIC_BASE_URL": f"https://clips.example.com/{'a' * 500}"},
        "redirect URI",
        "fewer than 512",
    ),
    (
        {"TELEGRAM_API_BASE_URL": "http://127.0.0.1:9"},
        "bot token",
        "your Bot API server at http://127.0.0.1:9 cannot be reached",
    ),
    ({"WEB_PORT": "eighty"}, "settings", "WEB_PORT must be a valid integer"),
    ({"TELEGRAM_BOT_TOKEN": "my-token"}, "settings", "TELEGRAM_BOT_TOKEN is not a bot token"),
    ({"TIKTOK_CLIENT_SECRET": None}, "settings", "TIKTOK_CLIENT_SECRET is missing"),
]


@pytest.mark.parametrize(("variables", "check", "words"), WRONG, ids=[str(row[0]) for row in WRONG])
async def test_a_wrong_value_is_named(
    stage: Stage, variables: dict[str, str], check: str, words: str
) -> None:
    stage.environment |= variables
    finding = await look(stage, check)
    assert finding.status is Status.FAILED
    assert words in finding.found
    assert finding.do, "and what to do about it"
    for value in (TOKEN, OTHER_TOKEN, "my-token", "no-such-secret"):
        assert value not in finding.found + finding.do


async def test_every_wrong_value_is_told_at_once(stage: Stage) -> None:
    stage.environment |= {"WEB_PORT": "0", "LOG_LEVEL": "LOUD", "PUBLIC_BASE_URL": "ftp://x"}
    found = await reports(stage, "port", "redirect URI")
    named = [each.finding.found.split()[0] for each in found if each.name == "settings"]
    assert sorted(named) == ["LOG_LEVEL", "PUBLIC_BASE_URL", "WEB_PORT"]
    others = {each.name: each.finding for each in found if each.name != "settings"}
    assert {each.status for each in others.values()} == {Status.SKIPPED}
    assert others["port"].found == "it needs WEB_PORT"


async def test_a_right_redirect_uri_is_shown(stage: Stage) -> None:
    stage.environment["PUBLIC_BASE_URL"] = "https://clips.example.com"
    finding = await look(stage, "redirect URI")
    assert finding.status is Status.OK
    assert finding.found.endswith("https://clips.example.com/api/social/tiktok/callback")


async def test_a_webhook_that_is_set_elsewhere(stage: Stage) -> None:
    await stage.telegram.webhook.set({"url": f"https://bots.example.com/{TOKEN}"})
    finding = await look(stage, "updates")
    assert finding.status is Status.FAILED
    assert "a webhook is set, at https://bots.example.com:" in finding.found
    assert TOKEN not in finding.found + finding.do, "many a webhook has the token in its path"


async def test_a_webhook_of_ours_that_somebody_else_moved(stage: Stage) -> None:
    stage.environment |= {
        "TELEGRAM_WEBHOOK": "true",
        "PUBLIC_BASE_URL": "https://clips.example.com",
    }
    assert "ClipCue sets its own" in (await look(stage, "updates")).found
    await stage.telegram.webhook.set({"url": "https://clips.example.com/telegram/webhook"})
    assert (await look(stage, "updates")).found == "the webhook is ours"
    await stage.telegram.webhook.set({"url": "https://bots.example.com/hook"})
    finding = await look(stage, "updates")
    assert (finding.status, finding.found) == (
        Status.FAILED,
        "the webhook is set elsewhere, at https://bots.example.com",
    )


@asynccontextmanager
async def another_poller(telegram_url: str) -> AsyncIterator[list[int]]:
    """Somebody else's bot with the same token; yields how its polls ended."""
    ended: list[int] = []

    async def poll() -> None:
        async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
            while True:
                url = f"{telegram_url}/bot{TOKEN}/getUpdates"
                ended.append((await http.post(url, json={"timeout": 50})).status_code)
                await asyncio.sleep(0.5)

    polling = asyncio.create_task(poll())
    await asyncio.sleep(0.3)
    try:
        yield ended
    finally:
        polling.cancel()
        with suppress(asyncio.CancelledError):
            await polling


async def test_another_poller_while_ours_is_not_running(stage: Stage) -> None:
    async with another_poller(f"{stage.ends_url}/telegram") as ended:
        finding = await look(stage, "updates")
        assert finding.status is Status.FAILED
        assert finding.found == "another process asks for this bot's updates"
        assert "@BotFather" in finding.do
        assert ended == [409], "it was interrupted once"


async def test_another_poller_beside_ours(stage: Stage) -> None:
    await stage.start_bot()
    async with another_poller(f"{stage.ends_url}/telegram") as ended:
        await stage.until(lambda: ended.count(409) > 1, timeout=10)
        finding = await look(stage, "updates")
    assert finding.status is Status.FAILED
    assert "another process asks for this bot's updates as well" in finding.found


class TestWithALocalServer:
    @pytest.fixture
    def local(self) -> bool:
        return True

    @pytest.fixture(autouse=True)
    async def clip_known(self, stage: Stage) -> None:
        """A creator has sent a clip, and the bot has stopped."""
        stage.environment["TELEGRAM_LOCAL_MODE"] = "true"
        unknown = await look(stage, "clip files")
        assert (unknown.status, unknown.do[:17]) == (Status.SKIPPED, "Send the bot a cl")
        await stage.start_bot()
        await stage.draft(await stage.meet(), stage.clip(seconds=1))
        await stage.stop_bot()

    async def test_its_files_can_be_taken(self, stage: Stage) -> None:
        for check, words in (("clip files", "can be taken over"), ("shared folder", "out a copy")):
            finding = await look(stage, check)
            assert (finding.status, finding.found[-len(words) :]) == (Status.OK, words)

    async def test_its_folder_is_another(self, stage: Stage, tmp_path: Path) -> None:
        stage.environment["TELEGRAM_LOCAL_FOLDER"] = str(tmp_path / "elsewhere")
        finding = await look(stage, "clip files")
        assert finding.status is Status.FAILED
        assert "it is not in TELEGRAM_LOCAL_FOLDER" in finding.found
        assert TOKEN not in finding.found + finding.do, "the path has the token in it"
        finding = await look(stage, "shared folder")
        assert finding.status is Status.FAILED
        assert "is not there on this machine" in finding.found

    @pytest.mark.skipif(not OTHER_VOLUME.is_dir(), reason="this machine has one volume")
    async def test_its_folder_is_on_another_volume(self, stage: Stage) -> None:
        stage.environment["TELEGRAM_LOCAL_FOLDER"] = str(OTHER_VOLUME)
        finding = await look(stage, "shared folder")
        assert finding.status is Status.WARNING
        assert "each clip is copied from one to the other" in finding.found

    async def test_it_does_not_run_with_local(self, stage: Stage) -> None:
        stage.telegram.local = False
        finding = await look(stage, "clip files")
        assert finding.status is Status.FAILED
        assert "does it run with --local?" in finding.found


@asynccontextmanager
async def program_at(port: int) -> AsyncIterator[None]:
    """Another program that serves HTTP there."""
    app = Starlette(routes=[Route("/{path:path}", lambda _: PlainTextResponse("Hello"))])
    server = WebServer(app, host="127.0.0.1", port=port)
    await server.start()
    try:
        yield
    finally:
        await server.stop()


async def test_a_port_that_another_program_has(stage: Stage) -> None:
    async with program_at(stage.bot_port):
        finding = await look(stage, "port")
    assert finding.status is Status.FAILED
    assert finding.found == f"another program listens on 127.0.0.1:{stage.bot_port}"


async def test_a_port_on_which_somebody_listens_and_says_nothing(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", stage.bot_port)):
        finding = await look(stage, "port")
    assert finding.status is Status.FAILED


async def test_a_public_address_that_nobody_answers(stage: Stage) -> None:
    await stage.start_bot()
    stage.environment["PUBLIC_BASE_URL"] = f"http://127.0.0.1:{free_port()}"
    finding = await look(stage, "public address")
    assert finding.status is Status.FAILED
    assert "cannot be reached from here" in finding.found


async def test_a_public_address_of_another_program(stage: Stage) -> None:
    await stage.start_bot()
    port = free_port()
    stage.environment["PUBLIC_BASE_URL"] = f"http://127.0.0.1:{port}"
    async with program_at(port):
        finding = await look(stage, "public address")
    assert finding.status is Status.FAILED
    assert "something else answers" in finding.found
    assert f"http://127.0.0.1:{stage.bot_port}" in finding.do


async def test_a_public_address_of_another_clipcue(stage: Stage, tmp_path: Path) -> None:
    await stage.start_bot()
    folder = tmp_path / "other"
    folder.mkdir()
    async with staged(folder, Clock()) as other:
        await other.start_bot()
        stage.environment["PUBLIC_BASE_URL"] = other.bot_url
        finding = await look(stage, "public address")
    assert finding.status is Status.FAILED
    assert "another ClipCue answers" in finding.found


async def test_clipcue_away_behind_its_proxy(stage: Stage) -> None:
    port = free_port()
    stage.environment["PUBLIC_BASE_URL"] = f"http://127.0.0.1:{port}"
    async with program_at(port):
        finding = await look(stage, "public address")
    assert finding.status is Status.WARNING
    assert "but ClipCue does not run" in finding.found


# How far the machine's clock is off, and what that is called.
CLOCKS = [
    (timedelta(), Status.OK, "is right"),
    (timedelta(seconds=20), Status.WARNING, "20 seconds fast"),
    (timedelta(minutes=10), Status.FAILED, "600 seconds fast"),
    (timedelta(minutes=-10), Status.FAILED, "600 seconds slow"),
]


@pytest.mark.parametrize(("off", "status", "words"), CLOCKS, ids=[str(row[0]) for row in CLOCKS])
async def test_a_skewed_clock(stage: Stage, off: timedelta, status: Status, words: str) -> None:
    ours = Clock()
    ours.jump(off)
    finding = await look(stage, "clock", clock=ours)
    assert finding.status is status
    assert words in re.sub(r"(59|60)[019] ", "600 ", re.sub(r"(19|21) ", "20 ", finding.found))
