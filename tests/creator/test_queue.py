"""Posting slots: set by words and by buttons, and the next free one for a draft."""

from datetime import datetime
from pathlib import Path

from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage


async def open_slots(person: Person, account: str = "Details") -> ChatMessage:
    """The screen of an account's slots."""
    sent = await person.send("/accounts")
    shown = await person.see("Your TikTok accounts", after=sent)
    await person.tap(account, message=shown)
    shown = await person.see("Connected since", after=shown)
    await person.tap("Posting slots", message=shown)
    return await person.see("Posting slots of", after=shown)


async def slots(person: Person, words: str) -> ChatMessage:
    """The creator's only account gets these slots."""
    await open_slots(person)
    typed = await person.send(words)
    return await person.see("Posting slots of @lena.cooks", after=typed)


async def ask_when(person: Person, card: ChatMessage) -> ChatMessage:
    await person.tap("When", message=card)
    return await person.see("When should it go out?", after=card)


async def test_slots_are_typed_tapped_and_removed(lena: Person) -> None:
    shown = await open_slots(lena)
    assert "None yet." in shown.text
    typed = await lena.send("weekdays 12:00 and 19:00")
    shown = await lena.see("Weekdays · 12:00, 19:00", after=typed)

    await lena.tap("Add a time", message=shown)
    asked = await lena.see("At what time?", after=shown)
    assert len([label for label in asked.labels if ":" in label]) == 24
    await lena.tap("10:00", message=asked)
    asked = await lena.see("On which days, at 10:00?", after=asked)
    await lena.tap("Weekends", message=asked)
    shown = await lena.see("Weekends · 10:00", after=asked)
    assert "Weekdays · 12:00, 19:00" in shown.text

    await lena.tap("✖ 12:00", message=shown)
    shown = await lena.see("Weekdays · 19:00", after=shown)
    typed = await lena.send("every full moon")
    await lena.see("I could not read times of the week in that.", after=typed)
    typed = await lena.send("tue 19:00, sun 9am")
    shown = await lena.see("Su · 09:00, 10:00", after=typed)
    assert "Weekdays · 19:00" in shown.text, "what is there already is there once"
    await lena.tap("Remove all", message=shown)
    await lena.see("None yet.", after=shown)


async def test_typed_slots_are_for_the_account_that_is_shown(stage: Stage, lena: Person) -> None:
    await stage.connect(lena, username="quiet_max")
    await open_slots(lena, "Details · @quiet_max")
    typed = await lena.send("mon 9am; sat, sun 10:30 and 20:00")
    shown = await lena.see("Posting slots of @quiet_max", after=typed)
    assert "Mo · 09:00" in shown.text and "Weekends · 10:30, 20:00" in shown.text
    shown = await open_slots(lena, "Details · @lena.cooks")
    assert "None yet." in shown.text


async def test_the_next_free_slot_is_a_quick_time(stage: Stage, lena: Person, clip: Path) -> None:
    card = await stage.draft(lena, clip)
    asked = await ask_when(lena, card)
    assert not any("Next free slot" in label for label in asked.labels), "there are no slots"

    await slots(lena, "daily 9:00 and 19:00")
    await stage.scheduled(lena, clip, when="today 19:00")
    card = await stage.draft(lena, clip, caption="The next one")
    asked = await ask_when(lena, card)
    assert asked.labels[0] == "🎯 Next free slot · Wed 13 Jan, 09:00", "19:00 is taken"
    await lena.tap("Next free slot", message=asked)
    card = await lena.see("🕒 Wed 13 Jan 2027, 09:00 (Madrid)", after=asked)
    await stage.write_post(lena)
    await stage.schedule(lena)


async def test_two_drafts_tapped_at_once_do_not_get_one_slot(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await slots(lena, "daily 19:00")
    taps = []
    for _ in range(3):
        card = await stage.draft(lena, clip)
        asked = await ask_when(lena, card)
        assert asked.labels[0] == "🎯 Next free slot · Tue 12 Jan, 19:00"
        taps.append((asked, asked.buttons[0][0].data))
        # One question is open at a time: the card before gets its place back.
        await stage.until(lambda: lena.count("When should it go out?") == 1)
    for asked, data in taps:
        await lena.tap(data=data, message=asked)
    await stage.until(lambda: len(due(stage)) == 3)
    assert len(set(due(stage))) == 3


async def test_a_slot_that_was_taken_meanwhile_is_not_agreed_to_twice(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await slots(lena, "daily 19:00")
    card = await stage.draft(lena, clip, caption="First come")
    await lena.tap("Next free slot", message=await ask_when(lena, card))
    await lena.see("Tue 12 Jan 2027, 19:00")
    await stage.write_post(lena)
    second = await stage.draft(lena, clip, caption="today 19:00 First served")
    await stage.write_post(lena)
    await stage.schedule(lena)

    card = await lena.see("First come")
    await lena.tap("Schedule", message=card)
    asked = await lena.see("By posting, you agree", after=card)
    await lena.tap("Agree and schedule", message=asked)
    card = await lena.see("Another post goes out in that posting slot.", after=asked)
    assert "📝 Draft" in card.text
    assert second.text.startswith("📝")
    await lena.tap("When", message=card)
    asked = await lena.see("When should it go out?", after=card)
    await lena.tap("Next free slot", message=asked)
    await lena.see("Wed 13 Jan 2027, 19:00", after=asked)


async def test_a_scheduled_post_is_moved_to_the_next_free_slot(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await slots(lena, "daily 19:00")
    card = await stage.scheduled(lena, clip, when="in 2h")
    await lena.tap("Move", message=card)
    asked = await lena.see("When should it go out?", after=card)
    await lena.tap("Next free slot", message=asked)
    sure = await lena.see("Move this post?", after=asked)
    assert "to Tue 12 Jan 2027, 19:00 (Madrid)" in sure.text
    await lena.tap("Move it", message=sure)
    await lena.see("Moved.", after=sure)


async def test_slots_are_their_creators_alone(stage: Stage, lena: Person) -> None:
    shown = await slots(lena, "daily 19:00")
    data = next(button.data for row in shown.buttons for button in row if button.data)
    eve = await stage.creator(66, "Eve", username="quiet_max")
    account_id = data.split(":")[1]
    for verb in ("show:", "add:600.every", "rem:1140", "clear:"):
        shown = eve.chat[-1]
        await eve.tap(data=f"q1:{account_id}:{verb}", message=shown)
    await eve.see("I cannot find that any more.")
    shown = await open_slots(lena)
    assert "Every day · 19:00" in shown.text


def due(stage: Stage) -> list[datetime]:
    query = "SELECT due_at FROM posts WHERE due_at IS NOT NULL"
    return [datetime.fromisoformat(due_at) for (due_at,) in stage.ask(query)]
