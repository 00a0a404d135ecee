"""TikTok never says what became of a post: it is asked, then the creator is.

The end of such a story is the creator's word, never a second upload by itself.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok import FailProcessing, Fault, NeverEnd, Refuse
from tests.stage import Stage

LIVE = "✅ Published on @lena.cooks"
UNCONFIRMED = "❓ Not confirmed: @lena.cooks"
IS_IT_THERE = "never said whether it is live. Look in the TikTok app: is it there?"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def bytes_are_in(stage: Stage) -> None:
    """TikTok has the clip, and the bot knows: it has begun to ask what became of it."""
    await stage.until(lambda: any(call.endpoint == "status/fetch" for call in stage.tiktok.calls))


async def put_to_the_creator(stage: Stage, lena: Person, clip: Path) -> ChatMessage:
    """A post of which TikTok says nothing for a day; returns the question to the creator."""
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    await stage.posted_now(lena, clip)
    await bytes_are_in(stage)
    told = await stage.see_in_time(lena, UNCONFIRMED, step=3 * MINUTE)
    assert IS_IT_THERE not in told.text
    return await stage.see_in_time(lena, IS_IT_THERE, after=told, step=2 * HOUR)


async def test_after_a_day_the_creator_is_asked_and_says_that_it_is_live(
    stage: Stage, lena: Person, clip: Path
) -> None:
    asked = await put_to_the_creator(stage, lena, clip)
    assert asked.labels == ["✅ Yes, it is live", "❌ No, it is not"]

    for _ in range(2):  # twice at once
        await lena.tap("Yes, it is live", message=asked)
    card = await lena.see("✅ Published", after=asked)
    assert "/@lena.cooks" in card.text

    stage.clock.jump(timedelta(days=2))
    sent = await lena.send("/posts")
    await lena.see("Nothing is planned.", after=sent)
    assert len(stage.tiktok.state.uploads) == 1
    assert lena.count(LIVE) == 0, "they know it themselves"


async def test_only_after_the_creator_said_no_it_can_be_uploaded_again(
    stage: Stage, lena: Person, clip: Path
) -> None:
    asked = await put_to_the_creator(stage, lena, clip)
    stage.clock.jump(timedelta(days=3))
    assert len(stage.tiktok.state.uploads) == 1, "nothing by itself"
    assert lena.count(IS_IT_THERE) == 1

    await lena.tap("No, it is not", message=asked)
    card = await lena.see("❌ Not published", after=asked)
    assert "You said that it is not on TikTok." in card.text
    assert len(stage.tiktok.state.uploads) == 1
    await lena.tap("Retry", message=card)

    await stage.see_in_time(lena, LIVE)
    assert len(stage.tiktok.posts) == 1
    assert len(stage.tiktok.state.uploads) == 2


async def test_the_question_can_be_found_again(stage: Stage, lena: Person, clip: Path) -> None:
    await put_to_the_creator(stage, lena, clip)
    sent = await lena.send("/posts")
    shown = await lena.see("Needs you", after=sent)
    assert "1. ⚠️ Needs you · ❓ Not confirmed" in shown.text
    await lena.tap("1", message=shown)
    card = await lena.see(IS_IT_THERE, after=shown)
    await lena.tap("Yes, it is live", message=card)
    await lena.see("I have noted that it is live.", after=card)


async def test_who_was_away_for_a_day_is_asked_at_once(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    await stage.posted_now(lena, clip)
    await bytes_are_in(stage)
    await stage.stop_bot()
    stage.clock.jump(timedelta(days=2))
    await stage.start_bot()

    told = await lena.see(UNCONFIRMED)
    assert IS_IT_THERE in told.text
    assert lena.count(UNCONFIRMED) == 1


async def test_nobody_answers_for_a_post_that_nobody_was_asked_about(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.scheduled(lena, clip)
    edit = next(each.data for row in card.buttons for each in row if "Edit" in each.words)
    for verb in ("live", "notlive"):
        await lena.tap(data=str(edit).replace("edit", verb), message=card)
        shown = await lena.see("That is not possible any more", after=card)
        assert "🗓 Scheduled" in shown.text


async def test_a_verdict_after_the_news_counts(stage: Stage, lena: Person, clip: Path) -> None:
    """TikTok says FAILED for a passing reason an hour late: nothing was posted, try again."""
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=FailProcessing(reason="internal")))
    stage.tiktok.processing_delay = 3600
    await stage.posted_now(lena, clip)
    await bytes_are_in(stage)
    told = await stage.see_in_time(lena, UNCONFIRMED, step=3 * MINUTE)
    stage.tiktok.processing_delay = 1

    await stage.see_in_time(lena, LIVE, after=told, step=5 * MINUTE)

    assert len(stage.tiktok.posts) == 1
    assert lena.count("Not published") == 0


@pytest.mark.parametrize(
    "code", ["invalid_publish_id", "token_not_authorized_for_specified_publish_id"]
)
async def test_an_id_that_tiktok_does_not_know_is_put_to_the_creator(
    stage: Stage, lena: Person, clip: Path, code: str
) -> None:
    """Whether by the chunk whose answer was lost it was posted, nobody can tell."""
    await stage.draft(lena, clip)
    await stage.write_post(lena)
    stage.tiktok.faults.add(Fault(endpoint="upload", kind=Refuse(status=503)))
    refusal = Refuse(status=400, code=code)
    stage.tiktok.faults.add(Fault(endpoint="status/fetch", kind=refusal, times=1000))
    await stage.post_now(lena)

    told = await stage.see_in_time(lena, UNCONFIRMED, step=3 * MINUTE)
    asked = await stage.see_in_time(lena, IS_IT_THERE, after=told, step=2 * HOUR)
    assert lena.count("Not published yet") == 0
    assert len(stage.tiktok.state.uploads) == 1

    stage.tiktok.faults.clear()
    await lena.tap("No, it is not", message=asked)
    card = await lena.see("❌ Not published", after=asked)
    await lena.tap("Retry", message=card)
    await stage.see_in_time(lena, LIVE)
    assert len(stage.tiktok.posts) == 1


# The public address


async def card_of(person: Person) -> ChatMessage:
    """The newest post that is over."""
    sent = await person.send("/posts")
    shown = await person.see("Nothing is planned.", after=sent)
    await person.tap("Published", message=shown)
    shown = await person.see("1. ", after=shown)
    await person.tap("1", message=shown)
    return await person.see("💬 Caption", after=shown)


async def test_an_address_that_comes_later_is_kept_without_another_word(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.post_id_delay = 3 * 3600
    await stage.posted_now(lena, clip)
    told = await stage.see_in_time(lena, LIVE)
    assert told.text.count("/video/") == 0, "the profile meanwhile"
    (post,) = stage.tiktok.posts

    for _ in range(60):
        if f"/video/{post.post_id}" in (await card_of(lena)).text:
            break
        stage.clock.jump(10 * MINUTE)
    assert f"/@lena.cooks/video/{post.post_id}" in (await card_of(lena)).text
    assert lena.count(LIVE) == 1

    asked = sum(call.endpoint == "status/fetch" for call in stage.tiktok.calls)
    assert asked < 15, "ever more rarely"
    stage.clock.jump(timedelta(hours=9))
    await card_of(lena)
    assert sum(call.endpoint == "status/fetch" for call in stage.tiktok.calls) == asked


@pytest.mark.parametrize("privacy", ["Everyone", "Only me"])
async def test_an_address_that_never_comes_is_not_looked_for_for_ever(
    stage: Stage, lena: Person, clip: Path, privacy: str
) -> None:
    stage.tiktok.post_id_delay = 10**9
    await stage.draft(lena, clip)
    await stage.write_post(lena, privacy=privacy)
    await stage.post_now(lena)
    await stage.see_in_time(lena, LIVE)

    def asked() -> int:
        return sum(call.endpoint == "status/fetch" for call in stage.tiktok.calls)

    begun = asked()
    refusal = Refuse(status=500)  # a question that fails changes nothing about the post
    stage.tiktok.faults.add(Fault(endpoint="status/fetch", kind=refusal))
    for _ in range(30):
        stage.clock.jump(HOUR)
        await card_of(lena)
    ended = asked()
    assert (ended > begun) is (privacy == "Everyone"), "no one else's eyes, no public address"
    stage.clock.jump(timedelta(days=10))
    card = await card_of(lena)
    assert asked() == ended
    assert "✅ Published" in card.text
    assert lena.count(LIVE) == 1
