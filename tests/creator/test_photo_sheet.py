"""The sheet of a post's photos: put in order, one is the cover, some are taken out."""

import pytest

from sandbox.telegram import ChatMessage, Person
from tests.photos import gathered, photos, sheet_of, taken_in, tapped
from tests.stage import Stage


@pytest.fixture
async def sheet(stage: Stage, lena: Person) -> ChatMessage:
    """The sheet of a post of four photos."""
    sent = await lena.send_album(photos(stage.folder, 4))
    return await sheet_of(lena, await gathered(lena, 4, after=sent[0]))


def order(stage: Stage) -> list[int]:
    """The photos in their order, each by the place it came in."""
    return [row[0] for row in stage.ask("SELECT id FROM photos ORDER BY position")]


async def test_photos_are_moved_with_taps(stage: Stage, lena: Person, sheet: ChatMessage) -> None:
    assert sheet.labels == ["1", "2", "3", "4", "✅ Done"]
    screen = await tapped(lena, "4", sheet, "Photo 4 of 4")
    assert screen.labels[:4] == ["1", "2", "3", "● 4"]
    assert "Later ›" not in screen.labels
    for button, shows, expected in (
        ("First", "Photo 1 of 4", [4, 1, 2, 3]),
        ("Later", "Photo 2 of 4", [1, 4, 2, 3]),
        ("Earlier", "Photo 1 of 4", [4, 1, 2, 3]),
    ):
        before = screen
        screen = await tapped(lena, button, screen, shows)
        assert screen.id == before.id, "the same message"
        assert order(stage) == expected
    places = await tapped(lena, "To place …", screen, "Which place does photo 1 move to?")
    await tapped(lena, "3", places, "Photo 3 of 4")
    assert order(stage) == [1, 2, 4, 3]


async def test_cover_and_removal_show_on_the_card(
    stage: Stage, lena: Person, sheet: ChatMessage
) -> None:
    assert "Photo 1 is the cover." in sheet.text
    screen = await tapped(lena, "3", sheet, "Photo 3 of 4")
    screen = await tapped(lena, "Make cover", screen, "Photo 3 is the cover.")
    assert "🖼 Make cover" not in screen.labels
    await lena.see("🖼 Cover: photo 3", after=sheet)

    screen = await tapped(lena, "First", screen, "Photo 1 is the cover.")
    screen = await tapped(lena, "2", screen, "Photo 2 of 4")
    screen = await tapped(lena, "Remove", screen, "🗑 Photo 2 is out.")
    assert screen.labels == ["1", "2", "3", "✅ Done"]
    card = await lena.see("📸 3 photos\n👤", after=sheet)
    assert "🖼 Cover: photo 1" in card.text
    await stage.until(lambda: len(stage.clips_on_disk) == 3)

    await lena.tap("Done", message=screen)
    await stage.until(lambda: all(message.id != sheet.id for message in lena.chat))
    assert lena.count("📝 Draft") == 1


async def test_two_taps_at_once_do_one_thing(
    stage: Stage, lena: Person, sheet: ChatMessage
) -> None:
    screen = await tapped(lena, "4", sheet, "Photo 4 of 4")
    await lena.tap("First", message=screen)
    await lena.tap("Earlier", message=screen)

    told = await lena.see("That button was out of date", after=screen)

    assert order(stage) == [4, 1, 2, 3]
    assert told.id == sheet.id
    await tapped(lena, "1", told, "Photo 1 of 4")


async def test_buttons_that_nobody_drew(stage: Stage, lena: Person, sheet: ChatMessage) -> None:
    drawn = sheet.buttons[0][0].data
    assert drawn is not None
    forged = ("photo:5", "photo:0", "photo:x", "phmove:1>9", "phmove:1", "phcover:")

    for each in forged:
        await lena.tap(data=drawn.replace("photo:1", each), message=sheet)

    await stage.until(lambda: lena.count("from an older version of me") == len(forged))
    assert order(stage) == [1, 2, 3, 4]


async def test_a_scheduled_post_comes_off_the_schedule_with_its_order(
    stage: Stage, lena: Person
) -> None:
    sent = await lena.send_album(photos(stage.folder, 3), caption="in 2h Lisbon")
    await gathered(lena, 3, after=sent[0])
    await stage.write_post(lena)
    agreed = await stage.schedule(lena)
    change = await tapped(lena, "Edit", agreed, "What do you want to change?")
    sheet = await sheet_of(lena, change)

    screen = await tapped(lena, "3", sheet, "Photo 3 of 3")
    screen = await tapped(lena, "First", screen, "agree again: tap Done, then Schedule.")

    await lena.tap("Done", message=screen)
    await lena.see("📝 Draft", after=screen)
    assert stage.ask("SELECT status FROM posts")[0][0] == "draft"


async def test_a_photo_whose_file_is_gone(stage: Stage, lena: Person) -> None:
    sent = await lena.send_album(photos(stage.folder, 2))
    card = await gathered(lena, 2, after=sent[0])
    await taken_in(stage)
    stage.clips_on_disk[0].unlink()

    told = await tapped(lena, "Photos", card, "A photo's file is gone from ClipCue's disk.")

    assert "clip's" not in told.text
