"""How an attempt ends: the post's next state, when to look again, and the notice, in one write.

Every way out of an attempt goes through here, so every one of them either ends the post's story
and tells the creator, or leaves a `wake_at`.
"""

import random
from datetime import datetime, timedelta

import structlog

from core import tiktok, verdicts
from core.accounts import view
from core.claims import Claim, Claims
from core.clock import Clock
from core.notifications import NoticeKind, Outbox
from core.posts import move
from core.states import PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account, Post
from core.verdicts import Action, Verdict

FIRST_QUESTION = timedelta(seconds=1)
"""How soon after the last byte TikTok is asked for its verdict."""
LONGEST_PAUSE = timedelta(minutes=1)
VERDICT_WITHIN = timedelta(minutes=30)
"""After this long without a verdict the post is unconfirmed, and the creator is told."""
FOLLOW_UP_PAUSE = timedelta(minutes=15)
FOLLOW_UP = timedelta(hours=24)
"""How long an unconfirmed post is still asked about."""
PATIENCE = timedelta(hours=24)
"""How long after its due time a post is tried again."""
RETRY_BASE = timedelta(seconds=4)
RETRY_CAP = timedelta(minutes=15)
WORTH_TELLING = timedelta(minutes=1)
"""From here on a notice says how late a post went out."""
LONG_WAIT = timedelta(hours=1)
"""From here on a wait for a limit is told to the creator."""

log = structlog.get_logger()
_dice = random.SystemRandom()


