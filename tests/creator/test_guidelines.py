"""TikTok's content sharing guidelines, one walk a line; `docs/audit.md` names each of them."""

import asyncio
import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.samples import make_clip
from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok import Fault, Refuse
from tests.creator.conftest import NOON
from tests.stage import Stage

AGREE = "By posting, you agree to TikTok's Music Usage Confirmation."
AGREE_BRANDED = (
    "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation."
)
MUST_SAY = "You need to indicate if your content promotes yourself, a third party, or both."
PROMOTIONAL = "Your video will be labeled as 'Promotional content'."
PARTNERSHIP = "Your video will be labeled as 'Paid partnership'."
BARRED = "Branded content visibility cannot be set to private."
MUSIC = '<a href="https://www.tiktok.com/legal/page/global/music-usage-confirmation/en">'
STOPPED = "TikTok takes no posts from this account right now."


def words(message: ChatMessage) -> set[str]:
    return {button.words for row in message.buttons for button in row}


def consent_of(stage: Stage) -> Any:
    """What is stored of the newest post's consent."""
    (stored,) = stage.ask("SELECT consent FROM posts ORDER BY id DESC")[0]
    return json.loads(stored)


async def toggle(person: Person, button: str, shows: str, *, on: ChatMessage) -> ChatMessage:
    await person.tap(button, message=on)
    return await person.see(shows, after=on)


async def test_1a_the_nickname_is_the_one_of_this_moment(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip, caption="in 2h Soup")
    assert "👤 Lena Cooks (@lena.cooks)" in card.text
    await stage.write_post(lena)
    stage.tiktok.creators["lena.cooks"].nickname = "Lena & Co"

    asked = await stage.open(lena, "Schedule", AGREE)

    assert asked.text.startswith("Posting to Lena & Co (@lena.cooks), ")
    await lena.tap("Back", message=asked)
    await lena.see("👤 Lena & Co (@lena.cooks)", after=asked)


async def test_1a_the_card_of_a_new_clip_asks_who_the_creator_is(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.creators["lena.cooks"].nickname = "Chef Lena"
    card = await stage.draft(lena, clip)
    assert "👤 Chef Lena (@lena.cooks)" in card.text


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("spam_risk_too_many_posts", "reached TikTok's limit of posts for a day"),
        ("spam_risk_user_banned_from_posting", "barred this account from posting"),
        ("reached_active_user_cap", "So many creators posted through ClipCue today"),
    ],
)
async def test_1b_who_cannot_post_now_is_stopped_and_told_why(
    stage: Stage, lena: Person, clip: Path, code: str, reason: str
) -> None:
    refusal = Fault(endpoint="creator_info/query", kind=Refuse(status=200, code=code), times=3)
    stage.tiktok.faults.add(refusal)

    card = await stage.draft(lena, clip, caption="in 2h Soup")
    assert STOPPED in card.text
    assert reason in card.text
    for button in ("Privacy", "Interactions"):
        told = await stage.open(lena, button, STOPPED)
        assert "Please try again later." in told.text
        assert f"TikTok's code: {code}" in told.text
        assert told.labels == ["‹ Back"]
        await lena.tap("Back", message=told)
        await lena.see("📝 Draft", after=told)

    await stage.write_post(lena)
    stage.tiktok.faults.add(
        Fault(endpoint="creator_info/query", kind=Refuse(status=200, code=code), times=2)
    )
    for button in ("Schedule", "Post now"):
        told = await stage.open(lena, button, STOPPED)
        assert told.labels == ["‹ Back"], "nothing to agree to"
        await lena.tap("Back", message=told)
        await lena.see("📝 Draft", after=told)
    await stage.schedule(lena)


