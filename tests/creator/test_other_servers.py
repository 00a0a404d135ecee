"""Telegram's webhook instead of polling, and a Bot API server of the operator's own."""

import asyncio
import filecmp
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from bot.downloads import AT_ONCE
from bot.receiving import webhook_secret
from core.media.images.image import LARGEST_SOURCE
from sandbox.telegram import Person
from tests.clock import Clock
from tests.creator.conftest import NOON
from tests.stage import TOKEN, Stage, staged

UNASKED = "I was not waiting for a text."
SECRET = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def own_server(tmp_path: Path) -> AsyncIterator[Stage]:
    """A Bot API server run with --local, which shares its files; the test starts the bot."""
    async with staged(tmp_path, Clock(NOON), local=True) as stage:
        stage.environment["TELEGRAM_LOCAL_MODE"] = "true"
        yield stage


@pytest.fixture
async def called(own_server: Stage) -> Stage:
    """The same, which calls the bot."""
    own_server.environment["TELEGRAM_WEBHOOK"] = "true"
    await own_server.start_bot()
    return own_server


async def call(stage: Stage, update: Any, secret: str | None = None) -> httpx.Response:
    """Call the bot as Telegram does."""
    async with httpx.AsyncClient(base_url=stage.bot_url) as caller:
        headers = {SECRET: webhook_secret(TOKEN) if secret is None else secret}
        return await caller.post("/telegram/webhook", json=update, headers=headers)


def said(person: Person, number: int, text: str, message_id: int) -> dict[str, Any]:
    """An update as Telegram sends it."""
    someone = {"id": person.id, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    chat = {"id": person.id, "type": "private", "first_name": "Ana"}
    message = {"message_id": message_id, "date": 1, "chat": chat, "from": someone, "text": text}
    return {"update_id": number, "message": message}


async def test_a_clip_of_the_own_server_is_taken_over_without_a_copy(
    own_server: Stage, clip: Path
) -> None:
    stage = own_server
    await stage.start_bot()
    ana = await stage.meet()

    await stage.draft(ana, clip)

    (kept,), (download,) = stage.clips_on_disk, stage.telegram.files.downloads
    assert kept.stat().st_ino == download.inode
    assert filecmp.cmp(kept, clip, shallow=False)
    assert not download.path.exists(), "nothing is left behind on the server"


async def test_a_server_that_takes_long_is_waited_for(own_server: Stage, clip: Path) -> None:
    stage = own_server
    await stage.start_bot()
    ana = await stage.meet()
    stage.telegram.faults.slow("getFile", seconds=1.5)

    sent = await ana.send_clip(clip)

    told = await ana.see("My server fetches it from Telegram", after=sent)
    assert "(0:01 so far)" in told.text
    card = await ana.see("📝 Draft", after=sent)
    assert card.id == told.id


@pytest.mark.parametrize("where", ["elsewhere", "a link"])
async def test_a_clip_that_lies_where_it_may_not_be_taken_from(
    own_server: Stage, clip: Path, where: str
) -> None:
    stage = own_server
    files = stage.telegram.files
    if where == "elsewhere":
        stage.environment["TELEGRAM_LOCAL_FOLDER"] = str(stage.folder / "another")
    else:
        (files.local_folder / TOKEN).mkdir(parents=True)
        (stage.folder / "videos").mkdir()
        (files.local_folder / TOKEN / "videos").symlink_to(stage.folder / "videos")
    await stage.start_bot()
    ana = await stage.meet()

    with capture_logs() as logs:
        sent = await ana.send_clip(clip)
        told = await ana.see("I cannot get at that clip", after=sent)

    assert "tell the operator" in told.text and "/upload" in told.text
    assert not stage.clips_on_disk
    assert files.downloads[0].path.exists(), "it was left alone"
    assert "file_not_shared" in [line["event"] for line in logs]
    assert TOKEN not in str(logs)


async def test_the_own_server_hands_out_big_clips(own_server: Stage) -> None:
    stage = own_server
    await stage.start_bot()
    ana = await stage.meet()
    big = stage.clip("big.mp4", seconds=1, width=360, height=640, fps=24, pad_to=(20 << 20) + 1)
    await stage.draft(ana, big)


async def test_clips_that_the_own_server_takes_long_for_keep_nobody_waiting(
    own_server: Stage, clip: Path
) -> None:
    stage = own_server
    await stage.start_bot()
    lena, *others = [await stage.meet(42 + each) for each in range(1 + AT_ONCE)]
    stage.telegram.faults.slow("getFile", seconds=60, times=AT_ONCE)
    for other in others:
        await other.send_clip(clip)
    for other in others:
        await other.see("My server fetches it from Telegram")

    await stage.draft(lena, clip)


async def test_an_image_file_larger_than_any_is_looked_at_is_not_fetched(
    own_server: Stage,
) -> None:
    stage = own_server
    await stage.start_bot()
    ana = await stage.meet()
    image = stage.folder / "poster.png"
    image.touch()
    os.truncate(image, LARGEST_SOURCE + 1)

    sent = await ana.send_clip(image, as_="document")

    await ana.see("more pixels than I can take", after=sent)
    assert not [call for call in stage.telegram.calls if call.method == "getFile"]


async def test_a_whole_story_over_the_webhook(called: Stage, clip: Path) -> None:
    lena = await called.creator()
    await called.scheduled(lena, clip)
    called.clock.jump(timedelta(hours=2, minutes=1))
    await called.see_in_time(lena, "✅ Published on @lena.cooks")
    assert len(called.tiktok.posts) == 1
    assert not [call for call in called.telegram.calls if call.method == "getUpdates"]


async def test_the_webhook_is_for_telegram_only(called: Stage) -> None:
    ana = await called.meet()
    for secret in ("", "guess", TOKEN, "ü"):
        headers = {SECRET.encode(): secret.encode()}
        async with httpx.AsyncClient(base_url=called.bot_url) as caller:
            answer = await caller.post(
                "/telegram/webhook", json=said(ana, 1, "hello", 99), headers=headers
            )
        assert answer.status_code == 403
    assert ana.count(UNASKED) == 0


async def test_an_update_sent_twice_is_worked_off_once(called: Stage) -> None:
    ana = await called.meet()
    for number in (7, 7, 8, 7, 8):
        assert (await call(called, said(ana, number, "hello", 99))).status_code == 200
    await called.until(lambda: ana.count(UNASKED) == 2)
    await asyncio.sleep(0.1)
    assert ana.count(UNASKED) == 2


async def test_telegram_is_answered_once_the_update_is_stored(called: Stage) -> None:
    """However long it takes to work it off: a clip takes longer than Telegram waits."""
    ana = await called.meet()
    called.telegram.faults.slow("sendMessage", seconds=1)
    asked = monotonic()
    for number in (7, 8):
        assert (await call(called, said(ana, number, "hello", 99))).status_code == 200
    assert monotonic() - asked < 0.8
    await called.until(lambda: ana.count(UNASKED) == 2)


async def test_an_update_that_cannot_be_read_is_taken_all_the_same(called: Stage) -> None:
    ana = await called.meet()
    answer = await call(called, {"update_id": 7, "message": {"what": "is this"}})
    assert answer.status_code == 200, "else Telegram would send it again for a day"
    sent = await ana.send("/help")
    await ana.see("How it works", after=sent)
