"""Between a bulk and the cards of its posts: ways there and back, and what each leaves alone."""

from pathlib import Path

from sandbox.telegram import ChatMessage, Person
from tests.creator.test_bulk import open_bulk
from tests.stage import Stage


async def tap(person: Person, label: str, on: ChatMessage, shows: str) -> ChatMessage:
    await person.tap(label, message=on)
    return await person.see(shows, after=on)


async def test_every_card_of_a_bulk_leads_back_to_it(lena: Person, clip: Path) -> None:
    batch = await open_bulk(lena, clip, "one.mp4", "two.mp4")
    card = await tap(lena, "1", batch, "📝 Draft")
    asked = await tap(lena, "Caption", card, "Send me the caption")
    typed = await lena.send("New recipe")
    card = await lena.see("📝 Draft", after=typed)
    assert asked.id != card.id
    batch = await tap(lena, "‹ Bulk", card, "no time yet · New recipe")

    card = await tap(lena, "2", batch, "📝 Draft")
    sure = await tap(lena, "Discard", card, "Discard this draft?")
    gone = await tap(lena, "Discard", sure, "Discarded.")
    batch = await tap(lena, "‹ Bulk", gone, "📦 Bulk · 1 post")

    await tap(lena, "Leave", batch, "1 post stay as drafts in /posts")
    sent = await lena.send("/posts")
    card = await tap(lena, "1", await lena.see("Drafts", after=sent), "📝 Draft")
    assert "‹ Bulk" not in card.labels, "it stands for itself now"


async def test_turning_to_the_bulk_leaves_the_question_of_a_card_open(
    lena: Person, clip: Path
) -> None:
    batch = await open_bulk(lena, clip, "one.mp4")
    card = await tap(lena, "1", batch, "📝 Draft")
    await tap(lena, "Caption", card, "Send me the caption")
    asked = await tap(lena, "Disclosure", batch, "Disclose video content")
    await tap(lena, "Back", asked, "📦 Bulk · 1 post")
    typed = await lena.send("New recipe")
    card = await lena.see("📝 Draft", after=typed)
    assert "New recipe" in card.text


async def test_what_every_post_lacks_is_said_once_and_not_marked(lena: Person, clip: Path) -> None:
    batch = await open_bulk(lena, clip, "one.mp4", "two.mp4")
    asked = await tap(lena, "Times", batch, "When shall they go out?")
    batch = await tap(lena, "Every hour", asked, "🕒 every hour")
    assert "👁 not chosen yet" in batch.text
    assert "⚠️" not in batch.text

    card = await tap(lena, "1", batch, "📝 Draft")
    asked = await tap(lena, "Privacy", card, "Who can see this post?")
    card = await tap(lena, "Everyone", asked, "👁 Everyone")
    batch = await tap(lena, "‹ Bulk", card, "👁 differs")
    assert "\n1. " in batch.text and "\n⚠️ 2. " in batch.text


async def test_posts_without_an_account_get_one_and_the_others_keep_theirs(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.connect(lena, username="quiet_max")
    batch = await open_bulk(lena, clip, "one.mp4", "two.mp4")
    card = await tap(lena, "1", batch, "📝 Draft")
    asked = await tap(lena, "Account", card, "Which account does it go to?")
    card = await tap(lena, "Max · @quiet_max", asked, "👤 Max (@quiet_max)")
    asked = await tap(lena, "Privacy", card, "Who can see this post?")
    card = await tap(lena, "Only me", asked, "👁 Only me")
    batch = await tap(lena, "‹ Bulk", card, "📦 Bulk · 2 posts")

    asked = await tap(lena, "Schedule all", batch, "Which account for 1 post without one?")
    batch = await tap(lena, "Lena Cooks · @lena.cooks", asked, "📦 Bulk · 2 posts")
    assert "one.mp4 · @quiet_max" in batch.text and "two.mp4 · @lena.cooks" in batch.text
    card = await tap(lena, "1", batch, "📝 Draft")
    assert "👁 Only me" in card.text, "what was chosen for it is chosen still"


async def test_posts_are_numbered_in_the_order_that_they_go_out(lena: Person, clip: Path) -> None:
    batch = await open_bulk(lena, clip, "one.mp4", "two.mp4")
    await tap(lena, "Caption", batch, "Send me a caption for 2 posts")
    typed = await lena.send("Day {n}")
    batch = await lena.see("📦 Bulk · 2 posts", after=typed)
    asked = await tap(lena, "Times", batch, "When shall they go out?")
    batch = await tap(lena, "Every hour", asked, "14:00 · Day 1\n2. Tue 12 Jan, 15:00 · Day 2")

    card = await tap(lena, "1", batch, "📝 Draft")
    await tap(lena, "When", card, "When should it go out?")
    typed = await lena.send("tomorrow 20:00")
    card = await lena.see("📝 Draft", after=typed)
    await tap(lena, "‹ Bulk", card, "15:00 · Day 1\n2. Wed 13 Jan, 20:00 · Day 2")
