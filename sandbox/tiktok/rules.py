"""What a creator may have posted or put into their inbox now, and in which words."""

from datetime import timedelta

from .api import GUIDELINES, invalid_params
from .creators import Creator, PrivacyLevel
from .endpoint import Refusal
from .world import World

MOST_PENDING = 5
"""Drafts within 24 hours that their creator has not posted."""


def check_length(name: str, text: str, most: int) -> None:
    """Raises Refusal 400 for a text of more UTF-16 units."""
    if len(text.encode("utf-16-le")) // 2 > most:
        raise invalid_params(f"The {name} is longer than {most} UTF-16 units")


def check_post(world: World, creator: Creator, privacy: PrivacyLevel | None) -> None:
    """Whether a Direct Post may be begun. Raises Refusal 403."""
    if creator.cannot_post:
        raise Refusal(403, creator.cannot_post, GUIDELINES)
    if privacy not in creator.privacy_level_options:
        raise Refusal(403, "privacy_level_option_mismatch", GUIDELINES)
    if not world.audited and not (creator.private and privacy == "SELF_ONLY"):
        raise Refusal(403, "unaudited_client_can_only_post_to_private_accounts", GUIDELINES)


def check_draft(world: World, creator: Creator) -> None:
    """Whether a draft may be begun: the caps on posts are for posts. Raises Refusal 403.

    A draft that its creator has posted leaves its place to another; one that they have thrown away
    does not, for TikTok does not say so.
    """
    if creator.cannot_post == "spam_risk_user_banned_from_posting":
        raise Refusal(403, creator.cannot_post, GUIDELINES)
    now = world.now()
    pending = [
        share
        for share in world.shares
        if share.username == creator.username
        and share.mode == "MEDIA_UPLOAD"
        and share.started_at > now - timedelta(hours=24)
        and share.status(now) not in ("PUBLISH_COMPLETE", "FAILED")
    ]
    if len(pending) >= MOST_PENDING:
        raise Refusal(403, "spam_risk_too_many_pending_share", GUIDELINES)