class Outcomes:
    def __init__(
        self,
        *,
        database: Database,
        claims: Claims,
        outbox: Outbox,
        client: tiktok.Client,
        clock: Clock,
    ) -> None:
        self._database = database
        self._claims = claims
        self._outbox = outbox
        self._client = client
        self._clock = clock

    async def sent(self, claim: Claim) -> None:
        """Every byte is with TikTok; from now on only its verdict counts."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            self._mark_sent(change, post)
            _let_go(post, wake_at=self._clock() + FIRST_QUESTION)
        log.info("all_bytes_sent")

    async def published(self, claim: Claim, post_id: str | None) -> None:
        """TikTok said PUBLISH_COMPLETE; `post_id` is empty where nobody but the creator sees it."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            if post.status is PostStatus.PUBLISHING:
                self._mark_sent(change, post)
            move(change, post, PostStatus.PUBLISHED, self._clock())
            post.published_at = self._clock()
            post.tiktok_post_id = post_id
            post.failure_code = None
            _let_go(post, wake_at=None)
            await self._tell(change, NoticeKind.PUBLISHED, post)
        log.info("published", public_id=post_id is not None)

    async def failed_at_tiktok(self, claim: Claim, reason: str) -> None:
        """TikTok said FAILED: nothing was posted, so another upload is safe."""
        verdict = verdicts.of_reason(reason)
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            _forget_upload(post)
            if _may_pass(verdict) and self._patient(post):
                await self._try_again(change, post, reason, verdict)
            else:
                await self._end(change, post, PostStatus.FAILED, reason)
        log.warning("tiktok_failed", reason=reason)

    async def upload_ended(self, claim: Claim) -> None:
        """The upload URL ended while TikTok lacked bytes: nothing was posted, start over."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            _forget_upload(post)
            await self._try_again(change, post, "upload_expired", verdicts.OURS["upload_expired"])
        log.warning("starting_over")

    async def called_off(self, claim: Claim, code: str, verdict: Verdict) -> None:
        """An attempt to publish ended with an error, of TikTok's or our own."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            if post.status is not PostStatus.PUBLISHING:
                # A question that failed says nothing about the post: ask again later.
                await self._ask_later(change, post)
            elif not _may_pass(verdict):
                # With an upload open a post is never called failed: a retry finds out.
                fails = verdict.action is Action.FAIL and post.publish_id is None
                await self._end(change, post, PostStatus.FAILED if fails else PostStatus.HELD, code)
            elif self._patient(post):
                await self._try_again(change, post, code, verdict)
            else:
                fails = post.publish_id is None
                await self._end(
                    change,
                    post,
                    PostStatus.FAILED if fails else PostStatus.HELD,
                    "out_of_patience",
                )

    async def undecided(self, claim: Claim) -> None:
        """TikTok holds the clip and has no verdict yet."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            await self._ask_later(change, post)

    async def _ask_later(self, change: Transaction, post: Post) -> None:
        now = self._clock()
        age = now - (post.sent_at or now)
        if post.status is PostStatus.PROCESSING and age > VERDICT_WITHIN:
            move(change, post, PostStatus.UNCONFIRMED, now, "no verdict from TikTok")
            post.failure_code = "no_verdict"
            await self._tell(change, NoticeKind.UNCONFIRMED, post)
        _let_go(post, wake_at=_next_question(now, age))

    async def _try_again(
        self, change: Transaction, post: Post, code: str, verdict: Verdict
    ) -> None:
        now = self._clock()
        waits = verdict.action is Action.WAIT
        post.tries += 1
        post.failure_code = code
        move(change, post, PostStatus.SCHEDULED, now, code)
        _let_go(post, wake_at=now + (verdict.wait if waits else pause_before(post.tries)))
        if waits and verdict.wait >= LONG_WAIT:
            await self._tell(change, NoticeKind.WAITING, post)

    async def _end(self, change: Transaction, post: Post, status: PostStatus, code: str) -> None:
        move(change, post, status, self._clock(), code)
        post.failure_code = code
        _let_go(post, wake_at=None)
        kind = NoticeKind.HELD if status is PostStatus.HELD else NoticeKind.FAILED
        await self._tell(change, kind, post)

    def _mark_sent(self, change: Transaction, post: Post) -> None:
        post.upload_url = None
        post.sent_at = self._clock()
        move(change, post, PostStatus.PROCESSING, self._clock())

    def _patient(self, post: Post) -> bool:
        return post.due_at is None or self._clock() - post.due_at < PATIENCE

    async def _tell(self, change: Transaction, kind: NoticeKind, post: Post) -> None:
        account = await change.get_one(Account, post.account_id)
        self._outbox.tell(
            change,
            user_id=post.owner_id,
            kind=kind,
            key=f"{post.id}:{post.attempt}",
            post_id=post.id,
            version=post.version,
            account_id=account.id,
            account=view(account).name,
            caption=post.caption,
            link=self._client.post_url(account.username, post.tiktok_post_id),
            code=post.failure_code,
            late_minutes=_late_minutes(post),
        )


def pause_before(tries: int) -> timedelta:
    """Exponential back-off with full jitter: anything between a second and the grown pause."""
    grown = min(RETRY_CAP, RETRY_BASE * 2 ** min(tries, 16))
    return timedelta(seconds=_dice.uniform(1, grown.total_seconds()))


def _may_pass(verdict: Verdict) -> bool:
    return verdict.action in {Action.RETRY, Action.WAIT}


def _next_question(now: datetime, age: timedelta) -> datetime | None:
    """Ask soon at first and ever more rarely; stop asking at the end of the follow-up."""
    if age > FOLLOW_UP:
        return None
    longest = LONGEST_PAUSE if age < VERDICT_WITHIN else FOLLOW_UP_PAUSE
    return now + min(longest, max(FIRST_QUESTION * 2, age / 4))


def _let_go(post: Post, *, wake_at: datetime | None) -> None:
    post.claim_owner = None
    post.wake_at = wake_at


def _forget_upload(post: Post) -> None:
    post.publish_id = None
    post.upload_url = None
    post.initialised_at = None
    post.sent_at = None
    post.bytes_acknowledged = 0


def _late_minutes(post: Post) -> int:
    if post.due_at is None or post.initialised_at is None:
        return 0
    late = post.initialised_at - post.due_at
    return int(late.total_seconds() // 60) if late >= WORTH_TELLING else 0
