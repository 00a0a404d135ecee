"""The control panel, used through HTTP as its page does."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from sandbox.tiktok import Fault, LoseAnswer, TikTok
from sandbox.tiktok.clock import Clock
from tests.sandbox_tiktok import caller
from tests.sandbox_tiktok.caller import FORM, HERE, Caller, caller_of, video
from tests.sandbox_tiktok.panel import panel, press


@pytest.fixture(name="world")
def _world() -> TikTok:
    return TikTok(now=Clock(real=caller.Clock()))


@pytest.fixture(name="here")
async def _here(world: TikTok) -> AsyncIterator[Caller]:
    async with caller_of(world.app, HERE) as caller:
        yield caller


# Who may use it


@pytest.mark.parametrize(
    ("base", "client", "headers"),
    [
        ("http://127.0.0.1/", "192.168.1.7", {}),  # another machine
        ("http://bot.example/", "127.0.0.1", {}),  # a tunnel, or a name bent to this machine
        ("http://127.0.0.1/", "127.0.0.1", {"Origin": "https://evil.example"}),
        ("http://127.0.0.1/", "127.0.0.1", {"Origin": "http://127.0.0.1:9999"}),
        ("http://127.0.0.1/", "127.0.0.1", {"Origin": "null"}),
        ("http://127.0.0.1/", "127.0.0.1", {"Sec-Fetch-Site": "cross-site"}),
        ("http://127.0.0.1/", "127.0.0.1", {"Sec-Fetch-Site": "same-site"}),
    ],
)
async def test_nobody_else_may_use_it(
    world: TikTok, base: str, client: str, headers: dict[str, str]
) -> None:
    transport = httpx.ASGITransport(app=world.app, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as http:
        assert (await http.get("panel")).status_code == 403
        sent = await http.post("panel/jump", data={"by": "+1 day"})
    assert sent.status_code == 403
    assert world.now() == caller.Clock().time


@pytest.mark.parametrize("base", [HERE, "http://localhost:8080/", "http://[::1]:8080/"])
async def test_its_own_page_may(world: TikTok, base: str) -> None:
    async with caller_of(world.app, base) as here:
        here.http.headers["Origin"] = base.rstrip("/")
        assert await press(here, "jump", by="+1 min") == "The clock was put forward by 1 minute."


async def test_what_no_control_does_is_refused_in_words(here: Caller) -> None:
    assert (await here.http.post("panel/explode", data={})).status_code == 404
    assert (await here.http.get("panel/jump")).status_code == 405
    sent = await here.http.post("panel/jump", content=b"{}", headers={"Content-Type": "text/json"})
    assert sent.status_code == 303
    assert "Only application/x-www-form-urlencoded" in await panel(here)


# The clock


async def test_the_clock_jumps_forward(world: TikTok, here: Caller) -> None:
    start = world.now()
    assert "This is the real time." in await panel(here)
    for by, length in (
        ("+1 min", timedelta(minutes=1)),
        ("+10 min", timedelta(minutes=10)),
        ("+1 hour", timedelta(hours=1)),
        ("+1 day", timedelta(days=1)),
    ):
        before = world.now()
        assert "put forward" in await press(here, "jump", by=by)
        assert world.now() - before == length
    assert world.now() - start == timedelta(days=1, hours=1, minutes=11)
    page = await panel(here)
    assert "1 day 1 hour ahead of the real time." in page
    assert f'<time datetime="{world.now().isoformat()}">13:11:00' in page
    assert await press(here, "jump", by="-1 day") == "Choose how far"


async def test_the_clock_jumps_to_a_moment_ahead(world: TikTok, here: Caller) -> None:
    said = await press(here, "jump", by="to", moment="2026-12-24T18:30")
    assert said == "The clock was put forward by 32 days 6 hours."
    assert f"{world.now():%F %T}" == "2026-12-24 18:30:00"
    for wrong, reason in (
        ("2026-12-24T18:30", "only goes forward"),
        ("tomorrow", "Say when"),
        ("", "Say when"),
        ("9999-12-31T23:59", "at most"),
    ):
        assert reason in await press(here, "jump", by="to", moment=wrong)
    assert f"{world.now():%F %T}" == "2026-12-24 18:30:00"


async def test_what_is_due_on_the_way_may_hold_a_jump_up() -> None:
    clock = Clock(real=caller.Clock(), patience=0.05)

    async def next_due() -> datetime | None:
        if clock.ahead:
            await asyncio.sleep(1)
        return clock() + timedelta(minutes=5)

    clock.stop_at(next_due)
    async with caller_of(TikTok(now=clock).app, HERE) as here:
        said = await press(here, "jump", by="+1 hour")
        assert said == "Only to 12:05:00: what is due there is not done yet. Go on in a while"
        said = await press(here, "jump", by="+1 hour", asleep="on")
        assert said == "The clock was put forward by 1 hour, and nothing happened meanwhile."
        assert clock.ahead == timedelta(minutes=65)


async def test_the_real_time_may_catch_up(world: TikTok, here: Caller) -> None:
    assert "data-live disabled>Back to the real time" in await panel(here)
    await press(here, "jump", by="+1 hour")
    assert "data-live>Back to the real time" in await panel(here)
    assert "half speed" in await press(here, "catch-up")
    assert "running at half speed until that is met" in await panel(here)
    assert isinstance(world.now, Clock)
    assert world.now.slow


async def test_somebody_elses_clock_is_left_alone() -> None:
    world = TikTok(now=caller.Clock())
    async with caller_of(world.app, HERE) as here:
        assert "a clock that only its owner can move" in await panel(here)
        assert "somebody else's time" in await press(here, "jump", by="+1 min")
    assert world.now() == caller.Clock().time


# Pace, creators, tokens


async def test_the_pace_is_set(world: TikTok, here: Caller) -> None:
    said = await press(here, "pace", processing="90", moderation="3600", webhooks="on")
    assert said.startswith("Clips take 90 s to be processed and 3600 s to be let through.")
    assert (world.processing_delay, world.post_id_delay) == (90, 3600)
    for wrong in ("", "-1", "604801", "soon"):
        said = await press(here, "pace", processing="5", moderation=wrong, webhooks="on")
        assert said == "Moderation: a number from 0 to 604,800"
    assert (world.processing_delay, world.post_id_delay) == (90, 3600)


async def test_webhooks_are_switched_off_and_on() -> None:
    told: list[str] = []

    def take(request: httpx.Request) -> httpx.Response:
        told.append(json.loads(request.content)["user_openid"])
        return httpx.Response(200)

    world = TikTok(now=caller.Clock(), webhook_transport=httpx.MockTransport(take))
    world.webhook_url = "https://bot.example/webhook"
    async with caller_of(world.app, HERE) as here:
        await here.connect("lena.cooks")
        await here.connect("short.sam")
        said = await press(here, "pace", processing="1", moderation="0")
        assert said.endswith("The bot is not told, it has to ask.")
        assert 'name="webhooks">' in await panel(here)
        await press(here, "remove-app", creator="lena.cooks")
        await press(here, "pace", processing="1", moderation="0", webhooks="on")
        assert 'name="webhooks" checked>' in await panel(here)
        await press(here, "remove-app", creator="short.sam")
        async with asyncio.timeout(5):
            while not told:  # noqa: ASYNC110 - the far end has no event for it
                await asyncio.sleep(0.01)
    await world.aclose()
    assert told == [world.creators["short.sam"].open_id], "what went before would come first"


async def test_a_creators_settings_are_changed_as_in_tiktoks_app(here: Caller) -> None:
    token = await here.connect("lena.cooks")
    said = await press(
        here,
        "creator",
        creator="lena.cooks",
        private="on",
        comments="on",
        stitches="on",
        longest="30",
        posting="",
    )
    assert said == "Lena Cooks is saved."
    info = (await here.creator_info(token)).json()["data"]
    assert info["privacy_level_options"][0] == "FOLLOWER_OF_CREATOR"
    assert (info["comment_disabled"], info["stitch_disabled"]) == (True, True)
    assert info["max_video_post_duration_sec"] == 30
    await press(here, "creator", creator="lena.cooks", duets="on", longest="60", posting="")
    info = (await here.creator_info(token)).json()["data"]
    assert info["privacy_level_options"][0] == "PUBLIC_TO_EVERYONE"
    assert (info["comment_disabled"], info["duet_disabled"], info["stitch_disabled"]) == (0, 1, 0)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"creator": "nobody", "longest": "60", "posting": ""}, "There is no such creator"),
        (
            {"creator": "lena.cooks", "longest": "0", "posting": ""},
            "Longest video: a number from 1",
        ),
        ({"creator": "lena.cooks", "longest": "60", "posting": "no"}, "whether they can post"),
    ],
)
async def test_half_a_change_of_a_creator_is_none(
    world: TikTok, here: Caller, form: dict[str, str], reason: str
) -> None:
    assert reason in await press(here, "creator", private="on", **form)
    assert not world.creators["lena.cooks"].private


@pytest.mark.parametrize(
    "code",
    [
        "spam_risk_too_many_posts",
        "spam_risk_user_banned_from_posting",
        "reached_active_user_cap",
    ],
)
async def test_a_creator_cannot_post_until_they_can(here: Caller, code: str) -> None:
    token = await here.connect("lena.cooks")
    await press(here, "creator", creator="lena.cooks", longest="60", posting=code)
    info, init = await here.creator_info(token), await here.init(token, video(15))
    assert (info.status_code, init.status_code) == (200, 403)
    assert [each.json()["error"]["code"] for each in (info, init)] == [code, code]
    await press(here, "creator", creator="lena.cooks", longest="60", posting="")
    assert (await here.creator_info(token)).json()["error"]["code"] == "ok"


async def test_tokens_end_by_hand(here: Caller) -> None:
    other = await here.connect("short.sam")
    tokens = await here.exchange((await here.consent("lena.cooks"))["code"])
    page = await panel(here)
    assert "Connected, access for 2 hours" in page
    assert "Not connected" in page, "Max is not"

    said = await press(here, "expire-access", creator="lena.cooks")
    assert said == "Lena Cooks: 1 access token has ended."
    assert "Connected, access has ended" in await panel(here)
    assert (await here.creator_info(tokens["access_token"])).status_code == 401
    renewed = await here.refresh(tokens["refresh_token"])
    assert (await here.creator_info(renewed["access_token"])).status_code == 200

    said = await press(here, "expire-refresh", creator="lena.cooks")
    assert said == "Lena Cooks: 1 refresh token has ended."
    assert "Access for 2 hours, nothing to renew it" in await panel(here)
    assert (await here.refresh(renewed["refresh_token"]))["error"] == "invalid_grant"
    assert (await here.creator_info(renewed["access_token"])).status_code == 200

    assert "removed the app" in await press(here, "remove-app", creator="lena.cooks")
    assert (await here.creator_info(renewed["access_token"])).status_code == 401
    assert (await here.creator_info(other)).status_code == 200
    assert "0 access tokens have" in await press(here, "expire-access", creator="lena.cooks")
    for action in ("expire-access", "expire-refresh", "remove-app"):
        assert "no such creator" in await press(here, action, creator="nobody")


# What was called


async def test_the_last_calls_are_shown_and_no_secret_with_them(
    world: TikTok, here: Caller
) -> None:
    assert "No call yet." in await panel(here)
    back = await here.consent("lena.cooks")
    tokens = await here.exchange(back["code"])
    world.faults.add(Fault(endpoint="video/init", kind=LoseAnswer()))
    with pytest.raises(httpx.RemoteProtocolError):
        await here.init(tokens["access_token"], video(15))
    await press(here, "jump", by="+1 hour")
    await here.creator_info("act.wrong")
    page = await panel(here)
    rows = [
        [cell.split("</td>")[0].replace("<wbr>", "") for cell in row.split("<td>")[1:]]
        for row in page.split("<tbody>")[1].split("<tr")[1:]
    ]
    assert rows == [
        ["13:00:00", "creator_info/query", "401", "access_token_invalid"],
        ["12:00:00", "video/init", "200", 'ok <span class="small">(done, the answer lost)</span>'],
        ["12:00:00", "oauth/token", "200", "ok"],
        ["12:00:00", "authorize", "303", "ok"],
    ]
    (upload,) = world.uploads
    secrets = [back["code"], tokens["access_token"], tokens["refresh_token"], upload.token]
    for path in ("panel", "/", "@lena.cooks"):
        shown = (await here.http.get(path)).text
        assert not [secret for secret in [*secrets, world.client_secret] if secret in shown]


async def test_settings_outlast_a_restart_and_trouble_does_not(tmp_path: Any) -> None:
    first = TikTok(now=caller.Clock(), folder=tmp_path)
    async with caller_of(first.app, HERE) as here:
        await press(
            here,
            "creator",
            creator="short.sam",
            private="on",
            longest="9",
            posting="reached_active_user_cap",
        )
        await press(here, "trouble", place="upload", trouble="drop", always="on")
    again = TikTok(now=caller.Clock(), folder=tmp_path)
    sam = again.creators["short.sam"]
    assert (sam.private, sam.max_video_post_duration_sec) == (True, 9)
    assert sam.cannot_post == "reached_active_user_cap"
    assert again.faults.waiting == []


async def test_a_form_is_urlencoded_as_a_browser_sends_it(here: Caller) -> None:
    sent = await here.http.post(
        "panel/jump", content=b"by=%2B1+hour", headers={"Content-Type": FORM, "Origin": HERE[:-1]}
    )
    assert sent.status_code == 303
    assert "1 hour ahead" in await panel(here)
