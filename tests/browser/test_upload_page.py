"""A clip that is too big for Telegram goes over the upload page, on a phone that loses its line."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import CDPSession, expect

from sandbox.samples import make_clip
from tests.browser.chat import Chat
from tests.browser.phone import Phone
from tests.process.bot_process import BotProcess

SLOW = 2_000_000
"""Bytes a second of a phone's line, so that something is left to be cut off."""


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Above 20 MB, which is all that Telegram hands bots."""
    return make_clip(tmp_path_factory.mktemp("big") / "IMG_20.mp4", pad_to=24_000_000)


async def test_a_big_clip_survives_a_lost_line_and_a_closed_page(
    ana: Chat, phone: Phone, bot: BotProcess, big: Path
) -> None:
    await ana.start()
    await ana.say("/upload")
    await ana.see("Clips of up to 4 GB")
    page = await ana.follow("Open the upload page")
    link = page.url
    await expect(page.get_by_text("Choose clips")).to_be_visible()
    await phone.look(page, "empty")
    page.on("request", lambda request: phone.refusals.add(urlsplit(request.url).path))
    line = await page.context.new_cdp_session(page)
    await _line(line, offline=False)
    await page.locator("input[type=file]").set_input_files(big)
    row = page.get_by_role("listitem")
    await expect(row).to_contain_text(re.compile(r"[4-9](\.\d)? of 24 MB"))
    await phone.look(page, "sending")

    await _line(line, offline=True)
    await expect(row).to_contain_text("It goes on by itself")
    await phone.look(page, "offline")
    await _line(line, offline=False)
    await expect(row).to_contain_text(re.compile(r"(8|9|1\d)(\.\d)? of 24 MB"))
    await row.get_by_role("button", name="Pause").tap()
    await expect(row).to_contain_text("Paused at")
    await page.close()

    elsewhere = await phone.context.browser.new_page() if phone.context.browser else None
    assert elsewhere is not None
    await elsewhere.goto(link)
    await expect(elsewhere.locator("#told")).to_contain_text("This link was opened before")
    await elsewhere.close()

    await ana.say("/upload")
    await expect(ana.messages.filter(has_text="Clips of up to 4 GB")).to_have_count(2)
    page = await ana.follow("Open the upload page")
    row = page.get_by_role("listitem")
    await expect(row).to_contain_text("Choose the same clip again, and it goes on")
    await phone.look(page, "unfinished")
    await page.locator("input[type=file]").set_input_files(big)
    await expect(row).to_contain_text("It is here: go on in the chat")
    await expect(row).to_have_count(1)
    await phone.look(page, "done")
    await page.get_by_role("link", name="Back to the chat").tap()
    await expect(page).to_have_url(f"{bot.url}/sandbox/telegram/")
    await page.close()
    await ana.see("Your clip is here, in full quality")
    await ana.look("card")


async def test_what_is_no_clip_is_told_before_a_byte_is_sent(
    ana: Chat, phone: Phone, tmp_path: Path
) -> None:
    await ana.start()
    await ana.say("/upload")
    await ana.see("Clips of up to 4 GB")
    page = await ana.follow("Open the upload page")
    files = [tmp_path / "archive.mp4", tmp_path / "empty.mp4"]
    files[0].write_bytes(b"PK\x03\x04" + bytes(2000))
    files[1].touch()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    await expect(page.get_by_text("Choose clips")).to_be_visible()
    await page.locator("input[type=file]").set_input_files(files)
    await expect(page.get_by_role("listitem").first).to_contain_text("This is no video")
    await expect(page.get_by_role("listitem").last).to_contain_text("This file is empty")
    assert "PATCH" not in sent and "POST" not in sent
    await phone.look(page, "refused")


async def _line(session: CDPSession, *, offline: bool) -> None:
    """A phone's line, or none; requests that it cuts off are no trouble of the page's."""
    await session.send(
        "Network.emulateNetworkConditions",
        {"offline": offline, "latency": 5, "downloadThroughput": -1, "uploadThroughput": SLOW},
    )
