"""What operators see of a creator's story: the measures, and whether all is well."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from bot.polling import Poller
from core.workers import Duty
from sandbox.telegram import Person
from sandbox.tiktok.faults import Fault, Refuse
from tests.clock import Clock
from tests.stage import TOKEN, Stage, staged

METRICS_TOKEN = "a-token-of-the-operators"

Measures = dict[tuple[str, ...], float]


async def measures(stage: Stage) -> Measures:
    """Every sample of /metrics by its name and the values of its labels."""
    page = await stage.browse("/metrics")
    assert page.status_code == 200, page.text
    return {
        (sample.name.removeprefix("clipcue_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
    }


async def test_a_story_with_a_mishap_is_measured(stage: Stage, lena: Person, clip: Path) -> None:
    stage.tiktok.faults.add(Fault(endpoint="upload", kind=Refuse(status=503)))
    await stage.scheduled(lena, clip, when="in 2h")
    before = await measures(stage)
    assert before["posts", "scheduled"] == 1
    assert before["claim_lateness_seconds_count",] == 0
    assert before["upload_bytes_total",] == 0

    stage.clock.jump(timedelta(hours=2, minutes=1))
    await stage.see_in_time(lena, "✅ Published")

    found = await measures(stage)
    assert (found["posts", "scheduled"], found["posts", "published"]) == (0, 1)
    assert found["claim_lateness_seconds_count",] == 1
    assert found["claim_lateness_seconds_sum",] < 120, "due times are whole minutes"
    assert found["publish_lateness_seconds_count",] == 1
    (post,) = stage.tiktok.posts
    assert found["upload_bytes_total",] == post.size
    assert found["tiktok_answers_total", "exchange", "ok"] == 1
    assert found["tiktok_answers_total", "init_video", "ok"] == 1
    assert found["tiktok_answers_total", "send_chunk", "upload_unavailable"] == 1
    assert found["tiktok_answers_total", "send_chunk", "ok"] == 1
    assert found["tiktok_answers_total", "publish_status", "ok"] >= 1
    assert found["telegram_answers_total", "200"] > before["telegram_answers_total", "200"]
    assert found["updates_total",] > 5
    assert found["overdue_seconds",] == 0
    assert found["telegram_silent_seconds",] < 60


async def test_a_notice_that_telegram_does_not_take_is_seen_waiting(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, when="in 2h")
    stage.telegram.faults.server_error("sendMessage", times=1000)
    stage.clock.jump(timedelta(hours=2, minutes=1))
    async with asyncio.timeout(20):
        while ("telegram_answers_total", "500") not in await measures(stage):
            stage.clock.jump(timedelta(seconds=2))
            await asyncio.sleep(0.1)
    stage.clock.jump(timedelta(minutes=3))
    found = await measures(stage)
    assert found["notices_waiting",] == 1
    assert found["notice_oldest_seconds",] >= 180


async def test_the_pages_tell_nothing_of_creators(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip, caption="A quiet caption")
    told = "".join(
        [(await stage.browse(path)).text for path in ("/metrics", "/readyz", "/healthz")]
    )
    tokens = [*stage.tiktok.state.access_tokens, *stage.tiktok.state.refresh_tokens]
    assert "clipcue_posts" in told and tokens
    for private in ("lena", "Lena", "quiet caption", TOKEN, *tokens):
        assert private not in told, private


async def test_through_a_proxy_only_the_token_opens(unstarted: Stage) -> None:
    unstarted.environment["METRICS_TOKEN"] = METRICS_TOKEN
    await unstarted.start_bot()
    proxied = {"X-Forwarded-For": "127.0.0.1"}
    bearer = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    async with httpx.AsyncClient(base_url=unstarted.bot_url) as program:
        assert (await program.get("/metrics")).status_code == 200
        assert (await program.get("/metrics", headers=proxied)).status_code == 404
        assert (await program.get("/readyz", headers=proxied)).json() == {"status": "ready"}
        assert (await program.get("/metrics", headers=proxied | bearer)).status_code == 200


async def test_by_webhook_an_update_is_a_sign_of_life(tmp_path: Path) -> None:
    async with staged(tmp_path, Clock(), local=True) as stage:  # one that calls by plain http
        stage.environment |= {"TELEGRAM_LOCAL_MODE": "true", "TELEGRAM_WEBHOOK": "true"}
        await stage.start_bot()
        assert (await stage.browse("/readyz")).json()["updates_by"] == "webhook"
        await asyncio.sleep(1)
        before = await measures(stage)
        await stage.meet()
        found = await measures(stage)
    assert before["updates_total",] == 0
    assert found["updates_total",] == 1
    assert found["telegram_silent_seconds",] < before["telegram_silent_seconds",]


def a_poller(stage: Stage, take: Any) -> Poller:
    return Poller(
        url=f"{stage.ends_url}/telegram/bot{TOKEN}",
        allowed_updates=["message"],
        take=take,
        duty=Duty(stage.folder, "polling"),
        poll_seconds=0,
        answer_within=0.2,
    )


async def test_a_poller_that_stands_still_is_found_out(unstarted: Stage) -> None:
    """What came is never stored: a wait without end inside the poller, whatever Telegram does."""
    standing = asyncio.Event()

    async def never(_updates: Sequence[Any]) -> None:
        standing.set()
        await asyncio.Event().wait()

    poller = a_poller(unstarted, never)
    assert poller.stuck_seconds == 0
    await unstarted.person().send("is anybody there?")
    poller.start()
    try:
        await asyncio.wait_for(standing.wait(), 5)
        await asyncio.sleep(0.5)
        assert poller.stuck_seconds > 0.2
    finally:
        await poller.stop()


async def test_a_poller_that_telegram_refuses_is_silent_and_not_stuck(unstarted: Stage) -> None:
    async def take(_updates: Sequence[Any]) -> None:
        """Nothing comes."""

    unstarted.telegram.faults.server_error("getUpdates", times=100)
    poller = a_poller(unstarted, take)
    made_at = poller.heard_at
    poller.start()
    try:
        await asyncio.sleep(1.3)
        assert poller.stuck_seconds == 0
        first_try = poller.heard_at
        assert first_try - made_at < 0.5, "nothing was heard since it began"
        unstarted.telegram.faults.clear()
        await unstarted.until(lambda: poller.heard_at > first_try, timeout=10)
    finally:
        await poller.stop()
