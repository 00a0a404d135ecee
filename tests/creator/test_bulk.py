"""Many clips at once: sent, planned, looked through, agreed to and published."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.queue.plans import POSTS_PER_DAY
from sandbox.telegram import ChatMessage, Person
from tests.stage import Stage

MADRID = ZoneInfo("Europe/Madrid")


async def send_all(person: Person, clip: Path, count: int) -> ChatMessage:
    """Send clips one after another while /bulk is open; returns the batch once all are there."""
    sent = await person.send("/bulk")
    await person.see("📦 Bulk · 0 posts", after=sent)
    for number in range(1, count + 1):
        await person.send_clip(clip, file_name=f"IMG_{number:02}.mp4")
    return await person.see(f"📦 Bulk · {count} posts", timeout=60)


async def open_bulk(person: Person, clip: Path, *names: str) -> ChatMessage:
    """A batch of clips with these names."""
    sent = await person.send("/bulk")
    await person.see("📦 Bulk · 0 posts", after=sent)
    for name in names:
        await person.send_clip(clip, file_name=name)
    posts = "post" if len(names) == 1 else "posts"
    return await person.see(f"📦 Bulk · {len(names)} {posts}", timeout=30)


async def settle(stage: Stage, person: Person) -> ChatMessage:
    """The batch's message as it is once nothing is on its way any more."""
    await stage.until(lambda: person.count("on its way …") + person.count("on their way …") == 0)
    return await person.see("📦 Bulk")


async def choose_everyone(person: Person, batch: ChatMessage) -> ChatMessage:
    await person.tap("Privacy", message=batch)
    asked = await person.see("Who can see these posts?", after=batch)
    await person.tap("Everyone", message=asked)
    return await person.see("👁 Everyone", after=asked)


def due(stage: Stage) -> list[datetime]:
    """When the posts are due, as the database has it."""
    query = "SELECT due_at FROM posts WHERE due_at IS NOT NULL ORDER BY due_at"
    return [datetime.fromisoformat(due_at).replace(tzinfo=UTC) for (due_at,) in stage.ask(query)]


