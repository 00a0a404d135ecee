"""A video on its way in, and the post it becomes."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from .chunks import SourceInfo
from .creators import PrivacyLevel

Status = Literal["PROCESSING_UPLOAD", "PUBLISH_COMPLETE", "FAILED"]


def nineteen_digits() -> str:
    """A number for an id: more than a JavaScript number can hold exactly, within an int64."""
    return str(7 * 10**18 + secrets.randbelow(10**18))


class PostInfo(BaseModel):
    """`post_info` of video/init, as sent. Source: Direct Post reference.

    A missing privacy level is let through here because TikTok answers it with a code of its own.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    privacy_level: PrivacyLevel | None = None
    title: str = ""
    disable_comment: bool = False
    disable_duet: bool = False
    disable_stitch: bool = False
    video_cover_timestamp_ms: Annotated[int, Field(ge=-(2**31), lt=2**31)] = 0
    brand_content_toggle: bool
    brand_organic_toggle: bool
    is_aigc: bool = False


@dataclass(frozen=True, kw_only=True)
class Processing:
    """What becomes of a video whose bytes are all in, settled when the last one arrived."""

    sha256: str
    post_id: str
    done_at: datetime | None
    """When processing ends; None: never."""
    public_at: datetime | None
    """From when status/fetch names the post id; None: never, as for posts that are not public."""
    fail_reason: str = ""


@dataclass(kw_only=True)
class Upload:
    """What video/init opened: a promise of bytes, then a video in processing."""

    publish_id: str
    username: str
    post_info: PostInfo
    source_info: SourceInfo
    started_at: datetime
    expires_at: datetime
    token: str = field(repr=False)
    received: int = 0
    processing: Processing | None = None

    @property
    def complete(self) -> bool:
        return self.received == self.source_info.video_size

    def status(self, now: datetime) -> Status:
        processing = self.processing
        if processing is None or processing.done_at is None or now < processing.done_at:
            return "PROCESSING_UPLOAD"
        return "FAILED" if processing.fail_reason else "PUBLISH_COMPLETE"

    def public_post_id(self, now: datetime) -> str | None:
        """The id that everyone may see at `now`, once moderation let a public post through."""
        processing = self.processing
        if processing is None or processing.public_at is None or now < processing.public_at:
            return None
        return processing.post_id


@dataclass(frozen=True, kw_only=True)
class Post:
    """A video that went live, with the settings that took effect."""

    username: str
    publish_id: str
    post_id: str
    title: str
    privacy_level: PrivacyLevel
    disable_comment: bool
    disable_duet: bool
    disable_stitch: bool
    brand_content_toggle: bool
    brand_organic_toggle: bool
    is_aigc: bool
    video_cover_timestamp_ms: int
    size: int
    sha256: str
    published_at: datetime
    content: Path | None
    """Where the bytes are, in a sandbox that keeps them."""


def published(upload: Upload, content: Path | None, now: datetime) -> Post | None:
    """The post that `upload` has become by `now`, or None while it has not."""
    processing = upload.processing
    if processing is None or processing.done_at is None:
        return None
    if upload.status(now) != "PUBLISH_COMPLETE":
        return None
    info = upload.post_info
    return Post(
        username=upload.username,
        publish_id=upload.publish_id,
        post_id=processing.post_id,
        title=info.title,
        privacy_level=info.privacy_level or "SELF_ONLY",
        disable_comment=info.disable_comment,
        disable_duet=info.disable_duet,
        disable_stitch=info.disable_stitch,
        brand_content_toggle=info.brand_content_toggle,
        brand_organic_toggle=info.brand_organic_toggle,
        is_aigc=info.is_aigc,
        video_cover_timestamp_ms=max(0, info.video_cover_timestamp_ms),  # invalid: the first frame
        size=upload.source_info.video_size,
        sha256=processing.sha256,
        published_at=processing.done_at,
        content=content,
    )
