"""What an init begins: a share on its way in, then a post on the profile or a draft."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from .chunks import SourceInfo
from .creators import PrivacyLevel

PostMode = Literal["DIRECT_POST", "MEDIA_UPLOAD"]
Status = Literal[
    "PROCESSING_UPLOAD",
    "PROCESSING_DOWNLOAD",
    "SEND_TO_USER_INBOX",
    "PUBLISH_COMPLETE",
    "FAILED",
]


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


class PhotoInfo(BaseModel):
    """`post_info` of content/init, as sent. Source: Photo reference.

    The toggles are required of a Direct Post only, which is looked at where the mode is known.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    title: str = ""
    description: str = ""
    privacy_level: PrivacyLevel | None = None
    disable_comment: bool = False
    auto_add_music: bool = False
    brand_content_toggle: bool | None = None
    brand_organic_toggle: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Processing:
    """What becomes of a share whose bytes are all in, settled when the last one arrived."""

    sha256: str
    post_id: str
    """Its id once it is live; a draft gets another each time that it is posted."""
    done_at: datetime | None
    """When processing ends; None: never."""
    public_at: datetime | None
    """From when status/fetch names the post id; None: never, as for posts that are not public."""
    fail_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Live:
    """A share on its creator's profile, posted `at`; `public_at` as in `Processing`."""

    post_id: str
    at: datetime
    public_at: datetime | None
    post_info: PostInfo | PhotoInfo


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A photo as it was pulled; width and height in pixels."""

    sha256: str
    size: int
    media_type: str
    width: int
    height: int


@dataclass(kw_only=True)
class Share(ABC):
    """What an init began, a clip or photos: to be posted, or to be a draft in the inbox."""

    publish_id: str
    username: str
    post_info: PostInfo | PhotoInfo
    started_at: datetime
    mode: PostMode = "DIRECT_POST"
    processing: Processing | None = None
    posted: list[Live] = field(default_factory=list)
    """What the creator made of a draft, once or several times."""
    deleted: bool = False
    """Whether the creator has thrown the draft away."""

    @property
    @abstractmethod
    def complete(self) -> bool:
        """Whether all its bytes are in."""

    @property
    @abstractmethod
    def percent(self) -> int:
        """How much of it is in."""

    @property
    @abstractmethod
    def on_its_way(self) -> Status:
        """How status/fetch calls it until processing has ended."""

    @abstractmethod
    def bytes_in(self) -> dict[str, int]:
        """How many of them are in, as status/fetch tells it."""

    def status(self, now: datetime) -> Status:
        processing = self.processing
        if processing is None or processing.done_at is None or now < processing.done_at:
            return self.on_its_way
        if processing.fail_reason:
            return "FAILED"
        if self.mode == "MEDIA_UPLOAD" and not self.posted:
            return "SEND_TO_USER_INBOX"
        return "PUBLISH_COMPLETE"

    def in_inbox(self, now: datetime) -> bool:
        """Whether its creator finds it in their inbox, posted or not."""
        arrived = self.status(now) in ("SEND_TO_USER_INBOX", "PUBLISH_COMPLETE")
        return self.mode == "MEDIA_UPLOAD" and arrived and not self.deleted

    def live(self, now: datetime) -> Sequence[Live]:
        """The posts that it has become by `now`."""
        processing = self.processing
        if self.mode == "MEDIA_UPLOAD":
            return self.posted
        if self.status(now) != "PUBLISH_COMPLETE" or not (processing and processing.done_at):
            return []
        return [
            Live(
                post_id=processing.post_id,
                at=processing.done_at,
                public_at=processing.public_at,
                post_info=self.post_info,
            )
        ]

    def public_post_ids(self, now: datetime) -> list[str]:
        """The ids that everyone may see at `now`, once moderation let a public post through."""
        every = self.live(now)
        return [each.post_id for each in every if each.public_at and each.public_at <= now]


@dataclass(kw_only=True)
class Upload(Share):
    """What video/init or inbox/video/init opened: a promise of bytes, then a video."""

    post_info: PostInfo
    source_info: SourceInfo
    expires_at: datetime
    token: str = field(repr=False)
    received: int = 0

    @property
    def complete(self) -> bool:
        return self.received == self.source_info.video_size

    @property
    def percent(self) -> int:
        return 100 * self.received // self.source_info.video_size

    @property
    def on_its_way(self) -> Status:
        return "PROCESSING_UPLOAD"

    def bytes_in(self) -> dict[str, int]:
        return {"uploaded_bytes": self.received}


@dataclass(kw_only=True)
class Carousel(Share):
    """What content/init announced: addresses of photos, then the photos themselves."""

    post_info: PhotoInfo
    photo_images: tuple[str, ...] = field(repr=False)
    photo_cover_index: int
    is_aigc: bool
    photos: list[Photo] = field(default_factory=list)
    downloaded: int = 0
    """Bytes pulled so far."""

    @property
    def complete(self) -> bool:
        return len(self.photos) == len(self.photo_images)

    @property
    def percent(self) -> int:
        return 100 * len(self.photos) // len(self.photo_images)

    @property
    def on_its_way(self) -> Status:
        return "PROCESSING_DOWNLOAD"

    def bytes_in(self) -> dict[str, int]:
        return {"downloaded_bytes": self.downloaded}
