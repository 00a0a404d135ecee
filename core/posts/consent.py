"""What a creator agreed to, as it is kept with their post."""

from datetime import datetime
from typing import Any

from core.posts.view import PostView


def given(seen: PostView, now: datetime, declaration: str, *, at_once: bool) -> dict[str, Any]:
    """The creator's consent to a post as they saw it, as JSON.

    Who (`by` is their Telegram id), when, in which words, to which account, whether it is posted or
    becomes a draft in their inbox, and every setting that goes to TikTok with it: with the draft of
    a clip none of them does.
    """
    return {
        "by": seen.owner_id,
        "at": now.isoformat(),
        "declaration": declaration,
        "account": seen.account.name if seen.account else None,
        "account_id": seen.account.id if seen.account else None,
        "mode": seen.mode,
        "clip": seen.clip.id if seen.clip else None,
        "photos": [photo.id for photo in seen.photos],
        "cover_photo": seen.cover_photo_id,
        "music": seen.auto_add_music,
        "title": seen.title,
        "caption": seen.caption,
        "privacy": seen.privacy,
        "comment": seen.allow_comment,
        "duet": seen.allow_duet,
        "stitch": seen.allow_stitch,
        "your_brand": seen.your_brand,
        "branded_content": seen.branded_content,
        "ai_generated": seen.ai_generated,
        "cover_ms": seen.cover_ms,
        "time": None if at_once or seen.moment is None else seen.moment.utc.isoformat(),
    }
