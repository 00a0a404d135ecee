"""A creator who walks through the bot and takes a picture of every screen, in their language."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Page

from bot.language import _, speaking
from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage

QUIET = 0.35
"""Seconds without anything new, after which an answer is taken for complete."""
PATIENCE = 5
MAKES_A_CARD = 30
"""Seconds."""
STEP = timedelta(seconds=2)
KEYBOARD, GAP, PADDING = 300, 5, 15
"""Of the buttons in Telegram on a phone 360 units wide, in which each label has one line."""
WIDTHS = """labels => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = "13px sans-serif";  // this machine's font is as wide at 13 as Telegram's at 15
    return labels.map(label => pen.measureText(label).width);
}"""


@dataclass(kw_only=True)
class Tourist:
    """`page` shows the chat that `person` writes in; it is as tall as the tallest screen."""

    stage: Stage
    person: Person
    page: Page
    language: str
    folder: Path
    cut: dict[str, None] = field(default_factory=dict)
    """Labels that do not fit onto the buttons of a small phone, in the order they were met."""
    _seen: int = 0
    _shown: set[str] = field(default_factory=set)

    def words(self, english: str) -> str:
        """A text of the bot as this creator reads it."""
        with speaking(self.language):
            return _(english)

    async def say(self, text: str, name: str = "") -> ChatMessage:
        self._seen = self._revision
        await self.person.send(text)
        return await self._answered(name)

    async def tap(
        self, english: str, name: str = "", *, on: ChatMessage | None = None
    ) -> ChatMessage:
        """Tap a button, known by its English label."""
        self._seen = self._revision
        await self.person.tap(self.words(english), message=on)
        return await self._answered(name)

    async def press(self, label: str, on: ChatMessage, name: str = "") -> ChatMessage:
        """Tap the button with exactly this label."""
        self._seen = self._revision
        await self.person.tap(data=_taps(on)[label], message=on)
        return await self._answered(name)

    async def send_clip(self, clip: Path, caption: str, name: str) -> ChatMessage:
        """Send a clip and return the card it becomes."""
        self._seen = self._revision
        await self.person.send_clip(clip, caption=caption)
        await self._answered("")
        return await self.wait_for(lambda newest: bool(newest.buttons), name)

    async def wait_for(
        self, condition: Callable[[ChatMessage], bool], name: str = ""
    ) -> ChatMessage:
        """The newest message, once it is as it should be and changes no more."""
        await self.stage.until(lambda: condition(self._from_bot()[-1]), timeout=MAKES_A_CARD)
        await self._answered("")
        newest = self._from_bot()[-1]
        await self.shoot(newest, name)
        return newest

    async def post_now(self, clip: Path) -> ChatMessage:
        """Have a clip posted at once; returns its card."""
        card = await self.send_clip(clip, "", "")
        await self.tap("👁 Privacy")
        await self.tap("Everyone")
        await self.tap("🚀 Post now", "consent-now")
        await self.tap("✅ Agree and post", "on-its-way")
        return card

    async def arrive(self, name: str, *, after: ChatMessage | None = None) -> ChatMessage:
        """Let time go by until a message comes by itself, later than this one or now."""
        before = (after or self.person.chat[-1]).id
        async with asyncio.timeout(60):
            while self._from_bot()[-1].id <= before:
                await self.stage.at_rest()
                self.stage.clock.jump(STEP)
                await asyncio.sleep(0.1)
        self._seen = max(self._revision - 1, 0)
        await asyncio.sleep(QUIET)
        newest = self._from_bot()[-1]
        await self.shoot(newest, name)
        return newest

    async def open_each(
        self,
        screen: ChatMessage,
        name: str,
        *,
        again: str = "",
        without: Collection[str] = (),
    ) -> None:
        """Tap each button of a screen and come back, with a picture of what it led to.

        The way back is its own button, or the command `again`. Of numbered buttons only the first
        is tapped; `without` are English labels left alone.
        """
        leave = {self.words(label) for label in (*without, "‹ Back")}
        numbers = [label for label in screen.labels if label.isdecimal()]
        for label in screen.labels:
            if label in leave or label in numbers[1:] or label not in _taps(screen):
                continue
            try:
                opened = await self.press(label, screen, f"{name}-{label}")
            except TimeoutError:
                continue  # it leads to where we are
            if again:
                screen = await self.say(again)
            elif self.words("‹ Back") in opened.labels:
                screen = await self.tap("‹ Back", on=opened)

    async def shoot(self, message: ChatMessage, name: str) -> None:
        """A picture of one message with its buttons."""
        if not name or (message.text in self._shown and not message.media):
            return
        self._shown.add(message.text)
        await self._measure(message)
        place = self.page.locator(f'[data-id="{message.id}"]')
        await asyncio.sleep(QUIET)
        number = len(list(self.folder.iterdir())) + 1
        safe = "".join(letter if letter.isalnum() else "-" for letter in name)
        await place.screenshot(path=self.folder / f"{number:03}-{safe}.png", animations="disabled")

    async def _measure(self, message: ChatMessage) -> None:
        for row in message.buttons:
            room = (KEYBOARD - GAP * (len(row) - 1)) / len(row) - PADDING
            labels = [button.label for button in row]
            widths = await self.page.evaluate(WIDTHS, labels)
            wide = [each for each, width in zip(labels, widths, strict=True) if width > room]
            self.cut |= dict.fromkeys(wide)

    async def _answered(self, name: str) -> ChatMessage:
        """The newest thing the bot has done, once it has done all."""
        await self.stage.until(lambda: self._revision > self._seen, timeout=PATIENCE)
        known = 0
        while known != self._revision:
            known = self._revision
            await asyncio.sleep(QUIET)
        fresh = [each for each in self._from_bot() if each.revision > self._seen]
        for message in fresh:
            await self.shoot(message, name)
        return max(fresh, key=lambda each: each.revision)

    @property
    def _revision(self) -> int:
        return max((each.revision for each in self._from_bot()), default=0)

    def _from_bot(self) -> list[ChatMessage]:
        return [each for each in self.person.chat if each.from_bot]


def _taps(message: ChatMessage) -> dict[str, str]:
    """The buttons that come back to the bot: what each of them carries."""
    return {each.label: each.data for row in message.buttons for each in row if each.data}
