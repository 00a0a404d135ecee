"""When to look at a post again: for another try, another question, another look for its address."""

import random
from datetime import datetime, timedelta

from core import tiktok
from core.states import PostMode
from core.store.models import Post

FIRST_QUESTION = timedelta(seconds=1)
"""How soon after the last byte TikTok is asked for its verdict."""
LONGEST_PAUSE = timedelta(minutes=1)
VERDICT_WITHIN = timedelta(minutes=30)
"""After this long without a verdict the post is unconfirmed, and the creator is told."""
FOLLOW_UP_PAUSE = timedelta(minutes=15)
FOLLOW_UP = timedelta(hours=24)
"""How long an unconfirmed post is still asked about; then it is put to the creator."""
LINK_PAUSE = timedelta(minutes=1)
LINK_WITHIN = timedelta(hours=24)
"""How long the public address of a published post is looked for."""
PHOTOS_PAUSE = timedelta(minutes=5)
"""How often we look whether TikTok has asked for photos that it may not know of."""
DRAFT_PAUSE = timedelta(minutes=1)
DRAFT_LONGEST_PAUSE = timedelta(hours=6)
DRAFT_WITHIN = timedelta(days=7)
"""How long TikTok is asked whether a draft in the inbox has been posted."""
RETRY_BASE = timedelta(seconds=4)
RETRY_CAP = timedelta(minutes=15)

_dice = random.SystemRandom()


def before_try(tries: int) -> timedelta:
    """Exponential back-off with full jitter: anything between a second and the grown pause."""
    grown = min(RETRY_CAP, RETRY_BASE * 2 ** min(tries, 16))
    return timedelta(seconds=_dice.uniform(1, grown.total_seconds()))


def next_question(now: datetime, age: timedelta) -> datetime | None:
    """When to ask TikTok again about a clip whose last byte went `age` ago: ever more rarely.

    None at the end of the follow-up.
    """
    if age > FOLLOW_UP:
        return None
    longest = LONGEST_PAUSE if age < VERDICT_WITHIN else FOLLOW_UP_PAUSE
    return now + min(longest, max(FIRST_QUESTION * 2, age / 4))


def next_look(post: Post, now: datetime) -> datetime | None:
    """When to look for the public address of a post that everyone may see, ever more rarely.

    Who may see what became of a draft is known to TikTok alone, so that is looked for as well.
    """
    is_draft = post.mode is PostMode.MEDIA_UPLOAD
    public = is_draft or post.privacy == tiktok.PrivacyLevel.PUBLIC_TO_EVERYONE
    age = now - (post.published_at or now)
    can_be_asked = public and post.publish_id is not None
    if post.tiktok_post_id is not None or not can_be_asked or age > LINK_WITHIN:
        return None
    return now + max(LINK_PAUSE, age / 2)


def next_draft_look(post: Post, now: datetime) -> datetime | None:
    """When to ask whether a draft in the inbox was posted, ever more rarely; None at the end."""
    age = now - (post.delivered_at or now)
    if age > DRAFT_WITHIN:
        return None
    return now + min(DRAFT_LONGEST_PAUSE, max(DRAFT_PAUSE, age / 4))
