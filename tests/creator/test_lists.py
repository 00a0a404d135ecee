"""Lists of posts: by what they wait for, page by page, narrowed and searched."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.store.models import Post
from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage

TABS = ["Planned", "Needs you", "Drafts", "Published", "Not published", "All"]
TOOLS = ["🔎 Search", "🎚 Filter"]


async def posts(person: Person) -> ChatMessage:
    """What `/posts` answers; a card that is brought up to date meanwhile is something else."""
    sent = await person.send("/posts")
    return await first(person, lambda each: each.from_bot and each.id > sent["message_id"])


async def tap(person: Person, words: str, shown: ChatMessage) -> ChatMessage:
    """Tap a button of a message and return what it shows then."""
    await person.tap(words, message=shown)
    return await first(person, lambda each: each.id == shown.id and each.revision > shown.revision)


async def first(person: Person, fits: Callable[[ChatMessage], bool]) -> ChatMessage:
    """Wait for a message on screen that fits."""
    async with asyncio.timeout(5):
        while True:
            for each in person.chat:
                if fits(each):
                    return each
            await asyncio.sleep(0.01)


def numbers(shown: ChatMessage) -> list[int]:
    return [int(found) for found in re.findall(r"Take number (\d+)", shown.text)]


def plain(shown: ChatMessage) -> list[str]:
    """The labels without how many posts there are, and without the mark of where one is."""
    return [re.sub(r"^(● |⚠️ )+| \d+\+?$", "", label) for label in shown.labels]


def add_like_the_latest(stage: Stage, count: int, *, caption: str = "'Take number ' || n") -> None:
    """More posts like the newest, each due an hour after the one before; `caption` is SQL."""
    later = "{0} + n * interval '1 hour'"
    if stage.database.startswith("sqlite"):
        later = "datetime({0}, '+' || n || ' hours') || '.000000'"
    changed = {"caption": caption, "due_at": later.format("due_at"),
               "wake_at": later.format("wake_at"), "card_message_id": "NULL"}  # fmt: skip
    names = [column.name for column in Post.__table__.columns if column.name != "id"]
    values = ", ".join(changed.get(name, name) for name in names)
    stage.ask(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers"  # noqa: S608 - of our own names
        f" WHERE n < {count}) INSERT INTO posts ({', '.join(names)}) SELECT {values}"
        " FROM (SELECT * FROM posts ORDER BY id DESC LIMIT 1) AS latest, numbers ORDER BY n"
    )


async def test_nothing_is_there_yet(ana: Person) -> None:
    shown = await posts(ana)
    assert "Nothing is planned." in shown.text
    assert plain(shown) == [*TABS, *TOOLS, "⇅ Latest first"]
    for name, says in (
        ("Needs you", "Nothing needs you."),
        ("Drafts", "No drafts."),
        ("Published", "Nothing is published yet."),
        ("Not published", "Nothing failed, and nothing was cancelled."),
        ("All", "No posts yet."),
        ("Planned", "Nothing is planned."),
    ):
        shown = await tap(ana, name, shown)
        assert says in shown.text
        assert f"● {name}" in shown.labels


async def test_each_post_is_where_its_state_says(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.posted_now(lena, clip, caption="Live one")
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    card = await stage.scheduled(lena, clip, caption="Given up", when="in 3h")
    await tap(lena, "Cancel post", await tap(lena, "Cancel post", card))
    await stage.scheduled(lena, clip, caption="Later one", when="in 5h")
    await stage.scheduled(lena, clip, caption="Sooner one" + "!" * 60, when="in 2h")
    await stage.draft(lena, clip, caption="A draft <3 with\nmore lines")

    shown = await posts(lena)
    assert shown.text.startswith("Planned"), "what is planned comes first"
    assert shown.text.index("Sooner one") < shown.text.index("Later one")
    assert "!!…" in shown.text, "a long caption is cut"
    assert shown.text.count("🗓 Scheduled") == 2
    for each in ("Live one", "Given up", "A draft"):
        assert each not in shown.text
    assert [label for label in shown.labels if label[-1].isdigit()] == [
        *("1", "2", "● Planned 2", "Drafts 1", "Published 1", "Not published 1")
    ]

    shown = await tap(lena, "Drafts", shown)
    assert "A draft <3 with" in shown.text
    assert "more lines" not in shown.text
    shown = await tap(lena, "Published", shown)
    assert "Live one" in shown.text
    shown = await tap(lena, "Not published", shown)
    assert "🚫 Cancelled" in shown.text
    shown = await tap(lena, "All", shown)
    places = [shown.text.index(words) for words in ("A draft", "Later", "Given", "Sooner")]
    assert places == sorted(places), "the latest first"


async def test_a_post_opens_with_what_can_be_done_and_leads_back(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="Take number 0")
    await asyncio.to_thread(add_like_the_latest, stage, 8)
    await stage.scheduled(lena, clip, caption="The scheduled one")
    shown = await posts(lena)
    card = await tap(lena, "1", shown)
    assert [label.split(" ", 1)[1] for label in card.labels] == [
        *("Edit", "Move", "Post now", "Cancel post", "Duplicate", "History", "Back to the list")
    ]
    assert card.id == shown.id, "it opens where the list was"
    shown = await tap(lena, "Back to the list", card)
    assert "The scheduled one" in shown.text

    shown = await tap(lena, "Drafts", shown)
    shown = await tap(lena, "3", shown)
    assert "Take number 6" in shown.text
    shown = await tap(lena, "Back to the list", shown)
    assert numbers(shown) == [6, 5, 4, 3, 2, 1, 0], "from where one was"
    shown = await tap(lena, "‹ Later", shown)
    assert numbers(shown) == [8, 7]


async def test_a_list_is_not_painted_over_by_the_post_that_was_open_there(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, caption="Soup", when="in 2h")
    shown = await tap(lena, "Back to the list", await tap(lena, "1", await posts(lena)))
    stage.clock.jump(timedelta(hours=2, minutes=1))
    told = await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    await stage.at_rest()
    assert told.id != shown.id
    assert next(each for each in lena.chat if each.id == shown.id).text.startswith("Planned")


async def test_a_discarded_post_leads_back_to_the_list_too(
    stage: Stage, lena: Person, clip: Path
) -> None:
    for number in range(2):
        await stage.draft(lena, clip, caption=f"Take number {number}")
    card = await tap(lena, "1", await posts(lena))
    back = next(each.data for row in card.buttons for each in row if "Back to" in each.label)
    await tap(lena, "Discard", await tap(lena, "Discard", card))
    await lena.tap(data=back, message=card)
    shown = await lena.see("Drafts", after=card)
    assert numbers(shown) == [0]


async def pages(person: Person, shown: ChatMessage, button: str) -> list[ChatMessage]:
    """This page and all that follow it by the button."""
    seen = [shown]
    while button in seen[-1].labels:
        seen.append(await tap(person, button, seen[-1]))
    return seen


async def test_more_posts_than_one_screen_holds(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.draft(lena, clip, caption="Take number 0")
    await asyncio.to_thread(add_like_the_latest, stage, 18)
    shown = await posts(lena)
    assert "● Drafts 19" in shown.labels

    there = await pages(lena, shown, "Earlier ›")
    assert [numbers(each) for each in there] == [
        [*range(18, 10, -1)], [*range(10, 2, -1)], [2, 1, 0]
    ]  # fmt: skip
    assert "‹ Later" not in there[0].labels
    back = await pages(lena, there[-1], "‹ Later")
    assert [numbers(each) for each in back] == [numbers(each) for each in there[::-1]]

    turned = await tap(lena, "Soonest first", back[-1])
    assert numbers(turned) == [*range(8)]
    assert "Later ›" in turned.labels
    assert numbers(await tap(lena, "Latest first", turned)) == [*range(18, 10, -1)]


async def test_posts_that_go_out_meanwhile_hide_and_repeat_no_other(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, caption="Take number 0", when="in 1h")
    await asyncio.to_thread(add_like_the_latest, stage, 9)
    first = await posts(lena)
    assert numbers(first) == [*range(8)]
    live: ChatMessage | None = None
    for _ in range(2):
        stage.clock.jump(timedelta(hours=1, minutes=1))
        live = await stage.see_in_time(lena, "✅ Published on @lena.cooks", after=live)

    await lena.tap("Later ›", message=first)
    second = await lena.see("Planned", after=live)
    assert numbers(second) == [8, 9]
    assert numbers(await tap(lena, "‹ Sooner", second)) == [*range(2, 8)]


async def test_what_needs_the_creator_comes_first(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, caption="The held one", when="in 3h")
    await stage.stop_bot()
    stage.clock.jump(timedelta(hours=9))
    await stage.start_bot()
    await lena.see("✋ Not published yet on @lena.cooks")
    await stage.scheduled(lena, clip, caption="The sooner one", when="in 1h")

    shown = await posts(lena)

    assert "1. ✋ Waiting for you" in shown.text
    assert "The sooner one" not in shown.text
    assert "● ⚠️ Needs you 1" in shown.labels
    assert "The sooner one" in (await tap(lena, "Planned", shown)).text


async def test_a_list_of_one_account_and_its_days(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, caption="Lena today", when="in 2h")
    await stage.scheduled(lena, clip, caption="Lena tomorrow", when="tomorrow 18:00")
    await stage.connect(lena, username="quiet_max")
    card = await stage.draft(lena, clip, caption="in 3h Max today")
    await tap(lena, "@quiet_max", await tap(lena, "Account", card))
    await stage.write_post(lena, privacy="Followers")
    await stage.schedule(lena)

    shown = await posts(lena)
    assert "· @quiet_max\nMax today" in shown.text, "with several accounts each post says whose"
    narrow = await tap(lena, "Filter", shown)
    assert "● All accounts" in narrow.labels
    shown = await tap(lena, "@lena.cooks", narrow)
    assert shown.text.startswith("Planned · @lena.cooks")
    assert "Max today" not in shown.text
    assert "● Planned 2" in shown.labels, "the tabs count what fits"

    shown = await tap(lena, "Today", await tap(lena, "Filter", shown))
    assert shown.text.startswith("Planned · @lena.cooks · 12 Jan 2027")
    assert ("Lena today" in shown.text, "Lena tomorrow" in shown.text) == (True, False)
    narrow = await tap(lena, "Filter", shown)
    assert {"● @lena.cooks", "● Today"} <= set(narrow.labels)
    assert "Now: 12 Jan 2027" in narrow.text

    await stage.stop_bot()
    await stage.start_bot()
    shown = await tap(lena, "Back", narrow)
    assert shown.text.startswith("Planned · @lena.cooks · 12 Jan 2027"), "it outlives a restart"
    shown = await tap(lena, "Published", shown)
    assert "No post fits." in shown.text
    shown = await tap(lena, "Show everything", await tap(lena, "Filter", shown))
    assert shown.text.startswith("Published\n")


async def test_days_are_picked_from_months(stage: Stage, lena: Person, clip: Path) -> None:
    for day in (28, 30):
        await stage.scheduled(lena, clip, caption=f"January {day}", when=f"{day} jan 18:00")
    await stage.scheduled(lena, clip, caption="February 2", when="2 feb 18:00")
    await stage.scheduled(lena, clip, caption="February 3", when="3 feb 18:00")

    shown = await tap(lena, "Pick days", await tap(lena, "Filter", await posts(lena)))
    assert "From which day?" in shown.text
    assert shown.labels[:10][1] == "Jan 2027"
    shown = await tap(lena, "29", shown)
    assert "From 29 Jan 2027. Until which day?" in shown.text
    assert "28" not in shown.labels, "it cannot end before it begins"
    shown = await tap(lena, "2", await tap(lena, "›", shown))

    assert shown.text.startswith("Planned · 29 Jan 2027 – 2 Feb 2027")
    listed = re.findall(r"(?:January|February) \d+$", shown.text, re.MULTILINE)
    assert listed == ["January 30", "February 2"]


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [("soup", ["Lentil SOUP", "Soup №1"]), ("№1 soup", ["Soup №1"]), ("РЕЦЕПТ", ["Новый рецепт"])],
)
async def test_words_of_captions_are_searched_in_all_posts(
    stage: Stage, lena: Person, clip: Path, asked_for: str, found: list[str]
) -> None:
    await stage.scheduled(lena, clip, caption="Soup №1", when="in 2h")
    for caption in ("Lentil SOUP", "Новый рецепт", "Cake"):
        await stage.draft(lena, clip, caption=caption)

    asked = await tap(lena, "Search", await posts(lena))
    assert "What should I look for?" in asked.text
    sent = await lena.send(asked_for)
    shown = await lena.see("All", after=sent)

    assert f"“{asked_for}”" in shown.text
    assert [line for line in shown.text.splitlines() if line in found] == found
    assert "Cake" not in shown.text
    assert "● All" in shown.labels
    again = await lena.send(asked_for)
    await lena.see("I was not waiting for a text", after=again)


async def test_a_search_can_be_typed_with_the_command_narrowed_and_left(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, caption="Soup of today", when="in 2h")
    await stage.scheduled(lena, clip, caption="Soup of tomorrow", when="tomorrow 18:00")

    sent = await lena.send("/posts soup of the day and all that comes with it")
    shown = await lena.see("No post fits.", after=sent)
    assert "“soup of the day and all”" in shown.text, "the first words, as far as they fit"
    sent = await lena.send("/posts soup")
    shown = await lena.see("Soup of today", after=sent)
    shown = await tap(lena, "Tomorrow", await tap(lena, "Filter", shown))
    assert shown.text.startswith("All · 13 Jan 2027 · “soup”")
    assert ("Soup of today" in shown.text, "Soup of tomorrow" in shown.text) == (False, True)

    asked = await tap(lena, "Search", shown)
    shown = await tap(lena, "Back", asked)
    assert shown.text.startswith("All · 13 Jan 2027 · “soup”")
    sent = await lena.send("cake")
    await lena.see("I was not waiting for a text", after=sent)


async def test_very_many_captions_are_searched_a_part_at_a_time(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="needle")
    await asyncio.to_thread(add_like_the_latest, stage, 2500, caption="'hay'")

    sent = await lena.send("/posts needle")
    shown = await lena.see("I looked through 2,000 captions", after=sent)
    shown = await tap(lena, "Earlier ›", shown)
    assert "needle" in shown.text.splitlines()
    assert "I looked through" not in shown.text


@pytest.mark.parametrize(
    "data",
    [
        "l1:p::q...", "l1:p:x:p...", "l1:p:>9.9.9:p...", "l1:z::p...", "l1:o::p...",
        "l1:p:>zzzzzzzzzzzz.1:p...", "l1:t::p...\n", "m1:past:", "k1:m:2027-13", "k1:m:1999-01",
        "k1:x:2027-01", "k1:m:27-1",
    ],
)  # fmt: skip
async def test_made_up_buttons_reach_nothing(ana: Person, data: str) -> None:
    shown = await posts(ana)
    await ana.tap(data=data, message=shown)
    told = await ana.see("", after=shown)
    if data.startswith("l1:t"):
        assert "Until which day?" in told.text, "a month that nobody named is the first there is"
    else:
        assert "That button is from an older version of me." in told.text


async def test_two_creators_do_not_see_each_other(stage: Stage, clip: Path) -> None:
    lena = await stage.creator(42, "Lena")
    max_ = await stage.creator(43, "Max", username="quiet_max")
    await stage.draft(lena, clip, caption="in 2h Lena's soup")
    await stage.draft(max_, clip, caption="in 2h Max's cake")
    await stage.write_post(lena, privacy="Everyone")
    await stage.write_post(max_, privacy="Followers")
    await stage.schedule(lena)
    await stage.schedule(max_)

    shown = await posts(lena)
    opener = next(each.data for row in shown.buttons for each in row if each.label == "1")
    assert "cake" not in shown.text
    assert "soup" not in (await posts(max_)).text
    sent = await max_.send("/posts soup")
    assert "No post fits." in (await max_.see("", after=sent)).text
    await max_.tap(data=opener)
    await max_.see("I cannot find that any more.")

    stage.clock.jump(timedelta(hours=2, minutes=1))
    for_lena = await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    for_max = await stage.see_in_time(max_, "✅ Published on @quiet_max")

    assert ("soup" in for_lena.text, "cake" in for_max.text) == (True, True)
    assert (lena.count("✅ Published on"), max_.count("✅ Published on")) == (1, 1)
    assert {(post.username, post.title) for post in stage.tiktok.posts} == {
        ("lena.cooks", "Lena's soup"),
        ("quiet_max", "Max's cake"),
    }