async def test_1c_a_clip_too_long_for_the_account_is_told_on_its_card(
    stage: Stage, tmp_path: Path
) -> None:
    sam = await stage.creator(name="Sam", username="short.sam")
    long = make_clip(tmp_path / "long.mp4", seconds=70, width=360, height=640, fps=23, audio=False)

    card = await stage.draft(sam, long, caption="in 2h Seventy seconds")

    told = "It lasts 1:10; TikTok lets this account post 1:00 at most."
    assert told in card.text
    await stage.write_post(sam)
    stopped = await stage.open(sam, "Post now", "This clip is too long for that account.")
    assert told in stopped.text
    assert stopped.labels == ["‹ Back"]


async def test_2a_caption_and_hashtags_are_the_creators_to_change(
    stage: Stage, lena: Person, clip: Path
) -> None:
    for caption in ("Soup #food #lemon", "Cake #Food", "Pie #sweet"):
        await stage.draft(lena, clip, caption=caption)
    card = await stage.draft(lena, clip, caption="New 🍋 recipe @lena.cooks")
    assert "💬 Caption · 25/2200 · 1 mention" in card.text

    await lena.tap("Caption", message=card)
    asked = await lena.see("Send me the caption", after=card)
    assert asked.labels[:3] == ["#Food", "#sweet", "#lemon"], "the most used first"
    asked = await toggle(lena, "#Food", "New 🍋 recipe @lena.cooks #Food", on=asked)
    assert "💬 Caption · 31/2200 · 1 hashtag · 1 mention" in asked.text
    assert "☑️ #Food" in asked.labels
    asked = await toggle(lena, "#Food", "25/2200", on=asked)
    asked = await toggle(lena, "No caption", "Caption · 0/2200", on=asked)

    await lena.tap("Caption", message=asked)
    asked = await lena.see("Send me the caption", after=asked)
    asked = await toggle(lena, "#lemon", "These hashtags stay below what you send.", on=asked)
    sent = await lena.send("Lime soup")
    card = await lena.see("📝 Draft", after=sent)
    assert "\nLime soup #lemon\n" in card.text

    await stage.write_post(lena)
    await stage.post_now(lena)
    await stage.see_in_time(lena, "✅ Published on")
    assert [post.title for post in stage.tiktok.posts] == ["Lime soup #lemon"]


async def test_2a_a_hashtag_that_does_not_fit_any_more_is_left_out(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="Soup #food")
    await stage.draft(lena, clip)
    asked = await stage.open(lena, "Caption", "Send me the caption")
    sent = await lena.send("x" * 2197)
    await lena.see("2197/2200", after=sent)
    asked = await stage.open(lena, "Caption", "Send me the caption")
    asked = await toggle(lena, "#food", "That caption is 3 characters too long.", on=asked)
    assert "2197/2200" in asked.text


async def test_2b_privacy_has_no_default_and_is_not_remembered(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip)
    stage.clock.jump(timedelta(minutes=5))

    card = await stage.draft(lena, clip, caption="in 2h Soup")
    assert "👁 not chosen yet" in card.text
    asked = await stage.open(lena, "Schedule", "Almost there.")
    assert "choose who can see it" in asked.text
    assert not {"Agree and schedule", "Agree and post"} & words(asked)
    await lena.tap("Privacy", message=asked)
    asked = await lena.see("Who can see this post?", after=asked)
    assert asked.labels == ["Everyone", "Friends", "Only me", "‹ Back"], "and none is marked"


async def test_2c_interactions_are_off_until_turned_on_by_hand(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="Soup")
    await stage.write_post(lena)
    asked = await stage.open(lena, "Interactions", "What may others do")
    assert asked.labels == ["◻️ Comment", "◻️ Duet", "◻️ Stitch", "‹ Back"]
    asked = await toggle(lena, "Duet", "What may others do", on=asked)
    await lena.tap("Back", message=asked)
    await lena.see("🤝 duets", after=asked)
    await stage.post_now(lena)
    await stage.see_in_time(lena, "✅ Published on")
    (post,) = stage.tiktok.posts
    assert (post.disable_comment, post.disable_duet, post.disable_stitch) == (True, False, True)


