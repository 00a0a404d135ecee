"""Twelve photos from the phone to TikTok, with everything a creator sets on the way."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok import Fault, LoseAnswer
from tests.photo_posts import carousels
from tests.photos import gathered, mixed, photos, sheet_of, tapped
from tests.stage import Stage

UNCLEAR = "handed over the photos"


def digests(paths: Sequence[Path]) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


async def ready(stage: Stage, lena: Person, count: int = 2) -> ChatMessage:
    """A card of so many photos that can go out."""
    sent = await lena.send_album(photos(stage.folder, count), caption="Lisbon")
    await gathered(lena, count, after=sent[0])
    await stage.write_post(lena)
    return await lena.see("👁 Everyone")


async def test_twelve_photos_from_chat_to_tiktok(stage: Stage, lena: Person) -> None:
    paths = mixed(stage.folder, 12)
    first = await lena.send_album(paths[:10], caption="tomorrow 18:00 Three days in Lisbon")
    for path in paths[10:]:
        await lena.send_clip(path, as_="document")
    card = await gathered(lena, 12, after=first[0])

    screen = await tapped(lena, "12", await sheet_of(lena, card), "Photo 12 of 12")
    screen = await tapped(lena, "First", screen, "Photo 1 of 12")
    screen = await tapped(lena, "3", screen, "Photo 3 of 12")
    screen = await tapped(lena, "Make cover", screen, "Photo 3 is the cover.")
    card = await tapped(lena, "Done", screen, "🖼 Cover: photo 3")

    asked = await tapped(lena, "Title", card, "Send me the title")
    typed = await lena.send("x" * 91)
    await lena.see("That title is 1 character too long.", after=typed)
    typed = await lena.send("Lisbon,\nslowly 🌞")
    card = await lena.see("🔤 Title · 17/90\nLisbon, slowly 🌞", after=typed)
    assert asked.labels == ["‹ Back"]
    await tapped(lena, "Description", card, "Send me the description")
    typed = await lena.send("Three days in Lisbon #travel " + "é" * 3000)
    card = await lena.see("💬 Description · 3029/4000 · 1 hashtag", after=typed)
    assert "(the whole of it goes out)" in card.text
    card = await tapped(lena, "Music", card, "🎵 TikTok adds music")
    screen = await tapped(lena, "Interactions", card, "What may others do with this post?")
    assert screen.labels == ["◻️ Comment", "‹ Back"], "nobody duets or stitches photos"
    screen = await tapped(lena, "Comment", screen, "What may others do")
    card = await tapped(lena, "Back", screen, "🤝 comments")
    screen = await tapped(lena, "Disclosure", card, "Disclose post content")
    screen = await tapped(lena, "Disclose post content", screen, "You need to indicate if")
    label = "Your photo/video will be labeled as 'Promotional content'."
    screen = await tapped(lena, "Your brand", screen, label)
    await tapped(lena, "Back", screen, "🏷 Your brand")
    await stage.write_post(lena)

    asked = await stage.open(lena, "Post now", "By posting, you agree to TikTok's")
    assert label in asked.text
    await lena.tap("Agree and post", message=asked)
    told = await stage.see_in_time(lena, "✅ Published on @lena.cooks")

    assert "📸 “Lisbon, slowly 🌞”" in told.text
    assert "/@lena.cooks/" in told.text
    [carousel] = carousels(stage)
    info = carousel.post_info
    assert (info.title, info.description[:28]) == (
        "Lisbon, slowly 🌞",
        "Three days in Lisbon #travel",
    )
    assert (info.auto_add_music, info.disable_comment) == (True, False)
    assert info.brand_organic_toggle
    assert not info.brand_content_toggle
    assert carousel.photo_cover_index == 2
    keys = stage.ask("SELECT storage_key FROM photos ORDER BY position")
    ours = [stage.folder / "data" / "clips" / key for (key,) in keys]
    assert [photo.sha256 for photo in carousel.photos] == digests(ours)
    ids = [row[0] for row in stage.ask("SELECT id FROM photos ORDER BY position")]
    came = {
        row[0]: at for at, row in enumerate(stage.ask("SELECT id FROM photos ORDER BY message_id"))
    }
    assert [came[each] for each in ids] == [11, *range(11)]
    sizes = [(photo.width, photo.height) for photo in carousel.photos]
    assert sizes[2] == (1440, 1080), "the large one is made smaller, the turned one upright"
    assert sizes[5] == (300, 400)


async def test_an_answer_that_tiktok_lost_posts_nothing_twice(stage: Stage, lena: Person) -> None:
    await ready(stage, lena)
    stage.tiktok.faults.add(Fault(endpoint="content/init", kind=LoseAnswer()))

    await stage.post_now(lena)

    told = await stage.see_in_time(lena, "❓ Not confirmed")
    assert UNCLEAR in told.text
    assert len(carousels(stage)) == 1


async def test_the_preview_brings_the_photos_back_in_their_order(
    stage: Stage, lena: Person
) -> None:
    sent = await lena.send_album(photos(stage.folder, 10))
    sent.append(await lena.send_photo(photos(stage.folder, 1, name="b")[0]))
    as_file = photos(stage.folder, 1, name="c")[0]
    sent.append(await lena.send_clip(as_file, as_="document"))
    card = await gathered(lena, 12, after=sent[0])

    await lena.tap("Preview", message=card)

    await stage.until(lambda: sum(m.has_photo for m in lena.chat if m.from_bot) == 12)
    calls = [call for call in stage.telegram.calls if call.method == "sendMediaGroup"]
    assert [call.ok for call in calls] == [True, True], "ten, then two"
    known = [message["photo"][-1]["file_id"] for message in sent[:11]]
    assert all(file_id in str(calls[0].parameters["media"]) for file_id in known[:10])
    assert known[10] in str(calls[1].parameters["media"])


@pytest.mark.parametrize(("typed", "shown"), [("🌞" * 45, "90/90"), ("a" * 90, "90/90")])
async def test_titles_as_long_as_can_be(stage: Stage, lena: Person, typed: str, shown: str) -> None:
    card = await ready(stage, lena)
    await tapped(lena, "Title", card, "Send me the title")
    sent = await lena.send(typed)
    card = await lena.see(f"🔤 Title · {shown}", after=sent)
    asked = await tapped(lena, "Title", card, "What you send takes its place.")
    await tapped(lena, "No title", asked, "🔤 Title · 0/90\nno title")


async def test_photos_for_only_me_cannot_be_branded(stage: Stage, lena: Person) -> None:
    await ready(stage, lena)
    await stage.write_post(lena, privacy="Only me")
    card = await lena.see("👁 Only me")
    screen = await tapped(lena, "Disclosure", card, "Disclose post content")
    screen = await tapped(lena, "Disclose post content", screen, "You need to indicate if")
    await tapped(lena, "Branded content", screen, "Branded content visibility cannot be set")


async def test_a_copy_of_a_post_of_photos(stage: Stage, lena: Person) -> None:
    await ready(stage, lena, 3)
    card = await stage.post_now(lena)
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    card = await lena.see("✅ Published\n📸 3 photos", after=card)

    await lena.tap("Duplicate", message=card)

    copy = await lena.see("📝 Draft", after=card)
    assert "📸 3 photos" in copy.text
    history = await tapped(lena, "History", card, "What happened to this post")
    assert "📸 Lisbon" in history.text
