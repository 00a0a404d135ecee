"""Clips that TikTok would not take as they are: said what is wrong, and made to fit by one tap."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.media.limits import problems
from core.media.reader import read
from sandbox.oddities import HLG, Oddity
from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage

WRONG = "TikTok would not take this clip:"
DOUBTFUL = "TikTok may refuse this clip:"
WORKING = "🛠 Making your clip fit …"
FITS = "✅ Your clip fits now:"
LONG = 20.0
"""Seconds within which the slow clips fit on any machine."""


@pytest.fixture(scope="session")
def fast_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of 120 fps in a container that TikTok does not know, filmed upright."""
    oddity = Oddity(name="IMG_2.mkv", fps=120, rotation=90)
    return oddity.make(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="session")
def takes_seconds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip that takes two seconds or more to be made to fit."""
    oddity = Oddity(name="slow.mkv", fps=120, seconds=10, width=1280, height=720, sound=None)
    return oddity.make(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="session")
def takes_long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip that takes longer than progress waits to be told."""
    oddity = Oddity(name="long.mkv", fps=120, seconds=30, width=1280, height=720, sound=None)
    return oddity.make(tmp_path_factory.mktemp("clips"))


async def offered(person: Person, clip: Path, *, caption: str | None = None) -> ChatMessage:
    """Send it as a file and see what is wrong with it."""
    sent = await person.send_clip(clip, as_="document", caption=caption)
    return await person.see(WRONG, after=sent)


async def test_from_what_is_wrong_to_tiktok(stage: Stage, lena: Person, fast_film: Path) -> None:
    told = await offered(lena, fast_film, caption="in 2h Slow motion #sea")
    assert "it is a matroska file; TikTok takes MP4, MOV and WebM" in told.text
    assert "it has 120 frames a second; TikTok takes 60 at most" in told.text
    assert "Your original stays here until it is published." in told.text

    await lena.tap("🛠 Make it fit", message=told)
    card = await lena.see(f"{FITS} 360×640, MP4 with H.264.", timeout=LONG)
    assert card.id == told.id
    assert "📝 Draft" in card.text
    assert "Slow motion #sea" in card.text
    assert "15:0" in card.text  # two hours after it was sent
    assert len(stage.clips_on_disk) == 2  # the original is kept

    await lena.tap("Preview", message=card)
    await stage.until(lambda: lena.chat[-1].from_bot and lena.chat[-1].media is not None)
    await stage.write_post(lena, on="📝 Draft")
    await stage.schedule(lena)
    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")

    (post,) = stage.tiktok.posts
    ((fitted, size),) = stage.ask(
        "SELECT storage_key, size FROM clips WHERE sha256 = ?", post.sha256
    )
    path = stage.folder / "data" / "clips" / fitted
    probe = read(path)
    assert problems(probe, size) == ()
    assert (probe.container, probe.video_codec, probe.audio_codec) == ("mp4", "h264", "aac")
    assert (probe.width, probe.height, round(probe.fps)) == (360, 640, 60)


async def test_a_doubtful_clip_is_taken_as_it_is(
    stage: Stage, lena: Person, tmp_path: Path
) -> None:
    oddity = Oddity(name="hdr.mov", codec="libx265", pixels="yuv420p10le", transfer=HLG)
    clip = oddity.make(tmp_path)
    sent = await lena.send_clip(clip, as_="document", caption="HDR of the sea")
    told = await lena.see(DOUBTFUL, after=sent)
    assert "its colours are stored in an unusual way (yuv420p10le)" in told.text

    await lena.tap("Take it as it is", message=told)

    card = await lena.see("HDR of the sea", after=sent)
    assert card.id == told.id
    assert [path.stat().st_size for path in stage.clips_on_disk] == [clip.stat().st_size]
    again = next(
        button.data for row in told.buttons for button in row if "as it is" in button.label
    )
    await lena.tap(data=again)  # of a button that was already on its way
    await lena.send("/help")
    await lena.see("Nothing goes out")
    assert len(stage.ask("SELECT id FROM posts")) == 1


