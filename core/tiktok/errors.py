"""Everything that can go wrong with TikTok, as one tree.

TikTokError
├── OAuthError              TikTok refused a login call: {"error": "invalid_grant", ...}
├── ApiError                TikTok refused an API call: error.code is not "ok"
├── UploadError             the upload host answered a chunk with a status of no other class here
│   ├── UploadUrlRefused    nothing was sent: the URL does not belong to TikTok
│   ├── FileChanged         the file on disk is not the one that was planned
│   ├── UploadMalformed     400
│   ├── UploadExpired       403
│   ├── UploadNotFound      404
│   ├── RangeMismatch       416, says how many bytes TikTok holds
│   └── UploadUnavailable   5xx, the same chunk may be sent again
├── TransportError          no whole answer came back
│   ├── NotSent             certainly never reached TikTok
│   ├── TimedOut            may have reached TikTok
│   └── ConnectionDropped   may have reached TikTok
├── AnswerMalformed         an answer came, but not one the documentation describes
│   └── EventMalformed      the same of a webhook
└── SignatureRefused        a webhook does not prove that TikTok sent it, says why

The first line of a class's docstring is its default message. `code` is TikTok's own word for
`OAuthError` and `ApiError` (see `OAuthErrorCode` and `ErrorCode`); for the other classes it is the
fixed word the class carries. No text in this tree ever holds a token, a secret or an upload URL.
"""

import inspect
from typing import ClassVar, Literal

from .vocabulary import ErrorCode, OAuthErrorCode

_SERVER_CODES = frozenset(
    {
        ErrorCode.INTERNAL_ERROR,
        OAuthErrorCode.SERVER_ERROR,
        OAuthErrorCode.TEMPORARILY_UNAVAILABLE,
    }
)


class TikTokError(Exception):
    """TikTok did not do what was asked.

    `code` is the word to key tables on, `http_status` the status of the answer (None without one),
    `log_id` the id TikTok's support asks for, `message` a sentence for operators.
    """

    default_code: ClassVar[str] = "tiktok_error"

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        http_status: int | None = None,
        log_id: str | None = None,
    ) -> None:
        self.message: str = message or (inspect.getdoc(type(self)) or "").partition("\n")[0]
        self.code: str = code or self.default_code
        self.http_status = http_status
        self.log_id = log_id
        super().__init__(self.message)

    @property
    def rate_limited(self) -> bool:
        """Whether TikTok asks for fewer calls per minute (HTTP 429)."""
        return self.http_status == 429 or self.code == ErrorCode.RATE_LIMIT_EXCEEDED

    @property
    def server_fault(self) -> bool:
        """Whether the fault is on TikTok's side (HTTP 5xx or a code that says so)."""
        return (self.http_status or 0) >= 500 or self.code in _SERVER_CODES

    def __str__(self) -> str:
        facts = [self.code]
        if self.http_status is not None:
            facts.append(f"HTTP {self.http_status}")
        if self.log_id is not None:
            facts.append(f"log id {self.log_id}")
        return f"{self.message} ({', '.join(facts)})"


class OAuthError(TikTokError):
    """TikTok refused the login call."""

    default_code = "oauth_error"


class ApiError(TikTokError):
    """TikTok refused the API call."""

    default_code = "api_error"


class UploadError(TikTokError):
    """TikTok's upload host gave an unexpected answer."""

    default_code = "upload_unexpected_status"


class UploadUrlRefused(UploadError):
    """The upload URL does not belong to TikTok, nothing was sent to it."""

    default_code = "upload_url_refused"


class FileChanged(UploadError):
    """The file on disk does not have the planned size."""

    default_code = "upload_file_changed"


class UploadMalformed(UploadError):
    """TikTok calls the chunk's headers malformed or its length untrue."""

    default_code = "upload_malformed"


class UploadExpired(UploadError):
    """The upload URL has expired."""

    default_code = "upload_expired"


class UploadNotFound(UploadError):
    """TikTok knows no upload under this URL."""

    default_code = "upload_not_found"


class RangeMismatch(UploadError):
    """The chunk does not continue what TikTok already holds.

    `uploaded_bytes` is the number of bytes TikTok says it holds, None when it does not say.
    The header it is read from is ambiguous by one byte; `publish_status` gives the exact number.
    """

    default_code = "upload_range_mismatch"

    def __init__(
        self,
        message: str | None = None,
        *,
        uploaded_bytes: int | None = None,
        http_status: int | None = None,
    ) -> None:
        super().__init__(message, http_status=http_status)
        self.uploaded_bytes = uploaded_bytes


class UploadUnavailable(UploadError):
    """TikTok's upload host is out of order for the moment."""

    default_code = "upload_unavailable"


class TransportError(TikTokError):
    """No whole answer came back from TikTok.

    `may_have_arrived` is False only when the request certainly did not reach TikTok.
    """

    default_code = "transport_error"
    may_have_arrived: ClassVar[bool] = True


class NotSent(TransportError):
    """No connection to TikTok could be made."""

    default_code = "not_sent"
    may_have_arrived = False


class TimedOut(TransportError):
    """TikTok did not answer in time."""

    default_code = "timed_out"


class ConnectionDropped(TransportError):
    """The connection to TikTok broke before the answer was complete."""

    default_code = "connection_dropped"


class AnswerMalformed(TikTokError):
    """TikTok's answer is not of the documented shape."""

    default_code = "answer_malformed"


class EventMalformed(AnswerMalformed):
    """TikTok's webhook is not of the documented shape."""

    default_code = "event_malformed"


class SignatureRefused(TikTokError):
    """The webhook's signature does not prove that TikTok sent it just now.

    `reason` says what is the matter with it.
    """

    default_code = "signature_refused"

    def __init__(
        self, *, reason: Literal["missing", "malformed", "stale", "wrong"] = "wrong"
    ) -> None:
        super().__init__(f"The webhook's signature is {reason}.")
        self.reason = reason
