"""Templates: saved from a post, put into others, renamed and deleted."""

from pathlib import Path

import pytest

from sandbox.telegram import Person
from tests.stage import Stage


async def new_template(person: Person, text: str) -> None:
    sent = await person.send("/templates")
    shown = await person.see("templates", after=sent)
    await person.tap("New template", message=shown)
    await person.see("Send me the template", after=shown)
    typed = await person.send(text)
    await person.see("Saved as the template", after=typed)


async def test_a_caption_becomes_a_template_and_serves_again(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="Recipe of {date}, more on {account} #food")
    asked = await stage.open(lena, "Caption", "Send me the caption")
    await lena.tap("Save as template", message=asked)
    asked = await lena.see("What shall the template be called?", after=asked)
    typed = await lena.send("x" * 41)
    await lena.see("A name has 1 to 40 characters.", after=typed)
    typed = await lena.send("Daily recipe")
    await lena.see("Saved as the template Daily recipe.", after=typed)

    await stage.draft(lena, clip, caption="tomorrow 18:00 something else")
    asked = await stage.open(lena, "Caption", "Send me the caption")
    await lena.tap("Daily recipe", message=asked)
    card = await lena.see("Recipe of January 13, more on @lena.cooks #food", after=asked)
    assert "📝 Draft" in card.text


async def test_a_set_of_hashtags_is_added(stage: Stage, lena: Person, clip: Path) -> None:
    await new_template(lena, "Food tags\n#food #Lemon #cake")
    await stage.draft(lena, clip, caption="Lemon cake #lemon")
    asked = await stage.open(lena, "Caption", "Send me the caption")
    await lena.tap("Food tags", message=asked)
    await lena.see("Lemon cake #lemon #food #cake", after=asked)


async def test_a_template_is_renamed_and_deleted(lena: Person) -> None:
    sent = await lena.send("/templates")
    shown = await lena.see("No templates yet.", after=sent)
    await new_template(lena, "One\nFirst caption")
    await new_template(lena, "Two\nSecond caption")
    sent = await lena.send("/templates")
    shown = await lena.see("Your templates", after=sent)
    await lena.tap("One", message=shown)
    shown = await lena.see("First caption", after=shown)
    await lena.tap("Rename", message=shown)
    await lena.see("What shall “One” be called from now on?", after=shown)
    for name, said in (
        ("two", "Another template has that name."),
        ("x" * 41, "A name has 1 to 40 characters."),
        ("Uno = <b>", "It is called Uno = <b> now."),
    ):
        sent = await lena.send(name)
        shown = await lena.see(said, after=sent)

    await lena.tap("Uno", message=shown)
    shown = await lena.see("First caption", after=shown)
    await lena.tap("Delete", message=shown)
    asked = await lena.see("Delete the template Uno = <b>?", after=shown)
    await lena.tap("Delete", message=asked)
    shown = await lena.see("Deleted the template Uno = <b>.", after=asked)
    assert [label for label in shown.labels if "📑" in label] == ["📑 Two"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Only a name", "There is no caption below the name."),
        ("Name\n" + "x" * 2201, "That caption is 1 character too long."),
        ("y" * 41 + "\nHello", "A name has 1 to 40 characters."),
    ],
)
async def test_what_is_no_template(lena: Person, text: str, said: str) -> None:
    sent = await lena.send("/templates")
    shown = await lena.see("No templates yet.", after=sent)
    await lena.tap("New template", message=shown)
    await lena.see("Send me the template", after=shown)
    typed = await lena.send(text)
    await lena.see(said, after=typed)
    typed = await lena.send("Good\nHello")
    await lena.see("Saved as the template Good.", after=typed)


async def test_templates_are_their_creators_alone(stage: Stage, lena: Person, clip: Path) -> None:
    await new_template(lena, "Mine\nA secret caption")
    eve = await stage.creator(66, "Eve", username="quiet_max")
    card = await stage.draft(eve, clip)
    for data in ("t1:1:show", "t1:1:ren", "t1:1:del", "t1:1:delsure", "p1:1:1:tmpl:1"):
        await eve.tap(data=data, message=card)
    await eve.see("I cannot find that any more.")
    assert eve.count("secret") == 0
    sent = await lena.send("/templates")
    await lena.see("Your templates", after=sent)


async def test_a_template_for_a_whole_bulk(stage: Stage, lena: Person, clip: Path) -> None:
    await new_template(lena, "Series\nDay {n} of the challenge")
    await new_template(lena, "Tags\n#challenge #food")
    sent = await lena.send("/bulk")
    await lena.see("📦 Bulk · 0 posts", after=sent)
    for name in ("one.mp4", "two.mp4"):
        await lena.send_clip(clip, file_name=name)
    batch = await lena.see("📦 Bulk · 2 posts", timeout=20)
    for name, said in (
        ("Series", "2. no time yet · Day 2 of the challenge"),
        ("Tags", "2. no time yet · Day 2 of the challenge #challeng"),
    ):
        await lena.tap("Caption", message=batch)
        asked = await lena.see("Send me a caption for 2 posts", after=batch)
        await lena.tap(name, message=asked)
        batch = await lena.see(said, after=asked)
    await lena.send_clip(clip, file_name="three.mp4")
    await lena.see("3. no time yet · Day 3 of the challenge #challeng", after=batch, timeout=20)
    await stage.at_rest()
