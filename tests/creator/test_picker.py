"""A time picked with taps: day, hour, minute, in several zones and on nights when clocks change."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.telegram import ChatMessage, Person
from tests.clock import Clock
from tests.stage import Stage, staged

BLANK = "\N{BRAILLE PATTERN BLANK}"


async def pick_day(stage: Stage, person: Person) -> ChatMessage:
    asked = await stage.open(person, "When", "When should it go out?")
    return await tap(person, "Pick a day", asked, "Which day?")


async def tap(person: Person, label: str, on: ChatMessage, shows: str) -> ChatMessage:
    await person.tap(label, message=on)
    return await person.see(shows, after=on)


def labels(screen: ChatMessage) -> list[list[str]]:
    return [[button.label for button in row] for row in screen.buttons]


async def test_day_hour_and_minute(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip)
    day = await pick_day(stage, lena)
    assert "Times are in Europe/Madrid (UTC+1)" in day.text
    assert labels(day) == [
        [BLANK, "Jan 2027", "›"],
        ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
        [BLANK, BLANK, BLANK, BLANK, "·", "·", "·"],
        ["·"] * 7,
        ["·", "•12", "13", "14", "15", "16", "17"],
        ["18", "19", "20", "21", "22", "23", "24"],
        ["25", "26", "27", "28", "29", "30", "31"],
        ["‹ Back"],
    ]

    hour = await tap(lena, "•12", day, "Tue 12 Jan: which hour?")
    assert labels(hour) == [
        ["13", "14", "15", "16", "17", "18"],
        ["19", "20", "21", "22", "23"],
        ["‹ Back"],
    ]
    minute = await tap(lena, "18", hour, "Tue 12 Jan: which minute?")
    assert labels(minute) == [
        ["18:00", "18:05", "18:10", "18:15"],
        ["18:20", "18:25", "18:30", "18:35"],
        ["18:40", "18:45", "18:50", "18:55"],
        ["‹ Back"],
    ]
    card = await tap(lena, "18:35", minute, "📝 Draft")
    due = int(datetime(2027, 1, 12, 17, 35, tzinfo=UTC).timestamp())
    assert f'🕒 Tue 12 Jan 2027, 18:35 (Madrid) · <tg-time unix="{due}" format="r">' in card.html
    assert card.id == day.id, "all of it in one message"


async def test_there_and_back_at_each_step(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip)
    day = await pick_day(stage, lena)
    february = await tap(lena, "›", day, "Which day?")
    assert february.buttons[0][1].label == "Feb 2027"
    hour = await tap(lena, "14", february, "Sun 14 Feb: which hour?")
    minute = await tap(lena, "07", hour, "Sun 14 Feb: which minute?")
    hour = await tap(lena, "Back", minute, "Sun 14 Feb: which hour?")
    february = await tap(lena, "Back", hour, "Which day?")
    assert february.buttons[0][1].label == "Feb 2027"
    january = await tap(lena, "‹", february, "Which day?")
    assert january.buttons[0][1].label == "Jan 2027"
    await lena.tap("Jan 2027", message=january)  # only a name
    await lena.tap("Mo", message=january)
    when = await tap(lena, "Back", january, "When should it go out?")
    await tap(lena, "Back", when, "🕒 no time yet")


async def test_the_last_month_that_can_be_kept_is_the_last_shown(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    screen = await pick_day(stage, lena)
    for _ in range(12):
        screen = await tap(lena, "›", screen, "Which day?")
    assert [button.label for button in screen.buttons[0]] == ["‹", "Jan 2028", BLANK]
    assert labels(screen)[4] == ["10", "11", "12", "·", "·", "·", "·"]


async def test_a_time_can_be_typed_at_any_step(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip)
    hour = await tap(lena, "20", await pick_day(stage, lena), "Wed 20 Jan: which hour?")
    minute = await tap(lena, "09", hour, "type day and time, such as 2027-01-20 09:03.")
    sent = await lena.send("2027-01-20 09:03")
    await lena.see("🕒 Wed 20 Jan 2027, 09:03 (Madrid)", after=sent)
    await stage.until(lambda: minute.id not in {message.id for message in lena.chat})


async def test_a_post_on_the_schedule_is_moved_with_taps(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.scheduled(lena, clip, when="20 jan 10:00")
    asked = await tap(lena, "Move", card, "When should it go out?")
    day = await tap(lena, "Pick a day", asked, "Which day?")
    hour = await tap(lena, "21", day, "Thu 21 Jan: which hour?")
    minute = await tap(lena, "20", hour, "which minute?")
    sure = await tap(lena, "20:15", minute, "Move this post?")
    assert "to Thu 21 Jan 2027, 20:15 (Madrid)" in sure.text
    moved = await tap(lena, "Move it", sure, "✅ Moved.")
    assert "🕒 Thu 21 Jan 2027, 20:15 (Madrid)" in moved.text


@pytest.mark.parametrize(
    ("city", "weekdays"),
    [
        ("Madrid", "Mo Tu We Th Fr Sa Su"),
        ("New York", "Su Mo Tu We Th Fr Sa"),
        ("Cairo", "Sa Su Mo Tu We Th Fr"),
    ],
)
async def test_weeks_begin_as_they_do_where_the_creator_lives(
    stage: Stage, clip: Path, city: str, weekdays: str
) -> None:
    lena = await stage.meet()
    await stage.connect(lena)
    await stage.set_zone(lena, city)
    await stage.draft(lena, clip)
    day = await pick_day(stage, lena)
    assert " ".join(labels(day)[1]) == weekdays


@pytest.mark.parametrize(
    ("start", "city", "day", "hour", "missing"),
    [
        pytest.param(datetime(2027, 3, 27, 12, tzinfo=UTC), "Madrid", "28", "03", "02", id="north"),
        pytest.param(datetime(2027, 10, 2, 1, tzinfo=UTC), "Sydney", "3", "03", "02", id="south"),
    ],
)
async def test_an_hour_that_clocks_skip_is_not_offered(
    tmp_path: Path, clip: Path, start: datetime, city: str, day: str, hour: str, missing: str
) -> None:
    async with staged(tmp_path, Clock(start)) as stage:
        await stage.start_bot()
        lena = await stage.meet()
        await stage.connect(lena)
        await stage.set_zone(lena, city)
        await stage.draft(lena, clip)
        hours = await tap(lena, day, await pick_day(stage, lena), "which hour?")
        assert missing not in hours.labels
        assert hour in hours.labels


@pytest.mark.parametrize(
    ("start", "city", "day", "offers", "due"),
    [
        pytest.param(
            datetime(2027, 10, 30, 12, tzinfo=UTC),
            "Madrid",
            "31",
            ["Sun 31 Oct, 02:30 (UTC+2)", "Sun 31 Oct, 02:30 (UTC+1)"],
            datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
            id="north",
        ),
        pytest.param(
            datetime(2027, 4, 3, 1, tzinfo=UTC),
            "Sydney",
            "4",
            ["Sun 4 Apr, 02:30 (UTC+11)", "Sun 4 Apr, 02:30 (UTC+10)"],
            datetime(2027, 4, 3, 16, 30, tzinfo=UTC),
            id="south",
        ),
    ],
)
async def test_an_hour_that_comes_twice_is_asked_about(
    tmp_path: Path,
    clip: Path,
    start: datetime,
    city: str,
    day: str,
    offers: list[str],
    due: datetime,
) -> None:
    async with staged(tmp_path, Clock(start)) as stage:
        await stage.start_bot()
        lena = await stage.meet()
        await stage.connect(lena)
        await stage.set_zone(lena, city)
        await stage.draft(lena, clip)
        hours = await tap(lena, day, await pick_day(stage, lena), "which hour?")
        minute = await tap(lena, "02", hours, "which minute?")
        twice = await tap(lena, "02:30", minute, "so that time comes twice. Which one?")
        assert twice.labels == [*offers, "‹ Back"]
        card = await tap(lena, offers[1], twice, "📝 Draft")
        assert f'unix="{int(due.timestamp())}"' in card.html


async def test_a_picker_left_lying_offers_what_is_left(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    day = await pick_day(stage, lena)
    hour = await tap(lena, "•12", day, "Tue 12 Jan: which hour?")
    minute = await tap(lena, "13", hour, "which minute?")
    stage.clock.jump(timedelta(hours=1))
    gone = await tap(lena, "13:30", minute, "Tue 12 Jan 2027, 13:30 (Madrid) has gone by.")
    assert gone.labels == ["Wed 13 Jan, 13:30 (UTC+1)", "‹ Back"]


async def test_made_up_places_in_the_picker_reach_nothing(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip)
    for verb in ("day", "hour", "minute", "picked"):
        for argument in ("x", "2027-13", "2027-01-40", "9999-12", "0001-01-01T05", "2027-01-12T99"):
            await lena.tap(data=f"p1:1:1:{verb}:{argument}", message=card)
    sent = await lena.send("/help")
    await lena.see("How it works", after=sent)
    assert not any("Something went wrong" in message.text for message in lena.chat)


async def test_the_zone_is_asked_for_before_a_day(stage: Stage, ana: Person, clip: Path) -> None:
    card = await stage.draft(ana, clip)
    await ana.tap(data="p1:1:1:day:", message=card)
    await ana.see("Which clock do you live by?", after=card)
