"""A restored ClipCue, as its creator meets it: nothing goes out twice without a look at TikTok."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest

from core.backups.restoring import Restored, restore
from core.backups.taking import take
from sandbox.telegram import Person
from sandbox.tiktok.faults import FailProcessing, Fault
from tests.stage import Stage

HOUR = timedelta(hours=1)


@pytest.fixture
async def ana(stage: Stage) -> Person:
    await stage.start_bot()
    return await stage.creator()


async def back_up(stage: Stage) -> Path:
    path = stage.folder / "backup.tar"
    await asyncio.to_thread(take, stage.settings(), path, with_keys=True, now=stage.clock())
    return path


async def bring_back(stage: Stage, path: Path) -> Restored:
    """Stop the first ClipCue and start another from the backup."""
    await stage.stop_bot()
    done = await restore(path, stage.folder / "data", now=stage.clock())
    await stage.start_bot()
    return done


async def test_a_post_that_went_out_after_the_backup_waits_for_its_creator(
    stage: Stage, ana: Person
) -> None:
    await stage.scheduled(ana, stage.clip(seconds=1), when="in 2h", caption="Soup")
    path = await back_up(stage)
    stage.clock.jump(2 * HOUR)
    await stage.see_in_time(ana, "Published on")

    done = await bring_back(stage, path)
    assert (done.held.held, done.held.scheduled) == (1, 0)
    told = await ana.see("♻️ ClipCue was brought back from a backup", timeout=10)
    assert "May have gone out since, and wait for you: 1 post" in told.text
    card = await ana.see("this post may have gone out since", timeout=10)
    assert "🚫 Cancel post" in card.labels
    await ana.tap("Cancel post", message=card)
    asked = await ana.see("Cancel this post?")
    await ana.tap("Cancel post", message=asked)
    await ana.see("🚫 Cancelled")
    stage.clock.jump(48 * HOUR)
    await stage.at_rest()
    assert len(stage.tiktok.posts) == 1


async def test_what_is_due_later_goes_out_as_planned(stage: Stage, ana: Person) -> None:
    clip = stage.clip(seconds=1)
    await stage.scheduled(ana, clip, when="in 3h", caption="Bread")
    path = await back_up(stage)
    done = await bring_back(stage, path)
    assert (done.held.held, done.held.scheduled) == (0, 1)
    told = await ana.see("brought back from a backup", timeout=10)
    assert "Go out as they were planned then: 1 post" in told.text
    stage.clock.jump(3 * HOUR)
    await stage.see_in_time(ana, "Published on")
    (post,) = stage.tiktok.posts
    assert "Bread" in post.title


async def test_an_upload_that_the_other_one_ended_is_only_asked_about(
    stage: Stage, ana: Person
) -> None:
    stage.tiktok.processing_delay = 600
    await stage.posted_now(ana, stage.clip(seconds=1))
    await stage.until(lambda: any(each.processing for each in stage.tiktok.uploads))
    path = await back_up(stage)
    inits = [call for call in stage.tiktok.calls if call.endpoint == "video/init"]
    done = await bring_back(stage, path)
    assert (done.held.asked, done.held.held) == (1, 0)
    stage.clock.jump(timedelta(minutes=11))
    await stage.see_in_time(ana, "Published on")
    assert len(stage.tiktok.posts) == len(inits) == 1


async def test_an_upload_that_failed_is_not_begun_anew(stage: Stage, ana: Person) -> None:
    """For the other one may have begun it anew, and so it did."""
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=FailProcessing(reason="internal")))
    stage.tiktok.processing_delay = 600
    await stage.posted_now(ana, stage.clip(seconds=1))
    await stage.until(lambda: any(each.processing for each in stage.tiktok.uploads))
    path = await back_up(stage)
    stage.clock.jump(timedelta(minutes=11))
    await stage.at_rest()
    await stage.see_in_time(ana, "Published on", step=timedelta(minutes=1))
    assert len(stage.tiktok.state.uploads) == 2

    await bring_back(stage, path)
    told = await stage.see_in_time(ana, "Not published on")
    assert "another one may have gone out since" in told.text
    assert "🔁 Retry" in told.labels
    stage.clock.jump(48 * HOUR)
    await stage.at_rest()
    assert len(stage.tiktok.state.uploads) == 2
    assert len(stage.tiktok.posts) == 1


async def test_its_history_says_that_it_was_brought_back(stage: Stage, ana: Person) -> None:
    stage.tiktok.processing_delay = 600
    await stage.posted_now(ana, stage.clip(seconds=1))
    await stage.until(lambda: any(each.processing for each in stage.tiktok.uploads))
    await bring_back(stage, await back_up(stage))
    stage.clock.jump(timedelta(minutes=11))
    live = await stage.see_in_time(ana, "✅ Published\n")
    await ana.tap("History", message=live)
    shown = await ana.see("What happened to this post", after=live)
    assert re.search(r"ClipCue was brought back from a backup\n(?:.*\n)*.*It was publ", shown.text)
