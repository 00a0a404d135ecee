"""Buttons tapped twice, too late, after a restart, or never drawn by us at all."""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage

OUTDATED = "That button was out of date; this is how things stand now."
OLDER = "That button is from an older version of me. /posts shows how things stand."


def data_of(message: ChatMessage, words: str) -> str:
    """What the button with these words carries."""
    found = [each.data for row in message.buttons for each in row if each.words == words]
    assert len(found) == 1
    assert found[0] is not None
    return found[0]


async def test_a_button_of_an_outdated_card_shows_the_current_one(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="in 2h Soup")
    old = await lena.see("📝 Draft")
    await stage.write_post(lena, caption="Better soup")

    for words in ("Caption", "When", "Privacy", "Schedule", "Post now", "Discard"):
        newest = await lena.see("📝 Draft")
        await lena.tap(data=data_of(old, words), message=newest)
        shown = await lena.see(OUTDATED, after=newest)
        assert "Better soup" in shown.text
        assert "👁 Everyone" in shown.text
        await lena.tap("When", message=shown)
        asked = await lena.see("When should it go out?", after=shown)
        await lena.tap("Back", message=asked)
        await lena.see("📝 Draft", after=asked)
    assert len(stage.clips_on_disk) == 1


@pytest.mark.parametrize(
    ("command", "shows", "words", "brings"),
    [
        ("/calendar", "📅 January 2027", "As a picture", "📅 January 2027"),
        ("/mydata", "Your data", "Export", "Everything I keep about you"),
        ("/accounts", "Your TikTok accounts", "Connect another", "works once and for 10 minutes"),
    ],
)
async def test_what_a_tap_sends_is_sent_once_by_two_of_them(
    stage: Stage, lena: Person, command: str, shows: str, words: str, brings: str
) -> None:
    sent = await lena.send(command)
    shown = await lena.see(shows, after=sent)
    before = lena.count(brings)
    for _ in range(2):
        await lena.tap(words, message=shown)
    sent = await lena.send("/help")
    await lena.see("How it works", after=sent)  # both taps are done with
    await stage.until(lambda: lena.count(brings) > before, timeout=20)
    stage.clock.jump(timedelta(seconds=11))  # by then it may have scrolled away
    await lena.tap(words, message=shown)
    await stage.until(lambda: lena.count(brings) > before + 1, timeout=20)
    assert lena.count(brings) == before + 2


@pytest.mark.parametrize(
    ("opens", "agrees"), [("Post now", "Agree and post"), ("Schedule", "Agree and schedule")]
)
async def test_agreeing_twice_at_once_posts_once(
    stage: Stage, lena: Person, clip: Path, opens: str, agrees: str
) -> None:
    await stage.draft(lena, clip, caption="in 2h Soup")
    await stage.write_post(lena)
    asked = await stage.open(lena, opens, "By posting, you agree to TikTok's")
    for _ in range(3):
        await lena.tap(agrees, message=asked)
    agreed = await lena.see("I will tell you when it is live.", after=asked)
    if opens == "Schedule":
        stage.clock.jump(timedelta(hours=2, minutes=1))

    await stage.see_in_time(lena, "✅ Published on @lena.cooks")

    stage.clock.jump(timedelta(minutes=5))
    assert len(stage.tiktok.posts) == 1
    assert lena.count("✅ Published on") == 1
    assert agreed.id == asked.id
    assert lena.count("out of date") == 0


async def test_the_second_tap_of_two_says_nothing(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip)
    asked = await stage.open(lena, "Interactions", "What may others do with this post?")
    await lena.tap("Comment", message=asked)
    await lena.tap("Comment", message=asked)
    once = await lena.see("What may others do", after=asked)
    sent = await lena.send("/help")
    await lena.see("Send a clip", after=sent)  # both taps have been answered
    (shown,) = [each for each in lena.chat if each.id == asked.id]
    assert shown.revision == once.revision
    assert "☑️ Comment" in shown.labels

    await lena.tap("Back", message=shown)  # and then the same tap is an outdated one again
    card = await lena.see("🤝 comments", after=shown)
    await lena.tap(data=data_of(asked, "Comment"), message=card)
    await lena.see(OUTDATED, after=card)


