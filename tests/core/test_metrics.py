"""The measures: what each one says, and that no far end can make series without end."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from core import tiktok
from core.metrics import CLAIM_BUCKETS, PUBLISH_BUCKETS, Metrics, Waiting
from core.publishing.claims import Claims
from core.states import PostStatus
from core.store.database import Database
from tests.clock import Clock
from tests.core.rows import Process, add_post, get_post, set_post

WAITING = Waiting(
    posts={status: number for number, status in enumerate(PostStatus)},
    overdue=timedelta(seconds=90),
    notices=3,
    oldest_notice=timedelta(minutes=2),
    updates=4,
)


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    page = metrics.page(WAITING, silent_seconds=7).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_the_page_shows_what_waits() -> None:
    found = samples(Metrics())
    assert found["clipcue_overdue_seconds",] == 90
    assert found["clipcue_notices_waiting",] == 3
    assert found["clipcue_notice_oldest_seconds",] == 120
    assert found["clipcue_updates_waiting",] == 4
    assert found["clipcue_telegram_silent_seconds",] == 7
    for number, status in enumerate(PostStatus):
        assert found["clipcue_posts", status.value] == number


def test_what_happens_is_counted() -> None:
    metrics = Metrics()
    metrics.claimed(timedelta(seconds=0.2))
    metrics.claimed(timedelta(seconds=-1))
    metrics.published(timedelta(minutes=3))
    metrics.chunk_taken(10_000_000)
    metrics.chunk_taken(5)
    metrics.updates_taken(2)
    found = samples(metrics)
    assert found["clipcue_claim_lateness_seconds_count",] == 2
    assert found["clipcue_claim_lateness_seconds_sum",] == pytest.approx(0.2)
    assert found["clipcue_claim_lateness_seconds_bucket", "0.05"] == 1
    assert found["clipcue_publish_lateness_seconds_bucket", "120.0"] == 0
    assert found["clipcue_publish_lateness_seconds_bucket", "300.0"] == 1
    assert found["clipcue_upload_bytes_total",] == 10_000_005
    assert found["clipcue_updates_total",] == 2


def test_answers_are_counted_by_the_words_of_the_tables() -> None:
    metrics = Metrics()
    known = [
        "ok",
        tiktok.ErrorCode.RATE_LIMIT_EXCEEDED.value,
        tiktok.OAuthErrorCode.INVALID_GRANT.value,
        tiktok.UploadExpired.default_code,
        tiktok.TimedOut.default_code,
        tiktok.AnswerMalformed.default_code,
    ]
    for code in [*known, *(f"made up {number}" for number in range(100))]:
        metrics.tiktok_answered("init_video", code)
    for status in (200, 200, 429, None, *range(600, 700)):
        metrics.telegram_answered(status)
    found = samples(metrics)
    answers = {key[2]: count for key, count in found.items() if "tiktok_answers" in key[0]}
    assert answers == {**dict.fromkeys(known, 1), "other": 100}
    telegram = {key[1]: count for key, count in found.items() if "telegram_answers" in key[0]}
    assert telegram == {"200": 2, "429": 1, "none": 1, "other": 100}


def test_nothing_is_left_in_the_registry_that_all_share() -> None:
    Metrics()
    assert not [family.name for family in REGISTRY.collect() if "clipcue" in family.name]
    assert sorted(CLAIM_BUCKETS) == list(CLAIM_BUCKETS)
    assert sorted(PUBLISH_BUCKETS) == list(PUBLISH_BUCKETS)


async def test_a_claim_is_late_by_what_it_waited_beyond_its_moment(
    database: Database, both: list[Process], clock: Clock, accounts: list[int]
) -> None:
    """Taken up twice, asked about once: only what takes a post off the schedule is measured."""
    metrics = Metrics()
    claims = Claims(database=database, worker=both[0].worker, clock=clock, metrics=metrics)
    late = timedelta(seconds=40)
    post_id = await add_post(database, accounts[0], wake_at=clock() - late)
    assert len(await claims.take(1)) == 1
    await set_post(
        database, post_id, status=PostStatus.SCHEDULED, claim_owner=None, wake_at=clock() + late
    )
    clock.jump(2 * late)
    assert len(await claims.take(1)) == 1
    await set_post(
        database, post_id, status=PostStatus.PROCESSING, claim_owner=None, wake_at=clock() - late
    )
    assert len(await claims.take(1)) == 1
    assert (await get_post(database, post_id)).attempt == 3

    found = samples(metrics)
    assert found["clipcue_claim_lateness_seconds_count",] == 2
    assert found["clipcue_claim_lateness_seconds_sum",] == pytest.approx(80, abs=5)
