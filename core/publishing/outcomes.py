"""How an attempt ends: the post's next state, when to look again, and the notice, in one write.

Every way out of an attempt goes through here, so every one of them either leaves a `wake_at` or
tells the creator, with the buttons that go on from there.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select

from core import photos, verdicts
from core.accounts.tokens import Tokens
from core.clock import Clock
from core.errors import ClipCueError
from core.metrics import Metrics
from core.notifications import NoticeKind
from core.posts import uploads
from core.posts.history import ASKED, LEFT, NO_VERDICT, RESTORED, move, record
from core.posts.reconnecting import is_told_with_account
from core.publishing import patience, pauses, photo_links
from core.publishing.claims import Claim, Claims
from core.publishing.telling import Telling
from core.states import AccountStatus, PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account, Clip, Post, PostEvent
from core.verdicts import Action, Verdict

PULLED_WITHIN = photo_links.LASTS + timedelta(minutes=1)
"""After that no link to a photo opens any more."""
LONG_WAIT = timedelta(hours=1)
"""From here on a wait for a limit is told to the creator."""

log = structlog.get_logger()


class CalledOff(ClipCueError):
    """The attempt ends here; `code` is one of `verdicts`."""

    def __init__(self, code: str) -> None:
        super().__init__(f"called off: {code}")
        self.code = code


class Outcomes:
    def __init__(
        self,
        *,
        database: Database,
        claims: Claims,
        tokens: Tokens,
        telling: Telling,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self._database = database
        self._claims = claims
        self._tokens = tokens
        self._telling = telling
        self._metrics = metrics
        self._clock = clock

    async def sent(self, claim: Claim) -> None:
        """Every byte is with TikTok; from now on only its verdict counts."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            self._mark_sent(change, post)
            _let_go(post, wake_at=self._clock() + pauses.FIRST_QUESTION)
        log.info("all_bytes_sent")

    async def photos_taken(self, claim: Claim, publish_id: str) -> None:
        """TikTok has been told where the photos lie, and fetches and posts them from now on."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            post.publish_id = publish_id
            self._mark_sent(change, post)
            _let_go(post, wake_at=self._clock() + pauses.FIRST_QUESTION)

    async def photos_unclear(self, claim: Claim) -> None:
        """TikTok may have been told where the photos lie: it is not told again."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            await self._photos_unclear(change, post)

    async def _photos_unclear(self, change: Transaction, post: Post) -> None:
        now = self._clock()
        move(change, post, PostStatus.UNCONFIRMED, now, verdicts.PHOTOS_UNCLEAR)
        post.failure_code = verdicts.PHOTOS_UNCLEAR
        _let_go(post, wake_at=now + pauses.PHOTOS_PAUSE)
        await self._telling.tell(change, NoticeKind.UNCONFIRMED, post)
        log.warning("photos_unclear")

    async def photos_looked_for(self, claim: Claim) -> None:
        """See in our own notes what TikTok can have done with photos it may have been told of."""
        code = verdicts.PHOTOS_NOT_FETCHED
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            await change.refresh(post, with_for_update=True)  # no link is opened meanwhile
            now, asked_for = self._clock(), await photos.all_asked_for(change, post.id)
            begun = post.initialised_at or now
            ends, asks = begun + PULLED_WITHIN, begun + pauses.FOLLOW_UP
            if asked_for and now < asks:
                _let_go(post, wake_at=asks)  # TikTok may still be at work on them
            elif asked_for:
                post.version += 1
                post.failure_code = verdicts.NEVER_TOLD
                record(change, post, now, ASKED)
                _let_go(post, wake_at=None)
                await self._telling.tell(change, NoticeKind.UNCONFIRMED, post)
            elif now < ends:
                _let_go(post, wake_at=min(now + pauses.PHOTOS_PAUSE, ends))
            else:
                code, verdict = await _forget(change, post, code, verdicts.of_code(code))
                await self._try_again(change, post, code, verdict)
        log.info("photos_looked_for", all_asked_for=asked_for)

    async def not_asked(self, claim: Claim) -> None:
        """What the creator said of a post without a publish_id stands: TikTok cannot be asked."""
        async with self._database.transaction() as change:
            _let_go(await self._claims.held(change, claim), wake_at=None)

    async def published(self, claim: Claim, post_id: str | None) -> None:
        """TikTok said PUBLISH_COMPLETE; `post_id` is empty while the post has no public address."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            now = self._clock()
            if post.status is PostStatus.PUBLISHING:
                self._mark_sent(change, post)
            was_draft = post.status is PostStatus.DELIVERED
            move(change, post, PostStatus.PUBLISHED, now)
            post.published_at = now
            post.tiktok_post_id = post_id
            post.failure_code = None
            _let_go(post, wake_at=pauses.next_look(post, now))
            late = now - (post.due_at or now)
            await self._telling.tell(change, NoticeKind.PUBLISHED, post)
        if not was_draft:  # its creator chose when, and it was counted when it was delivered
            self._metrics.published(late)
        log.info("published", public_id=post_id is not None)

    async def delivered(self, claim: Claim) -> None:
        """TikTok has the draft in the creator's inbox; from now on it may be posted any time."""
        late = None
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            if post.status is not PostStatus.DELIVERED:
                now = self._clock()
                if post.status is PostStatus.PUBLISHING:
                    self._mark_sent(change, post)
                move(change, post, PostStatus.DELIVERED, now)
                post.delivered_at = now
                post.failure_code = None
                late = now - (post.due_at or now)
                await self._telling.tell(change, NoticeKind.DELIVERED, post)
            self._follow_draft(change, post)
        if late is not None:
            self._metrics.published(late)
            log.info("delivered_to_inbox")

    async def looked_up(self, claim: Claim, post_id: str | None) -> None:
        """A published post was asked about its public address; it is kept without another word."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            if post_id != post.tiktok_post_id:
                post.tiktok_post_id = post_id
                post.version += 1
            _let_go(post, wake_at=pauses.next_look(post, self._clock()))
        log.info("looked_up", public_id=post_id is not None)

    async def failed_at_tiktok(self, claim: Claim, reason: str) -> None:
        """TikTok said FAILED: nothing was posted, so another upload is safe."""
        verdict = verdicts.of_reason(reason)
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            # Who has connected the account anew since then need not do so again.
            account = await change.get_one(Account, post.account_id)
            if post.initialised_at and account.connected_at < post.initialised_at:
                await self._note_lost_account(change, account, verdict)
            if post.status is PostStatus.DELIVERED:
                # TikTok had it in the inbox, from where it may be posted, again and again.
                self._follow_draft(change, post)
                log.warning("tiktok_failed", reason=reason)
                return
            code, verdict = await _forget(change, post, reason, verdict)
            await self._try_again(change, post, code, verdict)
        log.warning("tiktok_failed", reason=reason)

    async def upload_ended(self, claim: Claim) -> None:
        """The upload URL ended while TikTok lacked bytes: nothing was posted, start over."""
        code = "upload_expired"
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            code, verdict = await _forget(change, post, code, verdicts.of_code(code))
            await self._try_again(change, post, code, verdict)
        log.warning("starting_over")

    async def called_off(self, claim: Claim, code: str) -> None:
        """An attempt ended with an error, of TikTok's or our own; `code` is one of `verdicts`."""
        verdict = verdicts.of_code(code)
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            if not verdicts.is_ours(code):
                account = await change.get_one(Account, post.account_id)
                await self._note_lost_account(change, account, verdict)
            if uploads.is_unclear(post):
                # Whatever it was that ended this: TikTok may have taken the photos.
                if post.status is PostStatus.PUBLISHING:
                    await self._photos_unclear(change, post)
                else:
                    _let_go(post, wake_at=self._clock() + pauses.PHOTOS_PAUSE)
            elif post.status is PostStatus.PUBLISHING:
                await self._try_again(change, post, code, verdict)
            elif post.status is PostStatus.PUBLISHED:
                _let_go(post, wake_at=pauses.next_look(post, self._clock()))
            else:  # a question that failed says nothing about the post: ask again later
                await self._ask_later(change, post)

    async def paused(self, claim: Claim, until: datetime) -> None:
        """TikTok takes no more of such calls this minute: as it is, the post waits until then."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            _let_go(post, wake_at=until)
        log.info("paused_for_limit")

    async def undecided(self, claim: Claim) -> None:
        """TikTok holds the clip and has no verdict yet."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            await self._ask_later(change, post)

    async def _ask_later(self, change: Transaction, post: Post) -> None:
        if post.status is PostStatus.DELIVERED:
            self._follow_draft(change, post)
            return
        now = self._clock()
        age = now - (post.sent_at or now)
        code = verdicts.NEVER_TOLD if age > pauses.FOLLOW_UP else verdicts.NO_VERDICT
        if post.status is PostStatus.PROCESSING and age > pauses.VERDICT_WITHIN:
            move(change, post, PostStatus.UNCONFIRMED, now, NO_VERDICT)
        if post.status is PostStatus.UNCONFIRMED and post.failure_code != code:
            if code == verdicts.NEVER_TOLD:
                post.version += 1
                record(change, post, now, ASKED)
            post.failure_code = code
            await self._telling.tell(change, NoticeKind.UNCONFIRMED, post)
        _let_go(post, wake_at=pauses.next_question(now, age))

    def _follow_draft(self, change: Transaction, post: Post) -> None:
        """Ask again later whether the draft was posted; at the end its card says that it ended.

        What its creator has deleted is not asked about again, whatever made us ask this once.
        """
        now = self._clock()
        deleted = post.failure_code == verdicts.DRAFT_DELETED
        _let_go(post, wake_at=None if deleted else pauses.next_draft_look(post, now))
        if post.wake_at is None and post.failure_code is None:
            post.failure_code = verdicts.DRAFT_LEFT
            post.version += 1
            record(change, post, now, LEFT)

    async def _try_again(
        self, change: Transaction, post: Post, code: str, verdict: Verdict
    ) -> None:
        """Look again once the reason may have passed; where it will not, or never did, stop."""
        now = self._clock()
        passes = verdict.action in {Action.RETRY, Action.WAIT}
        if not passes or not await patience.is_left(change, post, verdict, now):
            await self._stop(change, post, code, verdict, gave_up=passes)
            return
        waits = verdict.action is Action.WAIT
        post.tries += 1
        post.failure_code = code
        move(change, post, PostStatus.SCHEDULED, now, code)
        _let_go(post, wake_at=now + (verdict.wait if waits else pauses.before_try(post.tries)))
        if waits and verdict.wait >= LONG_WAIT:
            await self._telling.tell(change, NoticeKind.WAITING, post)

    async def _stop(
        self, change: Transaction, post: Post, code: str, verdict: Verdict, *, gave_up: bool
    ) -> None:
        """No more tries by itself: the post is failed, or held while a retry can find out more."""
        now = self._clock()
        clip = await change.get(Clip, post.clip_id) if post.clip_id else None
        if clip and post.initialised_at and uploads.has_ended(post.initialised_at, now):
            if uploads.is_open(post, clip.size, now):
                # It takes no more bytes, and may have had them all: from now on only questions.
                self._mark_sent(change, post)
                _let_go(post, wake_at=now + pauses.FIRST_QUESTION)
                return
            code, verdict = await _forget(change, post, code, verdict)
        fails = post.publish_id is None and (gave_up or verdict.action is Action.FAIL)
        at_tiktok = post.status is not PostStatus.PUBLISHING  # it has failed already
        status = PostStatus.FAILED if fails or at_tiktok else PostStatus.HELD
        move(change, post, status, now, code)
        post.failure_code = code
        _let_go(post, wake_at=None)
        if verdict.action is Action.RECONNECT and status is PostStatus.HELD:
            account = await change.get_one(Account, post.account_id)
            if await is_told_with_account(change, post, account):
                return
        kind = NoticeKind.HELD if status is PostStatus.HELD else NoticeKind.FAILED
        await self._telling.tell(change, kind, post, gave_up=gave_up)

    async def _note_lost_account(
        self, change: Transaction, account: Account, verdict: Verdict
    ) -> None:
        """Where TikTok takes no more posts for the account, the account says so too."""
        connected = account.status is AccountStatus.CONNECTED
        if connected and verdict.action is Action.RECONNECT:
            await self._tokens.forget(change, account, AccountStatus.RECONNECT)

    def _mark_sent(self, change: Transaction, post: Post) -> None:
        post.upload_url = None
        post.sent_at = self._clock()
        move(change, post, PostStatus.PROCESSING, self._clock())


async def _forget(
    change: Transaction, post: Post, code: str, verdict: Verdict
) -> tuple[str, Verdict]:
    """Let go of an upload that nothing was posted under; returns why, and what follows from it.

    Of an upload begun before ClipCue was brought back from a backup, another one may have gone out
    since that was made: nobody but its creator may then begin anew.
    """
    is_of_before = await _began_before_restore(change, post)
    uploads.forget(post)
    if not is_of_before or verdict.action in {Action.HOLD, Action.FAIL}:
        return code, verdict
    return verdicts.RESTORED_UPLOAD, verdicts.of_code(verdicts.RESTORED_UPLOAD)


async def _began_before_restore(change: Transaction, post: Post) -> bool:
    if post.initialised_at is None:
        return False
    restored = await change.scalar(
        select(func.count()).where(
            PostEvent.post_id == post.id,
            PostEvent.note == RESTORED,
            PostEvent.at >= post.initialised_at,
        )
    )
    return bool(restored)


def _let_go(post: Post, *, wake_at: datetime | None) -> None:
    post.claim_owner = None
    post.wake_at = wake_at
