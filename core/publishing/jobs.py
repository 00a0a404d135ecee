"""What one attempt needs to know of its post, read once for all that begin together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core import photos, tiktok
from core.errors import AccountUnusable, ClipGone
from core.media.files.filestore import FileStore
from core.preferences import late_tolerance
from core.publishing.claims import Claim, Claims, Superseded
from core.publishing.post_files import PhotoFile, PostFile
from core.publishing.sending import Upload
from core.states import PostMode, PostStatus
from core.store.database import Database
from core.store.models import Clip, Photo, Post, User
from core.store.vault import Vault
from core.together import Together

_NOT_YET = ("announced later",)
"""Stands where the addresses of photos will: they are made for each call anew."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A claimed post; `upload` is there once TikTok has given it an id."""

    claim: Claim
    status: PostStatus
    account_id: int
    due_at: datetime | None
    late_tolerance: timedelta
    tries: int
    upload: Upload | None


@dataclass(frozen=True, kw_only=True)
class ClipJob(Job):
    """A claimed post of a clip."""

    info: tiktok.PostInfo | None
    """None for the inbox, which takes the file alone."""
    file: PostFile
    duration: timedelta


@dataclass(frozen=True, kw_only=True)
class PhotoJob(Job):
    """A claimed post of photos; `announced` says that TikTok may have been told of it."""

    post: tiktok.PhotoPost
    files: tuple[PhotoFile, ...]
    announced: bool


class Jobs:
    """Reads claimed posts; `late_tolerance` holds for creators who have not chosen one."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        store: FileStore,
        claims: Claims,
        late_tolerance: timedelta,
    ) -> None:
        self._database = database
        self._vault = vault
        self._store = store
        self._claims = claims
        self._late_tolerance = late_tolerance
        self._read = Together(self._read_all)

    async def of(self, claim: Claim) -> Job:
        """What a claimed post is about.

        Raises `Superseded` where the claim is ours no more, `AccountUnusable`, `ClipGone`, and
        whatever is the matter with this row alone.
        """
        return await self._read(claim)

    async def _read_all(self, claims: Sequence[Claim]) -> list[Job | Exception]:
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
            self._answer(claim, *found[claim.post_id], of_photos.get(claim.post_id, []))
            if claim in held
            else Superseded()
            for claim in claims
        ]

    def _answer(
        self, claim: Claim, post: Post, clip: Clip | None, owner: User, of_photos: list[Photo]
    ) -> Job | Exception:
        """What is wrong with one row is no answer to the other claims."""
        try:
            return self._job(claim, post, clip, owner, of_photos)
        except Exception as error:
            return error

    def _job(
        self, claim: Claim, post: Post, clip: Clip | None, owner: User, of_photos: list[Photo]
    ) -> Job:
        if post.account_id is None:
            raise AccountUnusable
        job = Job(
            claim=claim,
            status=post.status,
            account_id=post.account_id,
            due_at=post.due_at,
            late_tolerance=late_tolerance(owner, self._late_tolerance),
            tries=post.tries,
            upload=self._upload(claim, post, post.account_id),
        )
        if clip is not None:
            return self._with_clip(job, post, clip)
        if of_photos:
            return self._with_photos(job, post, of_photos)
        raise ClipGone

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

    def _with_clip(self, job: Job, post: Post, clip: Clip) -> ClipJob:
        return ClipJob(
            **vars(job),
            info=None if post.mode is PostMode.MEDIA_UPLOAD else _post_info(post),
            file=PostFile(
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
            post=_photo_post(post, of_photos),
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


def _photo_post(post: Post, photos: list[Photo]) -> tiktok.PhotoPost:
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
