"""Photos become one post: as albums, one after another, as files, and what cannot be one."""

from datetime import timedelta
from pathlib import Path

from sandbox.pictures import make_bomb, make_photo
from sandbox.telegram import Person
from tests.photos import gathered, photos, sheet_of, taken_in, tapped
from tests.stage import Stage

FULL = "TikTok takes 35 photos in one post"


def bomb(folder: Path) -> Path:
    return make_bomb(folder / "bomb.png", side=12_000)


def file_of(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


async def test_an_album_becomes_one_card(stage: Stage, lena: Person) -> None:
    sent = await lena.send_album(photos(stage.folder, 5), caption="tomorrow 18:00 Lisbon #trip")

    card = await gathered(lena, 5, after=sent[0])

    assert "💬 Description · 12/4000 · 1 hashtag\nLisbon #trip" in card.text
    assert "18:00" in card.text
    assert "🤝 no comments" in card.text
    assert not any(word in card.text for word in ("duets", "stitches", "Caption"))
    await taken_in(stage)
    assert lena.count("📝 Draft") == 1
    assert len(stage.clips_on_disk) == 5


async def test_photos_one_after_another_and_two_albums_are_one_post(
    stage: Stage, lena: Person
) -> None:
    for count, path in enumerate(photos(stage.folder, 2), start=1):
        sent = await lena.send_photo(path)
        card = await gathered(lena, count, after=sent)
        assert card.id == lena.chat[-1].id, "it is where its creator looks"

    first = await lena.send_album(photos(stage.folder, 2, name="b"))
    await lena.send_album(photos(stage.folder, 2, name="c"))
    await gathered(lena, 6, after=first[0])
    await taken_in(stage)
    assert lena.count("📝 Draft") == 1
    assert lena.count("Getting your photos") == 0

    stage.clock.jump(timedelta(minutes=3))
    sent = await lena.send_photo(photos(stage.folder, 1, name="d")[0])
    await gathered(lena, 1, after=sent)
    await taken_in(stage)
    assert lena.count("📝 Draft") == 2, "a new post after a while"


async def test_two_albums_with_words_of_their_own_are_two_posts(stage: Stage, lena: Person) -> None:
    first = await lena.send_album(
        photos(stage.folder, 2, name="a"), caption="tomorrow 10:00 First post #one"
    )
    await lena.send_album(photos(stage.folder, 3, name="b"), caption="in 2h Second post #two")

    one = await lena.see("First post #one", after=first[0])
    two = await lena.see("Second post #two", after=first[0])
    await gathered(lena, 2, after=first[0])
    await gathered(lena, 3, after=first[0])
    assert one.id != two.id
    await stage.until(lambda: lena.count("📝 Draft") == 2)
    assert lena.count("📸 2 photos") == 1
    assert lena.count("📸 3 photos") == 1
    assert lena.count("on its way") + lena.count("on their way") == 0
    assert "10:00" in (await lena.see("First post #one")).text


async def test_images_as_files_and_clips_between_them(
    stage: Stage, lena: Person, clip: Path
) -> None:
    album = lena.new_album()
    turned = make_photo(stage.folder / "turned.jpg", width=300, height=400, orientation=6)
    square = make_photo(stage.folder / "square.png", width=200, height=200)

    sent = await lena.send_clip(turned, as_="document", album=album)
    await lena.send_clip(square, as_="document", album=album, mime_type="application/octet-stream")
    await lena.send_clip(clip, album=album)

    told = await lena.see("TikTok takes photos or a clip in one post", after=sent)
    assert "the clips go their own way" in told.text
    await gathered(lena, 2, after=sent)
    told = await lena.see("🎬", after=sent)
    assert "📝 Draft" in told.text
    await taken_in(stage)
    assert lena.count("TikTok takes photos or a clip in one post") == 1
    assert lena.count("Bulk") == 0, "nobody has asked for one"


async def test_an_album_whose_clip_comes_first(stage: Stage, lena: Person, clip: Path) -> None:
    sent = await lena.send_album([clip, *photos(stage.folder, 2)])

    card = await gathered(lena, 2, after=sent[0])
    assert "A bulk takes clips" not in card.text, "they have heard of it"


async def test_thirty_six_photos(stage: Stage, lena: Person) -> None:
    for at in range(3):
        await lena.send_album(photos(stage.folder, 10, name=f"{at}-"))
    sent = await lena.send_album(photos(stage.folder, 6, name="last"))

    told = await lena.see(FULL, after=sent[0], timeout=60)
    assert "• 1 photo: " in told.text
    card = await gathered(lena, 35, after=sent[0])
    await taken_in(stage)
    assert len(stage.clips_on_disk) == 35

    sheet = await sheet_of(lena, card)
    assert [len(row) for row in sheet.buttons] == [5, 5, 5, 5, 5, 5, 5, 1]
    screen = await tapped(lena, "35", sheet, "Photo 35 of 35")
    await tapped(lena, "First", screen, "Photo 1 of 35")

    again = await lena.send_photo(stage.folder / "last-6.jpg")
    await gathered(lena, 1, after=again)


async def test_what_is_no_photo_is_left_out_kindly(stage: Stage, lena: Person) -> None:
    good = photos(stage.folder, 2)
    album = lena.new_album()
    heic = file_of(stage.folder / "IMG_7.heic", b"\0\0\0\x18ftypheic" + bytes(100))
    broken = file_of(stage.folder / "half.jpg", good[0].read_bytes()[:2000])

    first = await lena.send_clip(good[0], as_="document", album=album)
    for path in (bomb(stage.folder), heic, broken):
        await lena.send_clip(path, as_="document", album=album)
    await lena.send_clip(good[1], as_="document", album=album)

    await gathered(lena, 2, after=first)
    told = await lena.see("half.jpg", after=first)
    await taken_in(stage)
    assert "• bomb.png: It has more pixels than I can take in." in told.text
    assert "• IMG_7.heic: That is HEIC" in told.text
    assert "• half.jpg: I cannot read that as an image." in told.text
    assert lena.count("Left out") == 1
    assert len(stage.clips_on_disk) == 2

    alone = await lena.send_clip(broken, as_="document")
    await lena.see("• half.jpg: I cannot read that as an image.", after=alone)
    await taken_in(stage)
    assert lena.count("Getting your photos") == 0


async def test_a_late_photo_of_an_agreed_post_gets_a_card_of_its_own(
    stage: Stage, lena: Person
) -> None:
    album = lena.new_album()
    first, late = photos(stage.folder, 2)
    sent = await lena.send_photo(first, album=album, caption="in 2h Lisbon")
    await gathered(lena, 1, after=sent)
    await stage.write_post(lena)
    agreed = await stage.schedule(lena)

    sent = await lena.send_photo(late, album=album)

    await gathered(lena, 1, after=sent)
    await taken_in(stage)
    assert lena.count("📝 Draft") == 1
    assert agreed in lena.chat, "what was agreed to is as it was"


async def test_updates_that_come_again_change_nothing(stage: Stage, lena: Person) -> None:
    sent = await lena.send_album(photos(stage.folder, 3))
    await gathered(lena, 3, after=sent[0])
    await stage.stop_bot()

    for message in sent:  # under numbers of their own, as after a week of silence
        stage.telegram.updates.push("message", message)
    await stage.start_bot()
    after = await lena.send("/posts")

    await lena.see("📸 3 photos", after=after)
    assert stage.ask("SELECT COUNT(*) FROM photos")[0][0] == 3
    assert len(stage.clips_on_disk) == 3


async def test_photos_come_through_a_restart(stage: Stage, lena: Person) -> None:
    sent = [await lena.send_photo(photos(stage.folder, 1)[0], album=(album := lena.new_album()))]
    await gathered(lena, 1, after=sent[0])
    stage.telegram.faults.slow("getFile", seconds=60, times=3)
    more = photos(stage.folder, 3, name="more")
    sent += [await lena.send_photo(path, album=album) for path in more]
    await lena.see("Getting your photos", after=sent[1])
    await stage.stop_bot()
    stage.telegram.faults.clear()
    await stage.start_bot()

    await gathered(lena, 4, after=sent[1])
    await taken_in(stage)
    assert lena.count("📝 Draft") == 1
    assert lena.count("Getting your photos") == 0


async def test_a_stop_while_it_is_said_that_they_come(stage: Stage, lena: Person) -> None:
    """What Telegram shows already is known after the start."""
    faults = stage.telegram.faults
    faults.slow("sendMessage", seconds=0.5)
    sent = await lena.send_photo(photos(stage.folder, 1)[0])
    await stage.until(lambda: not faults.waits_for("sendMessage"))
    await stage.stop_bot()
    await lena.see("Getting your photos", after=sent)
    await stage.start_bot()

    await gathered(lena, 1, after=sent)
    await taken_in(stage)
    assert lena.count("📝 Draft") == 1
    assert lena.count("Getting your photos") == 0


async def test_a_stop_while_a_card_is_moved(stage: Stage, lena: Person) -> None:
    """The message that it moves to is known after the start: there is no second one."""
    faults = stage.telegram.faults
    first, last = photos(stage.folder, 2)
    faults.slow("getFile", seconds=0.5)
    sent = await lena.send_photo(first)
    await lena.see("Getting your photos", after=sent)
    faults.slow("sendMessage", seconds=0.5)
    last_sent = await lena.send_photo(last)
    await stage.until(lambda: not faults.waits_for("sendMessage"))
    await stage.stop_bot()
    await lena.see("📸 2 photos", after=last_sent)
    await stage.start_bot()

    await gathered(lena, 2, after=sent)
    await taken_in(stage)
    assert lena.count("📝 Draft") == 1


async def test_a_photo_that_comes_while_a_question_is_open(stage: Stage, lena: Person) -> None:
    """The question stays where it is, and nobody waits for what has come."""
    first = await lena.send_photo(photos(stage.folder, 1)[0])
    card = await gathered(lena, 1, after=first)
    await lena.tap("Description", message=card)
    asked = await lena.see("Send me the", after=card)

    sent = await lena.send_photo(photos(stage.folder, 1, name="b")[0])
    await lena.see("Getting your photos", after=sent)
    await taken_in(stage)
    assert lena.count("Getting your photos") == 0
    assert asked in lena.chat

    typed = await lena.send("Lisbon")
    await lena.see("📸 2 photos", after=typed)


async def test_photos_while_a_bulk_is_open(stage: Stage, lena: Person) -> None:
    await lena.send("/bulk")
    await lena.see("Send me clips")

    sent = await lena.send_album(photos(stage.folder, 2))

    card = await gathered(lena, 2, after=sent[0])
    assert "A bulk takes clips. These photos have a card of their own." in card.text


async def test_a_post_of_photos_where_posts_are_named(stage: Stage, lena: Person) -> None:
    sent = await lena.send_album(photos(stage.folder, 2), caption="in 2h")
    card = await gathered(lena, 2, after=sent[0])
    assert "no caption" not in card.text

    asked = await lena.send("/posts")
    listed = await lena.see("📸 2 photos", after=asked)
    assert "no caption" not in listed.text

    await lena.tap("Discard", message=card)
    await lena.see("The photos are deleted here; your phone keeps its own.", after=card)
    await lena.tap("Discard", message=await lena.see("The photos are deleted here"))
    await lena.see("🗑 Discarded.", after=card)
    await stage.until(lambda: not stage.clips_on_disk)
