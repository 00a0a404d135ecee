"""What the Bot API answers when it says no."""

from __future__ import annotations

from typing import Any

_WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class ApiError(Exception):
    """An `ok: false` answer: HTTP code, description in the server's own words, parameters.

    The description is put together as the server does it: the code's words, a colon, the reason.
    """

    def __init__(self, reason: str = "", code: int = 400, **parameters: Any) -> None:
        self.code = code
        self.description = f"{_WORDS[code]}: {reason}" if reason else _WORDS[code]
        self.parameters = parameters
        super().__init__(self.description)
