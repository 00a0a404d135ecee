"""TikTok's own words: the fixed vocabulary of API v2, spelled exactly as it travels.

A word missing here is never an error: TikTok adds words without notice, so answers keep an unknown
one as plain text (`StrEnum` members compare and hash equal to their text).
"""

from enum import StrEnum


class Scope(StrEnum):
    """What a creator may grant to the app (Scopes Overview)."""

    USER_INFO_BASIC = "user.info.basic"
    USER_INFO_PROFILE = "user.info.profile"
    USER_INFO_STATS = "user.info.stats"
    VIDEO_LIST = "video.list"
    VIDEO_PUBLISH = "video.publish"
    VIDEO_UPLOAD = "video.upload"


class PrivacyLevel(StrEnum):
    """Who may see a post (Query Creator Info)."""

    PUBLIC_TO_EVERYONE = "PUBLIC_TO_EVERYONE"
    MUTUAL_FOLLOW_FRIENDS = "MUTUAL_FOLLOW_FRIENDS"
    FOLLOWER_OF_CREATOR = "FOLLOWER_OF_CREATOR"
    SELF_ONLY = "SELF_ONLY"


class PostMode(StrEnum):
    """Where an init leads: onto the profile, or into the creator's inbox as a draft (Photo)."""

    DIRECT_POST = "DIRECT_POST"
    MEDIA_UPLOAD = "MEDIA_UPLOAD"


class PublishState(StrEnum):
    """How far TikTok is with a post (Get Post Status)."""

    PROCESSING_UPLOAD = "PROCESSING_UPLOAD"
    PROCESSING_DOWNLOAD = "PROCESSING_DOWNLOAD"
    SEND_TO_USER_INBOX = "SEND_TO_USER_INBOX"
    PUBLISH_COMPLETE = "PUBLISH_COMPLETE"
    FAILED = "FAILED"


class OAuthErrorCode(StrEnum):
    """`error` of a refused OAuth call or of the login callback (OAuth Error Handling)."""

    INVALID_GRANT = "invalid_grant"
    INVALID_REQUEST = "invalid_request"
    INVALID_CLIENT = "invalid_client"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    INVALID_SCOPE = "invalid_scope"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type"
    ACCESS_DENIED = "access_denied"
    SERVER_ERROR = "server_error"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"


class ErrorCode(StrEnum):
    """`error.code` of a refused API call (API v2 Error Handling and each call's own page)."""

    INVALID_PARAM = "invalid_param"  # also arrives as "invalid_params"; both are read as this one
    INVALID_FILE_UPLOAD = "invalid_file_upload"
    SCOPE_PERMISSION_MISSED = "scope_permission_missed"
    APP_VERSION_CHECK_FAILED = "app_version_check_failed"
    INVALID_PUBLISH_ID = "invalid_publish_id"
    TOKEN_NOT_AUTHORIZED_FOR_PUBLISH_ID = "token_not_authorized_for_specified_publish_id"  # noqa: S105 - a code, not a token
    PUBLISH_NOT_CANCELLABLE = "publish_not_cancellable"
    ACCESS_TOKEN_INVALID = "access_token_invalid"  # noqa: S105 - a code, not a token
    SCOPE_NOT_AUTHORIZED = "scope_not_authorized"
    SPAM_RISK_TOO_MANY_POSTS = "spam_risk_too_many_posts"
    SPAM_RISK_USER_BANNED_FROM_POSTING = "spam_risk_user_banned_from_posting"
    SPAM_RISK_TOO_MANY_PENDING_SHARE = "spam_risk_too_many_pending_share"
    REACHED_ACTIVE_USER_CAP = "reached_active_user_cap"
    UNAUDITED_CLIENT_CAN_ONLY_POST_TO_PRIVATE_ACCOUNTS = (
        "unaudited_client_can_only_post_to_private_accounts"
    )
    URL_OWNERSHIP_UNVERIFIED = "url_ownership_unverified"
    PRIVACY_LEVEL_OPTION_MISMATCH = "privacy_level_option_mismatch"
    RATE_LIMIT_EXCEEDED = "rate_limit_exceeded"
    INTERNAL_ERROR = "internal_error"


class FailReason(StrEnum):
    """`fail_reason` of a post that FAILED (Get Post Status)."""

    FILE_FORMAT_CHECK_FAILED = "file_format_check_failed"
    DURATION_CHECK_FAILED = "duration_check_failed"
    FRAME_RATE_CHECK_FAILED = "frame_rate_check_failed"
    PICTURE_SIZE_CHECK_FAILED = "picture_size_check_failed"
    INTERNAL = "internal"
    VIDEO_PULL_FAILED = "video_pull_failed"
    PHOTO_PULL_FAILED = "photo_pull_failed"
    PUBLISH_CANCELLED = "publish_cancelled"
    AUTH_REMOVED = "auth_removed"
    SPAM_RISK_TOO_MANY_POSTS = "spam_risk_too_many_posts"
    SPAM_RISK_USER_BANNED_FROM_POSTING = "spam_risk_user_banned_from_posting"
    SPAM_RISK_TEXT = "spam_risk_text"
    SPAM_RISK = "spam_risk"
