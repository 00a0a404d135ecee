"""The sandbox chat as a person uses it: say, tap, see."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from playwright.async_api import Locator, Page, expect

from tests.browser.phone import Phone


@dataclass(frozen=True, kw_only=True)
class Chat:
    """One person's chat with the bot, open in a tab of their phone."""

    phone: Phone
    page: Page
    name: str

    @classmethod
    async def opened(
        cls, phone: Phone, bot_url: str, *, person: int = 42, name: str = "Ana"
    ) -> Self:
        who = f"person={person}&name={name}&language=en"
        page = await phone.open(f"{bot_url}/sandbox/telegram/?{who}")
        return cls(phone=phone, page=page, name=name)

    @property
    def window(self) -> Locator:
        return self.page.get_by_role("region", name=f"{self.name}'s phone")

    @property
    def messages(self) -> Locator:
        return self.window.get_by_role("log").get_by_role("article")

    async def start(self, greeting: str = "I get your clips onto TikTok") -> None:
        """Press what a chat begins with, and be greeted."""
        await self.window.get_by_role("button", name="Start", exact=True).tap()
        await self.see(greeting)

    async def say(self, words: str) -> None:
        await self.window.get_by_role("textbox", name="Message").fill(words)
        await self.window.get_by_role("button", name="Send", exact=True).tap()

    async def see(self, words: str) -> Locator:
        """The newest message that says this, once there is one."""
        message = self.messages.filter(has_text=words).last
        await expect(message).to_be_in_viewport()
        return message

    async def see_no(self, words: str) -> None:
        await expect(self.messages.filter(has_text=words)).to_have_count(0)

    def button(self, words: str) -> Locator:
        """The newest button with these words, with an icon before or more behind them or not."""
        name = re.compile(rf"^(\W+ )?{re.escape(words)}( [·(].*)?$")
        keys = self.messages.get_by_role("group", name="Buttons")
        return keys.get_by_role("button", name=name).or_(keys.get_by_role("link", name=name)).last

    async def tap(self, words: str) -> None:
        await self.button(words).tap()

    async def follow(self, words: str) -> Page:
        """Tap a button that leads out of the chat; returns the tab it opens."""
        return await self.phone.follow(self.button(words))

    async def ask_to_connect(self) -> Page:
        """Have the bot make a link, and follow it to TikTok's page."""
        shown = self.messages.filter(has_text="works once and for 10 minutes")
        before = await shown.count()
        await self.say("/connect")
        await expect(shown).to_have_count(before + 1)
        return await self.follow("Connect TikTok")

    async def send_clip(self, *clips: Path, caption: str = "") -> None:
        """Choose clips or photos from the phone, several as an album."""
        await self.window.locator("input[type=file].media").set_input_files(clips)
        dialog = self.page.get_by_role("dialog", name="Send")
        await dialog.get_by_role("textbox", name="Caption").fill(caption)
        await dialog.get_by_role("button", name="Send", exact=True).tap()

    async def send_sample(self, *, caption: str = "") -> None:
        """Have the page make a clip and send it, with what stands in the text field."""
        await self.window.get_by_role("textbox", name="Message").fill(caption)
        await self.window.get_by_role("button", name="Attach").tap()
        menu = self.page.get_by_role("menu", name="Attach")
        await menu.get_by_role("menuitem", name="Sample clip").first.tap()

    async def look(self, name: str) -> None:
        await self.phone.look(self.page, name)
