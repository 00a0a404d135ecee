"""The main job as a person does it on a phone: from the first word to the post that plays."""

from playwright.async_api import expect

from tests.browser.chat import Chat
from tests.browser.conftest import PhoneShop
from tests.browser.tiktok import Panel, authorize, plays
from tests.process.bot_process import BotProcess

CAPTION = "Lemon tart in ten minutes #recipe"


async def test_a_clip_goes_from_the_phone_to_tiktok(phones: PhoneShop, bot: BotProcess) -> None:
    phone = await phones(zone="America/Bogota")
    ana = await Chat.opened(phone, bot.url)
    await ana.look("first-sight")
    await ana.start()

    page = await ana.ask_to_connect()
    await phone.look(page, "consent")
    await authorize(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Connected @lena.cooks")
    await phone.look(page, "connected")
    await page.get_by_role("link", name="Back to the chat").tap()
    await expect(page).to_have_url(f"{bot.url}/sandbox/telegram/")
    await page.close()

    await ana.see("Your browser's clock is that of America/Bogota")
    await ana.tap("Change time zone")
    await ana.see("Which clock do you live by?")
    await ana.say("Madrid")
    await ana.see("Which of these?")
    await ana.tap("Madrid")
    await ana.see("Your times are in Europe/Madrid")

    await ana.send_sample()
    await ana.see("📝 Draft")
    await ana.tap("When")
    await ana.see("When should it go out?")
    await ana.say("tomorrow 18:30")
    await ana.see("18:30 (Madrid)")
    await ana.tap("Caption")
    await ana.see("Send me the caption")
    await ana.say(CAPTION)
    await ana.see(f"1 hashtag\n{CAPTION}")
    await ana.tap("Privacy")
    await ana.see("Who can see this post?")
    await ana.tap("Everyone")
    await ana.see("👁 Everyone")
    await ana.look("card")
    await ana.tap("Schedule")
    await ana.see("By posting, you agree to TikTok's Music Usage Confirmation.")
    await ana.look("consent-to-post")
    await ana.tap("Agree and schedule")
    await ana.see("✅ Scheduled.")

    panel = await Panel.opened(phone, bot.url)
    await phone.look(panel.page, "panel")
    for _day in range(2):
        await panel.press("+1 day")
    await panel.page.close()

    await ana.see("Published on @lena.cooks")
    await ana.look("published")
    post = await ana.follow("Open on TikTok")
    await expect(post.get_by_role("heading", level=1)).to_have_text("Post by Lena Cooks")
    await expect(post.get_by_text(CAPTION)).to_be_visible()
    assert await plays(post.get_by_label("Clip by @lena.cooks"))
    await phone.look(post, "post")
