"""A post as its creator sees it, and what it still lacks before it can be scheduled."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core import clips, tiktok, verdicts
from core.accounts import accounts
from core.accounts.accounts import ConnectedAccount
from core.clips import StoredClip
from core.posts import uploads
from core.posts.rows import moment_of
from core.states import AccountStatus, PostStatus
from core.store.models import Account, Clip, Post
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
    DISCLOSURE = "disclosure"
    BRANDED_PRIVATE = "branded_private"


@dataclass(frozen=True, kw_only=True)
class PostView:
    """A post as its creator sees it; `failure_code` is a key of `core.verdicts`."""

    id: int
    owner_id: int
    status: PostStatus
    version: int
    caption: str
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
    moment: Moment | None
    at_once: bool
    """Whether it goes, or went, out as soon as its creator had agreed."""
    published_at: datetime | None
    agreed_before: bool
    """Whether its creator has ever agreed to it going out; a draft has been changed since."""
    account: ConnectedAccount | None
    clip: StoredClip
    failure_code: str | None
    tiktok_post_id: str | None
    card_message_id: int | None
    batch_id: int | None
    """The open batch it is planned with."""
    upload_open: bool
    """Whether an upload has begun that may still become a post: only a retry finds out."""

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
        return self.status is PostStatus.HELD or self.failure_code == verdicts.NEVER_TOLD

    def missing(self, now: datetime, *, needs_time: bool = True) -> tuple[Missing, ...]:
        """What keeps it from being scheduled (or, without `needs_time`, posted now)."""
        found = []
        if self.account is None or self.account.status is not AccountStatus.CONNECTED:
            found.append(Missing.ACCOUNT)
        if self.privacy is None:
            found.append(Missing.PRIVACY)
        if needs_time and self.moment is None:
            found.append(Missing.TIME)
        if needs_time and self.moment is not None and self.moment.utc <= now:
            found.append(Missing.PAST)
        if tiktok.utf16_units(self.caption) > tiktok.TITLE_MAX_UTF16:
            found.append(Missing.CAPTION_TOO_LONG)
        if self.discloses and not (self.your_brand or self.branded_content):
            found.append(Missing.DISCLOSURE)
        if self.branded_content and self.privacy == tiktok.PrivacyLevel.SELF_ONLY:
            found.append(Missing.BRANDED_PRIVATE)
        return tuple(found)


def assemble(post: Post, clip: Clip, account: Account | None, *, now: datetime) -> PostView:
    """The rows as a value."""
    return PostView(
        id=post.id,
        owner_id=post.owner_id,
        status=post.status,
        version=post.version,
        caption=post.caption,
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
        moment=moment_of(post),
        at_once=post.due_at is not None and post.wall_time is None,
        published_at=post.published_at,
        agreed_before=post.consent is not None,
        account=accounts.connected_account(account) if account else None,
        clip=clips.stored_clip(clip),
        failure_code=post.failure_code,
        tiktok_post_id=post.tiktok_post_id,
        card_message_id=post.card_message_id,
        batch_id=post.batch_id,
        upload_open=uploads.is_open(post, clip.size, now),
    )