async def test_a_clip_that_does_not_fit_is_thrown_away(
    stage: Stage, lena: Person, fast_film: Path
) -> None:
    told = await offered(lena, fast_film)
    await lena.tap("Discard", message=told)
    await lena.see("🗑 Discarded.")
    assert not stage.clips_on_disk
    assert not stage.ask("SELECT id FROM clips")


async def test_progress_is_told_and_stopped(stage: Stage, lena: Person, takes_long: Path) -> None:
    told = await offered(lena, takes_long)
    await lena.tap("🛠 Make it fit", message=told)
    working = await lena.see(WORKING, timeout=LONG)
    await lena.see(" %", after=None, timeout=LONG)

    await lena.tap("Stop", message=working)

    left = await lena.see("All right, I left it as it is.")
    assert WRONG in left.text
    await stage.until(lambda: len(stage.clips_on_disk) == 1, timeout=LONG)
    assert [row[0] for row in stage.ask("SELECT original_key FROM clips")] == [None]
    # The clip is offered again, and can be discarded like any other.
    await lena.tap("Discard", message=left)
    await lena.see("🗑 Discarded.")


async def test_it_begins_anew_after_a_restart(
    stage: Stage, lena: Person, takes_seconds: Path
) -> None:
    told = await offered(lena, takes_seconds, caption="in 2h Twice begun")
    await lena.tap("🛠 Make it fit", message=told)
    await lena.see(WORKING, timeout=LONG)

    await stage.stop_bot()
    assert len(stage.clips_on_disk) == 1  # what was cut off is gone
    await stage.start_bot()

    card = await lena.see(FITS, timeout=LONG)
    assert card.id == told.id
    assert "Twice begun" in card.text
    assert len(stage.ask("SELECT id FROM posts")) == 1


async def test_what_was_called_off_does_not_begin_anew(
    stage: Stage, lena: Person, takes_seconds: Path
) -> None:
    told = await offered(lena, takes_seconds)
    await lena.tap("🛠 Make it fit", message=told)
    working = await lena.see(WORKING, timeout=LONG)
    await lena.tap("Stop", message=working)
    await lena.see("All right, I left it as it is.")
    await stage.stop_bot()

    await stage.start_bot()

    await lena.send("/help")
    await lena.see("Nothing goes out")
    assert stage.ask("SELECT id FROM posts") == []
    assert lena.count(WORKING) == 0


async def test_two_at_once_and_the_third_waits(
    stage: Stage, lena: Person, takes_seconds: Path, clip: Path
) -> None:
    for told in [await offered(lena, takes_seconds) for _ in range(3)]:
        await lena.tap("🛠 Make it fit", message=told)
    waits = await lena.see("Your clip waits to be made to fit; 1 is before it.", timeout=LONG)
    await stage.draft(lena, clip, caption="Meanwhile")  # other clips do not wait for that

    await lena.tap("Stop", message=waits)

    await lena.see("All right, I left it as it is.")
    await stage.until(lambda: lena.count(FITS) == 2, timeout=2 * LONG)


async def test_several_in_a_batch(lena: Person, clip: Path, fast_film: Path) -> None:
    """What cannot be sent as it is waits for its creator; the others are planned."""
    sent = await lena.send_album([clip, fast_film])
    told = await lena.see(WRONG, after=sent[-1])
    await lena.tap("🛠 Make it fit", message=told)
    card = await lena.see(FITS, timeout=LONG)
    assert "📝 Draft" in card.text


async def test_a_clip_that_breaks_half_way(stage: Stage, lena: Person, tmp_path: Path) -> None:
    whole = Oddity(name="whole.mkv", seconds=4, fps=120).make(tmp_path)
    half = tmp_path / "half.mkv"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    told = await offered(lena, half)

    await lena.tap("🛠 Make it fit", message=told)

    told = await lena.see("I could not make it fit.", timeout=LONG)
    assert WRONG in told.text
    assert len(stage.clips_on_disk) == 1
