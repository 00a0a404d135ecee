"""One request to TikTok and its answer, with httpx's failures told in our own words.

httpx's exceptions hold the request, and with it tokens and upload URLs. They end here: ours are
raised outside the `except` block, so that no `__context__` drags the original along.
"""

import logging
from collections.abc import AsyncIterable, Mapping

import httpx

from .errors import AnswerMalformed, ConnectionDropped, NotSent, TikTokError, TimedOut

CALL_TIMEOUT = httpx.Timeout(30, connect=10)  # seconds
UPLOAD_TIMEOUT = httpx.Timeout(120, connect=10)

_FAILURES = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    UnicodeError,  # a header that cannot be written, so nothing was
)


async def send(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes | AsyncIterable[bytes] = b"",
    timeout: httpx.Timeout = CALL_TIMEOUT,
) -> httpx.Response:
    """Send one request with exactly these credentials and read the whole answer, once.

    Follows no redirect and repeats nothing. Raises TransportError, or AnswerMalformed when the
    answer cannot be decoded.
    """
    http_status: int | None = None
    try:
        request = http.build_request(method, url, headers=headers, content=content, timeout=timeout)
        if "Authorization" not in headers:  # not even one the http client adds by itself
            request.headers.pop("Authorization", None)
        response = await http.send(request, auth=None, stream=True, follow_redirects=False)
        http_status = response.status_code
        try:
            await response.aread()
        finally:
            await response.aclose()
    except _FAILURES as error:
        failure = _in_our_words(error, http_status)
    else:
        return response
    raise failure


def _in_our_words(error: Exception, http_status: int | None) -> TikTokError:
    if isinstance(error, httpx.DecodingError):
        return AnswerMalformed("TikTok's answer cannot be decoded.", http_status=http_status)
    if isinstance(error, _NEVER_SENT):
        kind: type[TikTokError] = NotSent
    elif isinstance(error, httpx.TimeoutException):
        kind = TimedOut
    else:
        kind = ConnectionDropped
    # The name of httpx's class tells operators enough; its text may quote a header or an address.
    return kind(f"{kind().message} [{type(error).__name__}]", http_status=http_status)


class _UploadUrlsHidden(logging.Filter):
    """Cuts the address of a PUT down to its host."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and record.args[:1] == ("PUT",):
            record.args = tuple(
                f"{part.scheme}://{part.host}/..." if isinstance(part, httpx.URL) else part
                for part in record.args
            )
        return True


_UPLOAD_URLS_HIDDEN = _UploadUrlsHidden()


def hide_upload_urls() -> None:
    """Keep upload URLs out of httpx's own log, which writes every address at INFO."""
    logging.getLogger("httpx").addFilter(_UPLOAD_URLS_HIDDEN)