@pytest.mark.parametrize(
    ("username", "button", "why"),
    [
        ("short.sam", "Comment", "@short.sam has it turned off in TikTok's own settings"),
        ("quiet_max", "Stitch", "@quiet_max is a private account"),
    ],
)
async def test_2c_what_the_account_forbids_is_shown_and_explained(
    stage: Stage, clip: Path, username: str, button: str, why: str
) -> None:
    person = await stage.creator(username=username)
    await stage.draft(person, clip)
    asked = await stage.open(person, "Interactions", "What may others do")
    assert f"🔒 {button} · not available" in asked.labels

    told = await toggle(person, button, f"🔒 {button} is not available.", on=asked)

    assert why in told.text
    assert not any(label.startswith("☑️") for label in told.labels)


async def test_2c_what_the_account_has_forbidden_since_stays_off(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="Soup")
    await stage.write_post(lena)
    asked = await stage.open(lena, "Interactions", "What may others do")
    asked = await toggle(lena, "Comment", "What may others do", on=asked)
    await lena.tap("Back", message=asked)
    await lena.see("🤝 comments", after=asked)
    stage.tiktok.creators["lena.cooks"].comment_disabled = True

    asked = await stage.open(lena, "Post now", AGREE)
    assert "🔒 Stays off, as in this account's TikTok settings: Comment." in asked.text
    await lena.tap("Agree and post", message=asked)
    await stage.see_in_time(lena, "✅ Published on")
    assert stage.tiktok.posts[0].disable_comment


@pytest.mark.parametrize("button", ["Schedule", "Post now"])
async def test_2n_the_declaration_stands_directly_above_the_button(
    stage: Stage, lena: Person, clip: Path, button: str
) -> None:
    await stage.draft(lena, clip, caption="in 2h Soup")
    await stage.write_post(lena)
    asked = await stage.open(lena, button, AGREE)
    assert asked.text.endswith(f"\n{AGREE}")
    assert MUSIC in asked.html
    assert asked.buttons[0][0].words.startswith("Agree and")


async def test_3a_disclosure_is_off_and_asks_for_one_kind_at_least(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="in 2h My sauce")
    await stage.write_post(lena)
    asked = await stage.open(lena, "Disclosure", "Disclose video content")
    assert asked.labels[0] == "◻️ Disclose video content"
    assert not {"Your brand", "Branded content"} & words(asked)
    assert MUST_SAY not in asked.text

    asked = await toggle(lena, "Disclose video content", MUST_SAY, on=asked)
    assert {"◻️ Your brand", "◻️ Branded content"} <= set(asked.labels)
    assert "labeled as" not in asked.text
    await lena.tap("Back", message=asked)
    await lena.see("📝 Draft", after=asked)
    stopped = await stage.open(lena, "Schedule", "Almost there.")
    assert MUST_SAY in stopped.text
    assert "Agree and schedule" not in words(stopped)


@pytest.mark.parametrize(
    ("kinds", "prompt", "declaration", "toggles"),
    [
        (["Your brand"], PROMOTIONAL, AGREE, (True, False)),
        (["Branded content"], PARTNERSHIP, AGREE_BRANDED, (False, True)),
        (["Your brand", "Branded content"], PARTNERSHIP, AGREE_BRANDED, (True, True)),
    ],
)
async def test_3a_and_4_each_kind_has_its_label_and_its_declaration(
    stage: Stage,
    lena: Person,
    clip: Path,
    kinds: list[str],
    prompt: str,
    declaration: str,
    toggles: tuple[bool, bool],
) -> None:
    await stage.draft(lena, clip, caption="My sauce")
    await stage.write_post(lena)
    asked = await stage.open(lena, "Disclosure", "Disclose video content")
    asked = await toggle(lena, "Disclose video content", MUST_SAY, on=asked)
    for kind in kinds:
        asked = await toggle(lena, kind, "labeled as", on=asked)
    assert prompt in asked.text
    await lena.tap("Back", message=asked)
    await lena.see(f"🏷 {', '.join(kinds)}", after=asked)

    asked = await stage.open(lena, "Post now", declaration)
    assert prompt in asked.text
    assert asked.text.endswith(f"\n{declaration}")
    await lena.tap("Agree and post", message=asked)
    await stage.see_in_time(lena, "✅ Published on")
    (post,) = stage.tiktok.posts
    assert (post.brand_organic_toggle, post.brand_content_toggle) == toggles
    assert consent_of(stage)["declaration"] == declaration


