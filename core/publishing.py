"""One post's way to TikTok: creator info, init, bytes, status; one durable step at a time.

What keeps a post from going out twice: the publish_id is stored before the first byte, and a post
that has one is never initialised again until TikTok has said that nothing was posted under it.
How an attempt ends is written by `core.outcomes`.
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from core import tiktok, uploads, verdicts
from core.accounts import Accounts
from core.claims import Claim, Claims, Superseded
from core.clock import Clock
from core.errors import AccountUnusable
from core.limits import Call, LimitReached
from core.media.storage import ClipStore
from core.outcomes import Outcomes
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Clip, Post, User
from core.store.vault import Vault
from core.users import late_tolerance
from core.verdicts import Action

SEND_ROUNDS = 4
"""How often sending is taken up again within one attempt."""
ON_TIME = timedelta(minutes=1)
"""So much may pass before a post counts as late even where nothing late is tolerated."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class _Upload:
    """An upload that TikTok has given an id."""

    publish_id: str
    url: str | None = field(repr=False)
    initialised_at: datetime


@dataclass(frozen=True, kw_only=True)
class _Job:
    """What one attempt needs to know, read once."""

    claim: Claim
    status: PostStatus
    account_id: int
    due_at: datetime | None
    late_tolerance: timedelta
    tries: int
    info: tiktok.PostInfo
    storage_key: str
    content_type: str
    size: int
    duration: float
    upload: _Upload | None


