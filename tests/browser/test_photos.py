"""Photos of a phone, sent as an album and put in order with taps."""

import re
from pathlib import Path

from playwright.async_api import expect

from sandbox.pictures import make_photo
from tests.browser.chat import Chat


async def test_an_album_is_sent_and_put_in_order(ana: Chat, tmp_path: Path) -> None:
    await ana.start()
    photos = [
        make_photo(tmp_path / "one.png", width=300, height=400),
        make_photo(tmp_path / "two.jpg", width=400, height=300),
        make_photo(tmp_path / "three.webp", width=300, height=300),
    ]
    await ana.send_clip(*photos, caption="Lisbon")
    await expect(ana.messages.filter(has_text="Lisbon").first.locator("img")).to_have_count(3)
    card = await ana.see("📸 3 photos")
    await expect(card).to_contain_text("Lisbon")

    await ana.tap("Photos")
    sheet = await ana.see("Tap a number to move that photo")
    await expect(sheet.locator("img")).to_be_visible()
    await ana.button("3").tap()
    await ana.see("Photo 3 of 3")
    await ana.look("photos")
    await ana.tap("First")
    await ana.see("Photo 1 of 3")
    await ana.tap("Done")
    await ana.see_no("Photo 1 of 3")

    await ana.tap("Preview")
    album = ana.messages.filter(has=ana.page.locator(".grid.of-3")).last
    await expect(album).to_have_class(re.compile("bot"))