async def test_3b_branded_content_and_only_me_exclude_each_other(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="in 2h Look")
    await stage.write_post(lena, privacy="Only me")
    asked = await stage.open(lena, "Disclosure", "Disclose video content")
    asked = await toggle(lena, "Disclose video content", MUST_SAY, on=asked)
    told = await toggle(lena, "Branded content", f"⚠️ {BARRED}", on=asked)
    await lena.tap("Privacy", message=told)
    asked = await lena.see("Who can see this post?", after=told)
    await lena.tap("Friends", message=asked)
    await lena.see("👁 Friends", after=asked)

    asked = await stage.open(lena, "Disclosure", "Disclose video content")
    asked = await toggle(lena, "Branded content", PARTNERSHIP, on=asked)
    await lena.tap("Back", message=asked)
    await lena.see("🏷 Branded content", after=asked)
    asked = await stage.open(lena, "Privacy", "Who can see this post?")
    assert "Only me" not in words(asked)
    assert BARRED in asked.text


async def test_5a_the_clip_itself_is_the_preview_once_a_tap(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip, caption="in 2h Soup")
    await stage.write_post(lena)
    for _ in range(2):  # a finger that taps twice
        await lena.tap("Preview", message=card)
    await stage.until(lambda: _clips(lena) == 1)
    asked = await stage.open(lena, "Schedule", AGREE)
    assert _clips(lena) == 1

    await lena.tap("Preview", message=asked)
    await stage.until(lambda: _clips(lena) == 2)
    sent = await lena.send("/help")
    await lena.see("Send a clip", after=sent)  # the tap has been dealt with
    stage.clock.jump(timedelta(minutes=1))
    await lena.tap("Preview", message=asked)
    await stage.until(lambda: _clips(lena) == 3)


def _clips(person: Person) -> int:
    return sum(message.from_bot and message.has_video for message in person.chat)


