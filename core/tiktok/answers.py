"""Reading TikTok's answers: who refused, with which code, and the fields with their types checked.

OAuth calls answer a flat object, all other calls `{"data": {...}, "error": {...}}`. The HTTP status
alone decides nothing: both kinds of refusal are known to arrive with HTTP 200.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import httpx

from .errors import AnswerMalformed, ApiError, OAuthError, TikTokError
from .vocabulary import ErrorCode

Kind = TypeVar("Kind", str, int, bool, list[Any], dict[str, Any])

_OK = "ok"
_INT64_MAX = 2**63 - 1
_QUOTE_MAX = 300  # characters of TikTok's own explanation worth keeping


@dataclass(frozen=True, kw_only=True)
class Fields:
    """One JSON object of an answer. A field that is absent or null counts as missing."""

    values: Mapping[str, Any] = field(repr=False)
    http_status: int
    log_id: str | None = None

    def optional(self, name: str, kind: type[Kind]) -> Kind | None:
        """The field, or None when missing. Raises AnswerMalformed for another type.

        Numbers are TikTok's int64 counts, seconds and bytes, and so never negative.
        """
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            raise self.malformed(name)
        if isinstance(value, int) and not 0 <= value <= _INT64_MAX:
            raise self.malformed(name)
        return value

    def required(self, name: str, kind: type[Kind]) -> Kind:
        """The field. Raises AnswerMalformed when missing, an empty text, or of another type."""
        value = self.optional(name, kind)
        if value is None or value == "":
            raise self.malformed(name)
        return value

    def inner(self, name: str) -> "Fields":
        """The object under `name`. Raises AnswerMalformed."""
        return replace(self, values=self.required(name, dict))

    def malformed(self, name: str) -> AnswerMalformed:
        """The error for a field that cannot be used."""
        return AnswerMalformed(
            f"TikTok's answer has no usable {name}.",
            http_status=self.http_status,
            log_id=self.log_id,
        )


def read_oauth(response: httpx.Response, *, secrets: Iterable[str]) -> Fields:
    """Read the flat answer of an OAuth call; an empty body counts as an empty object.

    `secrets` are blanked wherever TikTok's explanation repeats them. Raises OAuthError or
    AnswerMalformed.
    """
    body = _json_object(response) if response.content.strip() else {}
    verdict = _accepted(response, body, OAuthError, secrets)
    return Fields(values=body, http_status=response.status_code, log_id=verdict.log_id)


def read_api(response: httpx.Response, *, secrets: Iterable[str]) -> Fields:
    """Read `data` of any other call, which must say "ok".

    `secrets` are blanked wherever TikTok's explanation repeats them. Raises ApiError or
    AnswerMalformed.
    """
    body = _json_object(response)
    verdict = _accepted(response, body, ApiError, secrets)
    answer = Fields(values=body, http_status=response.status_code, log_id=verdict.log_id)
    if verdict.code is None:
        raise answer.malformed("error.code")
    return answer.inner("data")


def _json_object(response: httpx.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        body = None  # refused below, so that the parser's copy of the body does not come along
    if not isinstance(body, dict):
        raise AnswerMalformed(
            "TikTok's answer is not a JSON object.", http_status=response.status_code
        )
    return body


@dataclass(frozen=True, kw_only=True)
class _Verdict:
    """What an answer says about success; `code` is None where it does not speak of errors."""

    code: str | None
    log_id: str | None


def _accepted(
    response: httpx.Response,
    body: Mapping[str, Any],
    refusal: type[TikTokError],
    secrets: Iterable[str],
) -> _Verdict:
    # OAuth puts the code beside its explanation, the API both into an object. Gateways in between
    # mix the two up, so either shape is read everywhere.
    error = body.get("error")
    if isinstance(error, dict):
        source: Mapping[str, Any] = error
        code, explanation = error.get("code"), error.get("message")
    else:
        source = body
        code, explanation = error, body.get("error_description")
    log_id = _quote(source.get("log_id") or source.get("logid"))
    status = response.status_code
    if error and not isinstance(code, str):
        raise AnswerMalformed(
            "TikTok's answer has no usable error.", http_status=status, log_id=log_id
        )
    if code and code != _OK:
        normal = ErrorCode.INVALID_PARAM.value if code == "invalid_params" else code
        raise refusal(
            _quote(explanation, secrets),
            code=_quote(normal),
            http_status=status,
            log_id=log_id,
        )
    if not response.is_success:
        raise AnswerMalformed(
            "TikTok's answer names no error but its HTTP status does.",
            http_status=status,
            log_id=log_id,
        )
    return _Verdict(code=code or None, log_id=log_id)


def _quote(text: object, secrets: Iterable[str] = ()) -> str | None:
    if not isinstance(text, str) or not text:
        return None
    for secret in secrets:
        text = text.replace(secret, "[hidden]") if secret else text
    return text[:_QUOTE_MAX]
