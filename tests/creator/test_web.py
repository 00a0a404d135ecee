"""The pages a browser opens: what they carry, and what they do not give away."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import structlog

from bot import logs
from bot.web.security import PER_MINUTE
from core.settings import LogFormat, LogLevel
from sandbox.telegram import Person
from tests.stage import TIKTOK_SECRET, TOKEN, Stage

CALLBACK = "/api/social/tiktok/callback"


@pytest.fixture
async def browser(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stage.bot_url) as browser:
        yield browser


async def test_the_callback_page_is_kept_by_nobody_and_framed_by_nobody(
    stage: Stage, ana: Person, browser: httpx.AsyncClient
) -> None:
    back = await stage.decide_at_tiktok(await stage.ask_to_connect(ana))
    done = await browser.get(back)
    failed = await browser.get(back.replace("state=", "state=un"))

    assert (done.status_code, failed.status_code) == (200, 400)
    for page in (done, failed):
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["x-content-type-options"] == "nosniff"
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "server" not in page.headers
        code = back.partition("code=")[2].partition("&")[0]
        assert code not in page.text
    assert "Connected @lena.cooks" in done.text
    assert "https://t.me/clipcue_sandbox_bot" in done.text


async def test_the_callback_leads_nowhere_else(
    stage: Stage, ana: Person, browser: httpx.AsyncClient
) -> None:
    back = await stage.decide_at_tiktok(await stage.ask_to_connect(ana))
    evil = "https://evil.example"
    for address in (
        f"{back}&redirect={evil}&redirect_uri={evil}&next={evil}&return_to={evil}",
        f"{CALLBACK}?state={evil}&code=x",
        f"{CALLBACK}//evil.example",
        "//evil.example/%2e%2e",
    ):
        page = await browser.get(address)
        assert not page.is_redirect
        assert "location" not in page.headers
        assert "evil.example" not in page.text


async def test_what_tiktok_sends_back_is_shown_as_text(
    stage: Stage, ana: Person, browser: httpx.AsyncClient
) -> None:
    back = await stage.decide_at_tiktok(await stage.ask_to_connect(ana))
    state = back.partition("state=")[2]

    page = await browser.get(
        CALLBACK, params={"state": state, "error": "<script>alert(1)</script>"}
    )

    assert page.status_code == 400
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


async def test_one_address_cannot_try_states_by_the_thousand(
    browser: httpx.AsyncClient,
) -> None:
    answers = [
        (await browser.get(CALLBACK, params={"state": f"guess-{number}", "code": "x"})).status_code
        for number in range(PER_MINUTE + 5)
    ]

    assert answers[:PER_MINUTE] == [400] * PER_MINUTE
    assert answers[PER_MINUTE:] == [429] * 5
    assert (await browser.get("/healthz")).status_code == 200, "health is asked by machines"


async def test_there_is_little_to_find(browser: httpx.AsyncClient) -> None:
    front = await browser.get("/")
    assert front.status_code == 200
    assert "ClipCue is running" in front.text
    assert (await browser.get("/static/page.css")).status_code == 200
    assert (await browser.get("/healthz")).json() == {"status": "ok"}
    for path in ("/docs", "/openapi.json", "/telegram/webhook", "/sandbox/telegram/", "/.env"):
        assert (await browser.get(path)).status_code == 404, path
    assert (await browser.post(CALLBACK, data={"state": "x"})).status_code == 405
    too_long = await browser.get(CALLBACK, params={"state": "x" * 5000, "code": "x"})
    assert too_long.status_code == 422


async def test_a_person_at_a_wrong_address_gets_a_page_in_their_language(
    ana: Person,  # noqa: ARG001 - from now on the site knows its chat
    browser: httpx.AsyncClient,
) -> None:
    person = {"accept": "text/html,*/*;q=0.8", "accept-language": "es-MX,es;q=0.9"}
    wrong = {"/gone": 404, f"{CALLBACK}?state={'x' * 5000}": 422}

    for address, status in wrong.items():
        page = await browser.get(address, headers=person)
        assert page.status_code == status
        assert '<html lang="es">' in page.text
        assert "<h1>There is no such page" not in page.text
        assert "https://t.me/clipcue_sandbox_bot" in page.text, "the way back"
        assert (await browser.get(address)).json()["detail"], "a program reads what is wrong"

    await asyncio.gather(*(browser.get("/") for _ in range(PER_MINUTE)))
    assert (await browser.get("/", headers=person)).status_code == 429
    assert "<h1>" in (await browser.get("/", headers=person)).text


@contextmanager
def _logging_as_in_production() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    logs.configure(LogLevel.INFO, LogFormat.JSON, secrets=[TOKEN, TIKTOK_SECRET])
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers = handlers
        root.setLevel(level)


async def test_no_secret_reaches_the_log(
    unstarted: Stage, clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = unstarted
    with _logging_as_in_production():
        await stage.start_bot()
        ana = await stage.meet()
        url = await stage.ask_to_connect(ana)
        back = await stage.decide_at_tiktok(url)
        await stage.browse(back)
        await stage.browse(back)
        await ana.see("Connected:")
        await stage.posted_now(ana, clip)
        await stage.see_in_time(ana, "✅ Published on")
        tokens = [*stage.tiktok.state.access_tokens, *stage.tiktok.state.refresh_tokens]
        uploads = [each.token for each in stage.tiktok.state.uploads.values()]
        await stage.stop_bot()

    written = "".join(capsys.readouterr())
    parameters = httpx.URL(back).params
    secrets = [TOKEN, TIKTOK_SECRET, parameters["state"], parameters["code"], *tokens, *uploads]
    assert "account_connected" in written
    assert "all_bytes_sent" in written
    assert len(secrets) >= 7
    assert [secret for secret in secrets if secret in written] == []
