"""The states of things, and the moves of a post between its own: asked by everything else."""

from enum import StrEnum


class PostMode(StrEnum):
    """What TikTok does with what it is sent; its own words."""

    DIRECT_POST = "direct_post"
    MEDIA_UPLOAD = "media_upload"
    """It becomes a draft in the creator's inbox, which they finish and post in TikTok."""


class PostStatus(StrEnum):
    """Where a post is on its way to TikTok."""

    DRAFT = "draft"
    """Being written; nothing is promised."""
    SCHEDULED = "scheduled"
    """Agreed to by the creator; waits for its time, or for the next try."""
    PUBLISHING = "publishing"
    """Claimed: token, creator info, init and bytes are under way."""
    PROCESSING = "processing"
    """TikTok holds every byte and works on them."""
    DELIVERED = "delivered"
    """A draft in the creator's TikTok inbox; it waits there for them to post it."""
    PUBLISHED = "published"
    """TikTok said that the post is complete."""
    FAILED = "failed"
    """TikTok or the clip said no for good; reason and next step are kept."""
    HELD = "held"
    """Waits for the creator: reconnect, choose again, or say what to do about being late."""
    UNCONFIRMED = "unconfirmed"
    """TikTok gave no verdict in time; it is asked ever more rarely, and then the creator is."""
    CANCELLED = "cancelled"
    """Called off by the creator before any byte went out."""


_S = PostStatus

MOVES: dict[PostStatus, frozenset[PostStatus]] = {
    _S.DRAFT: frozenset({_S.SCHEDULED}),
    _S.SCHEDULED: frozenset({_S.PUBLISHING, _S.CANCELLED, _S.HELD, _S.DRAFT}),
    # At once UNCONFIRMED where an init that posts by itself, that of photos, had no clear answer.
    _S.PUBLISHING: frozenset({_S.PROCESSING, _S.SCHEDULED, _S.FAILED, _S.HELD, _S.UNCONFIRMED}),
    # Back to SCHEDULED only when TikTok said FAILED for a passing reason: nothing was posted.
    _S.PROCESSING: frozenset({_S.DELIVERED, _S.PUBLISHED, _S.FAILED, _S.UNCONFIRMED, _S.SCHEDULED}),
    _S.DELIVERED: frozenset({_S.PUBLISHED}),
    _S.PUBLISHED: frozenset(),
    _S.FAILED: frozenset({_S.SCHEDULED, _S.DRAFT}),
    _S.HELD: frozenset({_S.SCHEDULED, _S.CANCELLED, _S.DRAFT}),
    _S.UNCONFIRMED: frozenset({_S.DELIVERED, _S.PUBLISHED, _S.FAILED, _S.SCHEDULED}),
    _S.CANCELLED: frozenset({_S.SCHEDULED, _S.HELD}),  # its creator thinks better of it
}

AWAITING = frozenset(
    {
        *(_S.SCHEDULED, _S.PUBLISHING, _S.PROCESSING, _S.UNCONFIRMED),
        *(_S.DELIVERED, _S.PUBLISHED),
    }
)
"""States in which the scheduler has something to do at the post's `wake_at`; a delivered post has
one while it may still be posted, a published one only while its public address is to come."""

OPEN = frozenset({_S.DRAFT, _S.SCHEDULED, _S.PUBLISHING, _S.PROCESSING, _S.HELD, _S.UNCONFIRMED})
"""States whose story is not over; their clips are kept."""


def may_move(start: PostStatus, to: PostStatus) -> bool:
    """Whether a post in `start` may become `to`."""
    return to in MOVES[start]


class AccountStatus(StrEnum):
    """Whether an account can be posted to."""

    CONNECTED = "connected"
    RECONNECT = "reconnect"
    """TikTok no longer takes our tokens; the creator has to connect again."""
    DISCONNECTED = "disconnected"


class Expecting(StrEnum):
    """What the next text of a chat is for."""

    CAPTION = "caption"
    TITLE = "title"
    TIME = "time"
    ZONE = "zone"
    LOCATION = "location"
    """The same, with a keyboard on screen that sends a location."""
    WORDS = "words"
    SLOTS = "slots"
    BATCH_CAPTION = "batch_caption"
    BATCH_TIMES = "batch_times"
    TEMPLATE = "template"
    TEMPLATE_NAME = "template_name"
    """What a post's caption is called as a template."""
    NEW_NAME = "new_name"
    """What a template is called from now on."""


class UploadState(StrEnum):
    """Where an upload is."""

    OPEN = "open"
    """Bytes are missing."""
    RECEIVED = "received"
    """All are here; it is being looked at."""
    DONE = "done"
    """It is a clip, with a draft."""
    REFUSED = "refused"
    """It can become none; its creator was told why."""
    REMOVED = "removed"
    """Its creator took it back, or it was never finished."""