async def test_tapping_one_thing_and_another_at_once(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.scheduled(lena, clip)
    await lena.tap("Cancel post", message=card)
    asked = await lena.see("Cancel this post?", after=card)
    await lena.tap(data=data_of(card, "Post now"), message=asked)
    await lena.tap("Cancel post", message=asked)
    await lena.see("🚫 Cancelled", after=asked)
    stage.clock.jump(timedelta(hours=3))

    told = await lena.see("🚫 Cancelled")
    assert told.labels == ["📄 Duplicate", "🕘 History", "↩️ Undo"]
    assert not stage.tiktok.state.uploads


async def test_buttons_of_another_creator_open_nothing(stage: Stage, clip: Path) -> None:
    lena = await stage.creator(42, "Lena")
    eve = await stage.creator(43, "Eve", username="quiet_max")
    card = await stage.draft(lena, clip, caption="in 2h Secret sauce")
    await stage.write_post(lena)
    another = stage.clip("another.mp4", seconds=1, width=360, height=640)
    mine = await stage.scheduled(lena, another, caption="Another secret")

    post_id = data_of(card, "Caption").split(":")[1]
    scheduled_id = data_of(mine, "Edit").split(":")[1]
    forged = [
        f"p1:{number}:{version}:{verb}"
        for number in (post_id, scheduled_id)
        for version in (1, 2, 3)
        for verb in ("show:", "prev:", "cancelsure:", "discsure:", "agreenow:", "edit:", "setacc:2")
    ]
    forged += ["a1:1:det", "a1:1:sure", "a1:1:rec"]
    before = len(eve.chat)
    for data in forged:
        await eve.tap(data=data)

    gone = "I cannot find that any more. /posts shows"
    await stage.until(lambda: eve.count(gone) == len(forged), timeout=15)
    assert len(eve.chat) == before + len(forged)
    assert "secret" not in "".join(message.text for message in eve.chat).lower()
    assert "🗓 Scheduled" in (await lena.see("Another secret")).text
    assert len(stage.clips_on_disk) == 2
    sent = await lena.send("/accounts")
    await lena.see("✅ connected", after=sent)


async def test_numbers_that_no_button_carries(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip)
    gone = "I cannot find that any more."
    for number, answer in (
        ("0", gone),
        ("77", gone),
        ("9" * 18, gone),
        ("9" * 19, OLDER),
        ("9" * 26, OLDER),
        ("-1", OLDER),
        ("1_0", OLDER),
        ("\N{FULLWIDTH DIGIT ONE}", OLDER),
    ):
        for data in (f"p1:{number}:1:show:", f"p1:{number}:1:discsure:", f"a1:{number}:sure"):
            newest = lena.chat[-1]
            await lena.tap(data=data)
            await lena.see(answer, after=newest)
    card = await lena.see("📝 Draft")
    await lena.tap(data=f"p1:1:1:setacc:{'9' * 26}", message=card)
    await lena.see(OUTDATED, after=card)
    assert lena.count("Something went wrong") == 0
    await stage.write_post(lena)


async def test_data_that_no_button_carries(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip)
    for data in (
        "",
        "garbage",
        ":::::",
        "🍋" * 16,
        "z9:1:1:show:",
        "p0:1:1:show:",
        "p1:1:1",
        "p1:one:1:show:",
        "p1:1:1:explode:",
        "p1:1:1:toggle:owner_id",
        "p1:1:1:at:99999999999999999999999999",
        "p1:1:1:at:soon",
        "s1:setzone:Mars/Olympus",
        "s1:setzone:../../etc/passwd",
    ):
        newest = lena.chat[-1]
        await lena.tap(data=data)
        await lena.see(OLDER, after=newest)
    assert lena.count("Something went wrong") == 0
    await stage.write_post(lena)


async def test_a_button_from_before_a_restart_still_works(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="in 2h Soup")
    await stage.write_post(lena)
    asked = await stage.open(lena, "Schedule", "By posting, you agree to TikTok's")

    await stage.stop_bot()
    await lena.tap("Agree and schedule", message=asked)  # while nobody is there
    await stage.start_bot()

    await lena.see("✅ Scheduled.", after=asked)


async def test_a_tap_that_telegram_has_given_up_on_can_be_repeated(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    await stage.stop_bot()
    await lena.tap("Caption")
    stage.clock.jump(timedelta(minutes=3))
    await stage.start_bot()

    card = await lena.see("📝 Draft")
    await lena.tap("Caption", message=card)
    await lena.see("Send me the caption", after=card)
    assert lena.count("Something went wrong") == 0


async def test_tapping_an_old_card_after_the_post_is_live(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.scheduled(lena, clip)
    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")

    for words in ("Edit", "Move", "Post now", "Cancel post"):
        newest = lena.chat[-1]
        await lena.tap(data=data_of(card, words), message=card)
        shown = await lena.see(OUTDATED)
        assert "✅ Published" in shown.text
        assert shown.labels == ["📄 Duplicate", "🕘 History", "Open on TikTok"]
        assert lena.chat[-1].id == newest.id, "the old card itself is brought up to date"
    assert len(stage.tiktok.posts) == 1


async def test_taking_back_what_is_already_on_its_way(
    stage: Stage, lena: Person, clip: Path
) -> None:
    scheduled = await stage.scheduled(lena, clip)
    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.until(lambda: any(each.complete for each in stage.tiktok.uploads))
    sent = await lena.send("/posts")
    shown = await lena.see("Planned", after=sent)
    await lena.tap("1", message=shown)
    card = await lena.see("💬 Caption", after=shown)
    _, post_id, version, _ = data_of(scheduled, "Edit").split(":", 3)
    version = str(int(version) + 2)  # it was claimed, and its bytes were sent
    for verb in ("cancelsure", "edit", "agreenow", "discsure", "movesure"):
        await lena.tap(data=f"p1:{post_id}:{version}:{verb}:1800000000", message=card)
        shown = await lena.see("It is being published right now", after=card)
        assert shown.labels == []

    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    assert len(stage.tiktok.posts) == 1
