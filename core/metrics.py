"""What operators measure: counters that run along, and gauges that are read when somebody looks.

Everything is in a registry of its own. `docs/operate.md` lists it for operators.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from core import tiktok
from core.states import PostStatus

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

CLAIM_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
PUBLISH_BUCKETS = (1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 6 * 3600, 24 * 3600)
"""Seconds: a claim is ours to make at once, a publication waits for bytes and for TikTok."""

OTHER = "other"
"""Stands for whatever is in no table, so that no far end can make series without end."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How much waits, and how long the oldest of it has: no time at all where nothing does."""

    posts: Mapping[PostStatus, int]
    """Every state, also those that no post is in."""
    overdue: timedelta
    """Of the oldest post that is due and not claimed."""
    notices: int
    oldest_notice: timedelta
    updates: int


class Metrics:
    """One process's measures, and the page that shows them."""

    def __init__(self) -> None:
        # When each series began would double the page.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library forgot its types
        self.registry = CollectorRegistry()
        self._claim_lateness = Histogram(
            "clipcue_claim_lateness_seconds",
            "From the moment a post was due, or due for another try, to its claim",
            buckets=CLAIM_BUCKETS,
            registry=self.registry,
        )
        self._publish_lateness = Histogram(
            "clipcue_publish_lateness_seconds",
            "From the moment a post was due to TikTok's word that it is live",
            buckets=PUBLISH_BUCKETS,
            registry=self.registry,
        )
        self._upload_bytes = Counter(
            "clipcue_upload_bytes",
            "Bytes of chunks that TikTok took",
            registry=self.registry,
        )
        self._tiktok_answers = Counter(
            "clipcue_tiktok_answers",
            "Calls to TikTok and how they ended",
            ["call", "code"],
            registry=self.registry,
        )
        self._telegram_answers = Counter(
            "clipcue_telegram_answers",
            "Calls to Telegram's Bot API and the HTTP status they were answered with",
            ["code"],
            registry=self.registry,
        )
        self._updates = Counter(
            "clipcue_updates",
            "Updates that Telegram handed over and that were stored",
            registry=self.registry,
        )
        self._posts = Gauge("clipcue_posts", "Posts by state", ["state"], registry=self.registry)
        self._overdue = Gauge(
            "clipcue_overdue_seconds",
            "Age of the oldest post that is due and not claimed",
            registry=self.registry,
        )
        self._notices = Gauge(
            "clipcue_notices_waiting", "Notices not yet delivered", registry=self.registry
        )
        self._oldest_notice = Gauge(
            "clipcue_notice_oldest_seconds",
            "Age of the oldest notice not yet delivered",
            registry=self.registry,
        )
        self._updates_waiting = Gauge(
            "clipcue_updates_waiting", "Updates not yet worked off", registry=self.registry
        )
        self._silent = Gauge(
            "clipcue_telegram_silent_seconds",
            "Since Telegram last answered a poll, or brought an update to the webhook",
            registry=self.registry,
        )

    def claimed(self, late: timedelta) -> None:
        """A post was taken up, so long after its moment."""
        self._claim_lateness.observe(max(late.total_seconds(), 0))

    def published(self, late: timedelta) -> None:
        """TikTok said that a post is live, so long after it was due."""
        self._publish_lateness.observe(max(late.total_seconds(), 0))

    def chunk_taken(self, size: int) -> None:
        """TikTok took a chunk of `size` bytes."""
        self._upload_bytes.inc(size)

    def tiktok_answered(self, call: str, code: str) -> None:
        """A call ended with "ok", or with the code of a `tiktok.TikTokError`."""
        self._tiktok_answers.labels(call, code if code in _TIKTOK_CODES else OTHER).inc()

    def telegram_answered(self, status: int | None) -> None:
        """A call was answered with this HTTP status, or not at all."""
        code = "none" if status is None else str(status) if status in _STATUSES else OTHER
        self._telegram_answers.labels(code).inc()

    def updates_taken(self, count: int) -> None:
        """So many updates came in and are stored."""
        self._updates.inc(count)

    def page(self, waiting: Waiting, *, silent_seconds: float) -> bytes:
        """Everything, in Prometheus's text format (`CONTENT_TYPE`)."""
        for state, count in waiting.posts.items():
            self._posts.labels(state).set(count)
        self._overdue.set(waiting.overdue.total_seconds())
        self._notices.set(waiting.notices)
        self._oldest_notice.set(waiting.oldest_notice.total_seconds())
        self._updates_waiting.set(waiting.updates)
        self._silent.set(silent_seconds)
        return generate_latest(self.registry)


def _codes(kind: type[tiktok.TikTokError]) -> Iterator[str]:
    """The word of an error class and of all below it."""
    yield kind.default_code
    for below in kind.__subclasses__():
        yield from _codes(below)


_TIKTOK_CODES = frozenset(
    {"ok", *tiktok.ErrorCode, *tiktok.OAuthErrorCode, *_codes(tiktok.TikTokError)}
)
_STATUSES = frozenset(HTTPStatus)
