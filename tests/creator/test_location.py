"""A creator's zone from a location they share: asked for, or sent out of the blue."""

from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage

TOKYO = 35.68, 139.69
MADRID = 40.42, -3.70
ATLANTIC = 35.0, -40.0


async def ask_location(person: Person) -> ChatMessage:
    """Up to the keyboard that sends a location."""
    sent = await person.send("/settings")
    shown = await person.see("Settings", after=sent)
    await person.tap("Change time zone", message=shown)
    asked = await person.see("Or send me your location.", after=shown)
    await person.tap("Send my location", message=asked)
    told = await person.see("Tap Send my location below the text field", after=asked)
    assert person.keyboard is not None
    assert [[key["text"] for key in row] for row in person.keyboard["keyboard"]] == [
        ["📍 Send my location"]
    ]
    assert person.keyboard["keyboard"][0][0]["request_location"] is True
    assert person.keyboard["one_time_keyboard"] is True
    return told


async def gone(stage: Stage, person: Person) -> None:
    """Until the chat has its usual keyboard again."""
    await stage.until(lambda: person.keyboard is None)


async def test_a_location_that_was_asked_for_sets_the_zone(stage: Stage, ana: Person) -> None:
    told = await ask_location(ana)
    await ana.send_location(*TOKYO)
    await ana.see("📍 Clocks there: Asia/Tokyo (UTC+9).", after=told)
    await ana.see("Your times are in Asia/Tokyo now (UTC+9)", after=told)
    await gone(stage, ana)
    sent = await ana.send("Madrid")
    await ana.see("I was not waiting for a text", after=sent)


async def test_a_location_sent_any_time_is_offered(lena: Person) -> None:
    await lena.send_location(*TOKYO)
    offered = await lena.see("Shall I read your times by that clock?")
    sent = await lena.send("/settings")
    await lena.see("Time zone: Europe/Madrid", after=sent)

    await lena.tap("Use Tokyo", message=offered)
    await lena.see("Your times are in Asia/Tokyo now", after=offered)


async def test_the_place_where_they_live_is_no_question(lena: Person) -> None:
    await lena.send_location(*MADRID)
    told = await lena.see("📍 Clocks there: Europe/Madrid (UTC+1).")
    sent = await lena.send("/help")
    await lena.see("How it works", after=sent)
    assert not any("Shall I read" in message.text for message in lena.chat)
    assert told.labels == []


async def test_at_sea_clocks_are_offsets(ana: Person) -> None:
    told = await ask_location(ana)
    await ana.send_location(*ATLANTIC)
    await ana.see("Your times are in UTC-3 now (UTC-3)", after=told)


async def test_a_city_typed_instead_puts_the_keyboard_away(stage: Stage, ana: Person) -> None:
    await ask_location(ana)
    await ana.send("Xyzzy")
    await ana.see("I know no city or time of that name.")
    sent = await ana.send("Madrid")
    offered = await ana.see("Which of these?", after=sent)
    await ana.tap("Madrid", message=offered)
    await ana.see("Your times are in Europe/Madrid now", after=offered)
    await ana.see("No location needed any more.")
    await gone(stage, ana)


async def test_cancel_puts_the_keyboard_away(stage: Stage, ana: Person) -> None:
    told = await ask_location(ana)
    await ana.send("/cancel")
    await ana.see("All right, left it.", after=told)
    await gone(stage, ana)


async def test_the_post_that_waits_for_the_zone_goes_on(
    stage: Stage, ana: Person, clip: Path
) -> None:
    sent = await ana.send_clip(clip, caption="tomorrow 18:00 New recipe")
    asked = await ana.see("Which clock do you live by?", after=sent)
    await ana.tap("Send my location", message=asked)
    await stage.until(lambda: ana.keyboard is not None)
    await ana.send_location(*TOKYO)
    card = await ana.see("🕒 Wed 13 Jan 2027, 18:00 (Tokyo)", after=asked)
    assert "\nNew recipe\n" in card.text


@pytest.mark.parametrize("choice", ["Keep the clock time (18:00 there)", "Keep the same moment"])
async def test_a_location_elsewhere_asks_about_planned_posts(
    stage: Stage, lena: Person, clip: Path, choice: str
) -> None:
    await stage.scheduled(lena, clip, when="tomorrow 18:00")
    await lena.send_location(*TOKYO)
    offered = await lena.see("Shall I read your times by that clock?")
    await lena.tap("Use Tokyo", message=offered)
    asked = await lena.see("Keep the clock time, or the moment?", after=offered)
    await lena.tap(choice, message=asked)
    await lena.see("👍", after=asked)
