"""How often a creator's public videos were seen (Query Videos, Video Object)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from .answers import Fields

VIDEOS_AT_ONCE = 20
"""Videos that one call may ask for."""

FIELDS = ("id", "view_count", "like_count", "comment_count", "share_count")


@dataclass(frozen=True, kw_only=True)
class VideoCounts:
    """What TikTok counts of one public video, of all time; a count not answered is None."""

    id: str
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None


def query_body(video_ids: Iterable[str]) -> dict[str, Any]:
    """The body that asks for these videos. Raises ValueError for none or too many."""
    ids = list(video_ids)
    if not 0 < len(ids) <= VIDEOS_AT_ONCE:
        raise ValueError(f"1 to {VIDEOS_AT_ONCE} videos, not {len(ids)}")
    return {"filters": {"video_ids": ids}}


def read_videos(data: Fields) -> tuple[VideoCounts, ...]:
    """The videos in `data`. Raises AnswerMalformed."""
    videos = data.required("videos", list)
    if not all(isinstance(video, dict) for video in videos):
        raise data.malformed("videos")
    return tuple(_counts(replace(data, values=video)) for video in videos)


def _counts(video: Fields) -> VideoCounts:
    return VideoCounts(
        id=video.required("id", str),
        views=video.optional("view_count", int),
        likes=video.optional("like_count", int),
        comments=video.optional("comment_count", int),
        shares=video.optional("share_count", int),
    )
