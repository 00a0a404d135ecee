"""The sandbox's TikTok as a person uses it: the consent page, a post, and the control panel."""

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from playwright.async_api import Locator, Page, expect

from tests.browser.phone import Phone


async def authorize(page: Page, who: str = "Lena Cooks") -> None:
    """Choose an account on the consent page and agree, which leads to the bot's page."""
    await page.get_by_role("radio", name=re.compile(f"^{who}")).check()
    await page.get_by_role("button", name="Authorize").tap()


async def refuse(page: Page) -> None:
    """Say no on the consent page, which leads to the bot's page."""
    await page.get_by_role("button", name="Cancel").tap()


async def plays(video: Locator) -> bool:
    """Whether the clip moves on within five seconds."""
    await video.evaluate("video => { video.muted = true; return video.play(); }")
    for _ in range(50):
        if await video.evaluate("video => video.currentTime > 0 && video.videoWidth > 0"):
            return True
        await asyncio.sleep(0.1)
    return False


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The control panel of the sandbox's TikTok; its tab hides the chat until it is closed."""

    page: Page

    @classmethod
    async def opened(cls, phone: Phone, bot_url: str) -> Self:
        page = await phone.open(f"{bot_url}/sandbox/tiktok/panel")
        await expect(page.get_by_role("heading", name="Control panel", level=1)).to_be_visible()
        return cls(page=page)

    async def press(self, button: str) -> None:
        await self.page.get_by_role("button", name=button, exact=True).tap()

    async def jump_to(self, moment: datetime) -> None:
        """Let it be this moment, for the bot and for TikTok."""
        clock = self.page.get_by_role("region", name="Clock")
        await clock.get_by_label("Jump to (UTC)").fill(f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M}")
        await clock.get_by_role("button", name="Jump", exact=True).tap()

    async def make_happen(self, where: str, what: str) -> None:
        """Have something go wrong at TikTok, once."""
        trouble = self.page.get_by_role("region", name="Trouble")
        await trouble.get_by_role("combobox", name="Where").select_option(label=where)
        await trouble.get_by_role("combobox", name="What happens").select_option(label=what)
        await trouble.get_by_role("button", name="Make it happen").tap()
        await expect(
            trouble.get_by_role("list", name="Pending").get_by_role("listitem")
        ).to_have_count(1)
