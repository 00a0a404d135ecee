"""What a creator hears of, and when: set in /settings, seen with posts that go out."""

from datetime import datetime, timedelta
from pathlib import Path

from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok import FailProcessing, Fault
from tests.stage import Stage


async def settings(person: Person) -> ChatMessage:
    sent = await person.send("/settings")
    return await person.see("Settings", after=sent)


async def tap(person: Person, label: str, on: ChatMessage, shows: str) -> ChatMessage:
    await person.tap(label, message=on)
    return await person.see(shows, after=on)


async def quiet(person: Person, hours: str) -> ChatMessage:
    asked = await tap(person, "Quiet hours", await settings(person), "When shall I be quiet?")
    return await tap(person, hours, asked, "Settings")


async def until_quiet(stage: Stage) -> None:
    """22:00 in Madrid."""
    stage.clock.jump(datetime.fromisoformat("2027-01-12T21:00Z") - stage.clock())


async def test_good_news_waits_for_the_morning(stage: Stage, lena: Person, clip: Path) -> None:
    shown = await quiet(lena, "22:00–07:00")
    assert "🌙 Quiet hours: 22:00–07:00" in shown.text
    await stage.draft(lena, clip, caption="New recipe")
    await stage.write_post(lena)
    await until_quiet(stage)
    card = await stage.post_now(lena)
    await stage.see_in_time(lena, "✅ Published", after=card)  # in its card
    await stage.at_rest()
    sent = await lena.send("/help")
    await lena.see("How it works", after=sent)
    assert lena.count("✅ Published on") == 0

    await stage.stop_bot()
    await stage.start_bot()
    stage.clock.jump(timedelta(hours=9))
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")


async def test_a_failure_is_told_at_night(stage: Stage, lena: Person, clip: Path) -> None:
    await quiet(lena, "22:00–07:00")
    await stage.draft(lena, clip, caption="New recipe")
    await stage.write_post(lena)
    await until_quiet(stage)
    stage.tiktok.faults.add(
        Fault(endpoint="processing", kind=FailProcessing(reason="duration_check_failed"))
    )
    await stage.post_now(lena)
    await stage.see_in_time(lena, "Not published")


async def test_quiet_hours_of_their_own(lena: Person) -> None:
    shown = await settings(lena)
    assert "🌙 Quiet hours: none" in shown.text
    asked = await tap(lena, "Quiet hours", shown, "Times are in Europe/Madrid (UTC+1)")
    assert asked.labels == [
        "22:00–07:00",
        "23:00–08:00",
        "00:00–09:00",
        "Other hours",
        "● None",
        "‹ Settings",
    ]
    start = await tap(lena, "Other hours", asked, "Quiet from when?")
    end = await tap(lena, "13:00", start, "Quiet from 13:00 until when?")
    assert end.labels[0] == "14:00" and "13:00" not in end.labels
    start = await tap(lena, "Back", end, "Quiet from when?")
    end = await tap(lena, "13:00", start, "until when?")
    shown = await tap(lena, "16:00", end, "🌙 Quiet hours: 13:00–16:00")
    asked = await tap(lena, "Quiet hours", shown, "When shall I be quiet?")
    assert "● 13:00–16:00" in asked.labels
    await tap(lena, "None", asked, "🌙 Quiet hours: none")


async def test_quiet_hours_need_a_clock(ana: Person) -> None:
    shown = await settings(ana)
    await tap(ana, "Quiet hours", shown, "Quiet hours are by your clock, so I need to know it")


async def test_turning_quiet_hours_off_brings_what_waits(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await quiet(lena, "22:00–07:00")
    await stage.draft(lena, clip, caption="New recipe")
    await stage.write_post(lena)
    await until_quiet(stage)
    card = await stage.post_now(lena)
    await stage.see_in_time(lena, "✅ Published", after=card)
    await stage.at_rest()
    await quiet(lena, "None")
    await lena.see("✅ Published on @lena.cooks")


async def test_failures_only(stage: Stage, lena: Person, clip: Path) -> None:
    shown = await settings(lena)
    assert "🔔 Notices: all" in shown.text
    asked = await tap(lena, "Notices", shown, "What shall I tell you of?")
    assert asked.labels == ["● All", "Failures only", "‹ Settings"]
    await tap(lena, "Failures only", asked, "🔔 Notices: failures only")

    card = await stage.posted_now(lena, clip, caption="Silent")
    await stage.see_in_time(lena, "✅ Published", after=card)
    await stage.at_rest()

    stage.tiktok.faults.add(
        Fault(endpoint="processing", kind=FailProcessing(reason="duration_check_failed"))
    )
    await stage.posted_now(lena, clip, caption="Trouble")
    failed = await stage.see_in_time(lena, "Not published")
    assert "Trouble" in failed.text
    assert lena.count("✅ Published on") == 0


async def test_new_drafts_go_to_the_account_chosen_for_them(
    stage: Stage, lena: Person, clip: Path
) -> None:
    shown = await settings(lena)
    assert "New drafts" not in " ".join(shown.labels), "there is just one"
    await stage.connect(lena, username="quiet_max")
    card = await stage.draft(lena, clip)
    assert "no account chosen yet" in card.text

    shown = await settings(lena)
    assert "👤 New drafts: I choose the account each time" in shown.text
    asked = await tap(lena, "New drafts", shown, "Which account do new drafts go to?")
    assert asked.labels == [
        "Lena Cooks · @lena.cooks",
        "Max · @quiet_max",
        "● I choose each time",
        "‹ Settings",
    ]
    await tap(lena, "@quiet_max", asked, "👤 New drafts go to @quiet_max")
    card = await stage.draft(lena, clip)
    assert "(@quiet_max)" in card.text
    assert "👁 not chosen yet" in card.text, "nothing else may be chosen beforehand"


async def test_a_default_account_that_is_gone_is_none(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.connect(lena, username="quiet_max")
    asked = await tap(lena, "New drafts", await settings(lena), "Which account")
    await tap(lena, "@quiet_max", asked, "👤 New drafts go to @quiet_max")
    sent = await lena.send("/accounts")
    listed = await lena.see("Your TikTok accounts", after=sent)
    details = await tap(lena, "Details · @quiet_max", listed, "TikTok's permission lasts until")
    sure = await tap(lena, "Disconnect", details, "Disconnect @quiet_max?")
    await tap(lena, "Disconnect", sure, "Disconnected @quiet_max.")
    card = await stage.draft(lena, clip)
    assert "(@lena.cooks)" in card.text, "it is the only one now"


async def test_settings_that_nobody_offered_are_refused(lena: Person) -> None:
    shown = await settings(lena)
    for data in (
        "s1:setquiet:60-60",
        "s1:setquiet:1-2",
        "s1:setquiet:x",
        "s1:quietuntil:7",
        "s1:setnotices:none",
        "s1:setnewdrafts:99",
        "s1:setnewdrafts:x",
        "s1:dance:",
    ):
        await lena.tap(data=data, message=shown)
        told = await lena.see("That button is from an older version of me.", after=shown)
        await lena.delete(told)
    shown = await settings(lena)
    assert "Quiet hours: none" in shown.text and "Notices: all" in shown.text
