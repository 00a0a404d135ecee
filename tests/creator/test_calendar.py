"""`/calendar`: a month of buttons, a day's posts, and the month as a picture."""

import asyncio
from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from tests.creator.test_lists import add_like_the_latest, tap
from tests.stage import Stage


async def calendar(person: Person) -> ChatMessage:
    sent = await person.send("/calendar")
    return await person.see("📅", after=sent)


def weeks(shown: ChatMessage) -> list[list[str]]:
    """The rows of the grid, without its heading."""
    return [[each.label for each in row] for row in shown.buttons if len(row) == 7]


async def test_a_month_says_how_many_posts_each_day_has(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.posted_now(lena, clip, caption="Live")
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    await stage.scheduled(lena, clip, caption="Tonight", when="today 23:59")
    await stage.scheduled(lena, clip, caption="Tomorrow", when="tomorrow 00:00")
    await stage.draft(lena, clip, caption="tomorrow 18:00 A draft is no promise")

    shown = await calendar(lena)

    assert shown.text.startswith("📅 January 2027\n✅ Published: 1 · 🗓 Planned: 2\n")
    assert "Europe/Madrid" in shown.text
    assert weeks(shown)[:2] == [
        ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
        ["\u2800", "\u2800", "\u2800", "\u2800", "1", "2", "3"],
    ]
    assert weeks(shown)[3] == ["11", "•12²", "13¹", "14", "15", "16", "17"]
    assert [label for row in weeks(shown)[2:] for label in row if set(label) & set("¹²")] == [
        *("•12²", "13¹")
    ]

    day = await tap(lena, "•12²", shown)
    assert day.text.startswith("📅 Tue 12 Jan · 12 Jan 2027")
    assert ("Live" in day.text, "Tonight" in day.text, "Tomorrow" in day.text) == (
        *(True, True, False),
    )
    day = await tap(lena, "Wed 13 Jan ›", day)
    assert ("Tonight" in day.text, "Tomorrow" in day.text) == (False, True)
    card = await tap(lena, "1", day)
    assert "🗓 Scheduled" in card.text
    day = await tap(lena, "Back to the list", card)
    assert day.text.startswith("📅 Wed 13 Jan")
    day = await tap(lena, "Thu 14 Jan ›", day)
    assert "No posts on this day." in day.text
    shown = await tap(lena, "January 2027", day)
    assert weeks(shown)[3][1] == "•12²"
    listed = await tap(lena, "List", shown)
    assert listed.text.startswith("Planned")


@pytest.mark.parametrize(
    ("city", "when", "cells"),
    [
        # At noon in London it is the 13th in Auckland, and still the 12th in Honolulu.
        ("Auckland", "13 jan 08:00", ["•13¹"]),
        ("Honolulu", "12 jan 23:30", ["•12¹"]),
    ],
)
async def test_days_are_those_of_where_the_creator_lives(
    stage: Stage, lena: Person, clip: Path, city: str, when: str, cells: list[str]
) -> None:
    await stage.set_zone(lena, city)
    await stage.scheduled(lena, clip, when=when)
    shown = await calendar(lena)
    labels = [label for row in weeks(shown) for label in row]
    assert [label for label in labels if set(label) & set("•¹")] == cells
    # English alone says nothing of where weeks begin; the country of the zone does.
    assert weeks(shown)[0][0] == ("Su" if city == "Honolulu" else "Mo")
    day = await tap(lena, cells[0], shown)
    assert "New recipe" in day.text


async def test_months_lead_on_and_back(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, caption="In February", when="14 feb 18:00")
    shown = await calendar(lena)
    assert "No posts this month." in shown.text
    shown = await tap(lena, "›", shown)
    assert shown.text.startswith("📅 February 2027\n🗓 Planned: 1")
    assert weeks(shown)[1][0] == "1", "it begins on a Monday"
    assert "14¹" in shown.labels
    assert "•12" not in shown.labels
    before = shown
    await lena.tap("Mo", message=shown)  # a heading does nothing
    shown = await tap(lena, "‹", before)
    assert shown.text.startswith("📅 January 2027")
    shown = await tap(lena, "‹", shown)
    assert shown.text.startswith("📅 December 2026")
    for _ in range(2):
        shown = await tap(lena, "‹", shown)
    assert shown.text.startswith("📅 October 2026")


async def test_what_needs_the_creator_stands_out(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, when="in 1h")
    sent = await lena.send("/accounts")
    shown = await tap(lena, "Details", await lena.see("Your TikTok accounts", after=sent))
    shown = await tap(lena, "Disconnect", shown)
    await lena.tap("Disconnect", message=shown)
    await lena.see("On hold: 1 post", after=shown)
    shown = await calendar(lena)
    assert "⚠️ Needs you: 1" in shown.text
    assert "!12¹" in shown.labels


async def test_more_posts_of_a_day_than_one_screen_holds(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, caption="Take 0", when="tomorrow 00:00")
    await asyncio.to_thread(add_like_the_latest, stage, 8)
    day = await tap(lena, "13⁹", await calendar(lena))
    assert [label for label in day.labels if label.isdigit()] == list("12345678")
    assert "Later ›" in day.labels
    day = await tap(lena, "Later ›", day)
    assert [label for label in day.labels if label.isdigit()] == ["1"]
    assert day.text.startswith("📅 Wed 13 Jan")


async def test_the_month_as_a_picture(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, when="in 1h")
    shown = await calendar(lena)
    await lena.tap("As a picture", message=shown)
    photo = await lena.see("🗓 Planned: 1", after=shown, timeout=30)
    assert photo.has_photo
    assert photo.text == "📅 January 2027\n🗓 Planned: 1"
