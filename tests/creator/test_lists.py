"""What is planned and what went out."""

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
    assert card.labels == []


async def test_more_posts_than_one_screen_holds(stage: Stage, lena: Person, clip: Path) -> None:
    for number in range(10):
        await stage.draft(lena, clip, caption=f"Take number {number}")

    shown = await upcoming(lena)

    assert shown.text.count("Take number") == 8
    assert "Take number 0" in shown.text


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

    stage.clock.jump(timedelta(hours=2))
    for_lena = await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    for_max = await stage.see_in_time(max_, "✅ Published on @quiet_max")

    assert ("soup" in for_lena.text, "cake" in for_max.text) == (True, True)
    assert (lena.count("✅ Published"), max_.count("✅ Published")) == (1, 1)
    assert {(post.username, post.title) for post in stage.tiktok.posts} == {
        ("lena.cooks", "Lena's soup"),
        ("quiet_max", "Max's cake"),
    }
