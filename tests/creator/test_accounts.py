"""The accounts a creator has connected: seeing them and letting them go."""

from pathlib import Path

from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok import DropBefore, Fault
from tests.stage import Stage


async def ask_to_disconnect(person: Person) -> ChatMessage:
    """Up to the question whether they mean it."""
    sent = await person.send("/accounts")
    listed = await person.see("Your TikTok accounts", after=sent)
    await person.tap("Details", message=listed)
    details = await person.see("TikTok's permission lasts until", after=listed)
    await person.tap("Disconnect", message=details)
    return await person.see("Disconnect @lena.cooks?", after=details)


async def test_disconnecting_gives_the_permission_back(stage: Stage, lena: Person) -> None:
    asked = await ask_to_disconnect(lena)
    await lena.tap("Keep it", message=asked)
    kept = await lena.see("✅ connected", after=asked)

    await lena.tap("Disconnect", message=kept)
    asked = await lena.see("Disconnect @lena.cooks?", after=kept)
    await lena.tap("Disconnect", message=asked)
    done = await lena.see("Disconnected @lena.cooks.", after=asked)

    assert "TikTok could not be told" not in done.text
    assert [call.code for call in stage.tiktok.calls if call.endpoint == "oauth/revoke"] == ["ok"]
    assert not stage.tiktok.state.access_tokens
    await lena.send("/accounts")
    await lena.see("No TikTok account is connected yet")
    assert await lena.tap("Connect TikTok") is None
    await lena.see("works once and for 10 minutes", after=done)


async def test_disconnecting_while_tiktok_is_away_says_what_is_left_to_do(
    stage: Stage, lena: Person
) -> None:
    stage.tiktok.faults.add(Fault(endpoint="oauth/revoke", kind=DropBefore()))

    asked = await ask_to_disconnect(lena)
    await lena.tap("Disconnect", message=asked)

    done = await lena.see("Disconnected @lena.cooks.", after=asked)
    assert "TikTok could not be told" in done.text
    assert "Manage app permissions" in done.text
    await lena.send("/accounts")
    await lena.see("No TikTok account is connected yet")


async def test_a_draft_of_an_account_let_go_asks_for_another(
    stage: Stage, lena: Person, clip: Path
) -> None:
    draft = await stage.draft(lena, clip)
    assert "Lena Cooks (@lena.cooks)" in draft.text
    asked = await ask_to_disconnect(lena)
    await lena.tap("Disconnect", message=asked)
    await lena.see("Disconnected @lena.cooks.", after=asked)

    await lena.tap("Privacy", message=draft)
    await lena.see("No TikTok account is connected yet. Send /connect", after=draft)

    await stage.connect(lena, username="quiet_max")
    await lena.tap("Back", message=draft)
    await lena.see("📝 Draft", after=draft)
    chooser = await stage.open(lena, "Account", "Which account does it go to?")
    await lena.tap("Max", message=chooser)
    await lena.see("👤 Max (@quiet_max)", after=chooser)


async def test_a_permission_taken_away_at_tiktok_still_ends_cleanly(
    stage: Stage, lena: Person
) -> None:
    stage.tiktok.state.access_tokens.clear()
    stage.tiktok.state.refresh_tokens.clear()

    asked = await ask_to_disconnect(lena)
    await lena.tap("Disconnect", message=asked)

    await lena.see("Disconnected @lena.cooks.", after=asked)
    await lena.send("/accounts")
    await lena.see("No TikTok account is connected yet")