async def test_5b_what_goes_out_is_the_clip_and_the_caption_and_nothing_else(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.posted_now(lena, clip, caption="Soup")
    await stage.see_in_time(lena, "✅ Published on")
    (post,) = stage.tiktok.posts
    assert post.title == "Soup"
    assert post.sha256 == await asyncio.to_thread(_sha256, clip)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def test_5c_nothing_is_sent_before_consent_and_consent_is_kept(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="Soup #food")
    await stage.write_post(lena)
    asked = await stage.open(lena, "Post now", AGREE)
    stage.clock.jump(timedelta(minutes=1))
    assert not [call for call in stage.tiktok.calls if call.endpoint in {"video/init", "upload"}]

    await lena.tap("Agree and post", message=asked)
    await stage.see_in_time(lena, "✅ Published on")

    consent = consent_of(stage)
    at = datetime.fromisoformat(consent.pop("at"))
    assert timedelta(minutes=1) <= at - NOON < timedelta(minutes=2)
    assert consent == {
        "by": lena.id,
        "declaration": AGREE,
        "account": "@lena.cooks",
        "account_id": 1,
        "mode": "direct_post",
        "clip": 1,
        "photos": [],
        "cover_photo": None,
        "music": False,
        "title": "",
        "caption": "Soup #food",
        "privacy": "PUBLIC_TO_EVERYONE",
        "comment": False,
        "duet": False,
        "stitch": False,
        "your_brand": False,
        "branded_content": False,
        "ai_generated": False,
        "cover_ms": None,
        "time": None,
    }


@pytest.mark.parametrize("change", ["AI-generated", "cover"])
async def test_5c_a_change_of_what_was_agreed_to_asks_again(
    stage: Stage, lena: Person, clip: Path, change: str
) -> None:
    card = await stage.scheduled(lena, clip)
    await lena.tap("Edit", message=card)
    asked = await lena.see("What do you want to change?", after=card)
    if change == "cover":
        await lena.tap("Cover", message=asked)
        picture = await lena.see("Which picture is the cover?", after=asked)
        await lena.tap("3", message=picture)
        changed = await lena.see("🖼 Cover at 0:00.2", after=picture)
    else:
        await lena.tap("Disclosure", message=asked)
        asked = await lena.see("Disclose video content", after=asked)
        asked = await toggle(lena, "AI-generated", "Off the schedule", on=asked)
        await lena.tap("Back", message=asked)
        changed = await lena.see("🤖 AI-generated", after=asked)
    assert "Off the schedule until you agree again" in changed.text

    stage.clock.jump(timedelta(hours=3))
    assert not stage.tiktok.posts
    assert not [call for call in stage.tiktok.calls if call.endpoint == "video/init"]


async def test_5d_and_5e_processing_takes_minutes_and_the_end_is_told(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="Soup")
    await stage.write_post(lena)
    asked = await stage.open(lena, "Post now", AGREE)
    assert "TikTok may take a few minutes to process it" in asked.text
    await lena.tap("Agree and post", message=asked)
    card = await lena.see("On its way.", after=asked)
    assert "TikTok may take a few minutes to process it." in card.text
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")


async def test_an_ai_label_and_a_cover_go_out_with_the_post(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip, caption="Soup")
    await stage.write_post(lena)
    asked = await stage.open(lena, "Disclosure", "Disclose video content")
    asked = await toggle(lena, "AI-generated", "TikTok then labels the post.", on=asked)
    assert "☑️ AI-generated" in asked.labels
    await lena.tap("Back", message=asked)
    card = await lena.see("🤖 AI-generated", after=asked)

    for _ in range(2):  # a finger that taps twice
        await lena.tap("Cover", message=card)
    picture = await lena.see("Which picture is the cover?", after=card)
    assert picture.has_photo
    assert words(picture) == {*"123456789", "Back"}
    await lena.tap("5", message=picture)
    card = await lena.see("🖼 Cover at 0:00.5", after=picture)
    assert not any(message.has_photo for message in lena.chat), "the picture has done its work"

    await stage.post_now(lena)
    await stage.see_in_time(lena, "✅ Published on")
    (post,) = stage.tiktok.posts
    assert (post.is_aigc, post.video_cover_timestamp_ms) == (True, 458)
    assert (consent_of(stage)["ai_generated"], consent_of(stage)["cover_ms"]) == (True, 458)


async def test_a_cover_can_stay_as_it_is_and_none_can_be_made_up(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip)
    await lena.tap("Cover", message=card)
    picture = await lena.see("Which picture is the cover?", after=card)
    assert picture.labels[0] == "● 1", "without a choice it is the first"
    number = next(each.data for row in picture.buttons for each in row if each.words == "2")
    await lena.tap("Back", message=picture)
    await stage.until(lambda: not any(message.has_photo for message in lena.chat))
    assert lena.count("Cover at") == 0

    assert number is not None
    for forged in ("-1", "1001", "x", "9" * 30):
        card = await lena.see("📝 Draft")
        await lena.tap(data=f"{number.rsplit(':', 1)[0]}:{forged}", message=card)
        card = await lena.see("That button is from an older version of me.", after=card)
    assert lena.count("Cover at") == 0
    assert lena.count("📝 Draft") == 1
