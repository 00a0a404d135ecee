"""Connecting an account: what happens on TikTok's page and after it."""

from playwright.async_api import Page, expect

from tests.browser.chat import Chat
from tests.browser.phone import Phone
from tests.browser.tiktok import authorize, refuse

CALLBACK = "/api/social/tiktok/callback"


async def is_headed(page: Page, words: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text(words)


async def test_no_is_no_and_a_link_works_once(ana: Chat, phone: Phone) -> None:
    phone.refusals.add(CALLBACK)
    await ana.start()
    page = await ana.ask_to_connect()
    first = page.url
    await refuse(page)
    await is_headed(page, "Not connected")
    await expect(page.get_by_text("You said no at TikTok")).to_be_visible()
    await phone.look(page, "refused")

    await page.goto(first)
    await authorize(page)
    await is_headed(page, "This link was used already")
    await phone.look(page, "used")
    await page.goto(page.url.replace("state=", "state=un"))
    await is_headed(page, "This link is not known here")
    await page.close()
    await ana.see_no("Connected:")

    page = await ana.ask_to_connect()
    await authorize(page, "Max")
    await is_headed(page, "Connected @quiet_max")
    await page.reload()
    await is_headed(page, "Connected @quiet_max")
    await ana.see("Connected: Max")
