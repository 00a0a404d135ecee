"""How a post ends: TikTok's refusals, what the creator reads, and the button that mends it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.telegram import Person
from sandbox.tiktok import FailProcessing, Fault, NeverEnd, Refuse
from tests.stage import Stage

LIVE = "✅ Published on @lena.cooks"
CHANGE = "What do you want to change?"
NOT = "❌ Not published on @lena.cooks"
NOT_YET = "✋ Not published yet on @lena.cooks"
MINUTE = timedelta(minutes=1)


def refuse_next(stage: Stage, code: str, *, status: int = 200, times: int = 1) -> None:
    """TikTok's creator_info says no, which is how it bars a creator from posting."""
    kind = Refuse(status=status, code=code)
    stage.tiktok.faults.add(Fault(endpoint="creator_info/query", kind=kind, times=times))


def words_of(labels: list[str]) -> list[str]:
    return [label.split(" ", 1)[-1] for label in labels]


async def test_each_reason_of_tiktok_has_its_words(stage: Stage, lena: Person, clip: Path) -> None:
    for reason, says, buttons in (
        ("file_format_check_failed", "TikTok cannot use the format of this clip.", []),
        ("duration_check_failed", "The clip is too long or too short for TikTok.", []),
        ("frame_rate_check_failed", "TikTok takes 23 to 60 frames a second", []),
        ("picture_size_check_failed", "TikTok takes 360 to 4096 pixels a side", []),
        ("spam_risk_text", "TikTok took the caption for spam. Change it.", ["Edit"]),
        ("spam_risk", "TikTok took the post for spam.", []),
        ("spam_risk_user_banned_from_posting", "TikTok has barred this account", []),
        ("some_new_word", "TikTok said no: some_new_word.", ["Retry"]),
    ):
        stage.tiktok.faults.add(Fault(endpoint="processing", kind=FailProcessing(reason=reason)))
        card = await stage.posted_now(lena, clip, caption=f"Because of {reason}")
        told = await stage.see_in_time(lena, NOT, after=card)
        assert f"“Because of {reason}”" in told.text
        assert says in told.text
        assert f"TikTok's code: {reason}" in told.text
        assert words_of(told.labels) == buttons
        stage.clock.jump(MINUTE)  # six posts a minute are TikTok's limit
    assert not stage.tiktok.posts
    assert lena.count(NOT) == 8


async def test_a_caption_taken_for_spam_is_changed_and_posted(
    stage: Stage, lena: Person, clip: Path
) -> None:
    fault = FailProcessing(reason="spam_risk_text")
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=fault))
    await stage.posted_now(lena, clip, caption="BUY NOW!!!")
    told = await stage.see_in_time(lena, NOT)

    await lena.tap("Edit", message=told)
    await lena.see(CHANGE, after=told)
    await stage.write_post(lena, caption="My new recipe", privacy=None, on=CHANGE)
    await stage.post_now(lena)

    await stage.see_in_time(lena, LIVE)
    assert [post.title for post in stage.tiktok.posts] == ["My new recipe"]


async def test_a_failed_post_can_be_tried_again_as_it_is(
    stage: Stage, lena: Person, clip: Path
) -> None:
    fault = FailProcessing(reason="some_new_word")
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=fault))
    await stage.posted_now(lena, clip)
    told = await stage.see_in_time(lena, NOT)

    for _ in range(2):  # twice at once
        await lena.tap("Retry", message=told)
    await stage.see_in_time(lena, LIVE)
    assert len(stage.tiktok.posts) == 1


async def test_a_fault_inside_tiktok_is_tried_again_by_itself(
    stage: Stage, lena: Person, clip: Path
) -> None:
    fault = FailProcessing(reason="internal")
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=fault, times=2))
    await stage.posted_now(lena, clip)

    await stage.see_in_time(lena, LIVE)

    assert len(stage.tiktok.posts) == 1
    assert lena.count("Not published") == 0


async def test_privacy_that_tiktok_no_longer_offers_is_chosen_again(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip)
    stage.tiktok.creators["lena.cooks"].private = True
    stage.clock.jump(timedelta(hours=2, minutes=1))
    told = await lena.see(NOT_YET, timeout=10)
    assert "TikTok no longer offers the privacy you chose. Choose again." in told.text
    assert not stage.tiktok.state.uploads

    await lena.tap("Edit", message=told)
    await lena.see(CHANGE, after=told)
    await stage.write_post(lena, privacy="Followers", on=CHANGE)
    await stage.post_now(lena)
    await stage.see_in_time(lena, LIVE)
    assert [post.privacy_level for post in stage.tiktok.posts] == ["FOLLOWER_OF_CREATOR"]


