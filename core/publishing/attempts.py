"""One post's way to TikTok: what its state asks for next, one durable step at a time.

What keeps a post from going out twice: the publish_id is stored before the first byte, and a post
that has one is never initialised again until TikTok has said that nothing was posted under it.
Photos have rules of their own (`core.publishing.carousels`).
The bytes are sent by `core.publishing.sending`, TikTok's word is asked for by
`core.publishing.asking`, and how an attempt ends is written by `core.publishing.outcomes`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from sqlalchemy import select, update

from core import photos, tiktok, verdicts
from core.accounts.accounts import Accounts
from core.clock import Clock
from core.errors import AccountUnusable, ClipGone
from core.limits import Call, LimitReached
from core.media.files.filestore import FileStore
from core.media.limits import is_too_long
from core.preferences import late_tolerance
from core.publishing.asking import Asking, public_id
from core.publishing.carousels import Carousels, PhotoFile, PhotoJob, photo_post
from core.publishing.claims import Claim, Claims, Superseded
from core.publishing.drafts import Drafts
from core.publishing.jobs import Job
from core.publishing.outcomes import Outcomes
from core.publishing.progress import Progress
from core.publishing.sending import ClipFile, Sender, Upload, trouble_with
from core.states import PostMode, PostStatus
from core.store.database import Database
from core.store.models import Clip, Photo, Post, User
from core.store.vault import Vault, VaultError
from core.together import Together

TALKS_AT_ONCE = 64
"""Posts that are brought to init, or asked about, side by side; sending has a bound of its own."""
SENT_AT_ONCE = 64
"""Clips whose chunks take turns: among too many none would be done before its URL ends."""
ON_TIME = timedelta(minutes=1)
"""So much may pass before a post counts as late even where nothing late is tolerated."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class _ClipJob(Job):
    """A claimed post of a clip."""

    info: tiktok.PostInfo | None
    """None for the inbox, which takes the file alone."""
    file: ClipFile
    duration: timedelta


@dataclass(frozen=True, kw_only=True)
class _Sendable:
    """An open upload, and from which byte on TikTok lacks its clip."""

    upload: Upload
    file: ClipFile
    from_byte: int


