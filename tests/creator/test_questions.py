"""Several questions at once: a text answers the last one, and no other is left looking open."""

from pathlib import Path

from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage

ASKED = "Send me the caption"
WHEN = "When should it go out?"


async def asked_about(person: Person, card: ChatMessage, button: str, shows: str) -> ChatMessage:
    await person.tap(button, message=card)
    return await person.see(shows, after=card)


def gone(person: Person, message: ChatMessage) -> bool:
    """A post has one message: the one before is taken away."""
    return message.id not in {each.id for each in person.chat}


async def test_a_later_question_gives_the_earlier_one_back_to_its_card(
    stage: Stage, lena: Person, clip: Path
) -> None:
    lemon = await stage.draft(lena, clip, caption="the lemon one")
    cake = await stage.draft(lena, clip, caption="the cake one")
    first = await asked_about(lena, lemon, "Caption", ASKED)

    await asked_about(lena, cake, "When", WHEN)

    back = await lena.see("the lemon one", after=first)
    assert back.id == lemon.id
    assert "📝 Draft" in back.text
    assert lena.count(ASKED) == 0
    sent = await lena.send("tomorrow 18:00")
    card = await lena.see("🕒 Wed 13 Jan 2027, 18:00", after=sent)
    assert "the cake one" in card.text
    assert lena.count("the lemon one") == 1


async def test_back_on_one_question_leaves_the_other_open(
    stage: Stage, lena: Person, clip: Path
) -> None:
    lemon = await stage.draft(lena, clip, caption="the lemon one")
    cake = await stage.draft(lena, clip, caption="the cake one")
    privacy = await asked_about(lena, lemon, "Privacy", "Who can see this post?")
    asked = await asked_about(lena, cake, "Caption", ASKED)

    await lena.tap("Back", message=privacy)
    await lena.see("the lemon one", after=privacy)

    sent = await lena.send("now with cream")
    card = await lena.see("now with cream", after=sent)
    assert "📝 Draft" in card.text
    assert lena.count("the lemon one") == 1
    await stage.until(lambda: gone(lena, asked))


async def test_what_does_not_fit_is_asked_again_in_one_message(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip, caption="the lemon one")
    asked = await asked_about(lena, card, "When", WHEN)
    sent = await lena.send("when the cows come home")
    told = await lena.see("I could not read a time in that.", after=sent)
    await stage.until(lambda: gone(lena, asked))
    await lena.tap("Back", message=told)
    await lena.see("the lemon one", after=told)
    sent = await lena.send("tomorrow 18:00")
    await lena.see("I was not waiting for a text", after=sent)


async def test_the_zone_question_leads_back_to_where_it_came_from(
    stage: Stage, ana: Person, clip: Path
) -> None:
    card = await stage.draft(ana, clip, caption="the lemon one")
    asked = await asked_about(ana, card, "When", "Which clock do you live by?")
    sent = await ana.send("Nowhereville")
    asked = await ana.see("I know no city or time of that name.", after=sent)
    await ana.tap("Back", message=asked)
    await ana.see("the lemon one", after=asked)

    sent = await ana.send("/settings")
    shown = await ana.see("Settings", after=sent)
    await ana.tap("Change time zone", message=shown)
    asked = await ana.see("Which clock do you live by?", after=shown)
    await ana.tap("Settings", message=asked)
    await ana.see("Time zone: not set yet", after=asked)


async def test_an_old_choice_of_zones_leaves_a_later_question_open(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip, caption="the lemon one")
    sent = await lena.send("/settings")
    shown = await lena.see("Settings", after=sent)
    await lena.tap("Change time zone", message=shown)
    await lena.see("Which clock do you live by?", after=shown)
    sent = await lena.send("Tokyo")
    offered = await lena.see("Which of these?", after=sent)
    asked = await asked_about(lena, card, "Caption", ASKED)

    await lena.tap("Tokyo", message=offered)
    await lena.see("Your times are in", after=offered)

    sent = await lena.send("now with lime")
    await lena.see("now with lime", after=sent)
    await stage.until(lambda: gone(lena, asked))
