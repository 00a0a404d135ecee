"""The creators who live in the sandbox, each with an account as TikTok describes it."""

import hashlib
from dataclasses import dataclass
from typing import Literal

PrivacyLevel = Literal[
    "PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"
]


CannotPost = Literal[
    "",
    "spam_risk_too_many_posts",
    "spam_risk_user_banned_from_posting",
    "reached_active_user_cap",
]
"""Why TikTok takes no post of a creator now, as creator_info and video/init say it; "": it does."""


@dataclass(kw_only=True)
class Creator:
    """One account. Fields may be changed at any time, as a creator changes settings in the app.

    Names are TikTok's, from user/info and creator_info/query.
    """

    username: str
    nickname: str
    private: bool = False
    comment_disabled: bool = False
    duet_disabled: bool = False
    stitch_disabled: bool = False
    max_video_post_duration_sec: int = 600
    bio_description: str = ""
    is_verified: bool = False
    follower_count: int = 0
    following_count: int = 0
    likes_count: int = 0
    cannot_post: CannotPost = ""

    @property
    def open_id(self) -> str:
        """The creator as this one app knows them; the same after every reconnect."""
        return "-000" + hashlib.sha256(f"open {self.username}".encode()).hexdigest()[:32]

    @property
    def union_id(self) -> str:
        return hashlib.sha256(f"union {self.username}".encode()).hexdigest()[:32]

    @property
    def privacy_level_options(self) -> tuple[PrivacyLevel, ...]:
        """What the creator may choose for a post; a private account has followers, no public."""
        audience: PrivacyLevel = "FOLLOWER_OF_CREATOR" if self.private else "PUBLIC_TO_EVERYONE"
        return (audience, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")

    @property
    def duets_off(self) -> bool:
        return self.duet_disabled or self.private

    @property
    def stitches_off(self) -> bool:
        return self.stitch_disabled or self.private


def first_creators() -> dict[str, Creator]:
    """Who is there when a sandbox opens: a public, a private and a restricted account."""
    creators = (
        Creator(
            username="lena.cooks",
            nickname="Lena Cooks",
            bio_description="One pot, ten minutes.",
            is_verified=True,
            follower_count=48_200,
            following_count=311,
            likes_count=913_000,
        ),
        Creator(username="quiet_max", nickname="Max", private=True, follower_count=37),
        Creator(
            username="short.sam",
            nickname="Sam Short",
            comment_disabled=True,
            duet_disabled=True,
            max_video_post_duration_sec=60,
            follower_count=1_204,
        ),
    )
    return {creator.username: creator for creator in creators}
