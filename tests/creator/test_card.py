"""The post card: caption, privacy, interactions, disclosure, account."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import tiktok
from core.publishing.allowed import within
from sandbox.telegram import Person
from sandbox.tiktok import DropBefore, Fault
from tests.stage import Stage

BARRED = "Branded content visibility cannot be set to private."
MUST_SAY = "You need to indicate if your content promotes yourself, a third party, or both."


async def test_a_caption_is_counted_as_tiktok_counts(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip)
    await lena.tap("Caption", message=card)
    await lena.see("Up to 2200 characters; most emoji count as two.", after=card)

    two, one = "2 characters", "1 character"
    for too_long, over in (("🍋" * 1101, two), ("x" * 2201, one), ("é" * 2200 + "🍋", two)):
        sent = await lena.send(too_long)
        told = await lena.see(f"That caption is {over} too long.", after=sent)
    assert "Send me a shorter one" in told.text

    sent = await lena.send("🍋" * 1100)
    card = await lena.see("💬 Caption · 2200/2200", after=sent)
    assert "🍋" * 1100 in card.text
    assert lena.count("📝 Draft") == 1, "the old card is gone"


async def test_a_caption_is_words_not_markup(stage: Stage, lena: Person, clip: Path) -> None:
    caption = '<b>5 < 6</b> & "co" &amp; <script>alert(1)</script> #food'
    card = await stage.draft(lena, clip, caption=caption)
    assert caption in card.text

    await stage.write_post(lena)
    asked = await stage.open(lena, "Post now", "By posting, you agree to TikTok's")
    assert caption in asked.text
    await lena.tap("Agree and post")

    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    assert stage.tiktok.posts[0].title == caption


async def test_a_caption_can_be_taken_away(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip, caption="Oh no")
    asked = await stage.open(lena, "Caption", "Send me the caption")
    await lena.tap("No caption", message=asked)
    card = await lena.see("💬 Caption · 0/2200", after=asked)
    assert "Oh no" not in card.text

    await stage.write_post(lena)
    await stage.post_now(lena)
    told = await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    assert "no caption" in told.text
    assert stage.tiktok.posts[0].title == ""


async def test_a_text_is_the_caption_of_the_draft_that_was_asked_about(
    stage: Stage, lena: Person, clip: Path
) -> None:
    first = await stage.draft(lena, clip, caption="the lemon one")
    await stage.draft(lena, clip, caption="the cake one")

    await lena.tap("Caption", message=first)
    await lena.see("Send me the caption", after=first)
    sent = await lena.send("now with lime")
    card = await lena.see("📝 Draft", after=sent)
    assert "now with lime" in card.text
    await stage.until(lambda: (lena.count("lemon"), lena.count("cake")) == (0, 1))

    again = await lena.send("and this is for nobody")
    await lena.see("I was not waiting for a text", after=again)


async def test_a_question_can_be_left(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip, caption="kept")
    await stage.open(lena, "Caption", "Send me the caption")

    sent = await lena.send("/cancel")
    card = await lena.see("All right, left it.", after=sent)
    assert "kept" in card.text
    sent = await lena.send("too late")
    await lena.see("I was not waiting for a text", after=sent)
    sent = await lena.send("/cancel")
    await lena.see("There is nothing to cancel.", after=sent)


async def test_nothing_is_chosen_for_the_creator(stage: Stage, lena: Person, clip: Path) -> None:
    card = await stage.draft(lena, clip)
    assert "👁 not chosen yet" in card.text
    assert "🤝 no comments, duets or stitches" in card.text
    assert "🏷" not in card.text

    asked = await stage.open(lena, "Schedule", "Almost there.")
    assert "choose who can see it (tap Privacy)" in asked.text
    assert "choose when it goes out (tap When)" in asked.text
    assert asked.labels == ["👁 Privacy", "🕒 When", "‹ Back"], "steps, and nothing to agree to yet"


@pytest.mark.parametrize(
    ("username", "offered"),
    [
        ("lena.cooks", ["Everyone", "Friends", "Only me"]),
        ("quiet_max", ["Followers", "Friends", "Only me"]),
    ],
)
async def test_privacy_is_what_tiktok_offers_the_account(
    stage: Stage, clip: Path, username: str, offered: list[str]
) -> None:
    person = await stage.creator(username=username)
    await stage.draft(person, clip)

    asked = await stage.open(person, "Privacy", "Who can see this post?")

    assert asked.labels == [*offered, "‹ Back"]


async def test_privacy_is_asked_of_tiktok_each_time(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip, caption="in 2h Hello")
    asked = await stage.open(lena, "Privacy", "Who can see this post?")
    stage.tiktok.creators["lena.cooks"].private = True

    await lena.tap("Everyone", message=asked)
    card = await lena.see("That button was out of date", after=asked)
    assert "👁 not chosen yet" in card.text

    await stage.write_post(lena, privacy="Followers")
    stage.tiktok.creators["lena.cooks"].private = False
    told = await stage.open(lena, "Schedule", "Almost there.")
    assert "choose who can see it" in told.text


async def test_tiktok_away_while_the_card_is_filled_in(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="Still here")
    stage.tiktok.faults.add(Fault(endpoint="creator_info/query", kind=DropBefore()))

    told = await stage.open(lena, "Privacy", "TikTok does not answer right now.")
    assert "Nothing is lost" in told.text

    await lena.tap("Back", message=told)
    await lena.see("📝 Draft", after=told)
    await stage.write_post(lena)


async def test_branded_content_and_only_me_exclude_each_other(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="in 2h Look what I got")
    await stage.write_post(lena, privacy="Only me")
    asked = await stage.open(lena, "Disclosure", "Disclose video content")
    await lena.tap("Disclose video content", message=asked)
    asked = await lena.see(MUST_SAY, after=asked)
    assert BARRED in asked.text, "said before the choice"
    await lena.tap("Branded content", message=asked)
    told = await lena.see(f"⚠️ {BARRED}", after=asked)
    assert "This post is for “Only me”: choose who else can see it in Privacy first." in told.text
    assert told.labels == ["👁 Privacy", "‹ Back"]

    await lena.tap("Privacy", message=told)
    asked = await lena.see("Who can see this post?", after=told)
    only_me = next(each.data for row in asked.buttons for each in row if "Only me" in each.label)
    await lena.tap("Everyone", message=asked)
    card = await lena.see("👁 Everyone", after=asked)
    assert f"🏷 {MUST_SAY}" in card.text, "nothing was disclosed behind the creator's back"
    asked = await stage.open(lena, "Disclosure", "Disclose video content")
    await lena.tap("Branded content", message=asked)
    asked = await lena.see("Your video will be labeled as 'Paid partnership'.", after=asked)
    await lena.tap("Back", message=asked)
    await lena.see("🏷 Branded content", after=asked)

    asked = await stage.open(lena, "Privacy", "Who can see this post?")
    assert BARRED in asked.text
    assert "For “Only me”, turn off “Branded content” in Disclosure first." in asked.text
    assert asked.labels == ["● Everyone", "Friends", "🏷 Disclosure", "‹ Back"]
    version = asked.buttons[0][0].data.split(":")[2]  # type: ignore[union-attr]  # it carries data
    forged = only_me.split(":")  # type: ignore[union-attr]  # it carries data
    forged[2] = version
    await lena.tap(data=":".join(forged), message=asked)
    told = await lena.see(f"⚠️ {BARRED}", after=asked)
    assert told.labels == ["🏷 Disclosure", "‹ Back"]
    await lena.tap("Back", message=told)
    await lena.see("👁 Everyone", after=told)
    asked = await stage.open(
        lena,
        "Post now",
        "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation.",
    )
    assert "Your video will be labeled as 'Paid partnership'." in asked.text
    await lena.tap("Agree and post", message=asked)
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    (post,) = stage.tiktok.posts
    assert (post.brand_content_toggle, post.brand_organic_toggle) == (True, False)


async def test_disclosing_means_saying_what(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip, caption="in 2h My own sauce")
    await stage.write_post(lena)
    asked = await stage.open(lena, "Disclosure", "Disclose video content")
    await lena.tap("Disclose video content", message=asked)
    asked = await lena.see(MUST_SAY, after=asked)
    await lena.tap("Back", message=asked)
    await lena.see(f"🏷 {MUST_SAY}", after=asked)
    told = await stage.open(lena, "Schedule", "Almost there.")
    assert MUST_SAY in told.text
    await lena.tap("Back", message=told)
    await lena.see("📝 Draft", after=told)

    asked = await stage.open(lena, "Disclosure", "Disclose video content")
    await lena.tap("Your brand", message=asked)
    asked = await lena.see("Your video will be labeled as 'Promotional content'.", after=asked)
    await lena.tap("Disclose video content", message=asked)  # off again: nothing is disclosed
    asked = await lena.see("Disclose video content", after=asked)
    assert "Your brand" not in " ".join(asked.labels)
    await lena.tap("Back", message=asked)
    card = await lena.see("📝 Draft", after=asked)
    assert "🏷" not in card.text


async def test_interactions_are_off_until_turned_on(stage: Stage, clip: Path) -> None:
    sam = await stage.creator(name="Sam", username="short.sam")
    await stage.draft(sam, clip)

    asked = await stage.open(sam, "Interactions", "What may others do with this post?")
    assert "Turned off in this account's TikTok settings: Comment, Duet." in asked.text
    locked = ["🔒 Comment · not available", "🔒 Duet · not available"]
    assert asked.labels == [*locked, "◻️ Stitch", "‹ Back"]

    await sam.tap("Stitch", message=asked)
    asked = await sam.see("What may others do", after=asked)
    assert asked.labels == [*locked, "☑️ Stitch", "‹ Back"]
    await sam.tap("Back", message=asked)
    await sam.see("🤝 stitches", after=asked)
    await stage.write_post(sam)
    await stage.post_now(sam)
    await stage.see_in_time(sam, "✅ Published on @short.sam")
    (post,) = stage.tiktok.posts
    assert (post.disable_comment, post.disable_duet, post.disable_stitch) == (True, True, False)


async def test_what_the_account_has_turned_off_cannot_be_turned_on(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    asked = await stage.open(lena, "Interactions", "What may others do with this post?")
    stage.tiktok.creators["lena.cooks"].comment_disabled = True

    await lena.tap("Comment", message=asked)

    told = await lena.see("🔒 Comment is not available.", after=asked)
    assert "@lena.cooks has it turned off in TikTok's own settings" in told.text
    await lena.tap("Back", message=told)
    card = await lena.see("📝 Draft", after=told)
    assert "🤝 no comments, duets or stitches" in card.text


async def test_another_account_means_choosing_interactions_again(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    asked = await stage.open(lena, "Interactions", "What may others do with this post?")
    await lena.tap("Comment", message=asked)
    asked = await lena.see("What may others do", after=asked)
    await lena.tap("Back", message=asked)
    await lena.see("🤝 comments", after=asked)
    await stage.connect(lena, username="quiet_max")

    asked = await stage.open(lena, "Account", "Which account does it go to?")
    await lena.tap("Max", message=asked)
    card = await lena.see("👤 Max (@quiet_max)", after=asked)
    assert "🤝 no comments, duets or stitches" in card.text


@given(
    asked=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    off=st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_what_goes_out_stays_within_what_the_account_allows(
    asked: tuple[bool, bool, bool], off: tuple[bool, bool, bool]
) -> None:
    """The account's own settings may have changed since the creator agreed."""
    info = tiktok.PostInfo(
        title="Soup",
        privacy_level="SELF_ONLY",
        disable_comment=not asked[0],
        disable_duet=not asked[1],
        disable_stitch=not asked[2],
    )
    creator = tiktok.CreatorInfo(
        username="lena.cooks",
        nickname="Lena",
        avatar_url=None,
        privacy_level_options=("SELF_ONLY",),
        comment_disabled=off[0],
        duet_disabled=off[1],
        stitch_disabled=off[2],
        max_video_post_duration_sec=60,
    )
    sent = within(info, creator)
    allowed = (not sent.disable_comment, not sent.disable_duet, not sent.disable_stitch)
    assert allowed == tuple(on and not barred for on, barred in zip(asked, off, strict=True))
    assert (sent.title, sent.privacy_level) == (info.title, info.privacy_level)


