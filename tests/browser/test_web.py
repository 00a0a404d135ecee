"""The bot's own web pages, on a phone, in each language."""

from playwright.async_api import expect

from tests.browser.conftest import PhoneShop
from tests.process.bot_process import BotProcess

CALLBACK = "/api/social/tiktok/callback"
FRONT = {
    "en-GB": "ClipCue is running",
    "es-ES": "ClipCue está en marcha",
    "ru-RU": "ClipCue работает",
}
UNKNOWN = f"{CALLBACK}?state=unknown&code=x"


async def test_pages_speak_the_browsers_language_and_lead_back(
    phones: PhoneShop, bot: BotProcess
) -> None:
    for language, title in FRONT.items():
        phone = await phones(language=language)
        phone.refusals |= {CALLBACK, "/gone"}
        page = await phone.open(bot.url)
        await expect(page.get_by_role("heading", level=1)).to_have_text(title)
        await expect(page.locator("html")).to_have_attribute("lang", language[:2])
        await phone.look(page, f"front-{language}")
        for address, name in ((UNKNOWN, "unknown"), ("/gone", "gone")):
            await page.goto(bot.url + address)
            await phone.look(page, f"{name}-{language}")
        await page.get_by_role("link").tap()
        await expect(page.get_by_role("log")).to_be_visible()
