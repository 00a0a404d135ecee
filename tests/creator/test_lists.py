"""What is planned and what went out."""

import re
from datetime import timedelta
from pathlib import Path

from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage


async def upcoming(person: Person) -> ChatMessage:
    sent = await person.send("/posts")
    return await person.see("", after=sent)


async def test_nothing_is_planned_yet(ana: Person) -> None:
    shown = await upcoming(ana)
    assert "Nothing is planned." in shown.text
    await ana.tap("Past posts", message=shown)
    shown = await ana.see("No past posts yet.", after=shown)
    await ana.tap("Coming up", message=shown)
    await ana.see("Nothing is planned.", after=shown)


async def test_the_next_due_comes_first_and_drafts_last(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip, caption="A draft <3 with\nmore lines")
    await stage.scheduled(lena, clip, caption="The later one", when="in 5h")
    await stage.scheduled(lena, clip, caption="The sooner one" + "!" * 50, when="in 2h")

    shown = await upcoming(lena)

    places = [shown.text.index(words) for words in ("The sooner one", "The later one", "A draft")]
    assert places == sorted(places)
    assert "A draft <3 with" in shown.text
    assert "more lines" not in shown.text
    assert "!!…" in shown.text, "a long caption is cut"
    assert shown.text.count("🗓 Scheduled") == 2
    assert shown.labels == ["1", "2", "3", "Past posts"]

    await lena.tap("2", message=shown)
    card = await lena.see("💬 Caption", after=shown)
    assert "The later one" in card.text
    assert [label.split(" ", 1)[1] for label in card.labels] == [
        "Edit",
        "Move",
        "Post now",
        "Cancel post",
    ]


async def test_past_posts_keep_their_link(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.posted_now(lena, clip, caption="Out there")
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")

    shown = await upcoming(lena)
    assert "Nothing is planned." in shown.text
    await lena.tap("Past posts", message=shown)
    shown = await lena.see("Out there", after=shown)
    await lena.tap("1", message=shown)

    card = await lena.see("💬 Caption", after=shown)
    (post,) = stage.tiktok.posts
    assert "✅ Published" in card.text
    assert f"/@lena.cooks/video/{post.post_id}" in card.text
    assert card.labels == ["Open on TikTok"]


async def pages(person: Person, shown: ChatMessage, button: str) -> list[ChatMessage]:
    """This page and all that follow it by the button."""
    seen = [shown]
    while any(button in label for label in seen[-1].labels):
        await person.tap(button, message=seen[-1])
        seen.append(await person.see("", after=seen[-1]))
    return seen


def numbers(shown: ChatMessage) -> list[int]:
    return [int(found) for found in re.findall(r"Take number (\d+)", shown.text)]


async def test_more_posts_than_one_screen_holds(stage: Stage, lena: Person, clip: Path) -> None:
    for number in range(19):
        await stage.draft(lena, clip, caption=f"Take number {number}")

    later = await pages(lena, await upcoming(lena), "Later")
    assert [numbers(each) for each in later] == [
        [*range(8)], [*range(8, 16)], [*range(16, 19)]
    ]  # fmt: skip
    assert [label for label in later[0].labels if len(label) > 1] == ["Later ›", "Past posts"]
    assert [label for label in later[1].labels if len(label) > 1] == [
        "‹ Sooner",
        "Later ›",
        "Past posts",
    ]

    sooner = await pages(lena, later[-1], "Sooner")
    assert [numbers(each) for each in sooner] == [
        [*range(16, 19)], [*range(8, 16)], [*range(8)]
    ]  # fmt: skip
    assert "‹ Sooner" not in sooner[-1].labels


async def test_exactly_one_screen_has_no_more(stage: Stage, lena: Person, clip: Path) -> None:
    for number in range(8):
        await stage.draft(lena, clip, caption=f"Take number {number}")
    shown = await upcoming(lena)
    assert shown.labels[-2:] == ["8", "Past posts"]
    for garbage in ("x", ">", "<1.2", "<1.2.3.4", ">9.999999999999999999999.1"):
        for verb in ("posts", "past"):
            await lena.tap(data=f"m1:{verb}:{garbage}", message=shown)
            told = await lena.see("That button is from an older version of me.")
            assert told.labels == []


async def test_past_posts_come_in_pages_too(stage: Stage, lena: Person, clip: Path) -> None:
    for number in range(9):
        card = await stage.scheduled(lena, clip, caption=f"Take number {number}")
        await lena.tap("Cancel post", message=card)
        asked = await lena.see("Cancel this post?", after=card)
        await lena.tap("Cancel post", message=asked)
        await lena.see("🚫 Cancelled", after=asked)
        stage.clock.jump(timedelta(seconds=10))
    shown = await upcoming(lena)
    await lena.tap("Past posts", message=shown)

    older = await pages(lena, await lena.see("Past posts", after=shown), "Older")
    assert [numbers(each) for each in older] == [[*range(8, 0, -1)], [0]]
    newer = await pages(lena, older[-1], "Newer")
    assert numbers(newer[-1]) == [*range(8, 0, -1)]


async def test_what_needs_the_creator_comes_first(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, caption="The held one", when="in 3h")
    await stage.stop_bot()
    stage.clock.jump(timedelta(hours=9))
    await stage.start_bot()
    await lena.see("✋ Not published yet on @lena.cooks")
    await stage.scheduled(lena, clip, caption="The sooner one", when="in 1h")
    stage.clock.jump(timedelta(days=-1))  # so that by its time alone it would come last

    shown = await upcoming(lena)

    assert shown.text.index("The held one") < shown.text.index("The sooner one")
    assert shown.text.count("⚠️ Needs you") == 1
    assert "1. ⚠️ Needs you · ✋ Waiting for you" in shown.text


async def test_two_creators_do_not_see_each_other(stage: Stage, clip: Path) -> None:
    lena = await stage.creator(42, "Lena")
    max_ = await stage.creator(43, "Max", username="quiet_max")
    await stage.draft(lena, clip, caption="in 2h Lena's soup")
    await stage.draft(max_, clip, caption="in 2h Max's cake")
    await stage.write_post(lena, privacy="Everyone")
    await stage.write_post(max_, privacy="Followers")
    await stage.schedule(lena)
    await stage.schedule(max_)

    assert "cake" not in (await upcoming(lena)).text
    assert "soup" not in (await upcoming(max_)).text

    stage.clock.jump(timedelta(hours=2, minutes=1))
    for_lena = await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    for_max = await stage.see_in_time(max_, "✅ Published on @quiet_max")

    assert ("soup" in for_lena.text, "cake" in for_max.text) == (True, True)
    assert (lena.count("✅ Published on"), max_.count("✅ Published on")) == (1, 1)
    assert {(post.username, post.title) for post in stage.tiktok.posts} == {
        ("lena.cooks", "Lena's soup"),
        ("quiet_max", "Max's cake"),
    }
