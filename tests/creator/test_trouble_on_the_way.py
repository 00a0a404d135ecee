"""TikTok falters at any step of the way: the post goes out all the same, once."""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok import DropBefore, Fault, KeepLess, LoseAnswer, Misstate, Refuse
from sandbox.tiktok.faults import CallFault, EndpointName
from tests.stage import Stage

STEPS: dict[EndpointName, tuple[CallFault, ...]] = {
    "creator_info/query": (DropBefore(),),
    "video/init": (Refuse(status=500), DropBefore(), LoseAnswer()),
    "upload": (Refuse(status=503), DropBefore(), LoseAnswer()),
    "status/fetch": (Refuse(status=500), DropBefore()),
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_that_fails_once(
    stage: Stage, lena: Person, clip: Path, step: EndpointName
) -> None:
    assert step in get_args(EndpointName)
    for number, kind in enumerate(STEPS[step], start=1):
        await stage.draft(lena, clip, caption=f"Number {number}")
        await stage.write_post(lena)
        asked = await stage.open(lena, "Post now", "By posting, you agree to TikTok's")
        stage.tiktok.faults.add(Fault(endpoint=step, kind=kind))
        await lena.tap("Agree and post", message=asked)

        await stage.see_in_time(lena, f"“Number {number}”", step=timedelta(seconds=5))

        assert [post.title for post in stage.tiktok.posts] == [
            f"Number {each}" for each in range(1, number + 1)
        ]
        assert lena.count(f"“Number {number}”") == 1
    assert lena.count("Not published") == 0


async def test_every_step_fails_on_the_way_of_one_post(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    await stage.write_post(lena)
    asked = await stage.open(lena, "Post now", "By posting, you agree to TikTok's")
    for step in STEPS:
        stage.tiktok.faults.add(Fault(endpoint=step, kind=Refuse(status=502)))
    await lena.tap("Agree and post", message=asked)

    await stage.see_in_time(lena, "✅ Published on @lena.cooks", step=timedelta(seconds=5))

    assert len(stage.tiktok.posts) == 1
    assert lena.count("✅ Published on") == 1
    assert lena.count("Not published") == 0


@pytest.mark.parametrize(
    ("endpoint", "kind"),
    [
        pytest.param("upload", Misstate(status=206), id="206 for the last chunk"),
        pytest.param("upload", Misstate(status=200), id="200 for the last chunk"),
        pytest.param("storage", KeepLess(count=1000), id="half of the chunk"),
        pytest.param("storage", KeepLess(count=0), id="none of the chunk"),
    ],
)
async def test_a_receipt_that_does_not_fit_is_looked_into(
    stage: Stage, lena: Person, clip: Path, endpoint: Any, kind: Any
) -> None:
    await stage.draft(lena, clip)
    await stage.write_post(lena)
    stage.tiktok.faults.add(Fault(endpoint=endpoint, kind=kind))
    await stage.post_now(lena)

    await stage.see_in_time(lena, "✅ Published on @lena.cooks", step=timedelta(seconds=5))

    (post,) = stage.tiktok.posts
    whole = await asyncio.to_thread(clip.read_bytes)
    assert post.sha256 == hashlib.sha256(whole).hexdigest()
    assert len(stage.tiktok.state.uploads) == 1


async def test_tiktok_never_keeps_all_of_it(stage: Stage, lena: Person, clip: Path) -> None:
    """The upload host takes each chunk and keeps nothing: no verdict is waited for, none lost."""
    await stage.draft(lena, clip)
    await stage.write_post(lena)
    stage.tiktok.faults.add(Fault(endpoint="storage", kind=KeepLess(count=0), times=4))
    await stage.post_now(lena)

    await stage.until(
        lambda: sum(call.endpoint == "upload" for call in stage.tiktok.calls) == 4, timeout=20
    )
    await stage.see_in_time(lena, "✅ Published on @lena.cooks", step=timedelta(seconds=5))

    assert len(stage.tiktok.state.uploads) == 1
    assert lena.count("Not published") == 0


# An upload that is open


async def card_from_the_list(lena: Person) -> ChatMessage:
    sent = await lena.send("/posts")
    shown = await lena.see("1. ", after=sent)
    await lena.tap("1", message=shown)
    return await lena.see("💬 Caption", after=shown)


async def held_with_an_open_upload(stage: Stage, lena: Person, clip: Path) -> ChatMessage:
    """TikTok calls the headers of a chunk malformed: a fault of ours, told with the post."""
    await stage.draft(lena, clip)
    await stage.write_post(lena)
    stage.tiktok.faults.add(Fault(endpoint="upload", kind=Refuse(status=400), times=5))
    await stage.post_now(lena)
    return await lena.see("✋ Not published yet on @lena.cooks", timeout=10)


async def test_a_refusal_for_good_is_told_and_not_repeated(
    stage: Stage, lena: Person, clip: Path
) -> None:
    told = await held_with_an_open_upload(stage, lena, clip)

    assert sum(call.endpoint == "upload" for call in stage.tiktok.calls) == 1
    assert "This is a fault of ClipCue, not of your clip." in told.text
    assert "TikTok's code" not in told.text, "the code is ours"
    assert "it can neither be changed nor cancelled now. Retry finds out." in told.text
    assert told.labels == ["🔁 Retry"]
    card = await card_from_the_list(lena)
    assert card.labels == ["🔁 Retry", "‹ Back to the list"]
    assert "it can neither be changed nor cancelled now. Retry finds out." in card.text

    retry = next(each.data for row in card.buttons for each in row if each.words == "Retry")
    shown = card
    for verb in ("edit", "now", "move", "cancel", "cancelsure", "agreenow"):
        await lena.tap(data=str(retry).replace("retry", verb), message=shown)
        shown = await lena.see("That is not possible any more", after=card)
        assert shown.labels == ["🔁 Retry"]

    stage.tiktok.faults.clear()
    await lena.tap("Retry", message=shown)
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    assert len(stage.tiktok.state.uploads) == 1


async def test_an_open_upload_that_waits_for_its_next_try_can_be_tried_at_once(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    await stage.write_post(lena)
    stage.tiktok.faults.add(Fault(endpoint="status/fetch", kind=Refuse(status=500)))
    stage.tiktok.faults.add(Fault(endpoint="upload", kind=Refuse(status=503)))
    await stage.post_now(lena)
    await stage.until(
        lambda: any(call.endpoint == "status/fetch" for call in stage.tiktok.calls), timeout=10
    )
    for _ in range(50):
        card = await card_from_the_list(lena)
        if "🗓 Scheduled" in card.text:
            break
    assert card.labels == ["🔁 Retry", "‹ Back to the list"]

    await lena.tap("Retry", message=card)
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    assert len(stage.tiktok.posts) == 1


async def test_a_refusal_that_never_ends_is_put_to_the_creator(
    stage: Stage, lena: Person, clip: Path
) -> None:
    """Held, retried, held: an hour later it is no longer held, whatever stood in the way."""
    told = await held_with_an_open_upload(stage, lena, clip)
    stage.clock.jump(timedelta(hours=1))
    refusal = Refuse(status=403, code="spam_risk_user_banned_from_posting")
    stage.tiktok.faults.add(Fault(endpoint="status/fetch", kind=refusal, times=1000))

    await lena.tap("Retry", message=told)

    await stage.see_in_time(lena, "❓ Not confirmed: @lena.cooks", step=timedelta(minutes=3))
    assert lena.count("Not published yet") == 0, "the notice has become the card, and no other came"
    assert len(stage.tiktok.state.uploads) == 1


async def test_a_file_that_vanished_half_way(stage: Stage, lena: Person, clip: Path) -> None:
    """TikTok says that it lacks bytes, and nobody can send them: the post is failed, not open."""
    told = await held_with_an_open_upload(stage, lena, clip)
    stage.tiktok.faults.clear()
    for path in stage.clips_on_disk:
        path.unlink()
    await lena.tap("Retry", message=told)

    told = await stage.see_in_time(lena, "❌ Not published on @lena.cooks")

    assert "The clip's file is gone from ClipCue's disk. Send it again." in told.text
    assert told.labels == []
    assert len(stage.tiktok.state.uploads) == 1


async def test_a_file_that_is_not_what_it_was(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip)
    for path in stage.clips_on_disk:
        path.write_bytes(b"something else")
    stage.clock.jump(timedelta(hours=2, minutes=1))

    told = await lena.see("❌ Not published on @lena.cooks", timeout=10)

    assert "The clip's file has changed on ClipCue's disk. Send it again." in told.text
    assert not stage.tiktok.state.uploads
