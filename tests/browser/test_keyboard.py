"""The whole story without mouse and touch: keys alone."""

import re

from playwright.async_api import Page, expect

from tests.browser.chat import Chat

PRESSES = 120
"""After which something is taken to be out of reach."""
FOCUSED = """() => {
    const each = document.activeElement;
    const words = each.ariaLabel ?? each.labels?.[0]?.textContent ?? each.textContent;
    return `${each.tagName} ${words.trim()}`;
}"""


async def go_to(page: Page, name: str, *, key: str = "Tab") -> None:
    """Press a key until what has the focus is called so, with an icon before it or not."""
    wanted = re.compile(rf"^\w+ (\W+ )?{re.escape(name)}")
    for _press in range(PRESSES):
        await page.keyboard.press(key)
        if wanted.search(await page.evaluate(FOCUSED)):
            return
    raise AssertionError(f"{key} does not lead to {name}")


async def choose(chat: Chat, name: str) -> None:
    """Go from the text field up to the newest button of this name, and press it."""
    await go_to(chat.page, "Message")
    await go_to(chat.page, name, key="Shift+Tab")
    await chat.page.keyboard.press("Enter")


async def test_keys_alone_bring_a_clip_to_tiktok(ana: Chat) -> None:
    page, keys = ana.page, ana.page.keyboard
    await go_to(page, "Start")
    await keys.press("Enter")
    await ana.see("I get your clips onto TikTok")
    await go_to(page, "Message")
    await keys.type("/conn")
    await expect(page.get_by_role("option", name="/connect")).to_be_visible()
    await keys.press("Enter")
    await ana.see("works once and for 10 minutes")

    async with page.context.expect_page() as opened:
        await choose(ana, "Connect TikTok")
    tiktok = await opened.value
    await go_to(tiktok, "Lena Cooks")
    await tiktok.keyboard.press("Space")
    await go_to(tiktok, "Authorize")
    await tiktok.keyboard.press("Enter")
    await expect(tiktok.get_by_role("heading", level=1)).to_have_text("Connected @lena.cooks")
    await tiktok.close()

    await ana.see("Connected: Lena Cooks")
    await go_to(page, "Attach")
    await keys.press("Enter")
    await go_to(page, "Sample clip", key="ArrowDown")
    await keys.press("Enter")
    await ana.see("📝 Draft")
    await choose(ana, "Privacy")
    await ana.see("Who can see this post?")
    await choose(ana, "Everyone")
    await ana.see("👁 Everyone")
    await choose(ana, "Post now")
    await ana.see("By posting, you agree")
    await choose(ana, "Agree and post")
    await ana.see("✅ Published on @lena.cooks")