async def test_another_account_means_choosing_privacy_again(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    await stage.write_post(lena, privacy="Everyone")
    await stage.connect(lena, username="quiet_max")

    asked = await stage.open(lena, "Account", "Which account does it go to?")
    assert asked.labels[:2] == ["● Lena Cooks · @lena.cooks", "Max · @quiet_max"]
    await lena.tap("Max", message=asked)
    card = await lena.see("👤 Max (@quiet_max)", after=asked)
    assert "👁 not chosen yet" in card.text

    second = await stage.draft(lena, clip)
    assert "👤 no account chosen yet" in second.text, (
        "with two accounts none is chosen for the creator"
    )
    await lena.tap("Privacy", message=second)
    await lena.see("Which account does it go to?", after=second)


async def test_a_clip_before_any_account(stage: Stage, ana: Person, clip: Path) -> None:
    card = await stage.draft(ana, clip)
    assert "👤 no account chosen yet" in card.text

    for button in ("Privacy", "Interactions", "Account"):
        told = await stage.open(ana, button, "No TikTok account is connected yet. Send /connect")
        await ana.tap("Back", message=told)
        await ana.see("📝 Draft", after=told)
    told = await stage.open(ana, "Post now", "Almost there.")
    assert "choose a connected account (tap Account, or send /connect)" in told.text
    await ana.tap("Back", message=told)
    await ana.see("📝 Draft", after=told)

    await stage.connect(ana)
    asked = await stage.open(ana, "Account", "Which account does it go to?")
    await ana.tap("Lena Cooks", message=asked)
    await ana.see("👤 Lena Cooks (@lena.cooks)", after=asked)
    await stage.write_post(ana)
    await stage.post_now(ana)
    await stage.see_in_time(ana, "✅ Published on @lena.cooks")


async def test_an_app_that_tiktok_has_not_audited_says_so(unstarted: Stage, clip: Path) -> None:
    unstarted.environment["TIKTOK_AUDITED"] = "false"
    await unstarted.start_bot()
    lena = await unstarted.creator()
    await unstarted.draft(lena, clip)
    asked = await unstarted.open(lena, "Privacy", "Who can see this post?")
    assert "TikTok takes posts only while the account itself is private" in asked.text
