"""A post as its creator sees it, and what it still lacks before it can be scheduled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from core import clips, photos, tiktok, verdicts
from core.accounts import accounts
from core.accounts.accounts import ConnectedAccount
from core.clips import StoredClip
from core.media.limits import INBOX_LONGEST
from core.photos import StoredPhoto
from core.posts import uploads
from core.posts.rows import moment_of
from core.states import AccountStatus, PostMode, PostStatus
from core.store.models import Account, Clip, Photo, Post
from core.times import Moment

INTERACTIONS = ("allow_comment", "allow_duet", "allow_stitch")
DISCLOSURES = ("discloses", "your_brand", "branded_content")
WAITS = frozenset({PostStatus.SCHEDULED, PostStatus.HELD})
"""Agreed to, and not on its way yet."""


class Missing(StrEnum):
    """What keeps a post from being scheduled."""

    ACCOUNT = "account"
    PRIVACY = "privacy"
    TIME = "time"
    PAST = "past"
    CAPTION_TOO_LONG = "caption_too_long"
    TITLE_TOO_LONG = "title_too_long"
    DISCLOSURE = "disclosure"
    BRANDED_PRIVATE = "branded_private"
    INBOX_SCOPE = "inbox_scope"
    """Its account's creator has not let us put drafts into the inbox."""
    TOO_LONG_FOR_INBOX = "too_long_for_inbox"


@dataclass(frozen=True, kw_only=True)
class PostView:
    """A post as its creator sees it; `failure_code` is a key of `core.verdicts`."""

    id: int
    owner_id: int
    status: PostStatus
    version: int
    mode: PostMode
    caption: str
    """Of photos: what TikTok calls their description."""
    title: str
    """Of photos; a clip has none."""
    time_words: str
    """What led its caption and was taken as its time; empty once either has changed."""
    privacy: str | None
    allow_comment: bool
    allow_duet: bool
    allow_stitch: bool
    discloses: bool
    your_brand: bool
    branded_content: bool
    ai_generated: bool
    cover_ms: int | None
    """The frame shown as cover, milliseconds into the clip; None: the first."""
    cover_photo_id: int | None
    """The photo shown as cover; None: the first."""
    auto_add_music: bool
    """Whether TikTok lays music under photos."""
    moment: Moment | None
    at_once: bool
    """Whether it goes, or went, out as soon as its creator had agreed."""
    delivered_at: datetime | None
    """When it came into the creator's TikTok inbox, as a draft."""
    published_at: datetime | None
    agreed_before: bool
    """Whether its creator has ever agreed to it going out; a draft has been changed since."""
    account: ConnectedAccount | None
    clip: StoredClip | None
    """None for a post of photos."""
    photos: tuple[StoredPhoto, ...]
    """In their order; none for a post of a clip."""
    failure_code: str | None
    tiktok_post_id: str | None
    card_message_id: int | None
    batch_id: int | None
    """The open batch it is planned with."""
    upload_open: bool
    """Whether an upload has begun that may still become a post: only a retry finds out."""

    @property
    def lasts(self) -> timedelta:
        """How long its clip is; photos take no time."""
        return self.clip.duration if self.clip else timedelta()

    @property
    def file_name(self) -> str:
        """What its clip is called; photos have no names."""
        return self.clip.name if self.clip else ""

    @property
    def longest_caption(self) -> int:
        """UTF-16 units that TikTok takes of its caption."""
        return tiktok.PHOTO_DESCRIPTION_MAX_UTF16 if self.photos else tiktok.TITLE_MAX_UTF16

    @property
    def untouched(self) -> bool:
        """Whether it is as it was when its clip came in."""
        return self.version == 1

    @property
    def can_move(self) -> bool:
        """Whether it is agreed to and waits, so that its time alone can change."""
        return self.status in WAITS and not self.upload_open

    @property
    def needs_creator(self) -> bool:
        """Whether it goes no further without its creator."""
        waits = self.status is PostStatus.DELIVERED and self.failure_code is None
        return waits or self.status is PostStatus.HELD or self.failure_code == verdicts.NEVER_TOLD

    @property
    def is_for_inbox(self) -> bool:
        """Whether it becomes a draft, which takes none of its settings along."""
        return self.mode is PostMode.MEDIA_UPLOAD

    def missing(self, now: datetime, *, needs_time: bool = True) -> tuple[Missing, ...]:
        """What keeps it from being scheduled (or, without `needs_time`, posted now)."""
        found = []
        if self.account is None or self.account.status is not AccountStatus.CONNECTED:
            found.append(Missing.ACCOUNT)
        elif self.is_for_inbox and not self.account.takes_drafts:
            found.append(Missing.INBOX_SCOPE)
        if self.privacy is None and not self.is_for_inbox:
            found.append(Missing.PRIVACY)
        if needs_time and self.moment is None:
            found.append(Missing.TIME)
        if needs_time and self.moment is not None and self.moment.utc <= now:
            found.append(Missing.PAST)
        if tiktok.utf16_units(self.title) > tiktok.PHOTO_TITLE_MAX_UTF16:
            found.append(Missing.TITLE_TOO_LONG)
        if tiktok.utf16_units(self.caption) > self.longest_caption:
            found.append(Missing.CAPTION_TOO_LONG)
        return (*found, *(self._bars_inbox() if self.is_for_inbox else self._bars_post()))

    def _bars_post(self) -> Iterable[Missing]:
        if self.discloses and not (self.your_brand or self.branded_content):
            yield Missing.DISCLOSURE
        if self.branded_content and self.privacy == tiktok.PrivacyLevel.SELF_ONLY:
            yield Missing.BRANDED_PRIVATE

    def _bars_inbox(self) -> Iterable[Missing]:
        if self.lasts > INBOX_LONGEST:
            yield Missing.TOO_LONG_FOR_INBOX


