"""Connecting a TikTok account: what can go wrong on the way, and that nothing is left behind."""

from datetime import timedelta

import pytest

from sandbox.telegram import Person
from sandbox.tiktok import DropBefore, Fault, LoseAnswer, Refuse
from tests.stage import Stage

CALLBACK = "/api/social/tiktok/callback"


async def accounts_of(person: Person) -> str:
    """What `/accounts` shows."""
    sent = await person.send("/accounts")
    return (await person.see("TikTok account", after=sent)).text


def revocations(stage: Stage) -> int:
    return sum(call.endpoint == "oauth/revoke" and call.code == "ok" for call in stage.tiktok.calls)


async def test_a_link_nobody_asked_for_connects_nothing(stage: Stage, ana: Person) -> None:
    page = await stage.browse(f"{CALLBACK}?state=made-up&code=made-up")

    assert page.status_code == 400
    assert "This link is not known here" in page.text
    assert "send /connect for a new link" in page.text
    assert "No TikTok account is connected yet" in await accounts_of(ana)
    assert not stage.tiktok.calls, "no code is exchanged for a state that is not ours"


async def test_a_link_is_good_for_ten_minutes(stage: Stage, ana: Person) -> None:
    url = await stage.ask_to_connect(ana)
    stage.clock.jump(timedelta(minutes=11))

    page = await stage.open_consent_page(url)

    assert page.status_code == 400
    assert "This link is too old" in page.text
    assert "No TikTok account is connected yet" in await accounts_of(ana)


async def test_a_link_works_once(stage: Stage, ana: Person) -> None:
    url = await stage.ask_to_connect(ana)
    back = await stage.decide_at_tiktok(url)
    assert (await stage.browse(back)).status_code == 200
    await ana.see("Connected: Lena Cooks")

    page = await stage.open_consent_page(url, username="quiet_max")

    assert page.status_code == 400
    assert "This link was used already" in page.text
    assert ana.count("Connected:") == 1
    assert "Max" not in await accounts_of(ana)


async def test_saying_no_at_tiktok_connects_nothing(stage: Stage, ana: Person) -> None:
    url = await stage.ask_to_connect(ana)

    page = await stage.open_consent_page(url, decision="deny")

    assert page.status_code == 400
    assert "You said no at TikTok, so nothing was connected." in page.text
    assert "No TikTok account is connected yet" in await accounts_of(ana)
    await stage.connect(ana)


async def test_leaving_out_a_permission_gives_the_rest_back(stage: Stage, ana: Person) -> None:
    url = await stage.ask_to_connect(ana)

    page = await stage.open_consent_page(url, without="video.publish")

    assert page.status_code == 400
    assert "A permission is missing" in page.text
    assert "Nothing was kept" in page.text
    assert revocations(stage) == 1
    assert not stage.tiktok.state.access_tokens
    assert not stage.tiktok.state.refresh_tokens
    assert "No TikTok account is connected yet" in await accounts_of(ana)


async def test_reconnecting_with_a_permission_left_out_keeps_the_old_connection(
    stage: Stage, ana: Person
) -> None:
    await stage.connect(ana)
    url = await stage.ask_to_connect(ana)

    page = await stage.open_consent_page(url, without="video.publish")

    assert "A permission is missing" in page.text
    assert revocations(stage) == 0, "giving back would end the connection that works"
    assert "Lena Cooks (@lena.cooks): ✅ connected" in await accounts_of(ana)


async def test_a_code_that_fails_is_told_with_tiktoks_word(stage: Stage, ana: Person) -> None:
    url = await stage.ask_to_connect(ana)
    back = await stage.decide_at_tiktok(url)
    state = back.partition("state=")[2]

    page = await stage.browse(f"{CALLBACK}?code=not-a-code&state={state}")

    assert page.status_code == 400
    assert "TikTok did not finish the connection" in page.text
    assert "invalid_grant" in page.text
    assert "No TikTok account is connected yet" in await accounts_of(ana)


async def test_tiktok_away_during_the_exchange_means_a_new_link(stage: Stage, ana: Person) -> None:
    for kind in (Refuse(status=503), DropBefore(), LoseAnswer()):
        stage.tiktok.faults.add(Fault(endpoint="oauth/token", kind=kind))
        page = await stage.open_consent_page(await stage.ask_to_connect(ana))
        assert page.status_code == 400
        assert "TikTok did not finish the connection" in page.text
        assert "Nothing was connected" in page.text
    assert "No TikTok account is connected yet" in await accounts_of(ana)

    await stage.connect(ana)
    assert ana.count("Connected:") == 1


@pytest.mark.parametrize("kind", [Refuse(status=500), DropBefore()])
async def test_an_account_is_kept_though_tiktok_does_not_tell_its_handle(
    stage: Stage, ana: Person, kind: Refuse | DropBefore
) -> None:
    stage.tiktok.faults.add(Fault(endpoint="creator_info/query", kind=kind))

    page = await stage.open_consent_page(await stage.ask_to_connect(ana))

    assert page.status_code == 200
    assert "Lena Cooks" in page.text
    await ana.see("Connected: Lena Cooks")


async def test_connecting_the_same_account_again_keeps_one(stage: Stage, ana: Person) -> None:
    await stage.connect(ana)
    stage.tiktok.creators["lena.cooks"].nickname = "Lena & Co <3"
    await stage.connect(ana)

    shown = await accounts_of(ana)

    assert shown.count("@lena.cooks") == 1
    assert "Lena & Co <3" in shown
    assert ana.count("Connected:") == 2


async def test_a_link_that_another_person_opens_connects_to_whoever_asked(stage: Stage) -> None:
    ana, ben = await stage.meet(42, "Ana"), await stage.meet(43, "Ben")
    url = await stage.ask_to_connect(ana)

    await stage.open_consent_page(url, username="quiet_max")  # Ben's browser, Ana's link

    await ana.see("Connected: Max")
    assert ben.count("Connected") == 0
    assert "No TikTok account is connected yet" in await accounts_of(ben)


async def test_a_deep_link_leads_straight_to_the_button(stage: Stage, ana: Person) -> None:
    sent = await ana.send("/start connect")
    card = await ana.see("Connect your TikTok account", after=sent)
    url = await ana.tap("Connect TikTok", message=card)
    assert url is not None
    assert url.startswith(f"{stage.ends_url}/tiktok/v2/auth/authorize/?")