async def test_an_app_without_audit_posts_to_private_accounts_only(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.audited = False
    await stage.draft(lena, clip, caption="New recipe")
    await stage.write_post(lena, privacy="Only me")
    await stage.post_now(lena)
    told = await lena.see(NOT_YET, timeout=10)
    assert "Set the account to private in the TikTok app, then try again." in told.text
    assert "unaudited_client_can_only_post_to_private_accounts" in told.text

    stage.tiktok.creators["lena.cooks"].private = True
    await lena.tap("Retry", message=told)
    live = await stage.see_in_time(lena, LIVE)
    assert "/@lena.cooks" in live.text, "the profile, since nobody else can see the post"
    assert len(stage.tiktok.posts) == 1


async def test_a_creator_whom_tiktok_has_barred(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip)
    refuse_next(stage, "spam_risk_user_banned_from_posting")
    stage.clock.jump(timedelta(hours=2, minutes=1))

    told = await lena.see(NOT, timeout=10)

    assert "TikTok has barred this account from posting." in told.text
    assert told.labels == []
    assert not stage.tiktok.state.uploads


async def test_a_days_limit_is_waited_for_and_said(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip)
    refuse_next(stage, "spam_risk_too_many_posts")
    stage.clock.jump(timedelta(hours=2, minutes=1))
    told = await lena.see("⏳ Has to wait: @lena.cooks", timeout=10)
    assert "This account has reached TikTok's limit of posts for a day." in told.text
    assert "It goes out by itself as soon as TikTok allows it." in told.text
    assert words_of(told.labels) == ["Cancel post"]
    assert not stage.tiktok.state.uploads

    stage.clock.jump(timedelta(hours=24))
    live = await stage.see_in_time(lena, LIVE)
    assert re.search(r"It went out 144\d min late", live.text)
    assert len(stage.tiktok.posts) == 1


async def test_a_limit_met_day_after_day_is_waited_for_within_a_week(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip)
    refuse_next(stage, "spam_risk_too_many_posts", times=100)
    stage.clock.jump(timedelta(hours=2, minutes=1))
    told = await lena.see("⏳ Has to wait: @lena.cooks", timeout=10)
    for _ in range(6):
        stage.clock.jump(timedelta(hours=24))
        told = await lena.see("⏳ Has to wait: @lena.cooks", after=told, timeout=10)

    stage.clock.jump(timedelta(hours=24))

    told = await lena.see(NOT, after=told, timeout=10)
    assert "This account has reached TikTok's limit of posts for a day." in told.text
    assert "TikTok's code: spam_risk_too_many_posts" in told.text
    assert "I have tried again and again, and stopped." in told.text
    assert words_of(told.labels) == ["Retry"]


async def test_waits_that_tiktok_asked_for_use_up_no_patience(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip)
    refuse_next(stage, "spam_risk_too_many_posts", times=2)
    refuse_next(stage, "internal_error", status=500)
    stage.clock.jump(timedelta(hours=2, minutes=1))
    told = await lena.see("⏳ Has to wait: @lena.cooks", timeout=10)
    stage.clock.jump(timedelta(hours=24))
    await lena.see("⏳ Has to wait: @lena.cooks", after=told, timeout=10)
    stage.clock.jump(timedelta(hours=24))

    await stage.see_in_time(lena, LIVE)
    assert lena.count(NOT) == 0


async def test_when_patience_ends_the_last_reason_is_told(
    stage: Stage, lena: Person, clip: Path
) -> None:
    fault = FailProcessing(reason="internal")
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=fault, times=1000))
    await stage.posted_now(lena, clip)

    told = await stage.see_in_time(lena, NOT, step=timedelta(hours=1))

    assert "TikTok had a fault while it worked." in told.text
    assert "I have tried again and again, and stopped." in told.text
    assert words_of(told.labels) == ["Retry"]
    begun = len(stage.tiktok.state.uploads)
    stage.clock.jump(timedelta(days=2))
    sent = await lena.send("/posts")
    await lena.see("Nothing is planned.", after=sent)
    assert len(stage.tiktok.state.uploads) == begun


