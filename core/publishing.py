"""One post's way to TikTok: creator info, init, bytes, status; one durable step at a time.

What keeps a post from going out twice: the publish_id is stored before the first byte, and a post
that has one is never initialised again until TikTok has said that nothing was posted under it.
How an attempt ends is written by `core.outcomes`.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from core import tiktok, verdicts
from core.accounts import Accounts
from core.claims import Claim, Claims, Superseded
from core.clock import Clock
from core.errors import AccountUnusable
from core.media.storage import ClipStore
from core.outcomes import Outcomes
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Clip, Post
from core.store.vault import Vault

UPLOAD_URL_LIFETIME = timedelta(minutes=55)
"""TikTok gives an upload URL one hour; a little less leaves nothing to chance."""
SEND_ROUNDS = 4
"""How often sending is taken up again within one attempt."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class _Upload:
    """An upload that TikTok has given an id."""

    publish_id: str
    url: str | None = field(repr=False)
    initialised_at: datetime
    bytes_acknowledged: int


@dataclass(frozen=True, kw_only=True)
class _Job:
    """What one attempt needs to know, read once."""

    claim: Claim
    status: PostStatus
    account_id: int
    due_at: datetime | None
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
        self._uploads = asyncio.Semaphore(uploads_at_once)
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
            if job.status is not PostStatus.PUBLISHING:
                await self._ask(job)
            elif job.upload is None:
                await self._begin(job)
            else:
                await self._resume(job, job.upload)
        except AccountUnusable:
            code = "account_disconnected"
            await self._outcomes.called_off(claim, code, verdicts.of_code(code))
        except tiktok.TikTokError as error:
            log.warning("tiktok_said_no", code=error.code, log_id=error.log_id)
            await self._outcomes.called_off(claim, error.code, verdicts.of_error(error))
        except Superseded:
            raise
        except Exception:
            log.exception("publishing_fault")
            await self._outcomes.called_off(claim, "fault", verdicts.of_code("fault"))

    async def _load(self, claim: Claim) -> _Job:
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            clip = await change.get_one(Clip, post.clip_id)
            if post.account_id is None:
                raise AccountUnusable
            return _Job(
                claim=claim,
                status=post.status,
                account_id=post.account_id,
                due_at=post.due_at,
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
            bytes_acknowledged=post.bytes_acknowledged,
        )

    # The way out: creator info, init, bytes.

    async def _begin(self, job: _Job) -> None:
        if code := self._late(job) or await self._unfit(job):
            await self._outcomes.called_off(job.claim, code, verdicts.of_code(code))
            return
        plan = tiktok.plan_chunks(job.size)
        opened = await self._accounts.call(
            job.account_id, lambda token: self._client.init_video(token, job.info, plan)
        )
        upload = _Upload(
            publish_id=opened.publish_id,
            url=opened.upload_url,
            initialised_at=self._clock(),
            bytes_acknowledged=0,
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
        """A post that came due while nobody was there to see it goes out late only so far."""
        waited = self._clock() - job.due_at if job.due_at else timedelta()
        return "late" if not job.tries and waited > self._late_tolerance else None

    async def _unfit(self, job: _Job) -> str | None:
        if not await asyncio.to_thread(self._store.path(job.storage_key).exists):
            return "clip_missing"
        creator = await self._accounts.call(job.account_id, self._client.creator_info)
        if job.info.privacy_level not in creator.privacy_level_options:
            return tiktok.ErrorCode.PRIVACY_LEVEL_OPTION_MISMATCH
        if job.duration > creator.max_video_post_duration_sec:
            return "clip_too_long"
        return None

    async def _send(self, job: _Job, upload: _Upload, *, from_byte: int) -> None:
        """Send what is missing; after an unclear answer ask TikTok what it holds, and go on."""
        async with self._uploads:
            for round_ in range(1, SEND_ROUNDS + 1):
                try:
                    await self._send_chunks(job, upload, from_byte)
                except (tiktok.UploadError, tiktok.TransportError) as error:
                    if round_ == SEND_ROUNDS or isinstance(error, _HOPELESS):
                        raise
                    log.info("sending_interrupted", code=error.code, round=round_)
                    expired = isinstance(error, tiktok.UploadExpired | tiktok.UploadNotFound)
                else:
                    return await self._outcomes.sent(job.claim)
                await asyncio.sleep(round_)
                held = await self._bytes_held(job, upload, expired=expired)
                if held is None:
                    return None
                from_byte = held
        return None

    async def _send_chunks(self, job: _Job, upload: _Upload, from_byte: int) -> None:
        assert upload.url is not None  # noqa: S101 - `_bytes_held` lets nobody here without one
        for chunk in tiktok.plan_chunks(job.size).chunks(from_byte):
            await self._client.send_chunk(
                upload.url,
                self._store.path(job.storage_key),
                chunk,
                total=job.size,
                content_type=job.content_type,
            )
            async with self._database.transaction() as change:
                post = await self._claims.held(change, job.claim)
                post.bytes_acknowledged = chunk.last + 1

    # Finding out what became of a publish_id.

    async def _resume(self, job: _Job, upload: _Upload) -> None:
        """Go on with an upload that an earlier attempt began."""
        held = await self._bytes_held(job, upload, expired=upload.url is None)
        if held is not None:
            log.info("resuming", from_byte=held)
            await self._send(job, upload, from_byte=held)

    async def _bytes_held(self, job: _Job, upload: _Upload, *, expired: bool) -> int | None:
        """How many bytes TikTok holds; None when the upload is over and its outcome written."""
        status = await self._status(job, upload)
        ended = expired or self._clock() - upload.initialised_at > UPLOAD_URL_LIFETIME
        if await self._has_verdict(job, status):
            return None
        if (status.uploaded_bytes is None and ended) or status.uploaded_bytes == job.size:
            # Not known to lack a byte, so it may yet be posted: only time tells.
            await self._outcomes.sent(job.claim)
            return None
        if ended:
            await self._outcomes.upload_ended(job.claim)
            return None
        return upload.bytes_acknowledged if status.uploaded_bytes is None else status.uploaded_bytes

    async def _ask(self, job: _Job) -> None:
        """A post whose bytes are all in: has TikTok decided?"""
        assert job.upload is not None  # noqa: S101 - bytes are sent under a publish_id only
        try:
            status = await self._status(job, job.upload)
        except tiktok.ApiError as error:
            if error.code != tiktok.ErrorCode.INVALID_PUBLISH_ID:
                raise
            await self._outcomes.undecided(job.claim)
            return
        if not await self._has_verdict(job, status):
            await self._outcomes.undecided(job.claim)

    async def _status(self, job: _Job, upload: _Upload) -> tiktok.PublishStatus:
        return await self._accounts.call(
            job.account_id, lambda token: self._client.publish_status(token, upload.publish_id)
        )

    async def _has_verdict(self, job: _Job, status: tiktok.PublishStatus) -> bool:
        """Write TikTok's verdict down, if there is one."""
        if status.status is tiktok.PublishState.PUBLISH_COMPLETE:
            await self._outcomes.published(job.claim, next(iter(status.post_ids), None))
            return True
        if status.status is tiktok.PublishState.FAILED:
            await self._outcomes.failed_at_tiktok(job.claim, status.fail_reason or "")
            return True
        return False


_HOPELESS = (tiktok.UploadUrlRefused, tiktok.FileChanged, tiktok.UploadMalformed)


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
