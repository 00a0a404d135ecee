"""An async client library for TikTok's API v2: login, creator info, videos and photo posts.

    client = tiktok.Client(client_key=..., client_secret=..., http=httpx.AsyncClient())
    upload = await client.init_video(access_token, post, plan)
    for chunk in plan.chunks():
        await client.send_chunk(upload.upload_url, path, chunk, total=..., content_type="video/mp4")
    status = await client.publish_status(access_token, upload.publish_id)

These names are the whole of it; the modules behind them may change.
"""

from .chunks import VIDEO_MAX_BYTES, Chunk, ChunkPlan, plan_chunks
from .client import Client
from .errors import (
    AnswerMalformed,
    ApiError,
    ConnectionDropped,
    EventMalformed,
    FileChanged,
    NotSent,
    OAuthError,
    RangeMismatch,
    SignatureRefused,
    TikTokError,
    TimedOut,
    TransportError,
    UploadError,
    UploadExpired,
    UploadMalformed,
    UploadNotFound,
    UploadUnavailable,
    UploadUrlRefused,
)
from .login import Tokens
from .photos import (
    PHOTO_DESCRIPTION_MAX_UTF16,
    PHOTO_MAX_BYTES,
    PHOTO_SHORT_SIDE_MAX,
    PHOTO_TITLE_MAX_UTF16,
    PHOTOS_MAX,
    PhotoPost,
)
from .posting import PostInfo, PublishStatus, Upload
from .profiles import CreatorInfo, User, user_fields
from .titles import TITLE_MAX_UTF16, hashtags, mentions, utf16_units
from .upload import ChunkReceipt
from .videos import VIDEOS_AT_ONCE, VideoCounts
from .vocabulary import (
    ErrorCode,
    FailReason,
    OAuthErrorCode,
    PostMode,
    PrivacyLevel,
    PublishState,
    Scope,
)
from .webhooks import WebhookEvent, WebhookKind, read_event, verify_signature

__all__ = [
    "PHOTOS_MAX",
    "PHOTO_DESCRIPTION_MAX_UTF16",
    "PHOTO_MAX_BYTES",
    "PHOTO_SHORT_SIDE_MAX",
    "PHOTO_TITLE_MAX_UTF16",
    "TITLE_MAX_UTF16",
    "VIDEOS_AT_ONCE",
    "VIDEO_MAX_BYTES",
    "AnswerMalformed",
    "ApiError",
    "Chunk",
    "ChunkPlan",
    "ChunkReceipt",
    "Client",
    "ConnectionDropped",
    "CreatorInfo",
    "ErrorCode",
    "EventMalformed",
    "FailReason",
    "FileChanged",
    "NotSent",
    "OAuthError",
    "OAuthErrorCode",
    "PhotoPost",
    "PostInfo",
    "PostMode",
    "PrivacyLevel",
    "PublishState",
    "PublishStatus",
    "RangeMismatch",
    "Scope",
    "SignatureRefused",
    "TikTokError",
    "TimedOut",
    "Tokens",
    "TransportError",
    "Upload",
    "UploadError",
    "UploadExpired",
    "UploadMalformed",
    "UploadNotFound",
    "UploadUnavailable",
    "UploadUrlRefused",
    "User",
    "VideoCounts",
    "WebhookEvent",
    "WebhookKind",
    "hashtags",
    "mentions",
    "plan_chunks",
    "read_event",
    "user_fields",
    "utf16_units",
    "verify_signature",
]
