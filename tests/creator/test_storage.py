"""What a creator notices of where clips lie: how long, how often, and how many fit."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from sandbox.oddities import Oddity
from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage


@pytest.fixture
async def app(unstarted: Stage) -> App:
    unstarted.tiktok.access_lifetime = 90 * 24 * 3600
    return await unstarted.start_bot()


async def published(stage: Stage, person: Person, clip: Path) -> ChatMessage:
    await stage.posted_now(person, clip)
    return await stage.see_in_time(person, "✅ Published on @lena.cooks")


async def choose(person: Person, kept: str) -> ChatMessage:
    """Set in /settings how long clips are kept; returns the settings as they are then."""
    sent = await person.send("/settings")
    shown = await person.see("🗂 Clips and photos:", after=sent)
    await person.tap("Keeping files", message=shown)
    asked = await person.see("How long shall I keep clips and photos", after=shown)
    await person.tap(kept, message=asked)
    return await person.see("🗂 Clips and photos:", after=asked)


async def test_a_creator_says_how_long_clips_are_kept(
    app: App, unstarted: Stage, clip: Path
) -> None:
    stage, upkeep = unstarted, app.services.upkeep
    lena = await stage.creator()
    sent = await lena.send("/settings")
    shown = await lena.see("🗂 Clips and photos: kept 7 days after they are published", after=sent)
    await lena.tap("Keeping files", message=shown)
    asked = await lena.see("How long shall I keep clips and photos", after=shown)
    assert asked.labels[:5] == ["Not at all", "1 day", "● 7 days", "30 days", "90 days"]
    await lena.tap("30 days", message=asked)
    await lena.see("🗂 Clips and photos: kept 30 days after they are published", after=asked)

    await published(stage, lena, clip)
    stage.clock.jump(timedelta(days=29))
    await upkeep.run()
    assert len(stage.clips_on_disk) == 1
    stage.clock.jump(timedelta(days=2))
    await upkeep.run()
    assert not stage.clips_on_disk


async def test_a_creator_wants_nothing_kept(app: App, unstarted: Stage, clip: Path) -> None:
    """Each minute it is looked for, so the clip goes while the creator reads that it is live."""
    stage = unstarted
    lena = await stage.creator()
    shown = await choose(lena, "Not at all")
    assert "Clips and photos: deleted here once they are published" in shown.text
    await stage.scheduled(lena, clip, when="in 2h")
    await app.services.retention.forget_at_once()
    assert len(stage.clips_on_disk) == 1, "it is planned"

    stage.clock.jump(timedelta(hours=2, minutes=1))
    told = await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    await app.services.retention.forget_at_once()
    assert not stage.clips_on_disk

    sent = await lena.send("/posts")
    listed = await lena.see("Nothing is planned", after=sent)
    await lena.tap("Published", message=listed)
    past = await lena.see("1. ", after=listed)
    await lena.tap("1", message=past)
    card = await lena.see("✅ Published", after=past)
    await lena.tap("Duplicate", message=card)
    await lena.see("The clip's file is gone", after=told)


async def test_a_clip_sent_twice_is_kept_once(app: App, unstarted: Stage, clip: Path) -> None:
    assert app
    stage = unstarted
    lena = await stage.creator()
    await published(stage, lena, clip)

    again = await stage.draft(lena, clip)

    assert "You have sent this clip before: it was published on 12 Jan 2027." in again.text
    assert len(stage.clips_on_disk) == 1
    third = await stage.draft(lena, clip)
    assert len(stage.clips_on_disk) == 1
    await lena.tap("Discard", message=third)
    asked = await lena.see("Discard this draft?", after=third)
    await lena.tap("Discard", message=asked)
    await stage.until(lambda: len(stage.ask("SELECT id FROM posts")) == 2)
    assert len(stage.clips_on_disk) == 1, "the others need it"

    await stage.write_post(lena)
    await stage.post_now(lena)
    await stage.until(lambda: len(stage.tiktok.posts) == 2)
    assert len({post.sha256 for post in stage.tiktok.posts}) == 1

    max_ = await stage.meet(43, "Max")
    theirs = await stage.draft(max_, clip)
    assert "sent this clip before" not in theirs.text
    assert len(stage.clips_on_disk) == 2, "what another creator sent is their own"


async def test_a_clip_that_waits_for_its_time_is_named_when_it_comes_again(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, when="in 2h")
    again = await stage.draft(lena, clip)
    assert "it is scheduled for Tue 12 Jan 2027, 15:0" in again.text


async def test_a_file_that_is_missing_is_not_shared(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip)
    (lost,) = stage.clips_on_disk
    lost.unlink()
    await stage.draft(lena, clip)
    assert len(stage.clips_on_disk) == 1


async def test_clips_that_come_together_stay_within_the_share(
    unstarted: Stage,
) -> None:
    """Each has room when it is asked for; together they have not."""
    stage = unstarted
    stage.environment["STORAGE_QUOTA_MB"] = "1"
    await stage.start_bot()
    ana = await stage.meet()
    clips = [
        stage.clip(f"{name}.mp4", seconds=1, width=360, height=640, fps=24 + at, pad_to=600_000)
        for at, name in enumerate("ab")
    ]
    await asyncio.gather(*(ana.send_clip(each, as_="document") for each in clips))

    told = await ana.see("Your clips take")
    assert "does not fit any more" in told.text
    await ana.see("📝 Draft")
    assert ana.count("📝 Draft") == 1
    assert len(stage.clips_on_disk) == 1


async def test_without_room_on_the_disk_a_clip_is_not_made_to_fit(
    unstarted: Stage, tmp_path: Path
) -> None:
    """What is there already stays, and is offered as before."""
    stage = unstarted
    await stage.start_bot()
    ana = await stage.meet()
    sent = await ana.send_clip(Oddity(name="film.mkv", fps=120).make(tmp_path), as_="document")
    told = await ana.see("TikTok would not take this clip:", after=sent)
    await stage.stop_bot()
    stage.environment["STORAGE_SPARE_MB"] = "99000000"
    await stage.start_bot()

    await ana.tap("Make it fit", message=told)

    again = await ana.see("My disk is nearly full", after=sent)
    assert "Make it fit" in " ".join(again.labels)
    assert len(stage.clips_on_disk) == 1
