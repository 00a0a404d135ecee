"""A video on its way to the profile or into the inbox: what is announced, how TikTok says it went.

Mirrors the pages Direct Post, Upload and Get Post Status of the Content Posting API.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from .answers import Fields
from .chunks import ChunkPlan
from .titles import TITLE_MAX_UTF16, utf16_units
from .vocabulary import PrivacyLevel, PublishState


@dataclass(frozen=True, kw_only=True)
class PostInfo:
    """How a video is to be posted; names and meanings are TikTok's `post_info`.

    `title` is the caption with its hashtags and mentions, at most TITLE_MAX_UTF16 units, else
    ValueError; an empty one is not sent. `privacy_level` must be among the creator's current
    options. Comments, duets and stitches stay off unless allowed. The cover is the frame at
    `video_cover_timestamp_ms`, the first one when None. `brand_content_toggle` is a paid
    partnership, `brand_organic_toggle` the creator's own business, `is_aigc` the AI label.
    """

    privacy_level: PrivacyLevel | str
    title: str = ""
    disable_comment: bool = True
    disable_duet: bool = True
    disable_stitch: bool = True
    video_cover_timestamp_ms: int | None = None
    brand_content_toggle: bool = False
    brand_organic_toggle: bool = False
    is_aigc: bool = False

    def __post_init__(self) -> None:
        if utf16_units(self.title) > TITLE_MAX_UTF16:
            raise ValueError(f"a title has at most {TITLE_MAX_UTF16} UTF-16 units")


@dataclass(frozen=True, kw_only=True)
class Upload:
    """An accepted init. `upload_url` is a credential and lives for one hour."""

    publish_id: str
    upload_url: str = field(repr=False)
    log_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class PublishStatus:
    """How far TikTok is with a post.

    SEND_TO_USER_INBOX is as far as a draft gets by itself; when its creator posts it, it becomes
    PUBLISH_COMPLETE. A status word we do not know reads as still processing; `status_word` keeps
    it. `fail_reason` is one of `FailReason` or a newer word. `post_ids` are the public posts, empty
    before (and for private posts without) moderation, several where a draft was posted more than
    once. `uploaded_bytes` is what TikTok holds, when it says so.
    """

    status: PublishState
    status_word: str
    fail_reason: str | None = None
    post_ids: tuple[str, ...] = ()
    uploaded_bytes: int | None = None
    log_id: str | None = None


def init_body(post: PostInfo, plan: ChunkPlan) -> dict[str, Any]:
    """The body of a Direct Post init; both brand booleans are always in it."""
    post_info = asdict(post)
    if not post.title:
        del post_info["title"]
    if post.video_cover_timestamp_ms is None:
        del post_info["video_cover_timestamp_ms"]
    return {"post_info": post_info, **inbox_init_body(plan)}


def inbox_init_body(plan: ChunkPlan) -> dict[str, Any]:
    """The body of an init for the inbox: TikTok takes nothing there but the file itself."""
    return {"source_info": {"source": "FILE_UPLOAD", **asdict(plan)}}


def read_upload(data: Fields) -> Upload:
    """The upload TikTok opened. Raises AnswerMalformed."""
    return Upload(
        publish_id=data.required("publish_id", str),
        upload_url=data.required("upload_url", str),
        log_id=data.log_id,
    )


def read_publish_status(data: Fields) -> PublishStatus:
    """The status of a post. Raises AnswerMalformed."""
    word = data.required("status", str)
    return PublishStatus(
        status=PublishState.__members__.get(word, PublishState.PROCESSING_UPLOAD),
        status_word=word,
        fail_reason=data.optional("fail_reason", str) or None,
        post_ids=_post_ids(data),
        uploaded_bytes=data.optional("uploaded_bytes", int),
        log_id=data.log_id,
    )


def _post_ids(data: Fields) -> tuple[str, ...]:
    """The ids as text: they are 64-bit numbers, which JSON readers elsewhere would round."""
    name = "publicaly_available_post_id"  # TikTok's spelling; the right one is read as well
    if data.values.get(name) is None:
        name = "publicly_available_post_id"
    found = data.optional(name, list) or []
    if not all(isinstance(item, str) or type(item) is int for item in found):
        raise data.malformed(name)
    return tuple(str(item) for item in found)
