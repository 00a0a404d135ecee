"""A creator looks at how their posts did."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok import FailProcessing, Fault
from tests.stage import Stage

HOUR = timedelta(hours=1)


@pytest.fixture
async def app(unstarted: Stage) -> App:
    """A bot whose app has TikTok's scope for numbers."""
    unstarted.environment["TIKTOK_VIDEO_LIST"] = "true"
    unstarted.tiktok.access_lifetime = 30 * 24 * 3600
    return await unstarted.start_bot()


async def ask(person: Person) -> ChatMessage:
    sent = await person.send("/stats")
    return await person.see("Statistics", after=sent)


async def publish(stage: Stage, person: Person, clip: Path) -> None:
    card = await stage.posted_now(person, clip)
    await stage.see_in_time(person, "✅ Published on", after=card)


@pytest.mark.usefixtures("app")
async def test_before_the_first_post_there_is_nothing_to_draw(unstarted: Stage) -> None:
    lena = await unstarted.creator(name="Lena")
    told = await ask(lena)
    assert "Published: 0" in told.text
    assert "Success rate" not in told.text
    assert "TikTok has counted no views yet." in told.text
    assert "too little data, 0 of 20 posts" in told.text
    await lena.send("/help")
    await lena.see("How it works")
    assert not any(message.has_photo for message in lena.chat)


async def test_numbers_first_then_their_picture(app: App, unstarted: Stage, clip: Path) -> None:
    stage = unstarted
    lena = await stage.creator(name="Lena")
    await publish(stage, lena, clip)
    await stage.scheduled(lena, clip, when="in 30h")
    stage.clock.jump(20 * HOUR)
    await app.services.upkeep.count_views()

    told = await ask(lena)
    for line in (
        "Published: 1 · ❌ Not published: 0 · ⏰ Scheduled: 1",
        "Success rate: 100 %",
        "Live after its time: half within",
        "With a post: 1 day in a row",
        "Next 7 days",
        "Wed 13 Jan: 1 post",
        "1 post counted by TikTok, last on Wed 13 Jan, 09:00",
        "too little data, 0 of 20 posts",
    ):
        assert line in told.text, line
    assert "👁 " in told.text
    assert "👁 0 " not in told.text
    picture = await lena.see("Statistics of all accounts", after=told, timeout=30)
    assert picture.has_photo
    assert ("sendChatAction", "upload_photo") in [
        (call.method, call.parameters.get("action")) for call in stage.telegram.calls
    ]


@pytest.mark.usefixtures("app")
async def test_what_went_wrong_counts_too(unstarted: Stage, clip: Path) -> None:
    stage = unstarted
    lena = await stage.creator(name="Lena")
    await publish(stage, lena, clip)
    stage.tiktok.faults.add(
        Fault(endpoint="processing", kind=FailProcessing(reason="spam_risk_text"))
    )
    await stage.posted_now(lena, clip)
    await stage.see_in_time(lena, "❌ Not published")
    told = await ask(lena)
    assert "Published: 1 · ❌ Not published: 1" in told.text
    assert "Success rate: 50 %" in told.text


@pytest.mark.usefixtures("app")
async def test_each_account_has_its_own_numbers(unstarted: Stage, clip: Path) -> None:
    stage = unstarted
    lena = await stage.creator(name="Lena")
    await publish(stage, lena, clip)
    await stage.connect(lena, username="short.sam")
    told = await ask(lena)
    assert told.labels == ["● All accounts", "@lena.cooks", "@short.sam"]
    await lena.tap("@short.sam", message=told)
    of_sam = await lena.see("Statistics · @short.sam", after=told)
    assert of_sam.id == told.id, "in the same message"
    assert "Published: 0" in of_sam.text
    assert of_sam.labels == ["All accounts", "@lena.cooks", "● @short.sam"]
    await lena.tap("All accounts", message=of_sam)
    assert "Published: 1" in (await lena.see("Statistics · all", after=of_sam)).text


async def test_an_account_that_did_not_grant_numbers_can_be_reconnected(
    app: App, unstarted: Stage, clip: Path
) -> None:
    stage = unstarted
    lena = await stage.meet(name="Lena")
    url = await stage.ask_to_connect(lena)
    page = await stage.open_consent_page(url, without="video.list")
    assert page.status_code == 200, "posting goes without it"
    await stage.set_zone(lena)
    await publish(stage, lena, clip)
    await app.services.upkeep.count_views()
    assert not [call for call in stage.tiktok.calls if call.endpoint == "video/query"]

    told = await ask(lena)
    assert "No views of @lena.cooks: reconnect" in told.text
    await lena.tap("Reconnect @lena.cooks", message=told)
    card = await lena.see("works once and for 10 minutes", after=told)
    url = await lena.tap("Connect TikTok", message=card) or ""
    await stage.open_consent_page(url)
    await lena.see("Connected:", after=card)
    stage.clock.jump(HOUR)
    await app.services.upkeep.count_views()
    again = await ask(lena)
    assert "1 post counted by TikTok" in again.text
    assert again.labels == []


async def test_an_app_without_the_scope_asks_for_none(stage: Stage, clip: Path) -> None:
    lena = await stage.creator(name="Lena")
    assert "video.list" not in (await stage.ask_to_connect(lena))
    await publish(stage, lena, clip)
    told = await ask(lena)
    assert "TikTok does not tell this ClipCue how often posts are seen." in told.text
    assert told.labels == [], "reconnecting would change nothing"


@pytest.mark.usefixtures("app")
async def test_a_strangers_account_is_not_found(unstarted: Stage) -> None:
    await unstarted.creator(name="Lena")
    max_ = await unstarted.meet(user_id=77, name="Max")
    told = await ask(max_)
    await max_.tap(data="n1:1", message=told)
    await max_.see("I cannot find that any more", after=told)