class Attempts:
    """Takes claimed posts as far as they go now."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        accounts: Accounts,
        client: tiktok.Client,
        store: FileStore,
        claims: Claims,
        sender: Sender,
        asking: Asking,
        carousels: Carousels,
        drafts: Drafts,
        outcomes: Outcomes,
        progress: Progress,
        clock: Clock,
        late_tolerance: timedelta,
    ) -> None:
        self._database = database
        self._vault = vault
        self._accounts = accounts
        self._client = client
        self._store = store
        self._claims = claims
        self._sender = sender
        self._asking = asking
        self._carousels = carousels
        self._drafts = drafts
        self._outcomes = outcomes
        self._progress = progress
        self._clock = clock
        self._late_tolerance = late_tolerance
        self._load = Together(self._load_all)
        self._keep = Together(self._keep_all)
        self._places = asyncio.Semaphore(TALKS_AT_ONCE)
        self._room = asyncio.Semaphore(SENT_AT_ONCE)

    async def advance(self, claim: Claim) -> None:
        """Work on a claimed post until it is done, has to wait, or needs the creator."""
        with (
            structlog.contextvars.bound_contextvars(
                post=claim.post_id, account=claim.account_id, attempt=claim.attempt
            ),
            self._progress.following(claim.post_id),
        ):
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
            async with self._places:
                rest = await self._talk(await self._load(claim))
            if rest is not None:
                async with self._room:
                    await self._sender.send(rest.upload, rest.file, from_byte=rest.from_byte)
        except LimitReached as limit:
            await self._outcomes.paused(claim, limit.until)
        except AccountUnusable:
            await self._outcomes.called_off(claim, verdicts.ACCOUNT_LOST)
        except tiktok.TikTokError as error:
            log.warning("tiktok_said_no", code=error.code, log_id=error.log_id)
            await self._outcomes.called_off(claim, verdicts.code_of(error))
        except Superseded:
            raise
        except Exception:
            log.exception("publishing_fault")
            await self._outcomes.called_off(claim, verdicts.FAULT)

    async def _load_all(self, claims: Sequence[Claim]) -> list[Job | Exception]:
        """What each claimed post is about; a claim that is ours no more is `Superseded`."""
        async with self._database.reading() as session:
            held = await self._claims.still_held(session, claims)
            rows = await session.execute(
                select(Post, Clip, User)
                .outerjoin(Clip, Clip.id == Post.clip_id)
                .join(User, User.id == Post.owner_id)
                .where(Post.id.in_([claim.post_id for claim in held]))
            )
            found = {post.id: (post, clip, owner) for post, clip, owner in rows}
            without = [post_id for post_id, (_, clip, _) in found.items() if clip is None]
            of_photos = await photos.of(session, without)
        return [
            self._job(claim, *found[claim.post_id], of_photos.get(claim.post_id, []))
            if claim in held
            else Superseded()
            for claim in claims
        ]

    def _job(
        self, claim: Claim, post: Post, clip: Clip | None, owner: User, of_photos: list[Photo]
    ) -> Job | Exception:
        if post.account_id is None:
            return AccountUnusable()
        try:
            upload = self._upload(claim, post, post.account_id)
        except VaultError as error:
            return error
        if clip is None and not of_photos:
            return ClipGone()
        job = Job(
            claim=claim,
            status=post.status,
            account_id=post.account_id,
            due_at=post.due_at,
            late_tolerance=late_tolerance(owner, self._late_tolerance),
            tries=post.tries,
            upload=upload,
        )
        return (
            self._with_photos(job, post, of_photos) if clip is None else self._with(job, post, clip)
        )

    def _with(self, job: Job, post: Post, clip: Clip) -> _ClipJob:
        return _ClipJob(
            **vars(job),
            info=None if post.mode is PostMode.MEDIA_UPLOAD else _post_info(post),
            file=ClipFile(
                store=self._store,
                key=clip.storage_key,
                size=clip.size,
                content_type=clip.content_type,
            ),
            duration=timedelta(seconds=clip.duration),
        )

    def _with_photos(self, job: Job, post: Post, of_photos: list[Photo]) -> PhotoJob:
        return PhotoJob(
            **vars(job),
            post=photo_post(post, of_photos),
            files=tuple(
                PhotoFile(
                    id=photo.id,
                    store=self._store,
                    key=photo.storage_key,
                    size=photo.size,
                    content_type=photo.content_type,
                )
                for photo in of_photos
            ),
            announced=post.initialised_at is not None,
        )

    def _upload(self, claim: Claim, post: Post, account_id: int) -> Upload | None:
        if post.publish_id is None or post.initialised_at is None:
            return None
        return Upload(
            claim=claim,
            account_id=account_id,
            publish_id=post.publish_id,
            url=self._vault.open(post, "upload_url") if post.upload_url else None,
            initialised_at=post.initialised_at,
        )

    async def _talk(self, job: Job) -> _Sendable | None:
        """Ask and tell TikTok what the post's state calls for; returns what is to be sent now."""
        if job.status is PostStatus.PUBLISHED:
            await self._look_up(job)
        elif isinstance(job, PhotoJob):
            await self._talk_of_photos(job)
        elif isinstance(job, _ClipJob):
            return await self._talk_of_clip(job)
        return None

    async def _talk_of_photos(self, job: PhotoJob) -> None:
        if job.upload is not None:
            await self._ask(job)
        elif await self._carousels.look(job):
            pass
        elif code := self._late(job):
            await self._outcomes.called_off(job.claim, code)
        else:
            await self._carousels.begin(job)

    async def _talk_of_clip(self, job: _ClipJob) -> _Sendable | None:
        if job.status is not PostStatus.PUBLISHING:
            await self._ask(job)
        elif job.upload is None:
            return await self._begin(job)
        else:
            from_byte = await self._sender.resume_at(job.upload, job.file)
            if from_byte is not None:
                return _Sendable(upload=job.upload, file=job.file, from_byte=from_byte)
        return None

    async def _begin(self, job: _ClipJob) -> _Sendable | None:
        """A post of which TikTok knows nothing: check it and announce it."""
        if code := self._late(job) or await trouble_with(job.file):
            await self._outcomes.called_off(job.claim, code)
            return None
        opened = await (self._open(job, job.info) if job.info else self._open_draft(job))
        if isinstance(opened, str):
            await self._outcomes.called_off(job.claim, opened)
            return None
        upload = Upload(
            claim=job.claim,
            account_id=job.account_id,
            publish_id=opened.publish_id,
            url=opened.upload_url,
            initialised_at=self._clock(),
        )
        await self._keep(upload)
        log.info("initialised", size=job.file.size)
        return _Sendable(upload=upload, file=job.file, from_byte=0)

    async def _open(self, job: _ClipJob, chosen: tiktok.PostInfo) -> tiktok.Upload | str:
        """Announce a Direct Post; a code of `verdicts` where its account may not post it."""
        creator = await self._accounts.ask_creator_info(job.account_id)
        if code := _unfit(job, chosen, creator):
            return code
        info, plan = within(chosen, creator), tiktok.plan_chunks(job.file.size)
        return await self._accounts.call(
            job.account_id, Call.INIT, lambda token: self._client.init_video(token, info, plan)
        )

    async def _open_draft(self, job: _ClipJob) -> tiktok.Upload | str:
        """Announce a draft for the inbox; a code of `verdicts` where there is no place for it."""
        drafts, plan = self._drafts, tiktok.plan_chunks(job.file.size)
        code = await drafts.trouble_with(job.account_id, job.claim.post_id, job.duration)
        return code or await drafts.open(job.account_id, plan)

    async def _keep_all(self, uploads: Sequence[Upload]) -> list[Superseded | None]:
        """Store what TikTok gave an id, before a byte of it is sent."""
        async with self._database.transaction() as change:
            held = await self._claims.still_held(change, [upload.claim for upload in uploads])
            kept = [
                {
                    "id": upload.claim.post_id,
                    "publish_id": upload.publish_id,
                    "initialised_at": upload.initialised_at,
                    "bytes_acknowledged": 0,
                    "upload_url": upload.url
                    and self._vault.sealed(Post, "upload_url", upload.claim.post_id, upload.url),
                }
                for upload in uploads
                if upload.claim in held
            ]
            if kept:
                await change.execute(update(Post), kept)
        return [None if upload.claim in held else Superseded() for upload in uploads]

    def _late(self, job: Job) -> str | None:
        """A post that came due while nobody could begin with it goes out late only so far."""
        waited = self._clock() - job.due_at if job.due_at else timedelta()
        in_time = job.tries or waited <= max(job.late_tolerance, ON_TIME)
        return None if in_time else verdicts.LATE

    async def _ask(self, job: Job) -> None:
        """A post whose bytes are all in: has TikTok decided?"""
        assert job.upload is not None  # noqa: S101 - bytes are sent under a publish_id only
        status = await self._asking.status(job.account_id, job.upload.publish_id)
        if not await self._asking.is_decided(job.claim, status):
            await self._outcomes.undecided(job.claim)

    async def _look_up(self, job: Job) -> None:
        """A published post without a public address: is there one by now?"""
        status = None
        if job.upload is not None:
            status = await self._asking.status(job.account_id, job.upload.publish_id)
        await self._outcomes.looked_up(job.claim, public_id(status))


def within(info: tiktok.PostInfo, creator: tiktok.CreatorInfo) -> tiktok.PostInfo:
    """The post without the interactions that the account's own settings have turned off."""
    return replace(
        info,
        disable_comment=info.disable_comment or creator.comment_disabled,
        disable_duet=info.disable_duet or creator.duet_disabled,
        disable_stitch=info.disable_stitch or creator.stitch_disabled,
    )


def _unfit(job: _ClipJob, info: tiktok.PostInfo, creator: tiktok.CreatorInfo) -> str | None:
    """Why the account may not post this, if it may not."""
    if info.privacy_level not in creator.privacy_level_options:
        return tiktok.ErrorCode.PRIVACY_LEVEL_OPTION_MISMATCH.value
    if is_too_long(job.duration, creator.max_video_post_duration_sec):
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
        is_aigc=post.ai_generated,
        video_cover_timestamp_ms=post.cover_ms,
    )
