"""Every word with which TikTok says no has a verdict, or is left out on purpose."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import tiktok, verdicts
from core.tiktok import ErrorCode, FailReason, OAuthErrorCode
from core.verdicts import (
    CALLS,
    OURS,
    REASONS,
    Action,
    Mend,
    Verdict,
    code_of,
    of_code,
    of_error,
    of_reason,
)

UNKNOWN_CODES = {
    # Of calls that ClipCue does not make: cancelling, and so on.
    ErrorCode.INVALID_FILE_UPLOAD,
    ErrorCode.PUBLISH_NOT_CANCELLABLE,
    # Of the consent page and of grant types that ClipCue does not use.
    OAuthErrorCode.UNSUPPORTED_GRANT_TYPE,
    OAuthErrorCode.UNSUPPORTED_RESPONSE_TYPE,
}
PASSING_CODES = {
    ErrorCode.INTERNAL_ERROR,
    OAuthErrorCode.SERVER_ERROR,
    OAuthErrorCode.TEMPORARILY_UNAVAILABLE,
}
UNKNOWN_REASONS = {
    FailReason.VIDEO_PULL_FAILED,
    FailReason.PUBLISH_CANCELLED,
}
ALL_CODES = [*ErrorCode, *OAuthErrorCode]


def test_every_error_code_is_judged_or_left_out_on_purpose() -> None:
    assert CALLS.keys() == {str(code) for code in ALL_CODES} - UNKNOWN_CODES


def test_every_fail_reason_is_judged_or_left_out_on_purpose() -> None:
    assert REASONS.keys() == {str(reason) for reason in FailReason} - UNKNOWN_REASONS


@pytest.mark.parametrize("code", sorted(PASSING_CODES))
def test_faults_of_tiktok_pass(code: str) -> None:
    assert of_error(tiktok.ApiError(code=code, http_status=200)).action is Action.RETRY


@pytest.mark.parametrize("code", sorted(UNKNOWN_CODES | {"brand_new_code"}))
def test_an_unknown_code_fails_and_is_shown(code: str) -> None:
    verdict = of_error(tiktok.ApiError(code=code, http_status=400))
    assert (verdict.action, verdict.mend) == (Action.FAIL, Mend.RETRY)
    assert "{code}" in verdict.says


@pytest.mark.parametrize("reason", sorted(UNKNOWN_REASONS | {"brand_new_reason"}))
def test_an_unknown_reason_fails_and_is_shown(reason: str) -> None:
    verdict = of_reason(reason)
    assert verdict.action is Action.FAIL
    assert "{code}" in verdict.says


def test_a_failure_without_a_reason_is_told_in_words() -> None:
    assert of_reason("").says == "TikTok said no, without a reason."


ERRORS: list[tuple[tiktok.TikTokError, Action]] = [
    (tiktok.NotSent(), Action.RETRY),
    (tiktok.TimedOut(), Action.RETRY),
    (tiktok.ConnectionDropped(), Action.RETRY),
    (tiktok.AnswerMalformed(http_status=200), Action.RETRY),
    (tiktok.UploadUnavailable(http_status=503), Action.RETRY),
    (tiktok.UploadError(http_status=418), Action.RETRY),
    (tiktok.UploadExpired(http_status=403), Action.RETRY),
    (tiktok.UploadNotFound(http_status=404), Action.RETRY),
    (tiktok.UploadMalformed(http_status=400), Action.FAIL),
    (tiktok.UploadUrlRefused(), Action.FAIL),
    (tiktok.FileChanged(), Action.FAIL),
    (tiktok.RangeMismatch(http_status=416), Action.RETRY),
    (tiktok.ApiError(code="brand_new_code", http_status=503), Action.RETRY),
    (tiktok.ApiError(code="brand_new_code", http_status=429), Action.WAIT),
    (tiktok.ApiError(code="rate_limit_exceeded", http_status=200), Action.WAIT),
    (tiktok.ApiError(code="invalid_param", http_status=500), Action.FAIL),
    (tiktok.ApiError(code="access_token_invalid", http_status=401), Action.RECONNECT),
    (tiktok.OAuthError(code="invalid_grant", http_status=200), Action.RECONNECT),
]


@pytest.mark.parametrize(("error", "action"), ERRORS, ids=lambda each: str(each)[-60:])
def test_errors(error: tiktok.TikTokError, action: Action) -> None:
    assert of_error(error).action is action


def tree(kind: type[tiktok.TikTokError]) -> list[type[tiktok.TikTokError]]:
    """A class of errors and every class below it."""
    return [kind, *(each for below in kind.__subclasses__() for each in tree(below))]


@pytest.mark.parametrize("kind", tree(tiktok.TikTokError))
def test_a_stored_code_means_what_the_error_meant(kind: type[tiktok.TikTokError]) -> None:
    error = kind()
    assert of_code(error.code) == of_error(error)
    assert verdicts.is_ours(error.code), "no code of TikTok's"
    assert "said no:" not in of_code(error.code).says, "in words, not as a code"


@given(
    kind=st.sampled_from([tiktok.ApiError, tiktok.OAuthError, tiktok.AnswerMalformed]),
    code=st.none() | st.sampled_from([*ALL_CODES, "brand_new_code"]),
    status=st.sampled_from([200, 400, 401, 403, 429, 500, 502]),
)
def test_a_code_is_enough_to_tell_the_verdict(
    kind: type[tiktok.TikTokError], code: str | None, status: int
) -> None:
    error = kind(code=code, http_status=status)
    assert of_code(code_of(error)) == of_error(error)
    if code == "brand_new_code":
        expected = {429: Action.WAIT, 500: Action.RETRY, 502: Action.RETRY}
        assert of_error(error).action is expected.get(status, Action.FAIL)


EVERY = [*CALLS.items(), *REASONS.items(), *OURS.items()]


@pytest.mark.parametrize(("code", "verdict"), EVERY, ids=[code for code, _ in EVERY])
def test_every_verdict_can_be_shown_and_acted_on(code: str, verdict: Verdict) -> None:
    assert verdict.says.endswith((".", "?"))
    assert "_" not in verdict.says, "words for creators, not codes"
    assert len(code) <= 64, "it fits its column"
    if verdict.action is Action.RECONNECT:
        assert verdict.mend is Mend.RECONNECT
    if verdict.action is Action.WAIT:
        assert timedelta() < verdict.wait <= timedelta(hours=24)


def test_our_words_are_not_tiktoks() -> None:
    assert not OURS.keys() & (CALLS.keys() | REASONS.keys())
    for code in OURS:
        assert verdicts.is_ours(code)
        assert of_code(code) is OURS[code]
    assert not verdicts.is_ours("spam_risk")
    assert of_code("spam_risk") is REASONS["spam_risk"]
    assert of_code("invalid_grant") is CALLS["invalid_grant"]
    assert "{code}" in of_code("never_heard").says


def test_codes_of_both_tables_mean_the_same() -> None:
    for code in CALLS.keys() & REASONS.keys():
        assert CALLS[code] == REASONS[code]
