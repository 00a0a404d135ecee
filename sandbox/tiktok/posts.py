"""A post as it went live, with the settings that took effect."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from .creators import PrivacyLevel
from .shares import Carousel, Live, Photo, PhotoInfo, PostInfo, PostMode, Share, Upload


@dataclass(frozen=True, kw_only=True)
class Post:
    """A clip or photos that went live. Sizes in bytes."""

    username: str
    publish_id: str
    post_id: str
    mode: PostMode
    """How it came: MEDIA_UPLOAD was a draft, which its creator finished."""
    title: str
    privacy_level: PrivacyLevel
    disable_comment: bool
    brand_content_toggle: bool
    brand_organic_toggle: bool
    is_aigc: bool = False
    sha256: str
    """Of all bytes; those of photos one after the other."""
    size: int = 0
    published_at: datetime

    disable_duet: bool = True
    disable_stitch: bool = True
    video_cover_timestamp_ms: int = 0
    content: Path | None = None
    """Where the bytes of a clip are, in a sandbox that keeps them."""

    description: str = ""
    auto_add_music: bool = False
    photo_cover_index: int = 0
    photos: tuple[Photo, ...] = ()
    """In the order of the carousel; none in a clip."""


def posts_of(share: Share, content: Path | None, now: datetime) -> list[Post]:
    """The posts that a share has become by `now`; `content` is where the bytes of a clip are."""
    return [_post(share, live, content) for live in share.live(now)]


def _post(share: Share, live: Live, content: Path | None) -> Post:
    info = live.post_info
    post = Post(
        username=share.username,
        publish_id=share.publish_id,
        post_id=live.post_id,
        mode=share.mode,
        title=info.title,
        privacy_level=info.privacy_level or "SELF_ONLY",
        disable_comment=info.disable_comment,
        brand_content_toggle=bool(info.brand_content_toggle),
        brand_organic_toggle=bool(info.brand_organic_toggle),
        sha256=share.processing.sha256 if share.processing else "",
        published_at=live.at,
    )
    if isinstance(share, Upload) and isinstance(info, PostInfo):
        post = replace(
            post,
            is_aigc=info.is_aigc,
            size=share.source_info.video_size,
            disable_duet=info.disable_duet,
            disable_stitch=info.disable_stitch,
            video_cover_timestamp_ms=max(0, info.video_cover_timestamp_ms),  # invalid: the first
            content=content,
        )
    if isinstance(share, Carousel) and isinstance(info, PhotoInfo):
        post = replace(
            post,
            is_aigc=share.is_aigc,
            size=share.downloaded,
            description=info.description,
            auto_add_music=info.auto_add_music,
            photo_cover_index=share.photo_cover_index,
            photos=tuple(share.photos),
        )
    return post