class Publisher:
    """Takes claimed posts as far as they go now."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        accounts: Accounts,
        client: tiktok.Client,
        store: ClipStore,
        claims: Claims,
        outcomes: Outcomes,
        clock: Clock,
        uploads_at_once: int,
        late_tolerance: timedelta,
    ) -> None:
        self._database = database
        self._vault = vault
        self._accounts = accounts
        self._client = client
        self._store = store
        self._claims = claims
        self._outcomes = outcomes
        self._clock = clock
        self._turns = asyncio.Semaphore(uploads_at_once)
        self._late_tolerance = late_tolerance

    async def advance(self, claim: Claim) -> None:
        """Work on a claimed post until it is done, has to wait, or needs the creator."""
        with structlog.contextvars.bound_contextvars(post=claim.post_id, attempt=claim.attempt):
            try:
                async with self._claims.renewing(claim):
                    await self._attempt(claim)
            except Superseded:
                log.warning("claim_lost")
            except asyncio.CancelledError:
                await self._claims.release(claim)
                raise

    async def _attempt(self, claim: Claim) -> None:
        try:
            job = await self._load(claim)
            if job.status is PostStatus.PUBLISHED:
                await self._look_up(job)
            elif job.status is not PostStatus.PUBLISHING:
                await self._ask(job)
            elif job.upload is None:
                await self._begin(job)
            else:
                await self._resume(job, job.upload)
        except LimitReached as limit:
            await self._outcomes.paused(claim, limit.until)
        except AccountUnusable:
            await self._outcomes.called_off(claim, "account_disconnected")
        except tiktok.TikTokError as error:
            log.warning("tiktok_said_no", code=error.code, log_id=error.log_id)
            await self._outcomes.called_off(claim, verdicts.code_of(error))
        except Superseded:
            raise
        except Exception:
            log.exception("publishing_fault")
            await self._outcomes.called_off(claim, "fault")

    async def _load(self, claim: Claim) -> _Job:
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            clip = await change.get_one(Clip, post.clip_id)
            owner = await change.get_one(User, post.owner_id)
            if post.account_id is None:
                raise AccountUnusable
            return _Job(
                claim=claim,
                status=post.status,
                account_id=post.account_id,
                due_at=post.due_at,
                late_tolerance=late_tolerance(owner, self._late_tolerance),
                tries=post.tries,
                info=_post_info(post),
                storage_key=clip.storage_key,
                content_type=clip.content_type,
                size=clip.size,
                duration=clip.duration,
                upload=self._upload(post),
            )

    def _upload(self, post: Post) -> _Upload | None:
        if post.publish_id is None or post.initialised_at is None:
            return None
        return _Upload(
            publish_id=post.publish_id,
            url=self._vault.open(post, "upload_url") if post.upload_url else None,
            initialised_at=post.initialised_at,
        )

    # The way out: creator info, init, bytes.

    async def _begin(self, job: _Job) -> None:
        if code := self._late(job) or await self._file_trouble(job):
            await self._outcomes.called_off(job.claim, code)
            return
        creator = await self._accounts.ask_creator_info(job.account_id)
        if code := _unfit(job, creator):
            await self._outcomes.called_off(job.claim, code)
            return
        info, plan = within(job.info, creator), tiktok.plan_chunks(job.size)
        opened = await self._accounts.call(
            job.account_id, Call.INIT, lambda token: self._client.init_video(token, info, plan)
        )
        upload = _Upload(
            publish_id=opened.publish_id,
            url=opened.upload_url,
            initialised_at=self._clock(),
        )
        async with self._database.transaction() as change:
            post = await self._claims.held(change, job.claim)
            post.publish_id = upload.publish_id
            post.initialised_at = upload.initialised_at
            post.bytes_acknowledged = 0
            self._vault.seal(post, "upload_url", upload.url)
        log.info("initialised", size=job.size)
        await self._send(job, upload, from_byte=0)

    def _late(self, job: _Job) -> str | None:
        """A post that came due while nobody could begin with it goes out late only so far."""
        waited = self._clock() - job.due_at if job.due_at else timedelta()
        return "late" if not job.tries and waited > max(job.late_tolerance, ON_TIME) else None

    async def _file_trouble(self, job: _Job) -> str | None:
        """What is the matter with the clip's file, if it cannot be sent."""
        try:
            found = await asyncio.to_thread(self._store.path(job.storage_key).stat)
        except FileNotFoundError:
            return "clip_missing"
        return None if found.st_size == job.size else tiktok.FileChanged.default_code

    async def _send(self, job: _Job, upload: _Upload, *, from_byte: int) -> None:
        """Send what is missing; after an unclear answer ask TikTok what it holds, and go on."""
        for round_ in range(1, SEND_ROUNDS + 1):
            ended = False
            try:
                if await self._send_chunks(job, upload, from_byte):
                    await self._outcomes.sent(job.claim)
                    return
                log.warning("receipt_does_not_fit", round=round_)
            except (tiktok.UploadError, tiktok.TransportError) as error:
                if round_ == SEND_ROUNDS or verdicts.of_error(error).action is not Action.RETRY:
                    raise
                log.info("sending_interrupted", code=error.code, round=round_)
                ended = isinstance(error, tiktok.UploadExpired | tiktok.UploadNotFound)
            await asyncio.sleep(round_)
            held = await self._bytes_held(job, upload, ended=ended)
            if held is None:
                return
            from_byte = held
        raise tiktok.UploadUnavailable("TikTok keeps less of the clip than it is sent.")

    async def _send_chunks(self, job: _Job, upload: _Upload, from_byte: int) -> bool:
        """Send chunk after chunk, as long as TikTok's receipts fit; whether it has them all.

        Each chunk takes its own turn, so that a large clip holds up no small one.
        """
        assert upload.url is not None  # noqa: S101 - `_bytes_held` lets nobody here without one
        for chunk in tiktok.plan_chunks(job.size).chunks(from_byte):
            async with self._turns:
                receipt = await self._client.send_chunk(
                    upload.url,
                    self._store.path(job.storage_key),
                    chunk,
                    total=job.size,
                    content_type=job.content_type,
                )
            if receipt.complete:
                return True
            if receipt.uploaded_bytes != chunk.last + 1:
                return False
            await self._acknowledge(job, receipt.uploaded_bytes)
        return False

    async def _acknowledge(self, job: _Job, count: int) -> None:
        async with self._database.transaction() as change:
            post = await self._claims.held(change, job.claim)
            # Never less: a chunk once begun counts, whatever a status that lags behind says.
            post.bytes_acknowledged = max(post.bytes_acknowledged, count)

    # Finding out what became of a publish_id.

    async def _resume(self, job: _Job, upload: _Upload) -> None:
        """Go on with an upload that an earlier attempt began."""
        over = upload.url is None or await self._file_trouble(job) is not None
        held = await self._bytes_held(job, upload, ended=over)
        if held is not None:
            log.info("resuming", from_byte=held)
            await self._send(job, upload, from_byte=held)

    async def _bytes_held(self, job: _Job, upload: _Upload, *, ended: bool) -> int | None:
        """How many bytes TikTok holds; None when the upload is over and its outcome written.

        `ended` says that no more bytes can be sent, whatever the age of the upload URL.
        """
        status = await self._status(job, upload)
        ended = ended or uploads.has_ended(upload.initialised_at, self._clock())
        if status is not None and await self._has_verdict(job, status):
            return None
        held = status.uploaded_bytes if status is not None else None
        if status is None or held == job.size or (held is None and ended):
            # Not known to lack a byte, so it may yet be posted: only time tells.
            await self._outcomes.sent(job.claim)
            return None
        if ended:
            await self._outcomes.upload_ended(job.claim)
            return None
        if held is None:
            return await self._acknowledged(job)
        await self._acknowledge(job, held)
        return held

    async def _acknowledged(self, job: _Job) -> int:
        async with self._database.transaction() as change:
            return (await self._claims.held(change, job.claim)).bytes_acknowledged

    async def _ask(self, job: _Job) -> None:
        """A post whose bytes are all in: has TikTok decided?"""
        assert job.upload is not None  # noqa: S101 - bytes are sent under a publish_id only
        status = await self._status(job, job.upload)
        if status is None or not await self._has_verdict(job, status):
            await self._outcomes.undecided(job.claim)

    async def _look_up(self, job: _Job) -> None:
        """A published post without a public address: is there one by now?"""
        status = await self._status(job, job.upload) if job.upload else None
        post_ids = status.post_ids if status is not None else ()
        await self._outcomes.looked_up(job.claim, next(iter(post_ids), None))

    async def _status(self, job: _Job, upload: _Upload) -> tiktok.PublishStatus | None:
        """How far TikTok is; None where it does not know the id, which proves nothing."""
        try:
            return await self._accounts.call(
                job.account_id,
                Call.STATUS,
                lambda token: self._client.publish_status(token, upload.publish_id),
            )
        except tiktok.ApiError as error:
            if error.code not in _ID_NOT_KNOWN:
                raise
            log.warning("publish_id_not_known", code=error.code, log_id=error.log_id)
            return None

    async def _has_verdict(self, job: _Job, status: tiktok.PublishStatus) -> bool:
        """Write TikTok's verdict down, if there is one."""
        if status.status is tiktok.PublishState.PUBLISH_COMPLETE:
            await self._outcomes.published(job.claim, next(iter(status.post_ids), None))
            return True
        if status.status is tiktok.PublishState.FAILED:
            await self._outcomes.failed_at_tiktok(job.claim, status.fail_reason or "")
            return True
        return False


