"""What is known of an upload that TikTok has given an id, and when it can no longer become a post.

Chunks go strictly in order, each only after the one before it was acknowledged and stored. So what
is stored shows whether the last chunk, the point of no return, can ever have been sent.
"""

from datetime import datetime, timedelta

from core import tiktok
from core.states import PostStatus
from core.store.models import Post

_WITHOUT_WORD = (PostStatus.PUBLISHING, PostStatus.UNCONFIRMED)
"""While nobody, TikTok or the creator, has said what became of a post."""
URL_LIFETIME = timedelta(minutes=55)
"""TikTok gives an upload URL one hour; a little less leaves nothing to chance."""


def has_ended(initialised_at: datetime, now: datetime) -> bool:
    """Whether the upload URL of an init takes no more bytes."""
    return now - initialised_at > URL_LIFETIME


def has_begun(post: Post) -> bool:
    """Whether TikTok has given the post an id, or may have been told of its photos."""
    return post.publish_id is not None or post.initialised_at is not None


def is_unclear(post: Post) -> bool:
    """Whether TikTok may have been told of its photos, and has given no id that says so."""
    is_told = post.initialised_at is not None and post.publish_id is None
    return is_told and post.clip_id is None and post.status in _WITHOUT_WORD


def lacks_bytes(post: Post, size: int) -> bool:
    """Whether the last chunk of a clip of `size` bytes has certainly not been sent."""
    plan = tiktok.plan_chunks(size)
    last_chunk = (plan.total_chunk_count - 1) * plan.chunk_size
    return post.sent_at is None and post.bytes_acknowledged < last_chunk


def is_open(post: Post, size: int | None, now: datetime) -> bool:
    """Whether an upload of the post may still become a post at TikTok, or has become one.

    `size` is that of its clip. Photos have none: TikTok fetches them once it knows of them, and
    may have known of them since the call began that tells it.
    """
    if post.initialised_at is None:
        return False
    if size is None:
        return True
    if post.publish_id is None:
        return False
    return not (has_ended(post.initialised_at, now) and lacks_bytes(post, size))


def forget(post: Post) -> None:
    """Nothing was posted under the publish_id and nothing will be: the next upload is new."""
    post.publish_id = None
    post.upload_url = None
    post.initialised_at = None
    post.sent_at = None
    post.bytes_acknowledged = 0
