"""Photos as a creator sends them, and the screens that they tap."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from sandbox.pictures import make_photo
from sandbox.telegram import ChatMessage, Person
from sandbox.telegram.chats import Json
from tests.stage import Stage

SHAPES: Sequence[tuple[str, int, int, int]] = (
    ("jpg", 480, 600, 1),
    ("jpg", 640, 360, 1),
    ("png", 300, 300, 1),
    ("webp", 400, 500, 1),
    ("jpg", 300, 400, 6),
    ("png", 120, 90, 1),
)
"""Suffix, width and height as shown, and how the camera was held."""


def photos(folder: Path, count: int, *, name: str = "photo") -> list[Path]:
    """Photos of one handy size."""
    return [
        make_photo(folder / f"{name}-{at}.jpg", width=300, height=375) for at in range(1, count + 1)
    ]


def mixed(folder: Path, count: int) -> list[Path]:
    """Photos of many kinds and shapes, one of them as large as phones make them."""
    made = []
    for at in range(count):
        suffix, width, height, orientation = SHAPES[at % len(SHAPES)]
        path = folder / f"mixed-{at}.{suffix}"
        made.append(make_photo(path, width=width, height=height, orientation=orientation))
    made[1] = make_photo(folder / "mixed-1.jpg", width=4000, height=3000)
    return made


async def gathered(
    person: Person, count: int, *, after: Json | ChatMessage | None = None
) -> ChatMessage:
    """The card with so many photos, once none is on its way any more."""
    while True:
        card = await person.see(f"📸 {count} photo", after=after)
        if "on their way" not in card.text and "on its way" not in card.text:
            return card
        after = card


async def taken_in(stage: Stage) -> None:
    """Wait until all that was sent is done with: while a card moves, both of it are in the chat."""
    undone = "SELECT 1 FROM telegram_updates WHERE done_at IS NULL"
    async with asyncio.timeout(20):
        while await asyncio.to_thread(stage.ask, undone):  # noqa: ASYNC110 - a table
            await asyncio.sleep(0.02)


async def sheet_of(person: Person, card: ChatMessage) -> ChatMessage:
    """Open the sheet of a card."""
    await person.tap("Photos", message=card)
    sheet = await person.see("Tap a number to move that photo", after=card)
    assert sheet.has_photo
    return sheet


async def tapped(person: Person, button: str, screen: ChatMessage, shows: str) -> ChatMessage:
    """Tap a button and return the screen that comes of it."""
    await person.tap(button, message=screen)
    return await person.see(shows, after=screen)
