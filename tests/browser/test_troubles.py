"""What goes wrong at TikTok, on command of the control panel, and the button that mends it."""

from playwright.async_api import expect

from tests.browser.chat import Chat
from tests.browser.phone import Phone
from tests.browser.tiktok import Panel, authorize
from tests.process.bot_process import BotProcess


async def test_a_post_that_tiktok_refuses_says_why_and_goes_out_once_mended(
    ana: Chat, phone: Phone, bot: BotProcess
) -> None:
    await ana.start()
    page = await ana.ask_to_connect()
    await authorize(page)
    await ana.see("Connected: Lena Cooks")
    await page.close()

    panel = await Panel.opened(phone, bot.url)
    await panel.make_happen(
        "A clip or photos that TikTok has accepted",
        "The caption is judged spam (spam_risk_text)",
    )
    await panel.page.close()
    await ana.send_sample()
    await ana.see("📝 Draft")
    await ana.tap("Privacy")
    await ana.see("Who can see this post?")
    await ana.tap("Everyone")
    await ana.see("👁 Everyone")
    await ana.tap("Post now")
    await ana.see("By posting, you agree")
    await ana.tap("Agree and post")

    refused = await ana.see("Not published on @lena.cooks")
    await expect(refused).to_contain_text("TikTok took the caption for spam. Change it.")
    await expect(refused).to_contain_text("spam_risk_text")
    await ana.look("refused")

    await ana.tap("Edit")
    await ana.see("What do you want to change?")
    await ana.tap("Caption")
    await ana.see("Send me the caption")
    await ana.say("Lemon tart")
    await ana.see("10/2200")
    await ana.tap("Post now")
    await ana.see("By posting, you agree")
    await ana.tap("Agree and post")
    await ana.see("✅ Published on @lena.cooks")
