"""Who a creator is (Get User Info) and what they may post (Query Creator Info)."""

from collections.abc import Iterable
from dataclasses import dataclass

from .answers import Fields
from .vocabulary import PrivacyLevel, Scope

_FIELDS_OF_SCOPE: dict[str, tuple[str, ...]] = {
    Scope.USER_INFO_BASIC: (
        "open_id",
        "union_id",
        "avatar_url",
        "avatar_url_100",
        "avatar_large_url",
        "display_name",
    ),
    Scope.USER_INFO_PROFILE: (
        "bio_description",
        "profile_deep_link",
        "is_verified",
        "username",
    ),
    Scope.USER_INFO_STATS: (
        "follower_count",
        "following_count",
        "likes_count",
        "video_count",
    ),
}


def user_fields(scopes: Iterable[str]) -> tuple[str, ...]:
    """The fields of user_info that `scopes` open; TikTok may refuse a call that asks for others."""
    granted = frozenset(scopes)
    return tuple(
        name for scope, names in _FIELDS_OF_SCOPE.items() if scope in granted for name in names
    )


BASIC_USER_FIELDS = user_fields([Scope.USER_INFO_BASIC])


@dataclass(frozen=True, kw_only=True)
class User:
    """A TikTok account; a field that was not asked for or not answered is None.

    The counts are of all time, `video_count` of public videos only. Avatar addresses expire.
    """

    open_id: str | None = None
    union_id: str | None = None
    avatar_url: str | None = None
    avatar_url_100: str | None = None
    avatar_large_url: str | None = None
    display_name: str | None = None
    bio_description: str | None = None
    profile_deep_link: str | None = None
    is_verified: bool | None = None
    username: str | None = None
    follower_count: int | None = None
    following_count: int | None = None
    likes_count: int | None = None
    video_count: int | None = None


@dataclass(frozen=True, kw_only=True)
class CreatorInfo:
    """The creator's posting options at this moment.

    `avatar_url` is valid for two hours. `privacy_level_options` keeps a level unknown to
    `PrivacyLevel` as plain text. The three flags tell what the account settings forbid.
    """

    username: str
    nickname: str
    avatar_url: str | None
    privacy_level_options: tuple[PrivacyLevel | str, ...]
    comment_disabled: bool
    duet_disabled: bool
    stitch_disabled: bool
    max_video_post_duration_sec: int


def read_user(user: Fields) -> User:
    """The account in `data.user`. Raises AnswerMalformed."""
    return User(
        open_id=user.optional("open_id", str),
        union_id=user.optional("union_id", str),
        avatar_url=user.optional("avatar_url", str),
        avatar_url_100=user.optional("avatar_url_100", str),
        avatar_large_url=user.optional("avatar_large_url", str),
        display_name=user.optional("display_name", str),
        bio_description=user.optional("bio_description", str),
        profile_deep_link=user.optional("profile_deep_link", str),
        is_verified=user.optional("is_verified", bool),
        username=user.optional("username", str),
        follower_count=user.optional("follower_count", int),
        following_count=user.optional("following_count", int),
        likes_count=user.optional("likes_count", int),
        video_count=user.optional("video_count", int),
    )


def read_creator_info(data: Fields) -> CreatorInfo:
    """The options in `data`. Raises AnswerMalformed."""
    return CreatorInfo(
        username=data.required("creator_username", str),
        nickname=data.required("creator_nickname", str),
        avatar_url=data.optional("creator_avatar_url", str),
        privacy_level_options=_privacy_levels(data),
        comment_disabled=data.required("comment_disabled", bool),
        duet_disabled=data.required("duet_disabled", bool),
        stitch_disabled=data.required("stitch_disabled", bool),
        max_video_post_duration_sec=data.required("max_video_post_duration_sec", int),
    )


def _privacy_levels(data: Fields) -> tuple[PrivacyLevel | str, ...]:
    options = data.required("privacy_level_options", list)
    if not all(isinstance(word, str) for word in options):
        raise data.malformed("privacy_level_options")
    return tuple(PrivacyLevel.__members__.get(word, word) for word in options)
