"""When a post goes out: typed words, offered times, and nights when clocks change."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from tests.clock import Clock
from tests.creator.conftest import NOON
from tests.stage import Stage, staged


async def ask_when(stage: Stage, person: Person) -> ChatMessage:
    return await stage.open(person, "When", "When should it go out?")


async def test_typed_words_and_what_is_said_to_them(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip)
    await ask_when(stage, lena)
    for words, answer, offers in (
        (
            "when the cows come home",
            "I could not read a time in that. Try “tomorrow 18:30”, “fri 9am”, “in 2h” or",
            [],
        ),
        ("<b>tomorrow</b> & more", "I could not read a time in that.", []),
        (
            "31 feb 10:00",
            "There is no such date. The nearest is below; or type another.",
            ["Sun 28 Feb, 10:00 (UTC+1)"],
        ),
        (
            "tomorrow 25:00",
            "There is no such time of day. The nearest is below; or type another.",
            ["Thu 14 Jan, 01:00 (UTC+1)"],
        ),
        ("x" * 101, "That is too long for a time.", []),
        (
            "2020-01-01 10:00",
            "Wed 1 Jan 2020, 10:00 (Madrid) has gone by. Try a later time",
            ["Wed 13 Jan, 10:00 (UTC+1)"],
        ),
        ("2028-02-01 10:00", "That is too far away: the last time I can keep is", []),
    ):
        sent = await lena.send(words)
        told = await lena.see(answer, after=sent)
        assert told.labels == [*offers, "‹ Back"]

    sent = await lena.send("fri 9am")  # it still waits for one
    await lena.see("🕒 Fri 15 Jan 2027, 09:00 (Madrid)", after=sent)


async def test_words_that_could_mean_two_times_are_asked_back(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    await ask_when(stage, lena)

    sent = await lena.send("tomorrow at 9")
    told = await lena.see("That could mean more than one time. Which one?", after=sent)
    assert told.labels == ["Wed 13 Jan, 09:00 (UTC+1)", "Wed 13 Jan, 21:00 (UTC+1)", "‹ Back"]

    await lena.tap("Wed 13 Jan, 21:00 (UTC+1)", message=told)
    await lena.see("🕒 Wed 13 Jan 2027, 21:00 (Madrid)", after=told)


async def test_quick_times_are_one_tap(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip)
    asked = await ask_when(stage, lena)
    assert "Times are in Europe/Madrid (UTC+1)" in asked.text
    assert asked.labels == [
        "In 1 hour",
        "In 3 hours",
        "Tonight 20:00",
        "Tomorrow 09:00",
        "Tomorrow 12:00",
        "Tomorrow 18:00",
        "📅 Pick a day",
        "‹ Back",
    ]

    await lena.tap("Tonight 20:00", message=asked)
    await lena.see("🕒 Tue 12 Jan 2027, 20:00 (Madrid)", after=asked)


async def test_a_quick_time_left_lying_is_not_the_past(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    asked = await ask_when(stage, lena)
    stage.clock.jump(timedelta(hours=2, minutes=1))

    await lena.tap("In 1 hour", message=asked)

    told = await lena.see("has gone by. Try a later time", after=asked)
    await lena.tap("Back", message=told)
    await lena.see("🕒 no time yet", after=told)


async def test_a_time_that_has_gone_by_while_the_card_lay_there(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="in 1h Slow me")
    await stage.write_post(lena)
    asked = await stage.open(lena, "Schedule", "By posting, you agree to TikTok's")
    stage.clock.jump(timedelta(hours=1, minutes=1))

    await lena.tap("Agree and schedule", message=asked)

    told = await lena.see("the time has gone by: choose another", after=asked)
    await lena.tap("Back", message=told)
    await lena.see("📝 Draft", after=told)
    await stage.post_now(lena)


@pytest.mark.parametrize(
    ("start", "words", "says", "buttons", "due"),
    [
        pytest.param(
            datetime(2027, 3, 27, 12, tzinfo=UTC),
            "tomorrow 02:30",
            "Clocks in Europe/Madrid go forward that night: 02:30 does not exist.",
            ["Sun 28 Mar, 03:30 (UTC+2)"],
            datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
            id="gap",
        ),
        pytest.param(
            datetime(2027, 10, 30, 12, tzinfo=UTC),
            "tomorrow 02:30",
            "Clocks in Europe/Madrid go back that night, so that time comes twice. Which one?",
            ["Sun 31 Oct, 02:30 (UTC+2)", "Sun 31 Oct, 02:30 (UTC+1)"],
            datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
            id="overlap",
        ),
    ],
)
async def test_a_night_when_clocks_change(
    tmp_path: Path,
    clip: Path,
    start: datetime,
    words: str,
    says: str,
    buttons: list[str],
    due: datetime,
) -> None:
    async with staged(tmp_path, Clock(start)) as stage:
        await stage.start_bot()
        lena = await stage.creator()
        await stage.draft(lena, clip)
        await ask_when(stage, lena)

        sent = await lena.send(words)
        told = await lena.see(says, after=sent)
        assert told.labels == [*buttons, "‹ Back"]
        await lena.tap(buttons[-1], message=told)
        card = await lena.see("📝 Draft", after=told)
        assert f'unix="{int(due.timestamp())}"' in card.html

        await stage.write_post(lena)
        await stage.schedule(lena)
        stage.clock.jump(due - stage.clock() - timedelta(minutes=1))
        assert not stage.tiktok.state.uploads
        stage.clock.jump(timedelta(minutes=1))
        await stage.see_in_time(lena, "✅ Published on @lena.cooks")


async def test_time_words_before_the_caption_set_the_time(
    stage: Stage, lena: Person, clip: Path
) -> None:
    for caption, time, rest in (
        ("in 2h New recipe #food", "Tue 12 Jan 2027, 15:0", "New recipe #food"),
        ("tomorrow 18:00 - Soup", "Wed 13 Jan 2027, 18:00", "Soup"),
        ("10 things I love", "no time yet", "10 things I love"),
        ("9:16 is the shape", "no time yet", "9:16 is the shape"),
    ):
        card = await stage.draft(lena, clip, caption=caption)
        assert f"🕒 {time}" in card.text
        assert f"\n{rest}\n" in card.text

    card = await stage.draft(lena, clip, caption="2020-01-01 18:00 Way back")
    assert "has gone by. Try a later time" in card.text
    assert "\nWay back\n" in card.text


async def test_time_words_before_the_zone_is_known(stage: Stage, ana: Person, clip: Path) -> None:
    sent = await ana.send_clip(clip, caption="tomorrow 18:00 New recipe #food")
    asked = await ana.see("Which clock do you live by?", after=sent)
    assert "Your caption begins with a time." in asked.text
    assert "tomorrow 18:00 New recipe #food" in asked.text, "nothing of it is lost"

    await ana.send("Tokyo")
    offered = await ana.see("Which of these?")
    await ana.tap("Tokyo", message=offered)

    card = await ana.see("🕒 Wed 13 Jan 2027, 18:00 (Tokyo)", after=offered)
    assert "\nNew recipe #food\n" in card.text
    assert "Time taken from your caption: “tomorrow 18:00”" in card.text
    await stage.until(lambda: ana.count("New recipe #food") == 1)  # a post has one message


async def test_the_zone_question_of_a_caption_can_be_left(ana: Person, clip: Path) -> None:
    sent = await ana.send_clip(clip, caption="tomorrow 18:00 New recipe #food")
    asked = await ana.see("Which clock do you live by?", after=sent)
    await ana.tap("Back", message=asked)
    card = await ana.see("📝 Draft", after=asked)
    assert "tomorrow 18:00 New recipe #food" in card.text
    assert card.id == asked.id
    sent = await ana.send("Tokyo")
    await ana.see("I was not waiting for a text", after=sent)


async def test_time_words_can_be_put_back_into_the_caption(
    stage: Stage, lena: Person, clip: Path
) -> None:
    for caption, words in (
        ("tomorrow 18:00 is when I wake up", "tomorrow 18:00"),
        ("2020-01-01 18:00 Way back", "2020-01-01 18:00"),
    ):
        card = await stage.draft(lena, clip, caption=caption)
        assert f"Time taken from your caption: “{words}”" in card.text
        assert caption not in card.text

        await lena.tap("Privacy", message=card)
        asked = await lena.see("Who can see this post?", after=card)
        await lena.tap("Everyone", message=asked)
        card = await lena.see("👁 Everyone", after=asked)
        assert f"Time taken from your caption: “{words}”" in card.text, "it is on every card of it"
        await lena.tap("Keep as caption", message=card)

        kept = await lena.see(caption, after=card)
        assert "🕒 no time yet" in kept.text
        assert "Keep as caption" not in " ".join(kept.labels)


async def test_times_are_in_words_and_count_down(stage: Stage, lena: Person, clip: Path) -> None:
    card = await stage.draft(lena, clip, caption="tomorrow 18:00 Soup")
    due = int(datetime(2027, 1, 13, 17, tzinfo=UTC).timestamp())
    assert (
        f'🕒 Wed 13 Jan 2027, 18:00 (Madrid) · <tg-time unix="{due}" format="r">'
        "Wed 13 Jan 2027, 17:00 UTC</tg-time>"
    ) in card.html


async def test_a_delay_lasts_as_long_as_was_asked(stage: Stage, lena: Person, clip: Path) -> None:
    stage.clock.jump(timedelta(seconds=50) - timedelta(seconds=stage.clock().second))
    await stage.draft(lena, clip)
    await stage.write_post(lena, when="in 1 minute")
    await stage.schedule(lena)
    stage.clock.jump(timedelta(seconds=59))
    await lena.send("/help")
    await lena.see("Send a clip")
    assert not stage.tiktok.state.uploads
    stage.clock.jump(timedelta(minutes=1))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")


async def test_the_zone_is_asked_for_first_and_then_the_time(
    stage: Stage, ana: Person, clip: Path
) -> None:
    await stage.draft(ana, clip, caption="New recipe")
    asked = await stage.open(ana, "When", "Which clock do you live by?")

    sent = await ana.send("Madrid")
    offered = await ana.see("Which of these?", after=sent)
    await ana.tap("Madrid", message=offered)
    await ana.see("Your times are in Europe/Madrid now (UTC+1)", after=offered)
    await ana.see("When should it go out?", after=asked)

    sent = await ana.send("in 2h")
    card = await ana.see("📝 Draft", after=sent)
    due = NOON + timedelta(hours=2)
    assert f"🕒 Tue 12 Jan 2027, {due.hour + 1}:0" in card.text