_ID_NOT_KNOWN = {
    tiktok.ErrorCode.INVALID_PUBLISH_ID,
    tiktok.ErrorCode.TOKEN_NOT_AUTHORIZED_FOR_PUBLISH_ID,
}


def within(info: tiktok.PostInfo, creator: tiktok.CreatorInfo) -> tiktok.PostInfo:
    """The post without the interactions that the account's own settings have turned off."""
    return replace(
        info,
        disable_comment=info.disable_comment or creator.comment_disabled,
        disable_duet=info.disable_duet or creator.duet_disabled,
        disable_stitch=info.disable_stitch or creator.stitch_disabled,
    )


def _unfit(job: _Job, creator: tiktok.CreatorInfo) -> str | None:
    """Why the account may not post this, if it may not."""
    if job.info.privacy_level not in creator.privacy_level_options:
        return tiktok.ErrorCode.PRIVACY_LEVEL_OPTION_MISMATCH.value
    if job.duration > creator.max_video_post_duration_sec:
        return "clip_too_long"
    return None


def _post_info(post: Post) -> tiktok.PostInfo:
    assert post.privacy is not None  # noqa: S101 - nothing is scheduled without one
    return tiktok.PostInfo(
        title=post.caption,
        privacy_level=post.privacy,
        disable_comment=not post.allow_comment,
        disable_duet=not post.allow_duet,
        disable_stitch=not post.allow_stitch,
        brand_content_toggle=post.branded_content,
        brand_organic_toggle=post.your_brand,
    )
