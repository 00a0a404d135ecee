"""A photo post, which TikTok fetches from addresses of ours: what is announced.

Mirrors the page Photo of the Content Posting API; what a photo may be stands in its Media Transfer
Guide.
"""

from dataclasses import dataclass, field
from typing import Any

from .answers import Fields
from .titles import utf16_units
from .vocabulary import PostMode, PrivacyLevel

PHOTOS_MAX = 35
PHOTO_TITLE_MAX_UTF16 = 90
PHOTO_DESCRIPTION_MAX_UTF16 = 4000
PHOTO_MAX_BYTES = 20_000_000
"""TikTok says 20 MB and not which; the smaller reading satisfies both."""
PHOTO_SHORT_SIDE_MAX = 1080
"""Pixels; TikTok says 1080p."""


@dataclass(frozen=True, kw_only=True)
class PhotoPost:
    """Photos to be posted, or put into the creator's inbox; names and meanings are TikTok's.

    `photo_urls` are 1 to PHOTOS_MAX addresses of JPEG or WebP files below a prefix verified for the
    app, in the order of the carousel; whoever has one can fetch the photo. `photo_cover_index`
    counts them from 0. `title` has at most PHOTO_TITLE_MAX_UTF16 units, `description`, with its
    hashtags and mentions, at most PHOTO_DESCRIPTION_MAX_UTF16; an empty one is not sent.

    The other fields are for DIRECT_POST, which needs a `privacy_level` among the creator's current
    options: comments stay off unless allowed, `auto_add_music` lets TikTok choose music,
    `brand_content_toggle` is a paid partnership, `brand_organic_toggle` the creator's own business,
    `is_aigc` the AI label. For MEDIA_UPLOAD the creator chooses all that in TikTok, and none of it
    is sent. Raises ValueError for what breaks one of these rules.
    """

    mode: PostMode
    photo_urls: tuple[str, ...] = field(repr=False)
    photo_cover_index: int = 0
    title: str = ""
    description: str = ""
    privacy_level: PrivacyLevel | str | None = None
    disable_comment: bool = True
    auto_add_music: bool = False
    brand_content_toggle: bool = False
    brand_organic_toggle: bool = False
    is_aigc: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.photo_urls) <= PHOTOS_MAX:
            raise ValueError(f"1 to {PHOTOS_MAX} photos, not {len(self.photo_urls)}")
        if not 0 <= self.photo_cover_index < len(self.photo_urls):
            raise ValueError(f"no photo has the index {self.photo_cover_index}")
        if utf16_units(self.title) > PHOTO_TITLE_MAX_UTF16:
            raise ValueError(f"a title has at most {PHOTO_TITLE_MAX_UTF16} UTF-16 units")
        if utf16_units(self.description) > PHOTO_DESCRIPTION_MAX_UTF16:
            raise ValueError(
                f"a description has at most {PHOTO_DESCRIPTION_MAX_UTF16} UTF-16 units"
            )
        if self.mode == PostMode.DIRECT_POST and not self.privacy_level:
            raise ValueError("a photo post needs a privacy level")


def init_body(post: PhotoPost) -> dict[str, Any]:
    """The body of a photo init."""
    texts = {"title": post.title, "description": post.description}
    post_info: dict[str, Any] = {name: text for name, text in texts.items() if text}
    body: dict[str, Any] = {
        "media_type": "PHOTO",
        "post_mode": post.mode.value,
        "post_info": post_info,
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": list(post.photo_urls),
            "photo_cover_index": post.photo_cover_index,
        },
    }
    if post.mode == PostMode.DIRECT_POST:
        post_info |= {
            "privacy_level": post.privacy_level,
            "disable_comment": post.disable_comment,
            "auto_add_music": post.auto_add_music,
            "brand_content_toggle": post.brand_content_toggle,
            "brand_organic_toggle": post.brand_organic_toggle,
        }
        if (
            post.is_aigc
        ):  # older copies of the page do not know it: sent only where it says something
            body["is_aigc"] = True
    return body


def read_publish_id(data: Fields) -> str:
    """The id of the post that TikTok has begun. Raises AnswerMalformed."""
    return data.required("publish_id", str)
