"""The moment an account is connected: drafts that waited, a reloaded page, a second thought."""

from pathlib import Path

from sandbox.telegram import Person
from tests.creator.test_connecting import accounts_of, revocations
from tests.stage import Stage


async def test_a_draft_from_before_the_first_account_goes_on_by_itself(
    stage: Stage, ana: Person, clip: Path
) -> None:
    old = await stage.draft(ana, clip, caption="Came first")
    assert "👤 no account chosen yet" in old.text

    told = await stage.connect(ana)

    card = await ana.see("Your draft has its account. Next: choose who can see it", after=told)
    assert "👤 Lena Cooks (@lena.cooks)" in card.text
    assert "Came first" in card.text
    await stage.until(lambda: ana.count("Came first") == 1)
    await stage.write_post(ana)
    await stage.post_now(ana)
    await stage.see_in_time(ana, "✅ Published on @lena.cooks")


async def test_a_second_account_is_given_to_no_draft(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.connect(lena, username="quiet_max")
    card = await stage.draft(lena, clip, caption="For whom?")
    assert "👤 no account chosen yet" in card.text

    await stage.connect(lena, username="short.sam")

    sent = await lena.send("/posts")
    shown = await lena.see("Drafts", after=sent)
    await lena.tap("1", message=shown)
    await lena.see("👤 no account chosen yet", after=shown)
    assert lena.count("Your draft has its account") == 0


async def test_only_the_latest_drafts_come_to_the_end_of_the_chat(
    stage: Stage, ana: Person, clip: Path
) -> None:
    cards = [await stage.draft(ana, clip, caption=f"Number {number}") for number in range(5)]
    await stage.connect(ana)
    await stage.until(lambda: ana.count("Your draft has its account") == 3)
    assert ana.count("Number 4") == 1
    await ana.tap("Privacy", message=cards[0])  # an older card is as good as ever
    await ana.see("Who can see this post?", after=cards[0])


async def test_reloading_the_page_shows_the_same_success(stage: Stage, ana: Person) -> None:
    back = await stage.decide_at_tiktok(await stage.ask_to_connect(ana))
    first = await stage.browse(back)
    again = await stage.browse(back)

    assert (first.status_code, again.status_code) == (200, 200)
    assert "Connected @lena.cooks" in again.text
    exchanges = [call for call in stage.tiktok.calls if call.endpoint == "oauth/token"]
    assert len(exchanges) == 1
    await ana.see("Connected: Lena Cooks")
    assert ana.count("Connected:") == 1


async def test_not_mine_asks_once_and_then_stays_undone(stage: Stage, ana: Person) -> None:
    told = await stage.connect(ana)
    await ana.tap("Not mine, undo", message=told)
    asked = await ana.see("Disconnect @lena.cooks?", after=told)
    assert revocations(stage) == 0
    await ana.tap("Disconnect", message=asked)
    await ana.tap("Disconnect", message=asked)
    await ana.see("Disconnected @lena.cooks.", after=asked)
    assert "No TikTok account is connected yet" in await accounts_of(ana)
    assert revocations(stage) == 1
    assert not stage.tiktok.state.refresh_tokens
    assert ana.count("I cannot find that") == 0

    account = next(each.data for row in told.buttons for each in row).split(":")[1]  # type: ignore[union-attr]  # it carries data
    shown = await ana.see("TikTok account")
    await ana.tap(data=f"a1:{account}:disc", message=shown)
    await ana.see("@lena.cooks is not connected any more.", after=shown)


async def test_two_creators_of_one_account_part_without_harm(stage: Stage, clip: Path) -> None:
    ana, ben = await stage.creator(42, "Ana"), await stage.creator(43, "Ben")
    sent = await ana.send("/accounts")
    shown = await ana.see("Your TikTok accounts", after=sent)
    await ana.tap("Details", message=shown)
    shown = await ana.see("TikTok's permission lasts until", after=shown)
    await ana.tap("Disconnect", message=shown)
    asked = await ana.see("Disconnect @lena.cooks?", after=shown)
    await ana.tap("Disconnect", message=asked)
    await ana.see("Disconnected @lena.cooks.", after=asked)

    assert revocations(stage) == 0
    assert "No TikTok account is connected yet" in await accounts_of(ana)
    await stage.posted_now(ben, clip)
    await stage.see_in_time(ben, "✅ Published on @lena.cooks")
    sent = await ben.send("/accounts")
    shown = await ben.see("✅ connected", after=sent)
    await ben.tap("Details", message=shown)
    shown = await ben.see("TikTok's permission lasts until", after=shown)
    await ben.tap("Disconnect", message=shown)
    asked = await ben.see("Disconnect @lena.cooks?", after=shown)
    await ben.tap("Disconnect", message=asked)
    await ben.see("Disconnected @lena.cooks.", after=asked)
    assert revocations(stage) == 1, "the last one gives it back"
