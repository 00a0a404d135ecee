"""Posts of photos: TikTok is told where they lie, and fetches and posts them by itself.

So the call that tells it is the point of no return. That it is made is written down before it is
made. What TikTok clearly refuses, and what certainly never reached it, takes that note back, and
may be tried again. After anything else, the end of this process included, nothing is repeated: the
post is unconfirmed, until our own links tell (`core.publishing.photo_links`). Where some photo was
not asked for in all the time that they were good for, nothing was posted; where all were, only the
creator can say.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from sqlalchemy import update

from core import tiktok, verdicts
from core.accounts.accounts import Accounts
from core.clock import Clock
from core.errors import ClipCueError
from core.limits import Call
from core.media.files.filestore import FileStore
from core.publishing.claims import Claim, Claims
from core.publishing.drafts import MISSES_SCOPE, Drafts
from core.publishing.jobs import Job
from core.publishing.outcomes import Outcomes
from core.publishing.photo_links import PhotoLinks
from core.states import PostMode, PostStatus
from core.store.database import Database
from core.store.models import Photo, Post
from core.unbroken import unbroken

MISSING = "photo_missing"
_NOT_YET = ("announced later",)
"""Stands where the addresses will: they are made for each call anew."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class PhotoFile:
    """A photo as it lies here: a file that has to be `size` bytes long."""

    id: int
    store: FileStore = field(repr=False)
    key: str
    size: int
    content_type: str


@dataclass(frozen=True, kw_only=True)
class PhotoJob(Job):
    """A claimed post of photos; `announced` says that TikTok may have been told of it."""

    post: tiktok.PhotoPost
    files: tuple[PhotoFile, ...]
    announced: bool


class _Unclear(ClipCueError):
    """TikTok may have taken the photos."""


class Carousels:
    def __init__(
        self,
        *,
        database: Database,
        accounts: Accounts,
        client: tiktok.Client,
        claims: Claims,
        drafts: Drafts,
        links: PhotoLinks,
        outcomes: Outcomes,
        clock: Clock,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._client = client
        self._claims = claims
        self._drafts = drafts
        self._links = links
        self._outcomes = outcomes
        self._clock = clock

    async def look(self, job: PhotoJob) -> bool:
        """Find out more of a post that TikTok gave no id; False where it knows nothing of it."""
        if job.status is PostStatus.PUBLISHING and not job.announced:
            return False
        if job.status is PostStatus.PUBLISHING:
            await self._outcomes.photos_unclear(job.claim)
        else:
            await self._outcomes.photos_looked_for(job.claim)
        return True

    async def begin(self, job: PhotoJob) -> None:
        """A post of which TikTok knows nothing: check it and announce it."""
        if code := await _trouble_with(job.files):
            await self._outcomes.called_off(job.claim, code)
            return
        direct = job.post.mode == tiktok.PostMode.DIRECT_POST
        checked = await (self._direct(job) if direct else self._draft(job))
        if isinstance(checked, str):
            await self._outcomes.called_off(job.claim, checked)
            return
        # A stop waits for the answer: without it nobody could tell what became of the post.
        await unbroken(self._announce(checked))

    async def _direct(self, job: PhotoJob) -> PhotoJob | str:
        """As the account's own settings have it now; a code of `verdicts` where it may not be."""
        creator = await self._accounts.ask_creator_info(job.account_id)
        if job.post.privacy_level not in creator.privacy_level_options:
            return tiktok.ErrorCode.PRIVACY_LEVEL_OPTION_MISMATCH.value
        off = job.post.disable_comment or creator.comment_disabled
        return replace(job, post=replace(job.post, disable_comment=off))

    async def _draft(self, job: PhotoJob) -> PhotoJob | str:
        """A draft for the inbox; a code of `verdicts` where there is no place for it."""
        return await self._drafts.trouble_with(job.account_id, job.claim.post_id) or job

    async def _announce(self, job: PhotoJob) -> None:
        async def tell(token: str) -> str:
            begun = await self._mark(job.claim)
            urls = tuple(self._links.url(file.id, file.content_type, begun) for file in job.files)
            try:
                return await self._client.init_photos(token, replace(job.post, photo_urls=urls))
            except tiktok.TikTokError as error:
                if not is_refusal(error):
                    log.warning("photos_unclear", code=error.code, log_id=error.log_id)
                    raise _Unclear from None
                await self._unmark(job.claim)
                raise

        try:
            publish_id = await self._accounts.call(job.account_id, Call.INIT, tell)
        except _Unclear:
            await self._outcomes.photos_unclear(job.claim)
        except tiktok.ApiError as error:
            if job.post.mode == tiktok.PostMode.DIRECT_POST or error.code not in MISSES_SCOPE:
                raise
            log.warning("tiktok_said_no", code=error.code, log_id=error.log_id)
            await self._outcomes.called_off(job.claim, verdicts.NO_INBOX_SCOPE)
        else:
            await self._outcomes.photos_taken(job.claim, publish_id)
            log.info("photos_announced", photos=len(job.files))

    async def _mark(self, claim: Claim) -> datetime:
        """Write down that TikTok is about to be told: from now on it may know."""
        async with self._database.transaction() as change:
            post = await self._claims.held(change, claim)
            post.initialised_at = begun = self._clock()
            await change.execute(
                update(Photo).where(Photo.post_id == post.id).values(fetched_at=None)
            )
        return begun

    async def _unmark(self, claim: Claim) -> None:
        async with self._database.transaction() as change:
            (await self._claims.held(change, claim)).initialised_at = None


def is_refusal(error: tiktok.TikTokError) -> bool:
    """Whether TikTok certainly has not taken what it was told."""
    if isinstance(error, tiktok.TransportError):
        return not error.may_have_arrived
    return isinstance(error, tiktok.ApiError) and not error.server_fault


def photo_post(post: Post, photos: list[Photo]) -> tiktok.PhotoPost:
    """A post as TikTok is told of it, but for the addresses."""
    ids = [photo.id for photo in photos]
    direct = post.mode is PostMode.DIRECT_POST
    return tiktok.PhotoPost(
        mode=tiktok.PostMode[post.mode.name],
        photo_urls=_NOT_YET * len(photos),
        photo_cover_index=ids.index(post.cover_photo_id) if post.cover_photo_id in ids else 0,
        title=post.title,
        description=post.caption,
        privacy_level=post.privacy if direct else None,
        disable_comment=not post.allow_comment,
        auto_add_music=post.auto_add_music,
        brand_content_toggle=post.branded_content,
        brand_organic_toggle=post.your_brand,
        is_aigc=post.ai_generated,
    )


async def _trouble_with(files: tuple[PhotoFile, ...]) -> str | None:
    """Whether a photo cannot be served: a code of `verdicts`."""
    for file in files:
        if await file.store.size(file.key) != file.size:
            return MISSING
    return None