async def test_uploads_that_end_too_early_are_begun_anew_only_so_often(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.upload_lifetime = 0
    await stage.posted_now(lena, clip)

    told = await stage.see_in_time(lena, NOT, step=timedelta(hours=3))

    assert "The upload to TikTok took too long and has to start over." in told.text
    assert words_of(told.labels) == ["Retry"]
    begun = len(stage.tiktok.state.uploads)
    assert begun > 1
    stage.clock.jump(timedelta(days=2))
    await lena.send("/posts")
    await lena.see("Nothing is planned.")
    assert len(stage.tiktok.state.uploads) == begun


async def test_a_permission_taken_away_shows_on_the_account(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip)
    refuse_next(stage, "scope_not_authorized", status=401)
    stage.clock.jump(timedelta(hours=2, minutes=1))
    told = await lena.see(NOT_YET, timeout=10)
    assert words_of(told.labels) == ["Reconnect", "Retry"]

    sent = await lena.send("/accounts")
    await lena.see("⚠️ has to be connected again", after=sent)
    sent = await lena.send("/posts")
    shown = await lena.see("✋ Waiting for you", after=sent)
    await lena.tap("1", message=shown)
    card = await lena.see("💬 Caption", after=shown)
    assert words_of(card.labels)[:4] == ["Reconnect", "Retry", "Edit", "Cancel post"]


@pytest.mark.parametrize("reconnected", [False, True])
async def test_a_permission_taken_away_while_tiktok_works(
    stage: Stage, lena: Person, clip: Path, *, reconnected: bool
) -> None:
    stage.tiktok.processing_delay = 60
    fault = FailProcessing(reason="auth_removed")
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=fault))
    await stage.posted_now(lena, clip)
    await stage.until(lambda: any(each.complete for each in stage.tiktok.uploads))
    if reconnected:
        stage.clock.jump(timedelta(seconds=5))
        await stage.connect(lena)

    told = await stage.see_in_time(lena, NOT, step=timedelta(seconds=20))
    assert words_of(told.labels) == ["Reconnect", "Retry"]
    sent = await lena.send("/accounts")
    shown = await lena.see("Your TikTok accounts", after=sent)
    assert ("has to be connected again" in shown.text) is not reconnected


async def test_a_post_that_waits_for_a_limit_can_be_called_off(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip)
    refuse_next(stage, "reached_active_user_cap")
    stage.clock.jump(timedelta(hours=2, minutes=1))
    told = await lena.see("⏳ Has to wait", timeout=10)

    await lena.tap("Cancel post", message=told)
    asked = await lena.see("Cancel this post?", after=told)
    await lena.tap("Cancel post", message=asked)
    await lena.see("🚫 Cancelled", after=asked)
    stage.clock.jump(timedelta(days=2))
    sent = await lena.send("/posts")
    await lena.see("Nothing is planned.", after=sent)
    assert not stage.tiktok.state.uploads


async def test_a_lost_permission_holds_the_post_until_reconnected(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip)
    stage.tiktok.state.access_tokens.clear()
    stage.tiktok.state.refresh_tokens.clear()
    stage.clock.jump(timedelta(hours=2, minutes=1))
    told = await lena.see(NOT_YET, timeout=10)
    assert "ClipCue can no longer post to this account." in told.text
    assert words_of(told.labels) == ["Reconnect", "Retry"]
    sent = await lena.send("/accounts")
    await lena.see("⚠️ has to be connected again", after=sent)

    assert await lena.tap("Reconnect", message=told) is None
    asked = await lena.see("works once and for 10 minutes", after=told)
    url = await lena.tap("Connect TikTok", message=asked)
    assert url is not None
    await stage.open_consent_page(url)
    await lena.see("Connected: Lena Cooks", after=asked)
    for _ in range(2):
        await lena.tap("Retry", message=told)

    await stage.see_in_time(lena, LIVE)
    assert len(stage.tiktok.posts) == 1


async def test_a_clip_whose_file_is_gone(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip)
    for path in stage.clips_on_disk:
        path.unlink()
    stage.clock.jump(timedelta(hours=2, minutes=1))

    told = await lena.see(NOT, timeout=10)

    assert "The clip's file is gone from ClipCue's disk. Send it again." in told.text
    assert not stage.tiktok.state.uploads


async def test_a_post_without_a_verdict_is_told_and_not_repeated(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    await stage.posted_now(lena, clip)
    await stage.until(lambda: any(each.complete for each in stage.tiktok.uploads))

    told = await stage.see_in_time(lena, "❓ Not confirmed: @lena.cooks", step=3 * MINUTE)

    assert "Please do not post it again yet." in told.text
    assert told.labels == []
    stage.clock.jump(timedelta(hours=1))
    sent = await lena.send("/posts")
    await lena.see("❓ Not confirmed", after=sent)
    assert len(stage.tiktok.state.uploads) == 1
    assert lena.count("❓ Not confirmed: ") == 1


@pytest.mark.parametrize("days", [1, 60])
async def test_tokens_are_renewed_without_a_word(
    stage: Stage, lena: Person, clip: Path, days: int
) -> None:
    await stage.draft(lena, clip)
    await stage.write_post(lena, when=f"in {days} days")
    await stage.schedule(lena)
    stage.clock.jump(timedelta(days=days))
    await stage.see_in_time(lena, LIVE)
    assert lena.count("Reconnect") == 0