async def test_thirty_clips_are_planned_edited_and_published(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await add_slots(lena, "every day 9:00, 12:00 and 19:00")
    await stage.scheduled(lena, clip, caption="Before them", when="tomorrow 12:00")
    await send_all(lena, clip, 30)
    batch = await settle(stage, lena)
    assert "👤 Lena Cooks (@lena.cooks)" in batch.text
    assert "👁 not chosen yet" in batch.text, "nothing is chosen for the creator"
    assert "no comments, duets or stitches" in batch.text

    await lena.tap("Caption", message=batch)
    asked = await lena.see("Send me a caption for 30 posts", after=batch)
    typed = await lena.send("Day {n} · {date} #food")
    batch = await lena.see("📦 Bulk · 30 posts", after=typed)
    assert "{n} the number of the post" in asked.text
    batch = await choose_everyone(lena, batch)
    await lena.tap("Interactions", message=batch)
    asked = await lena.see("What may others do with these posts?", after=batch)
    await lena.tap("Comment", message=asked)
    asked = await lena.see("What may others do", after=asked)
    await lena.tap("Back", message=asked)
    batch = await lena.see("🤝 Comment", after=asked)

    await lena.tap("Times", message=batch)
    asked = await lena.see("When shall they go out?", after=batch)
    await lena.tap("Posting slots", message=asked)
    batch = await lena.see("the account's posting slots", after=asked)
    assert "1. Tue 12 Jan, 19:00 · Day 1 · January 12 #food" in batch.text
    assert "3. Wed 13 Jan, 19:00 · Day 3" in batch.text, "12:00 is taken by an earlier post"
    await lena.tap("›", message=batch)
    batch = await lena.see("11. Sat 16 Jan", after=batch)

    await lena.tap("11", message=batch)
    card = await lena.see("📝 Draft", after=batch)
    assert "Day 11" in card.text
    await stage.write_post(lena, caption="The big one", privacy=None)
    card = await lena.see("The big one", after=card)
    sent = await lena.send("/bulk")
    batch = await lena.see("📦 Bulk · 30 posts", after=sent)
    await lena.tap("›", message=batch)
    batch = await lena.see("11. Sat 16 Jan, 12:00 · The big one", after=batch)

    await lena.tap("Schedule all", message=batch)
    asked = await lena.see("By posting, you agree", after=batch)
    assert "Posting 30 posts to Lena Cooks (@lena.cooks)" in asked.text
    assert "TikTok's Music Usage Confirmation." in asked.text
    await lena.tap("Agree and schedule all", message=asked)
    told = await lena.see("✅ Scheduled: 30 posts.", after=asked)
    assert "First: Tue 12 Jan 2027, 19:00 (Madrid)" in told.text

    times = due(stage)
    assert len(times) == len(set(times)) == 31, "no slot twice"
    walls = [each.astimezone(MADRID) for each in times]
    assert {(wall.hour, wall.minute) for wall in walls} == {(9, 0), (12, 0), (19, 0)}
    await lena.see("🗓 Scheduled", after=card)  # the card that was opened follows its post
    await lena.see("🗓 Scheduled", after=card)  # the card that was opened follows its post

    for instant in times:
        stage.clock.jump(max(timedelta(), instant - stage.clock()) + timedelta(seconds=30))
        await stage.at_rest()
    await stage.until(lambda: len(stage.tiktok.posts) == 31, timeout=30)
    captions = {post.title for post in stage.tiktok.posts}
    assert "Day 30 · January 22 #food" in captions
    assert "The big one" in captions and "Day 11 · January 16 #food" not in captions
    assert not any(post.disable_comment for post in stage.tiktok.posts if "#food" in post.title)


async def test_clips_sent_together_become_one_bulk(stage: Stage, lena: Person, clip: Path) -> None:
    paths = [clip] * 3
    await lena.send_album(paths, caption="tomorrow 18:00 The first")
    await lena.send_album(paths)
    await lena.send_clip(clip)
    batch = await lena.see("📦 Bulk · 7 posts", timeout=30)
    batch = await settle(stage, lena)
    assert "1. Wed 13 Jan, 18:00 · The first" in batch.text
    assert "2. no time yet · IMG_1.mp4" in batch.text
    assert lena.count("📦 Bulk") == 1 and lena.count("📝 Draft") == 0

    stage.clock.jump(timedelta(minutes=31))
    await stage.draft(lena, clip, caption="This one is alone")
    assert lena.count("📦 Bulk · 7") == 1


async def test_clips_are_taken_in_though_nothing_can_be_said_of_them(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.telegram.faults.refuse("sendMessage", "the sandbox will not have it")
    sent = await lena.send_album([clip, clip])

    shown = await lena.see("📦 Bulk · 2 posts", after=sent[-1])
    assert "on their way" not in shown.text and "on its way" not in shown.text


async def test_a_clip_that_cannot_be_used_is_named(stage: Stage, lena: Person, clip: Path) -> None:
    text = stage.folder / "notes.mp4"
    text.write_text("not a video at all")
    await open_bulk(lena, clip, "one.mp4")
    sent = await lena.send_clip(text, file_name="notes.mp4")
    told = await lena.see("I cannot read that file as a video.", after=sent)
    assert told.text.startswith("📄 notes.mp4")
    await lena.see("📦 Bulk · 1 post", after=sent)


async def test_nothing_is_agreed_to_before_all_is_chosen(lena: Person, clip: Path) -> None:
    batch = await open_bulk(lena, clip, "one.mp4", "two.mp4", "three.mp4")
    await lena.tap("Schedule all", message=batch)
    asked = await lena.see("Almost there.", after=batch)
    assert "choose who can see them (1–3)" in asked.text
    assert "plan when they go out (1–3)" in asked.text
    assert asked.labels == ["👁 Privacy", "🕒 Times", "‹ Back"]

    await lena.tap("Privacy", message=asked)
    asked = await lena.see("Who can see these posts?", after=asked)
    assert asked.labels == ["Everyone", "Friends", "Only me", "‹ Back"], "none is preselected"
    await lena.tap("Only me", message=asked)
    batch = await lena.see("👁 Only me", after=asked)
    await lena.tap("Disclosure", message=batch)
    asked = await lena.see("Disclose video content", after=batch)
    await lena.tap("Disclose video content", message=asked)
    asked = await lena.see("You need to indicate if your content promotes", after=asked)
    await lena.tap("Branded content", message=asked)
    batch = await lena.see("Branded content visibility cannot be set to private.", after=asked)
    assert "📦 Bulk" in batch.text

    await lena.tap("Privacy", message=batch)
    asked = await lena.see("Who can see these posts?", after=batch)
    await lena.tap("Friends", message=asked)
    batch = await lena.see("👁 Friends", after=asked)
    await lena.tap("Disclosure", message=batch)
    asked = await lena.see("Disclose video content", after=batch)
    await lena.tap("Branded content", message=asked)
    asked = await lena.see("Your video will be labeled as 'Paid partnership'.", after=asked)
    await lena.tap("Back", message=asked)
    batch = await lena.see("🏷 Branded content", after=asked)
    await lena.tap("Privacy", message=batch)
    asked = await lena.see("Who can see these posts?", after=batch)
    assert "Only me" not in asked.labels


async def test_one_consent_is_kept_with_each_post(stage: Stage, lena: Person, clip: Path) -> None:
    batch = await planned(lena, clip, "one.mp4", "two.mp4")
    await lena.tap("Schedule all", message=batch)
    asked = await lena.see("By posting, you agree to TikTok's Music Usage Confirmation.")
    await lena.tap("Agree and schedule all", message=asked)
    await lena.tap("Agree and schedule all", message=asked)
    await lena.see("✅ Scheduled: 2 posts.", after=asked)
    kept = [json.loads(consent) for (consent,) in stage.ask("SELECT consent FROM posts")]
    assert [(each["by"], each["privacy"], each["declaration"]) for each in kept] == [
        (42, "PUBLIC_TO_EVERYONE", "By posting, you agree to TikTok's Music Usage Confirmation.")
    ] * 2
    assert kept[0]["time"] != kept[1]["time"]
    assert lena.count("closed") == 0, "the second tap of the finger says nothing"


async def test_what_was_changed_meanwhile_is_shown_and_not_agreed_to(
    stage: Stage, lena: Person, clip: Path
) -> None:
    batch = await planned(lena, clip, "one.mp4", "two.mp4")
    await lena.tap("2", message=batch)
    card = await lena.see("📝 Draft", after=batch)
    await lena.tap("Schedule all", message=batch)
    asked = await lena.see("By posting, you agree", after=batch)
    await stage.write_post(lena, caption="Wait", privacy=None)

    await lena.tap("Agree and schedule all", message=asked)
    batch = await lena.see("That button was out of date", after=asked)
    assert "2. Tue 12 Jan, 15:00 · Wait" in batch.text

    card = await lena.see("📝 Draft")
    await lena.tap("When", message=card)
    await lena.see("When should it go out?", after=card)
    typed = await lena.send("today 14:00")
    await lena.see("14:00 (Madrid)", after=typed)
    await lena.tap("Schedule all", message=await lena.see("📦 Bulk"))
    batch = await lena.see("That button was out of date", after=batch)
    await lena.tap("Schedule all", message=batch)
    asked = await lena.see("Almost there.", after=batch)
    assert "another post of this bulk goes out at the same time (2)" in asked.text


def keep_quiet(stage: Stage) -> None:
    """From 22:00 to 04:00."""
    stage.ask("UPDATE users SET quiet_from = 1320, quiet_until = 240")


async def test_quiet_hours_and_the_cap_shape_a_plan(stage: Stage, lena: Person, clip: Path) -> None:
    await asyncio.to_thread(keep_quiet, stage)
    batch = await open_bulk(lena, clip, *(f"{number}.mp4" for number in range(20)))
    await lena.tap("Times", message=batch)
    asked = await lena.see("When shall they go out?", after=batch)
    assert "Your quiet hours (22:00–04:00) stay free" in asked.text
    await lena.tap("Every hour", message=asked)
    await lena.see("🕒 every hour", after=asked)
    walls = [each.astimezone(MADRID) for each in due(stage)]
    assert len(walls) == 20
    assert not any(wall.hour >= 22 or wall.hour < 4 for wall in walls)
    assert walls[POSTS_PER_DAY] - walls[0] >= timedelta(hours=24)

    batch = await lena.see("📦 Bulk")
    await lena.tap("Times", message=batch)
    asked = await lena.see("When shall they go out?", after=batch)
    await lena.tap("From Monday", message=asked)
    batch = await lena.see("1. Mon 18 Jan, 04:00", after=asked)
    await lena.tap("Times", message=batch)
    asked = await lena.see("Not before Mon 18 Jan 2027, 00:00", after=batch)
    typed = await lena.send("weekends 10:00 and 18:30")
    batch = await lena.see("🕒 Weekends · 10:00, 18:30", after=typed)
    assert "1. Sat 23 Jan, 10:00" in batch.text

    await lena.tap("Times", message=batch)
    await lena.see("When shall they go out?", after=batch)
    typed = await lena.send("23:00")
    await lena.see("There is not enough room for that.", after=typed)
    assert len(due(stage)) == 20, "the plan before stays"


async def test_a_bulk_is_left_or_discarded(stage: Stage, lena: Person, clip: Path) -> None:
    batch = await open_bulk(lena, clip, "one.mp4", "two.mp4")
    await lena.tap("Leave", message=batch)
    await lena.see("2 posts stay as drafts in /posts", after=batch)
    await lena.tap(data="b1:1:7:disc:", message=batch)
    await lena.see("That bulk is closed.", after=batch)

    batch = await open_bulk(
        lena, stage.clip("another.mp4", seconds=1, width=360, height=640), "three.mp4"
    )
    before = len(stage.clips_on_disk)
    await lena.tap("Discard all", message=batch)
    asked = await lena.see("Discard 1 post?", after=batch)
    await lena.tap("Discard all", message=asked)
    await lena.see("Discarded.", after=asked)
    await stage.until(lambda: len(stage.clips_on_disk) == before - 1)


async def test_a_bulk_is_its_creators_alone(stage: Stage, lena: Person, clip: Path) -> None:
    batch = await open_bulk(lena, clip, "one.mp4")
    data = batch.buttons[0][0].data
    assert data is not None
    eve = await stage.creator(66, "Eve", username="quiet_max")
    for verb in ("show:0", "row:1", "agree:", "discsure:", "example:", "toggle:allow_comment"):
        await eve.tap(data=":".join([*data.split(":")[:3], verb]), message=eve.chat[-1])
    sent = await eve.send("/posts")
    await eve.see("Nothing is planned", after=sent)
    assert eve.count("That bulk is closed.") == 1 and eve.count("one.mp4") == 0
    assert lena.count("📦 Bulk · 1 post") == 1


async def test_a_card_leads_back_to_its_bulk(stage: Stage, lena: Person, clip: Path) -> None:
    batch = await open_bulk(lena, clip, "one.mp4")
    await lena.tap("1", message=batch)
    card = await lena.see("📝 Draft", after=batch)
    await lena.tap("‹ Bulk", message=card)
    await lena.see("📦 Bulk", after=card)
    await stage.until(lambda: (lena.count("📝 Draft"), lena.count("📦 Bulk")) == (0, 1))


async def test_clips_survive_a_restart_of_the_bot(stage: Stage, lena: Person, clip: Path) -> None:
    await open_bulk(lena, clip, "one.mp4")
    await stage.stop_bot()
    for name in ("two.mp4", "three.mp4"):
        await lena.send_clip(clip, file_name=name)
    await stage.start_bot()
    batch = await lena.see("📦 Bulk · 3 posts", timeout=30)
    assert "3. no time yet · three.mp4" in batch.text


async def planned(person: Person, clip: Path, *names: str) -> ChatMessage:
    """A batch that only lacks consent: every hour from 14:00."""
    batch = await choose_everyone(person, await open_bulk(person, clip, *names))
    await person.tap("Times", message=batch)
    asked = await person.see("When shall they go out?", after=batch)
    await person.tap("Every hour", message=asked)
    return await person.see("🕒 every hour", after=asked)


async def add_slots(person: Person, words: str) -> ChatMessage:
    """Give the creator's only account posting slots."""
    sent = await person.send("/accounts")
    shown = await person.see("Your TikTok accounts", after=sent)
    await person.tap("Details", message=shown)
    shown = await person.see("Connected since", after=shown)
    await person.tap("Posting slots", message=shown)
    await person.see("Posting slots of @lena.cooks", after=shown)
    typed = await person.send(words)
    return await person.see("Posting slots of @lena.cooks", after=typed)
