"""A creator with planned posts moves: they say whether the clock time stays, or the moment."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage

TOKYO_18 = datetime.fromisoformat("2027-01-13T09:00Z")
MADRID_18 = datetime.fromisoformat("2027-01-13T17:00Z")


async def moved_to(stage: Stage, person: Person, city: str) -> ChatMessage:
    await stage.set_zone(person, city)
    asked = await person.see(f"/{city.replace(' ', '_')} now (UTC")
    assert "Keep the clock time, or the moment?" in asked.text
    return asked


async def until_published(stage: Stage, person: Person, at: datetime) -> None:
    """Nothing goes out before this moment, and the post does then."""
    stage.clock.jump(at - stage.clock() - timedelta(seconds=10))
    sent = await person.send("/help")
    await person.see("How it works", after=sent)
    assert not stage.tiktok.uploads
    stage.clock.jump(timedelta(seconds=11))
    await stage.see_in_time(person, "Published on @lena.cooks")


async def test_the_clock_time_stays(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, when="tomorrow 18:00")
    asked = await moved_to(stage, lena, "Tokyo")
    assert "You have 1 post planned by another clock" in asked.text
    assert "for Wed 13 Jan, 18:00 in Europe/Madrid" in asked.text
    assert "By your clock now, that is Thu 14 Jan, 02:00." in asked.text

    await lena.tap("Keep the clock time (18:00 there)", message=asked)
    await lena.see("1 post moved: the clock time stays, now in Asia/Tokyo.", after=asked)
    await until_published(stage, lena, TOKYO_18)


@pytest.mark.parametrize("tap", [True, False], ids=["tapped", "left alone"])
async def test_the_moment_stays(stage: Stage, lena: Person, clip: Path, tap: bool) -> None:
    await stage.scheduled(lena, clip, when="tomorrow 18:00")
    asked = await moved_to(stage, lena, "Tokyo")
    if tap:
        await lena.tap("Keep the same moment", message=asked)
        await lena.see("Your posts go out at the same moment as before.", after=asked)
    await until_published(stage, lena, MADRID_18)


async def test_a_clock_time_that_is_skipped_there_becomes_the_next(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, when="14 mar 02:30")
    asked = await moved_to(stage, lena, "New York")
    await lena.tap("Keep the clock time (03:30 there)", message=asked)
    await lena.see("1 post moved", after=asked)
    await until_published(stage, lena, datetime.fromisoformat("2027-03-14T07:30Z"))


async def test_what_has_gone_by_there_keeps_its_moment(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, caption="Tonight", when="today 18:00")
    await stage.scheduled(lena, clip, caption="Later", when="tomorrow 18:00")
    asked = await moved_to(stage, lena, "Tokyo")  # where it is 21:00
    assert "You have 1 post planned" in asked.text
    await lena.tap("Keep the clock time (18:00 there)", message=asked)
    told = await lena.see("1 post moved", after=asked)
    assert "1 post kept the moment: there the clock time has gone by." in told.text
    await until_published(stage, lena, datetime.fromisoformat("2027-01-12T17:00Z"))
    await lena.see("“Tonight”")


async def test_a_question_about_a_zone_left_since_moves_nothing(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, when="tomorrow 18:00")
    first = await moved_to(stage, lena, "Tokyo")
    second = await moved_to(stage, lena, "Lima")
    assert second.id != first.id
    await lena.tap("Keep the clock time (18:00 there)", message=first)
    asked = await lena.see("Your times are in America/Lima now", after=first)
    assert "Keep the clock time (18:00 there)" in asked.labels, "what is asked now"
    await until_published(stage, lena, MADRID_18)


async def test_the_way_home_is_no_question(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, when="tomorrow 18:00")
    asked = await moved_to(stage, lena, "Tokyo")
    await lena.tap("Keep the same moment", message=asked)
    await lena.see("the same moment as before", after=asked)

    await stage.set_zone(lena, "Madrid")
    told = await lena.see("Your times are in Europe/Madrid now")
    assert "Posts that are scheduled keep their moment." in told.text
