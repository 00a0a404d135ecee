"""Two people at once, each with a chat and an account of their own."""

from playwright.async_api import expect

from tests.browser.chat import Chat
from tests.browser.conftest import PhoneShop
from tests.browser.tiktok import authorize
from tests.process.bot_process import BotProcess


async def test_what_one_does_the_other_does_not_see(phones: PhoneShop, bot: BotProcess) -> None:
    ana = await Chat.opened(await phones(), bot.url, person=42, name="Ana")
    ben = await Chat.opened(await phones(), bot.url, person=43, name="Ben")
    for chat, account in ((ana, "Lena Cooks"), (ben, "Max")):
        await chat.start()
        page = await chat.ask_to_connect()
        await authorize(page, account)
        await chat.see(f"Connected: {account}")
        await page.close()
    await ana.say("/accounts")
    await ana.see("Your TikTok accounts")
    await ben.see_no("Your TikTok accounts")
    await ben.see_no("lena.cooks")
    await ana.see_no("quiet_max")


async def test_a_wide_screen_has_room_for_both(phones: PhoneShop, bot: BotProcess) -> None:
    phone = await phones()
    page = await phone.open(f"{bot.url}/sandbox/telegram/")
    await page.set_viewport_size({"width": 1280, "height": 800})
    ana = Chat(phone=phone, page=page, name="Ana")
    ben = Chat(phone=phone, page=page, name="Ben")
    await page.get_by_role("button", name="Show Ben beside").tap()
    await ana.start()
    await ben.start("Llevo tus clips a TikTok")  # he speaks Spanish
    await expect(ana.window).to_be_in_viewport(ratio=1)
    await expect(ben.window).to_be_in_viewport(ratio=1)
    await ana.say("/help")
    await ana.see("Nothing goes out")
    await ben.see_no("Nada sale")
    await ana.look("both")
