"""Several TikTok accounts: each at a glance, its details, and one clip for two of them."""

from datetime import datetime
from pathlib import Path

from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage


async def accounts(person: Person) -> ChatMessage:
    sent = await person.send("/accounts")
    return await person.see("Your TikTok accounts", after=sent)


async def tap(person: Person, label: str, on: ChatMessage, shows: str) -> ChatMessage:
    await person.tap(label, message=on)
    return await person.see(shows, after=on)


async def also_for_max(stage: Stage, lena: Person) -> ChatMessage:
    """From Lena's draft to the card of Max's."""
    chooser = await stage.open(lena, "Account", "Which account does it go to?")
    offered = await tap(lena, "Also post to…", chooser, "Which account gets it too?")
    assert offered.labels == ["Max · @quiet_max", "‹ Back"]
    await lena.tap("Max · @quiet_max", message=offered)
    return await lena.see("👥 The same post for @quiet_max", after=offered)


async def test_one_clip_for_two_accounts(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.connect(lena, username="quiet_max")
    first = await stage.draft(lena, clip, caption="tomorrow 18:00 New recipe")
    chooser = await tap(lena, "Account", first, "Which account does it go to?")
    await tap(lena, "Lena Cooks · @lena.cooks", chooser, "👤 Lena Cooks (@lena.cooks)")
    await stage.write_post(lena, privacy="Everyone")

    second = await also_for_max(stage, lena)
    assert "👤 Max (@quiet_max)" in second.text
    assert "\nNew recipe\n" in second.text
    assert "🕒 Wed 13 Jan 2027, 18:00 (Madrid)" in second.text
    assert "👁 not chosen yet" in second.text, "who can see it is chosen for each account"
    assert second.id != first.id

    await stage.write_post(lena, privacy="Only me", on="@quiet_max")
    await stage.schedule(lena)  # the newest card is Max's
    asked = await tap(lena, "Schedule", first, "By posting, you agree to TikTok's")
    await tap(lena, "Agree and schedule", asked, "✅ Scheduled.")
    stage.clock.jump(datetime.fromisoformat("2027-01-13T17:00:01Z") - stage.clock())
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    await stage.see_in_time(lena, "✅ Published on @quiet_max")


async def test_both_accounts_are_planned_and_agreed_to_together(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.connect(lena, username="quiet_max")
    first = await stage.draft(lena, clip, caption="tomorrow 18:00 New recipe")
    chooser = await tap(lena, "Account", first, "Which account does it go to?")
    await tap(lena, "Lena Cooks · @lena.cooks", chooser, "👤 Lena Cooks (@lena.cooks)")
    second = await also_for_max(stage, lena)

    bulk = await tap(lena, "Plan both together", second, "📦 Bulk · 2 posts")
    assert "1. Wed 13 Jan, 18:00 · New recipe · @lena.cooks" in bulk.text
    assert "2. Wed 13 Jan, 18:00 · New recipe · @quiet_max" in bulk.text
    assert "🕒 each at its own time" in bulk.text
    asked = await tap(lena, "Privacy", bulk, "Who can see these posts?")
    bulk = await tap(lena, "Only me", asked, "👁 Only me")
    asked = await tap(lena, "Schedule all", bulk, "By posting, you agree to TikTok's")
    await tap(lena, "Agree and schedule all", asked, "Scheduled: 2 posts.")
    stage.clock.jump(datetime.fromisoformat("2027-01-13T17:00:01Z") - stage.clock())
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    await stage.see_in_time(lena, "✅ Published on @quiet_max")


async def test_what_has_gone_on_by_itself_is_not_planned_together(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.connect(lena, username="quiet_max")
    first = await stage.draft(lena, clip, caption="tomorrow 18:00 New recipe")
    chooser = await tap(lena, "Account", first, "Which account does it go to?")
    await tap(lena, "Lena Cooks · @lena.cooks", chooser, "👤 Lena Cooks (@lena.cooks)")
    second = await also_for_max(stage, lena)
    sure = await tap(lena, "Discard", first, "Discard this draft?")
    await tap(lena, "Discard", sure, "Discarded.")
    card = await tap(lena, "Plan both together", second, "That button was out of date")
    assert "👤 Max (@quiet_max)" in card.text
    assert lena.count("📦 Bulk") == 0


async def test_two_taps_make_one_draft_more(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.connect(lena, username="quiet_max")
    card = await stage.draft(lena, clip, caption="New recipe")
    chooser = await tap(lena, "Account", card, "Which account does it go to?")
    await tap(lena, "Lena Cooks · @lena.cooks", chooser, "👤 Lena Cooks (@lena.cooks)")
    chooser = await stage.open(lena, "Account", "Which account does it go to?")
    offered = await tap(lena, "Also post to…", chooser, "Which account gets it too?")
    for _ in range(2):
        await lena.tap("Max · @quiet_max", message=offered)
    await lena.see("The same post for @quiet_max", after=offered)
    sent = await lena.send("/help")
    await lena.see("How it works", after=sent)
    assert lena.count("📝 Draft") == 2


async def test_an_account_of_somebody_else_gets_nothing(
    stage: Stage, lena: Person, clip: Path
) -> None:
    other = await stage.creator(43, "Mia", username="quiet_max")
    card = await stage.draft(lena, clip, caption="New recipe")
    await lena.tap(data="p1:1:1:setalso:2", message=card)
    await lena.see("That button was out of date", after=card)
    assert lena.count("📝 Draft") == 1
    assert other.count("📝 Draft") == 0


async def test_each_account_at_a_glance(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, when="tomorrow 18:00")
    await stage.scheduled(lena, clip, when="tomorrow 20:00")
    await stage.connect(lena, username="quiet_max")
    listed = await accounts(lena)
    assert "Lena Cooks (@lena.cooks): ✅ connected · 2 posts planned" in listed.text
    assert listed.text.endswith("Max (@quiet_max): ✅ connected")
    assert listed.labels == ["Details · @lena.cooks", "Details · @quiet_max", "Connect another"]

    details = await tap(lena, "Details · @lena.cooks", listed, "Connected since 12 Jan 2027.")
    assert "🗓 2 posts planned\nThe next goes out Wed 13 Jan 2027, 18:00 (Madrid)" in details.text
    sure = await tap(lena, "Disconnect", details, "Disconnect @lena.cooks?")
    assert "2 posts are scheduled for it: instead of going out they wait" in sure.text
    details = await tap(lena, "Keep it", sure, "Connected since")
    listed = await tap(lena, "‹ Accounts", details, "Your TikTok accounts")
    details = await tap(lena, "Details · @quiet_max", listed, "No posts yet.")
    sure = await tap(lena, "Disconnect", details, "Nothing is scheduled for it.")


async def test_posts_that_need_a_look_are_counted_too(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, when="tomorrow 18:00")
    await stage.draft(lena, clip, caption="Later")
    details = await tap(lena, "Details", await accounts(lena), "TikTok's permission lasts")
    assert "📝 1 draft\n🗓 1 post planned" in details.text
    sure = await tap(lena, "Disconnect", details, "1 post is scheduled for it")
    await tap(lena, "Disconnect", sure, "Disconnected @lena.cooks.")
    await stage.connect(lena)
    listed = await accounts(lena)
    assert "✅ connected · 1 post needs a look" in listed.text


async def test_made_up_pages_of_accounts_reach_nothing(lena: Person) -> None:
    listed = await accounts(lena)
    for page in ("x", "-1", "99999", "\N{ARABIC-INDIC DIGIT ONE}"):
        await lena.tap(data=f"m1:accounts:{page}", message=listed)
        told = await lena.see("That button is from an older version of me.", after=listed)
        await lena.delete(told)
    await lena.tap(data="m1:accounts:7", message=listed)
    await lena.see("Your TikTok accounts")
