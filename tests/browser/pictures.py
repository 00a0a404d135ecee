"""The pictures of the documents: `python -m tests.browser.pictures docs/pictures`.

`conversation.png` is a phone with the finished conversation, `story.webp` the way there: from a
clip to the post on the sandbox's TikTok. `audit-*.png` are screens that TikTok's audit is about.
"""

import asyncio
import sys
import tempfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.chat import Chat
from tests.browser.chromium import chromium
from tests.browser.phone import Phone
from tests.browser.tiktok import Panel, authorize, plays
from tests.process.bot_process import BotProcess

PORT = 8080
"""The usual one, since addresses are seen in the pictures."""
WORDS = "tomorrow 18:30 Lemon tart in ten minutes #recipe"
FRAME_MS, LAST_FRAME_MS = 1600, 4000
WIDTH = 390
COLOURS = 256
"""Of a picture: all that a chat has, at a third of the size."""
SETTLED = 0.7
"""Seconds until a chat has stopped scrolling."""
ZONE = "Europe/Madrid"


async def main(folder: Path, port: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        variables = {
            "WEB_PORT": str(port),
            "PUBLIC_BASE_URL": f"http://localhost:{port}",
            "DATA_DIR": f"{scratch}/data",
        }
        async with chromium() as browser, BotProcess(variables, Path(scratch)) as bot:
            await bot.start()
            phone = await Phone.taken_up(browser, Path(scratch) / "end", zone=ZONE)
            ana = await Chat.opened(phone, bot.url)
            await _prepare(ana, "Lena Cooks")
            frames = await _story(ana, bot.url)
            await _shoot(ana, folder / "conversation.png")
            await _audit(ana, folder)
            restricted = await Chat.opened(phone, bot.url, person=44, name="Sam")
            await _prepare(restricted, "Sam Short")
            await _forbidden(restricted, folder)
            await phone.put_away()
    first, *rest = [_small(frame) for frame in frames]
    first.save(
        folder / "story.webp",
        save_all=True,
        append_images=rest,
        duration=[FRAME_MS] * len(rest) + [LAST_FRAME_MS],
        loop=0,
        quality=80,
        method=6,
    )


async def _prepare(chat: Chat, account: str) -> None:
    """An account is connected before the story begins."""
    await chat.start()
    page = await chat.ask_to_connect()
    await authorize(page, account)
    await chat.see("Your browser's clock")
    await page.close()


async def _story(ana: Chat, bot_url: str) -> list[bytes]:
    frames = []

    async def frame(page: Page) -> None:
        await asyncio.sleep(SETTLED)
        frames.append(await page.screenshot(animations="disabled"))

    await ana.window.get_by_role("textbox", name="Message").fill(WORDS)
    await frame(ana.page)
    await ana.send_sample(caption=WORDS)
    await ana.see("Time taken from your caption")
    await frame(ana.page)
    for button, shows in (
        ("Privacy", "Who can see this post?"),
        ("Everyone", "👁 Everyone"),
        ("Schedule", "By posting, you agree"),
        ("Agree and schedule", "✅ Scheduled."),
    ):
        await ana.tap(button)
        await ana.see(shows)
        await frame(ana.page)
    panel = await Panel.opened(ana.phone, bot_url)
    tomorrow = datetime.now(ZoneInfo(ZONE)) + timedelta(days=1)
    await panel.jump_to(tomorrow.replace(hour=18, minute=31))
    await panel.page.close()
    await ana.see("Published on @lena.cooks")
    await ana.see_no("🗓 Scheduled")
    await frame(ana.page)
    post = await ana.follow("Open on TikTok")
    clip = post.get_by_label("Clip by @lena.cooks")
    await expect(clip).to_be_visible()
    await plays(clip)
    await frame(post)
    await post.close()
    return frames


async def _audit(ana: Chat, folder: Path) -> None:
    await ana.send_sample(caption="Lemon soup in ten minutes #food #lemon")
    await ana.see("Lemon soup in ten minutes")
    await ana.see("📝 Draft")
    await _shoot(ana, folder / "audit-card.png")
    await ana.tap("Disclosure")
    await ana.see("Turn on to disclose")
    await ana.tap("Disclose video content")
    await ana.see("You need to indicate")
    await ana.tap("Branded content")
    await ana.see("Paid partnership")
    await _shoot(ana, folder / "audit-disclosure.png")
    await ana.tap("Back")
    await ana.tap("Privacy")
    await ana.see("Who can see this post?")
    await ana.tap("Everyone")
    await ana.see("👁 Everyone")
    await ana.tap("Cover")
    await ana.see("Which picture is the cover?")
    await _shoot(ana, folder / "audit-cover.png")
    await ana.tap("5")
    await ana.see("Cover at")
    await ana.tap("Post now")
    await ana.see("By posting, you agree")
    await _shoot(ana, folder / "audit-confirm.png")


async def _forbidden(chat: Chat, folder: Path) -> None:
    """What an account that has comments and duets turned off is shown."""
    await chat.send_sample()
    await chat.see("📝 Draft")
    await chat.tap("Interactions")
    await chat.see("What may others do with this post?")
    await chat.tap("Comment")
    await chat.see("Comment is not available.")
    await _shoot(chat, folder / "audit-interactions.png")


async def _shoot(chat: Chat, path: Path) -> None:
    await asyncio.sleep(SETTLED)
    picture = Image.open(BytesIO(await chat.page.screenshot(animations="disabled")))
    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def _small(frame: bytes) -> Image.Image:
    picture = Image.open(BytesIO(frame)).convert("RGB")
    height = picture.height * WIDTH // picture.width
    return picture.resize((WIDTH, height), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else PORT))