async def view_of(session: AsyncSession, post: Post, *, now: datetime) -> PostView:
    """The row as a value, with all that belongs to it."""
    clip = await session.get(Clip, post.clip_id) if post.clip_id else None
    account = await session.get(Account, post.account_id) if post.account_id else None
    return (await views_of(session, [(post, clip, account)], now=now))[0]


async def views_of(
    session: AsyncSession,
    rows: Iterable[tuple[Post, Clip | None, Account | None]],
    *,
    now: datetime,
) -> list[PostView]:
    """Rows as values, in their order, with the photos of those that have no clip."""
    rows = list(rows)
    of_photos = await photos.of(session, [post.id for post, clip, _ in rows if clip is None])
    return [_assemble(*row, of_photos.get(row[0].id, ()), now=now) for row in rows]


def _assemble(
    post: Post,
    clip: Clip | None,
    account: Account | None,
    of_photos: Sequence[Photo],
    *,
    now: datetime,
) -> PostView:
    return PostView(
        id=post.id,
        owner_id=post.owner_id,
        status=post.status,
        version=post.version,
        mode=post.mode,
        caption=post.caption,
        title=post.title,
        time_words=post.time_words or "",
        privacy=post.privacy,
        allow_comment=post.allow_comment,
        allow_duet=post.allow_duet,
        allow_stitch=post.allow_stitch,
        discloses=post.discloses,
        your_brand=post.your_brand,
        branded_content=post.branded_content,
        ai_generated=post.ai_generated,
        cover_ms=post.cover_ms,
        cover_photo_id=post.cover_photo_id,
        auto_add_music=post.auto_add_music,
        moment=moment_of(post),
        at_once=post.due_at is not None and post.wall_time is None,
        delivered_at=post.delivered_at,
        published_at=post.published_at,
        agreed_before=post.consent is not None,
        account=accounts.connected_account(account) if account else None,
        clip=clips.stored_clip(clip) if clip else None,
        photos=tuple(photos.stored_photo(photo) for photo in of_photos),
        failure_code=post.failure_code,
        tiktok_post_id=post.tiktok_post_id,
        card_message_id=post.card_message_id,
        batch_id=post.batch_id,
        upload_open=uploads.is_open(post, clip.size if clip else None, now),
    )
