"""The sandbox's clock is put forward on its panel, and the bot lives by it."""

from datetime import datetime, timedelta
from pathlib import Path

import httpx

from bot.far_ends import far_ends
from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok import Fault, Slow
from tests.clock import Clock
from tests.creator.conftest import NOON
from tests.newcomer import alone, press
from tests.stage import Stage, a_browser


async def planned(stage: Stage, clip: Path, *whens: str) -> tuple[Person, ChatMessage]:
    """A creator with a post for each of these times; returns the last card as well."""
    lena = await stage.creator(name="Lena")
    for when in whens:
        card = await stage.scheduled(lena, clip, caption=f"Post {when}", when=when)
    return lena, card


def posted_at(stage: Stage) -> list[datetime]:
    return [post.published_at for post in stage.tiktok.posts]


async def test_a_post_for_tomorrow_goes_out_within_a_jump_and_in_time(
    tmp_path: Path, clip: Path
) -> None:
    async with alone(tmp_path, Clock(NOON)) as stage:
        lena, card = await planned(stage, clip, "in 2h", "in 5h")

        page = await press(stage, "jump", by="+1 day")

        assert "The clock was put forward by 1 day." in page
        for when in ("in 2h", "in 5h"):
            told = await lena.see(f"“Post {when}”", after=card)
            assert "✅ Published on @lena.cooks" in told.text
            assert "late" not in told.text
        assert [round((at - NOON) / timedelta(hours=1), 1) for at in posted_at(stage)] == [2, 5]
        assert told.date > (NOON + timedelta(hours=5)).timestamp()
        async with a_browser() as browser:
            profile = await browser.get(f"{stage.bot_url}/sandbox/tiktok/@lena.cooks")
        assert "Post in 2h" in profile.text
        assert "Post in 5h" in profile.text


async def test_asleep_it_comes_too_late(tmp_path: Path, clip: Path) -> None:
    async with alone(tmp_path, Clock(NOON)) as stage:
        lena, card = await planned(stage, clip, "in 2h")

        page = await press(stage, "jump", by="+1 day", asleep="on")

        assert "nothing happened meanwhile" in page
        told = await lena.see("✋ Not published yet on @lena.cooks", after=card)
        assert "This post could not start in time." in told.text
        assert posted_at(stage) == []


async def test_a_jump_waits_for_a_slow_tiktok(tmp_path: Path, clip: Path) -> None:
    async with alone(tmp_path, Clock(NOON)) as stage:
        lena, card = await planned(stage, clip, "in 2h")
        stage.tiktok.faults.add(Fault(endpoint="video/init", kind=Slow(seconds=0.5)))
        await press(stage, "jump", by="+1 day")
        await lena.see("✅ Published on @lena.cooks", after=card)
        (at,) = posted_at(stage)
        assert at - NOON < timedelta(hours=2, minutes=2)


async def test_a_restart_leaves_the_time_where_it_was(tmp_path: Path, clip: Path) -> None:
    clock = Clock(NOON)
    async with alone(tmp_path, clock) as stage:
        await planned(stage, clip, "in 3h")
        await press(stage, "jump", by="+1 hour")
    async with alone(tmp_path, clock) as stage:
        before = clock()
        assert stage.tiktok.now() >= before + timedelta(hours=1)
        lena = stage.person(name="Lena")
        sent = await lena.send("/posts")
        page = await lena.see("Post in 3h", after=sent)
        await press(stage, "jump", by="to", moment="2027-01-12T15:30")
        await lena.see("✅ Published on @lena.cooks", after=page)
        (at,) = posted_at(stage)
        assert timedelta(hours=3) <= at - NOON < timedelta(hours=3, minutes=2)


async def test_upkeep_notices_a_jump_at_once(tmp_path: Path, clip: Path) -> None:
    async with alone(tmp_path, Clock(NOON)) as stage:
        await planned(stage, clip, "in 72h")
        connected = len(stage.tiktok.state.access_tokens)
        before = set(stage.tiktok.state.access_tokens)
        await press(stage, "jump", by="+1 day")
        await stage.until(lambda: not before & set(stage.tiktok.state.access_tokens))
        assert len(stage.tiktok.state.access_tokens) == connected, "renewed before it is needed"


async def test_real_far_ends_have_the_real_time(stage: Stage) -> None:
    ends = far_ends(stage.settings(), stage.clock)
    assert ends.clock is stage.clock
    assert ends.sandbox_clock is None
    async with httpx.AsyncClient() as browser:
        assert (await browser.get(f"{stage.bot_url}/sandbox/tiktok/panel")).status_code == 404
