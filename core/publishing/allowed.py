"""What the account's own settings at TikTok allow of a post, when it is about to go out."""

from dataclasses import replace
from typing import TypeVar

from core import tiktok
from core.publishing.outcomes import CalledOff

Announced = TypeVar("Announced", tiktok.PostInfo, tiktok.PhotoPost)


def within(post: Announced, creator: tiktok.CreatorInfo) -> Announced:
    """The post without the interactions that the account has turned off.

    Raises `CalledOff` where it does not offer the privacy that its creator has chosen.
    """
    if post.privacy_level not in creator.privacy_level_options:
        raise CalledOff(tiktok.ErrorCode.PRIVACY_LEVEL_OPTION_MISMATCH.value)
    if isinstance(post, tiktok.PostInfo):
        post = replace(
            post,
            disable_duet=post.disable_duet or creator.duet_disabled,
            disable_stitch=post.disable_stitch or creator.stitch_disabled,
        )
    return replace(post, disable_comment=post.disable_comment or creator.comment_disabled)
