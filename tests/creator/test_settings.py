"""Where a creator lives, found by city or by clock."""

import pytest

from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage


async def ask_zone(person: Person) -> ChatMessage:
    sent = await person.send("/settings")
    shown = await person.see("Settings", after=sent)
    await person.tap("Change time zone", message=shown)
    return await person.see("Which clock do you live by?", after=shown)


@pytest.mark.parametrize(
    ("typed", "button", "kept"),
    [
        ("Madrid", "Madrid · 13:00", "Europe/Madrid now (UTC+1)"),
        ("sao paulo", "Sao Paulo · 09:00", "America/Sao_Paulo now (UTC-3)"),
        ("UTC+3", "UTC+3 · 15:00", "UTC+3 now (UTC+3)"),
        ("07:00", "New York · 07:00", "America/New_York now (UTC-5)"),
    ],
)
async def test_a_zone_is_found_by_place_and_by_clock(
    ana: Person, typed: str, button: str, kept: str
) -> None:
    await ask_zone(ana)
    sent = await ana.send(typed)
    offered = await ana.see("Which of these?", after=sent)
    await ana.tap(button, message=offered)
    await ana.see(f"Your times are in {kept}", after=offered)

    sent = await ana.send("/settings")
    shown = await ana.see("🌍 Time zone:", after=sent)
    assert kept.partition(" ")[0] in shown.text


async def test_a_place_that_is_not_known_is_asked_again(ana: Person) -> None:
    await ask_zone(ana)
    for typed in ("Xyzzy", "<&>", "14:31 sharp", "🍋", "x" * 4000):
        sent = await ana.send(typed)
        told = await ana.see("I know no city or time of that name.", after=sent)
        assert "Which clock do you live by?" in told.text

    sent = await ana.send("Madrid")
    await ana.see("Which of these?", after=sent)


async def test_posts_keep_their_moment_when_the_creator_moves(stage: Stage, lena: Person) -> None:
    await stage.set_zone(lena, "Tokyo")
    told = await lena.see("Your times are in Asia/Tokyo now (UTC+9)")
    assert "Posts that are scheduled keep their moment." in told.text


async def test_first_words_and_help(stage: Stage, ana: Person) -> None:
    sent = await ana.send("/help")
    told = await ana.see("Nothing goes out before you have agreed to it", after=sent)
    for command in ("/connect", "/accounts", "/posts", "/settings", "/cancel"):
        assert command in told.text
    sent = await ana.send("/nonsense")
    await ana.see("I do not know /nonsense", after=sent)
    scope = ("all_private_chats", "")
    listed = [each["command"] for each in stage.telegram.profile.commands[scope]]
    assert "connect" in listed
