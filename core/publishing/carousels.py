"""Posts of photos: TikTok is told where they lie, and fetches and posts them by itself.

So the call that tells it is the point of no return. That it is made is written down before it is
made. What TikTok clearly refuses, and what certainly never reached it, takes that note back, and
may be tried again. After anything else, the end of this process included, nothing is repeated: the
post is unconfirmed, until our own links tell (`core.publishing.photo_links`). Where some photo was
not asked for in all the time that they were good for, nothing was posted; where all were, only the
creator can say.
"""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update

from core import tiktok
from core.accounts.accounts import Accounts
from core.clock import Clock
from core.limits import Call
from core.publishing.allowed import within
from core.publishing.claims import Claim, Claims, Superseded
from core.publishing.inbox import Inboxes
from core.publishing.jobs import PhotoJob
from core.publishing.outcomes import CalledOff, Outcomes
from core.publishing.photo_links import PhotoLinks
from core.publishing.post_files import trouble_with
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Photo
from core.unbroken import unbroken

MISSING = "photo_missing"
KEEP_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (0.3, 1, 2))
"""Between the tries to store a publish_id; a stop waits for them."""

log = structlog.get_logger()


class Carousels:
    def __init__(
        self,
        *,
        database: Database,
        accounts: Accounts,
        client: tiktok.Client,
        claims: Claims,
        inboxes: Inboxes,
        links: PhotoLinks,
        outcomes: Outcomes,
        clock: Clock,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._client = client
        self._claims = claims
        self._inboxes = inboxes
        self._links = links
        self._outcomes = outcomes
        self._clock = clock

    async def look(self, job: PhotoJob) -> bool:
        """Find out more of a post that TikTok gave no id; False where it knows nothing of it."""
        if job.status is PostStatus.PUBLISHING and not job.announced:
            return False
        if job.status is PostStatus.PUBLISHING:
            await self._outcomes.photos_unclear(job.claim)
        elif job.status is PostStatus.UNCONFIRMED:
            await self._outcomes.photos_looked_for(job.claim)
        else:
            await self._outcomes.not_asked(job.claim)
        return True

    async def begin(self, job: PhotoJob) -> None:
        """A post of which TikTok knows nothing: check it and announce it.

        Raises `CalledOff`, `AccountUnusable`, `LimitReached`, TikTok's errors.
        """
        if code := await trouble_with(job.files, missing=MISSING, changed=MISSING):
            raise CalledOff(code)
        if job.post.mode == tiktok.PostMode.DIRECT_POST:
            creator = await self._accounts.ask_creator_info(job.account_id)
            job = replace(job, post=within(job.post, creator))
        else:
            await self._inboxes.require_place(job.account_id, job.claim.post_id)
        # A stop waits for the answer: without it nobody could tell what became of the post.
        await unbroken(self._announce(job))

    async def _announce(self, job: PhotoJob) -> None:
        async def tell(token: str) -> str:
            begun = self._clock()
            urls = tuple(self._links.url(file.id, file.content_type, begun) for file in job.files)
            post = replace(job.post, photo_urls=urls)
            await self._mark(job.claim, begun)
            # Whatever ends the attempt from here on, the mark says that the post is unclear.
            try:
                return await self._client.init_photos(token, post)
            except tiktok.TikTokError as error:
                if is_refusal(error):
                    await self._unmark(job.claim)
                raise

        if job.post.mode == tiktok.PostMode.DIRECT_POST:
            publish_id = await self._accounts.call(job.account_id, Call.INIT, tell)
        else:
            publish_id = await self._inboxes.init(job.account_id, tell)
        await self._keep(job.claim, publish_id)
        log.info("photos_announced", photos=len(job.files))

    async def _keep(self, claim: Claim, publish_id: str) -> None:
        """Store the id, which nobody tells us again; what keeps us from it is logged with it."""
        for pause in (*KEEP_PAUSES, None):
            try:
                return await self._outcomes.photos_taken(claim, publish_id)
            except Exception as error:
                name = type(error).__name__
                log.error("publish_id_not_kept", publish_id=publish_id, error=name)  # noqa: TRY400 - what ends the attempt is logged whole
                if pause is None or isinstance(error, Superseded):
                    raise
                await asyncio.sleep(pause.total_seconds())

    async def _mark(self, claim: Claim, begun: datetime) -> None:
        """Write down that TikTok is about to be told: from now on it may know."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            post.initialised_at = begun
            await change.execute(
                update(Photo).where(Photo.post_id == post.id).values(fetched_at=None)
            )

    async def _unmark(self, claim: Claim) -> None:
        async with self._database.transaction() as change:
            (await self._claims.held(change, claim)).initialised_at = None


def is_refusal(error: tiktok.TikTokError) -> bool:
    """Whether TikTok certainly has not taken what it was told."""
    if isinstance(error, tiktok.TransportError):
        return not error.may_have_arrived
    return isinstance(error, tiktok.ApiError) and not error.server_fault
