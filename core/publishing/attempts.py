"""One post's way to TikTok: what its state asks for next, one durable step at a time.

What keeps a post from going out twice: the publish_id is stored before the first byte, and a post
that has one is never initialised again until TikTok has said that nothing was posted under it.
What it needs to know of its post is read by `core.publishing.jobs`; how TikTok is told of it is in
`core.publishing.videos`, and for photos, with rules of their own, in `core.publishing.carousels`.
The bytes are sent by `core.publishing.sending`, TikTok's word is asked for by
`core.publishing.asking`, and how an attempt ends is written by `core.publishing.outcomes`.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from core import tiktok, verdicts
from core.clock import Clock
from core.errors import AccountUnusable
from core.limits import LimitReached
from core.publishing.asking import Asking, public_id
from core.publishing.carousels import Carousels
from core.publishing.claims import Claim, Claims, Superseded
from core.publishing.jobs import ClipJob, Job, Jobs, PhotoJob
from core.publishing.outcomes import CalledOff, Outcomes
from core.publishing.post_files import PostFile
from core.publishing.progress import Progress
from core.publishing.sending import Sender, Upload
from core.publishing.videos import Videos
from core.states import PostStatus

TALKS_AT_ONCE = 64
"""Posts that are brought to init, or asked about, side by side; sending has a bound of its own."""
SENT_AT_ONCE = 64
"""Clips whose chunks take turns: among too many none would be done before its URL ends."""
ON_TIME = timedelta(minutes=1)
"""So much may pass before a post counts as late even where nothing late is tolerated."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class _Sendable:
    """An open upload, and from which byte on TikTok lacks its clip."""

    upload: Upload
    file: PostFile
    from_byte: int


class Attempts:
    """Takes claimed posts as far as they go now."""

    def __init__(
        self,
        *,
        jobs: Jobs,
        videos: Videos,
        carousels: Carousels,
        claims: Claims,
        sender: Sender,
        asking: Asking,
        outcomes: Outcomes,
        progress: Progress,
        clock: Clock,
    ) -> None:
        self._jobs = jobs
        self._videos = videos
        self._carousels = carousels
        self._claims = claims
        self._sender = sender
        self._asking = asking
        self._outcomes = outcomes
        self._progress = progress
        self._clock = clock
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
                rest = await self._talk(await self._jobs.of(claim))
            if rest is not None:
                async with self._room:
                    await self._sender.send(rest.upload, rest.file, from_byte=rest.from_byte)
        except CalledOff as end:
            await self._outcomes.called_off(claim, end.code)
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

    async def _talk(self, job: Job) -> _Sendable | None:
        """Ask and tell TikTok what the post's state calls for; returns what is to be sent now."""
        if job.status is PostStatus.PUBLISHED:
            await self._look_up(job)
        elif isinstance(job, PhotoJob):
            await self._talk_of_photos(job)
        elif isinstance(job, ClipJob):
            return await self._talk_of_clip(job)
        return None

    async def _talk_of_photos(self, job: PhotoJob) -> None:
        if job.upload is not None:
            await self._ask(job)
        elif not await self._carousels.look(job):
            self._require_in_time(job)
            await self._carousels.begin(job)

    async def _talk_of_clip(self, job: ClipJob) -> _Sendable | None:
        if job.status is not PostStatus.PUBLISHING:
            await self._ask(job)
        elif job.upload is None:
            self._require_in_time(job)
            upload = await self._videos.begin(job)
            return _Sendable(upload=upload, file=job.file, from_byte=0)
        else:
            from_byte = await self._sender.resume_at(job.upload, job.file)
            if from_byte is not None:
                return _Sendable(upload=job.upload, file=job.file, from_byte=from_byte)
        return None

    def _require_in_time(self, job: Job) -> None:
        """A post that came due while nobody could begin with it goes out late only so far."""
        waited = self._clock() - job.due_at if job.due_at else timedelta()
        if not job.tries and waited > max(job.late_tolerance, ON_TIME):
            raise CalledOff(verdicts.LATE)

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
