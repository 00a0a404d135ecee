"""The page that follows connecting tells the browser's zone, once and for its creator only."""

from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from sandbox.telegram import Person
from tests.stage import Stage, a_browser


class _Script(HTMLParser):
    """The script of a page as a browser finds it."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.attributes = {name: value or "" for name, value in attrs}


async def connected_page(
    stage: Stage, person: Person, *, username: str = "lena.cooks"
) -> httpx.Response:
    url = await stage.ask_to_connect(person)
    page = await stage.open_consent_page(url, username=username)
    assert page.status_code == 200
    return page


async def tell(stage: Stage, page: httpx.Response, zone: str) -> httpx.Response:
    """What the page's script does."""
    script = _Script()
    script.feed(page.text)
    async with a_browser() as browser:
        return await browser.post(
            f"{stage.bot_url}{script.attributes['data-to']}",
            params={"ticket": script.attributes["data-ticket"], "zone": zone},
        )


async def test_an_unknown_zone_is_set_and_said(stage: Stage, ana: Person, clip: Path) -> None:
    page = await connected_page(stage, ana)
    assert (await tell(stage, page, "Asia/Calcutta")).status_code == 204
    told = await ana.see("Your browser's clock is that of Asia/Kolkata (UTC+5:30).")
    assert "I read your times by it from now on." in told.text
    assert told.labels == ["Change time zone"]

    await stage.draft(ana, clip, caption="tomorrow 18:00 New recipe")
    await ana.see("🕒 Wed 13 Jan 2027, 18:00 (Kolkata)")


async def test_a_zone_that_is_set_is_only_offered(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, when="tomorrow 18:00")
    page = await connected_page(stage, lena)
    await tell(stage, page, "Asia/Tokyo")
    told = await lena.see("Your browser's clock is that of Asia/Tokyo (UTC+9).")
    assert "Your times stay as they are, unless you say otherwise." in told.text
    sent = await lena.send("/settings")
    await lena.see("Time zone: Europe/Madrid", after=sent)

    await lena.tap("Use Tokyo", message=told)
    asked = await lena.see("Your times are in Asia/Tokyo now", after=told)
    assert "Keep the clock time, or the moment?" in asked.text


async def test_the_same_zone_is_no_news(stage: Stage, lena: Person) -> None:
    page = await connected_page(stage, lena)
    await lena.see("Connected:")
    await tell(stage, page, "Europe/Madrid")
    await _nothing_told(lena)


async def test_what_the_page_carries_is_good_once(stage: Stage, ana: Person) -> None:
    page = await connected_page(stage, ana)
    await tell(stage, page, "Europe/Madrid")
    await ana.see("Your browser's clock is that of Europe/Madrid")
    assert (await tell(stage, page, "Asia/Tokyo")).status_code == 204
    sent = await ana.send("/settings")
    await ana.see("Time zone: Europe/Madrid", after=sent)
    assert not any("Asia/Tokyo" in message.text for message in ana.chat)


async def test_a_page_shown_again_asks_no_second_time(stage: Stage, lena: Person) -> None:
    url = await stage.ask_to_connect(lena)
    address = await stage.decide_at_tiktok(url)
    for _ in range(2):
        await tell(stage, await stage.browse(address), "Asia/Tokyo")
    await lena.see("Your browser's clock is that of Asia/Tokyo")
    sent = await lena.send("/help")
    await lena.see("How it works", after=sent)
    assert lena.count("Your browser's clock") == 1


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "Etc/Unknown"])
async def test_what_is_no_zone_sets_none(stage: Stage, ana: Person, zone: str) -> None:
    page = await connected_page(stage, ana)
    assert (await tell(stage, page, zone)).status_code == 204
    await _nothing_told(ana)


async def test_what_the_page_carries_is_good_for_a_while_only(stage: Stage, ana: Person) -> None:
    page = await connected_page(stage, ana)
    stage.clock.jump(timedelta(minutes=11))
    await tell(stage, page, "Europe/Madrid")
    await _nothing_told(ana)


async def test_a_made_up_ticket_is_good_for_nothing(stage: Stage, ana: Person) -> None:
    await connected_page(stage, ana)
    async with a_browser() as browser:
        for ticket in ("", "made-up", "x" * 4096):
            params = {"ticket": ticket, "zone": "Europe/Madrid"}
            answer = await browser.post(f"{stage.bot_url}/api/zone", params=params)
            assert answer.status_code == 204
        assert (await browser.post(f"{stage.bot_url}/api/zone")).status_code == 422
    await _nothing_told(ana)


async def test_the_page_runs_our_script_and_no_other(stage: Stage, ana: Person) -> None:
    page = await connected_page(stage, ana)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'; connect-src 'self'" in policy
    script = _Script()
    script.feed(page.text)
    fetched = await stage.browse(script.attributes["src"])
    assert fetched.status_code == 200
    assert "resolvedOptions" in fetched.text
    front = await stage.browse("/")
    assert "script-src" not in front.headers["content-security-policy"]
    assert "<script" not in front.text


async def _nothing_told(person: Person) -> None:
    sent = await person.send("/help")
    await person.see("How it works", after=sent)
    assert not any("browser" in message.text for message in person.chat)
