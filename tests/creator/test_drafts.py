"""Sending to the TikTok inbox: a draft there, which its creator finishes and posts in TikTok."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok import FailProcessing, Fault, LoseAnswer, NeverEnd, Refuse
from tests.creator.test_webhooks import event, open_id, post, sign
from tests.photos import gathered, photos
from tests.stage import Stage

IN_INBOX = "📥 In your TikTok inbox: @lena.cooks"
LIVE = "✅ Published on @lena.cooks"
NOT_YET = "✋ Not sent yet to the inbox of @lena.cooks"
HOUR = timedelta(hours=1)


@pytest.fixture
async def stage(unstarted: Stage) -> Stage:
    """The bot of an operator whose TikTok app has the scope for drafts."""
    unstarted.environment["TIKTOK_VIDEO_UPLOAD"] = "true"
    await unstarted.start_bot()
    return unstarted


async def offered(stage: Stage, lena: Person) -> ChatMessage:
    """The screen that says what the inbox means, from the newest draft card."""
    return await stage.open(lena, "Send to TikTok inbox", "Send to the TikTok inbox")


async def sent_now(
    stage: Stage, lena: Person, clip: Path, *, caption: str = "New recipe"
) -> ChatMessage:
    """A draft that is on its way to the inbox; returns its card."""
    await stage.draft(lena, clip, caption=caption)
    screen = await offered(stage, lena)
    await lena.tap("Send now", message=screen)
    asked = await lena.see("By sending, you agree", after=screen)
    await lena.tap("Agree and send", message=asked)
    return await lena.see("On its way to your TikTok inbox.", after=asked)


async def in_inbox(stage: Stage, lena: Person, clip: Path) -> ChatMessage:
    """A draft that is in the inbox; returns the notice of it."""
    card = await sent_now(stage, lena, clip)
    return await stage.see_in_time(lena, IN_INBOX, after=card)


def drafts(stage: Stage) -> list[str]:
    """What lies in the inbox at TikTok, newest first."""
    return [draft.publish_id for draft in stage.tiktok.inbox("lena.cooks")]


async def card_from(lena: Person, tab: str) -> ChatMessage:
    """The card of the only post in a tab of `/posts`."""
    sent = await lena.send("/posts")
    shown = await lena.see("", after=sent)
    if tab == "Needs you":
        assert "1. 📥 In your TikTok inbox · since" in shown.text
    if not shown.text.startswith(tab):
        await lena.tap(next(each for each in shown.labels if tab in each), message=shown)
        shown = await lena.see("1. ", after=shown)
    await lena.tap("1", message=shown)
    return await lena.see("💬 Caption", after=shown)


async def test_a_clip_goes_to_the_inbox_and_is_posted_from_there(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="New recipe #food")
    screen = await offered(stage, lena)
    assert "Lena Cooks (@lena.cooks) as a draft" in screen.text
    assert "TikTok takes nothing but the clip." in screen.text
    assert "there are 0 of 5" in screen.text
    await lena.tap("Send now", message=screen)
    asked = await lena.see("To the TikTok inbox of Lena Cooks", after=screen)
    assert "you agree that ClipCue uploads this to your TikTok inbox as a draft" in asked.text
    assert "not chosen yet" not in asked.text, "nobody has to choose what does not come along"
    await lena.tap("Agree and send", message=asked)

    told = await stage.see_in_time(lena, IN_INBOX)
    assert "New recipe #food" in told.text
    assert told.text.count("New recipe") == 1
    (copy,) = [each for row in told.buttons for each in row]
    assert copy.copy_text == "New recipe #food"
    (draft,) = drafts(stage)
    assert not stage.tiktok.posts

    card = await card_from(lena, "Needs you")
    assert "📥 In your TikTok inbox" in card.text
    stage.tiktok.post_draft(draft)
    live = await stage.see_in_time(lena, LIVE, step=HOUR)
    (post,) = stage.tiktok.posts
    assert f"/@lena.cooks/video/{post.post_id}" in live.text
    assert "You posted it from your TikTok inbox." in live.text
    assert "late" not in live.text
    card = await card_from(lena, "Published")
    assert "📥 Posted by you from the TikTok inbox" in card.text
    again = await lena.send_clip(clip)
    await lena.see("You have sent this clip before: it was published", after=again)


async def test_photos_take_their_words_and_cover_along(stage: Stage, lena: Person) -> None:
    sent = await lena.send_album(photos(stage.folder, 3))
    await gathered(lena, 3, after=sent[0])
    screen = await offered(stage, lena)
    assert "What comes along: the photos in their order, the cover, title and desc" in screen.text
    assert "interactions, disclosure and music. You choose these in TikTok." in screen.text
    await lena.tap("Send now", message=screen)
    asked = await lena.see("By sending, you agree", after=screen)
    assert "🖼 Cover: photo 1" in asked.text
    assert "🎵" not in asked.text
    await lena.tap("Agree and send", message=asked)
    told = await stage.see_in_time(lena, IN_INBOX)
    assert "📸 3 photos" in told.text


async def test_the_card_asks_only_for_what_comes_along_and_leads_back(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="New recipe")
    await stage.write_post(lena)
    await lena.tap("At its time", message=await offered(stage, lena))
    card = await lena.see("📥 To the TikTok inbox, as a draft")
    assert "👁" not in card.text
    assert [label.split(" ", 1)[-1] for label in card.labels] == [
        *("Caption", "When", "Account", "Preview", "Post it directly", "Schedule", "Send now"),
        "Discard",
    ]
    await lena.tap("Schedule", message=card)
    asked = await lena.see("choose when it is sent (tap When), or tap Send now", after=card)
    await lena.tap("‹ Back", message=asked)

    card = await lena.see("📥 To the TikTok inbox", after=asked)
    await lena.tap("Post it directly", message=card)
    card = await lena.see("👁 Everyone", after=card)
    assert "📥 Send to TikTok inbox" in card.labels


async def test_a_draft_goes_at_its_time_unless_it_is_called_off(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="in 2h New recipe")
    await lena.tap("At its time", message=await offered(stage, lena))
    card = await lena.see("📥 To the TikTok inbox, as a draft")
    await lena.tap("Schedule", message=card)
    asked = await lena.see("By sending, you agree", after=card)
    await lena.tap("Agree and schedule", message=asked)
    card = await lena.see("I will tell you when it is in your TikTok inbox.", after=asked)
    assert "📥 Send now" in card.labels
    await lena.tap("Cancel post", message=card)
    await lena.tap("Cancel post", message=await lena.see("Cancel this post?"))
    card = await lena.see("🚫 Cancelled")
    await lena.tap("Undo", message=card)
    await lena.see("Back on the schedule", after=card)
    stage.clock.jump(HOUR)
    assert not stage.tiktok.state.uploads

    stage.clock.jump(HOUR + timedelta(minutes=1))
    await stage.see_in_time(lena, IN_INBOX)
    assert len(drafts(stage)) == 1


async def test_a_caption_too_long_for_a_button_is_there_to_tap(
    stage: Stage, lena: Person, clip: Path
) -> None:
    caption = "Salt & <pepper> 🧂\n" * 50
    await sent_now(stage, lena, clip, caption=caption)
    told = await stage.see_in_time(lena, IN_INBOX)
    assert told.buttons == ()
    assert "<pre>Salt &amp; &lt;pepper&gt; 🧂\n" in told.html
    assert told.text.count("Salt & <pepper>") == 50
    card = await card_from(lena, "Needs you")
    assert "<blockquote expandable>Salt &amp; " in card.html

    again = await lena.send_clip(clip)
    await lena.see("it is in your TikTok inbox as a draft", after=again)


async def test_five_that_are_not_posted_hold_the_next_one(
    stage: Stage, lena: Person, clip: Path
) -> None:
    for _ in range(5):
        await in_inbox(stage, lena, clip)
    await stage.draft(lena, clip, caption="The sixth")
    screen = await offered(stage, lena)
    assert "there are 5 of 5" in screen.text
    assert "No place is free now." in screen.text
    await lena.tap("Send now", message=screen)
    asked = await lena.see("By sending, you agree", after=screen)
    assert "No place is free in that inbox now." in asked.text
    await lena.tap("Agree and send", message=asked)
    told = await stage.see_in_time(lena, NOT_YET)
    assert "Post one of them in the TikTok app" in told.text
    assert [label.split(" ", 1)[-1] for label in told.labels] == ["Retry"]
    assert len(stage.tiktok.state.uploads) == 5, "TikTok was not asked for what it refuses"

    stage.tiktok.post_draft(drafts(stage)[0])
    await lena.tap("Retry", message=told)
    told = await stage.see_in_time(lena, IN_INBOX, after=told)
    assert "The sixth" in told.text
    await stage.see_in_time(lena, LIVE)
    assert len(drafts(stage)) == 6


async def test_what_tiktok_says_no_to_has_its_words_and_button(
    stage: Stage, lena: Person, clip: Path
) -> None:
    full = Fault(
        endpoint="inbox/video/init",
        kind=Refuse(status=403, code="spam_risk_too_many_pending_share"),
    )
    no_scope = Fault(
        endpoint="inbox/video/init", kind=Refuse(status=401, code="scope_not_authorized")
    )
    rate = Fault(endpoint="processing", kind=FailProcessing(reason="frame_rate_check_failed"))
    refused = "❌ Not sent to the inbox of @lena.cooks"
    for fault, title, says, buttons in (
        (full, NOT_YET, "Five drafts of the last 24 hours", ["Retry"]),
        (no_scope, NOT_YET, "permission", ["Reconnect", "Retry"]),
        (rate, refused, "TikTok takes 23 to 60 frames a second", []),
    ):
        stage.tiktok.faults.add(fault)
        card = await sent_now(stage, lena, clip)
        told = await stage.see_in_time(lena, title, after=card)
        assert says in told.text
        assert [label.split(" ", 1)[-1] for label in told.labels] == buttons
    sent = await lena.send("/accounts")
    await lena.see("✅ connected", after=sent)
    assert not drafts(stage)


async def test_lost_answers_make_no_second_draft(stage: Stage, lena: Person, clip: Path) -> None:
    for endpoint in ("inbox/video/init", "upload"):
        stage.tiktok.faults.add(Fault(endpoint=endpoint, kind=LoseAnswer()))
    await in_inbox(stage, lena, clip)
    assert len(drafts(stage)) == 1
    assert lena.count(IN_INBOX) == 1


async def test_a_restart_while_tiktok_works_sends_nothing_again(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.processing_delay = 60
    await sent_now(stage, lena, clip)
    await stage.until(lambda: any(each.complete for each in stage.tiktok.uploads))
    await stage.stop_bot()
    await stage.start_bot()
    await stage.see_in_time(lena, IN_INBOX, step=timedelta(seconds=20))
    assert len(stage.tiktok.state.uploads) == 1


async def test_a_draft_posted_twice_is_told_once(stage: Stage, lena: Person, clip: Path) -> None:
    stage.tiktok.webhook_url = stage.webhook_url
    told = await in_inbox(stage, lena, clip)
    stage.clock.jump(timedelta(days=3))
    (draft,) = drafts(stage)
    stage.tiktok.post_draft(draft)
    await lena.see(LIVE, after=told)  # by the webhook: the next question is hours away
    stage.tiktok.post_draft(draft)
    stage.clock.jump(timedelta(days=5))
    await stage.at_rest()
    assert lena.count(LIVE) == 1


async def test_a_draft_that_nobody_posts_is_let_go_after_a_week(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.webhook_url = stage.webhook_url
    await in_inbox(stage, lena, clip)
    for _ in range(2):
        stage.clock.jump(timedelta(days=8))
        await stage.at_rest()
    asked = len(stage.tiktok.calls)
    stage.clock.jump(timedelta(days=8))
    await stage.at_rest()
    assert len(stage.tiktok.calls) == asked, "TikTok is asked no more"
    card = await card_from(lena, "Not published")
    assert "TikTok has not said that you posted this draft" in card.text

    stage.tiktok.post_draft(drafts(stage)[0])
    await lena.see(LIVE)  # its webhook is believed enough to ask


async def test_the_creator_says_what_became_of_it(stage: Stage, lena: Person, clip: Path) -> None:
    for button, says in (("I posted it", "✅ Published"), ("I deleted it", "you deleted it")):
        await in_inbox(stage, lena, clip)
        card = await card_from(lena, "Needs you")
        for _ in range(2):
            await lena.tap(button, message=card)
        await lena.see(says, after=card)
    sent = await lena.send("/posts")
    await lena.see("Nothing is planned.", after=sent)
    assert lena.count(LIVE) == 0, "they know it themselves"


async def test_a_failure_told_of_a_draft_in_the_inbox_changes_nothing(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await in_inbox(stage, lena, clip)
    (share,) = stage.tiktok.state.uploads.values()
    assert share.processing is not None
    fine = share.processing
    share.processing = replace(fine, fail_reason="internal")
    stage.clock.jump(HOUR)
    await stage.at_rest()
    share.processing = fine
    stage.tiktok.post_draft(share.publish_id)
    await stage.see_in_time(lena, LIVE, step=HOUR)
    assert lena.count("Not sent") == 0
    assert len(stage.tiktok.state.uploads) == 1


async def test_a_failure_told_of_a_draft_in_the_inbox_frees_no_place(
    stage: Stage, lena: Person, clip: Path
) -> None:
    for _ in range(5):
        await in_inbox(stage, lena, clip)
    share = next(iter(stage.tiktok.state.uploads.values()))
    assert share.processing is not None
    share.processing = replace(share.processing, fail_reason="internal")
    await sent_now(stage, lena, clip, caption="The sixth")
    await stage.see_in_time(lena, NOT_YET)
    assert len(stage.tiktok.state.uploads) == 5


async def test_a_draft_that_was_deleted_is_asked_about_once_for_a_report(
    stage: Stage, lena: Person, clip: Path
) -> None:
    told = await in_inbox(stage, lena, clip)
    card = await card_from(lena, "Needs you")
    await lena.tap("I deleted it", message=card)
    await lena.see("you deleted it", after=told)
    asked = len(stage.tiktok.calls)
    (draft,) = drafts(stage)
    body = event(
        "post.publish.inbox_delivered", stage.clock(), open_id=open_id(stage), publish_id=draft
    )
    assert (await post(stage, body, sign(body, stage.clock()))).status_code == 200
    await stage.until(lambda: len(stage.tiktok.calls) == asked + 1)
    for _ in range(2):
        stage.clock.jump(timedelta(days=1))
        await stage.at_rest()
    assert len(stage.tiktok.calls) == asked + 1


async def test_without_a_verdict_the_question_is_whether_it_is_in_the_inbox(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    await sent_now(stage, lena, clip)
    await stage.until(lambda: any(call.endpoint == "status/fetch" for call in stage.tiktok.calls))
    asked = await stage.see_in_time(lena, "is it there, or posted?", step=3 * HOUR)
    assert asked.labels == ["✅ Yes, it is there", "❌ No, it is not"]
    await lena.tap("Yes, it is there", message=asked)
    await lena.see("I have noted that it is in your TikTok inbox.", after=asked)


async def test_a_permission_that_was_switched_off_is_asked_for(stage: Stage, clip: Path) -> None:
    lena = await stage.meet(name="Lena")
    url = await stage.ask_to_connect(lena)
    await stage.open_consent_page(url, without="video.upload")
    await lena.see("Connected:")
    await stage.set_zone(lena)
    await stage.draft(lena, clip)
    screen = await offered(stage, lena)
    assert "ClipCue may not put drafts into this account's inbox" in screen.text
    assert screen.labels == ["Reconnect", "‹ Back"]

    await lena.tap("Reconnect", message=screen)
    asked = await lena.see("works once and for 10 minutes", after=screen)
    link = await lena.tap("Connect TikTok", message=asked)
    assert link is not None
    await stage.open_consent_page(link)
    await lena.see("Connected:", after=asked)
    await card_from(lena, "Drafts")
    screen = await offered(stage, lena)
    assert "📥 Send now" in screen.labels


async def test_where_the_app_cannot_do_it_nothing_is_offered(unstarted: Stage, clip: Path) -> None:
    await unstarted.start_bot()
    lena = await unstarted.creator(name="Lena")
    card = await unstarted.draft(lena, clip)
    assert "inbox" not in " ".join(card.labels)
