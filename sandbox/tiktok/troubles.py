"""The faults in words that say what happens, for the panel to choose from.

A trouble has a key such as "lose-answer" or "refuse:rate_limit_exceeded". Some need a measure, a
number in the unit that they name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from .creators import CannotPost
from .faults import (
    BESIDE_CALLS,
    INITS,
    WITH_TOKEN,
    AnyFault,
    DropBefore,
    EndToken,
    FailProcessing,
    Fault,
    KeepLess,
    LoseAnswer,
    Misstate,
    NeverEnd,
    Place,
    Refuse,
    SendLate,
    SendTwice,
    Slow,
)

PLACES: dict[Place, str] = {
    "any call": "Every call of the bot",
    "authorize": "The consent page",
    "oauth/token": "Connecting, and renewing tokens",
    "oauth/revoke": "Disconnecting",
    "user/info": "Asking who the creator is",
    "creator_info/query": "Asking what the creator may do",
    "video/init": "Opening an upload",
    "inbox/video/init": "Opening an upload for the inbox",
    "content/init": "Announcing photos",
    "upload": "Sending a chunk of the clip",
    "status/fetch": "Asking what became of a post",
    "video/query": "Counting views",
    "storage": "Keeping a chunk of the clip",
    "processing": "A clip or photos that TikTok has accepted",
    "webhook": "Telling the bot by webhook",
}

Unit = Literal["seconds", "bytes", "HTTP status"]
LIMITS: dict[Unit, tuple[int, int]] = {
    "seconds": (1, 86_400),
    "bytes": (0, 128_000_000),
    "HTTP status": (200, 599),
}


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that can go wrong at some places; `kind` has the usual measure in that `unit`."""

    key: str
    words: str
    places: frozenset[Place]
    kind: AnyFault
    unit: Unit | None = None

    @property
    def usual(self) -> float:
        """The measure of `kind`; 0 where it has none."""
        match self.kind:
            case Slow(seconds=measure) | SendLate(seconds=measure):
                return measure
            case Misstate(status=measure) | KeepLess(count=measure):
                return measure
        return 0

    def at(self, place: Place, measure: int) -> AnyFault:
        """What is to happen at that place, by that measure."""
        match self.kind:
            case Slow() | SendLate():
                return replace(self.kind, seconds=measure)
            case Misstate():
                return Misstate(status=measure)
            case KeepLess():
                return KeepLess(count=measure)
            case Refuse(code=code) if place == "creator_info/query" and code in get_args(
                CannotPost
            ):
                return replace(self.kind, status=200)  # as it tells that somebody cannot post now
        return self.kind


def _refusal(status: int, code: str, words: str, places: frozenset[Place]) -> Trouble:
    key = f"refuse:{code}" if status < 500 else f"refuse:{code}:{status}"
    kind = Refuse(status=status, code=code, message=words)
    return Trouble(key=key, words=f"{words} ({code})", places=places, kind=kind)


def _failure(reason: str, words: str) -> Trouble:
    kind = FailProcessing(reason=reason)
    return Trouble(key=f"fail:{reason}", words=f"{words} ({reason})", places=_CLIP, kind=kind)


_CALLS = frozenset(PLACES) - BESIDE_CALLS
_API = frozenset[Place]({*WITH_TOKEN, "any call"})
_OAUTH = frozenset[Place]({"oauth/token", "oauth/revoke"})
_POST = frozenset[Place]({"video/init", "content/init"})
_DRAFT = frozenset[Place]({"inbox/video/init", "content/init"})
_PHOTOS = frozenset[Place]({"content/init"})
_ASKED = frozenset[Place]({"creator_info/query"})
_STATUS = frozenset[Place]({"status/fetch"})
_CHUNK = frozenset[Place]({"upload"})
_STORAGE = frozenset[Place]({"storage"})
_CLIP = frozenset[Place]({"processing"})
_EVENT = frozenset[Place]({"webhook"})

TROUBLES: dict[str, tuple[Trouble, ...]] = {
    "The connection": (
        Trouble(
            key="drop",
            words="It breaks before TikTok does anything",
            places=_CALLS,
            kind=DropBefore(),
        ),
        Trouble(
            key="lose-answer",
            words="TikTok does it, but the answer is lost",
            places=_CALLS,
            kind=LoseAnswer(),
        ),
        Trouble(
            key="slow",
            words="TikTok does it, but answers late",
            places=_CALLS,
            kind=Slow(seconds=10),
            unit="seconds",
        ),
        Trouble(
            key="misstate",
            words="TikTok does it, but answers with another HTTP status",
            places=_CALLS,
            kind=Misstate(status=500),
            unit="HTTP status",
        ),
    ),
    "TikTok is in trouble": (
        _refusal(500, "internal_error", "Something is broken, nothing is done", _CALLS),
        _refusal(503, "internal_error", "TikTok is down, nothing is done", _CALLS),
        _refusal(503, "temporarily_unavailable", "Signing in is down", _OAUTH),
    ),
    "TikTok refuses the app": (
        _refusal(429, "rate_limit_exceeded", "Too many calls this minute", _API),
        _refusal(401, "access_token_invalid", "The access token is not known", _API),
        _refusal(401, "scope_not_authorized", "The creator has not allowed this", _API),
        Trouble(
            key="end-token",
            words="The access token ends at this call",
            places=WITH_TOKEN,
            kind=EndToken(),
        ),
        _refusal(400, "invalid_params", "The request is found to be wrong", _API),
        _refusal(200, "invalid_grant", "The permission has ended", _OAUTH),
        _refusal(200, "invalid_client", "The app's key or secret is wrong", _OAUTH),
    ),
    "TikTok refuses the post": (
        _refusal(403, "spam_risk_too_many_posts", "Enough posts for today", _POST | _ASKED),
        _refusal(
            403,
            "spam_risk_user_banned_from_posting",
            "The creator is banned",
            INITS | _ASKED,
        ),
        _refusal(
            403,
            "reached_active_user_cap",
            "The app has enough creators today",
            _POST | _ASKED,
        ),
        _refusal(
            403,
            "spam_risk_too_many_pending_share",
            "Enough drafts wait in the inbox",
            _DRAFT,
        ),
        _refusal(
            403,
            "privacy_level_option_mismatch",
            "That privacy is no longer offered",
            _POST,
        ),
        _refusal(
            403,
            "unaudited_client_can_only_post_to_private_accounts",
            "The app has not passed the audit",
            _POST,
        ),
        _refusal(403, "url_ownership_unverified", "The URL prefix is not verified", _PHOTOS),
        _refusal(400, "app_version_check_failed", "The creator's TikTok is too old", _PHOTOS),
        _refusal(400, "invalid_publish_id", "The post is not known", _STATUS),
    ),
    "The upload": (
        _refusal(403, "upload_url_expired", "The upload address has ended", _CHUNK),
        _refusal(404, "not_found", "The upload is not known", _CHUNK),
        _refusal(416, "range_mismatch", "The chunk does not follow the one before", _CHUNK),
        Trouble(
            key="keep-less",
            words="Only the first bytes of the chunk are kept",
            places=_STORAGE,
            kind=KeepLess(count=1000),
            unit="bytes",
        ),
    ),
    "What becomes of the clip, or the photos": (
        _failure("spam_risk_text", "The caption is judged spam"),
        _failure("spam_risk", "The post is judged risky"),
        _failure("spam_risk_too_many_posts", "Enough posts for today"),
        _failure("spam_risk_user_banned_from_posting", "The creator is banned"),
        _failure("file_format_check_failed", "The format is refused"),
        _failure("duration_check_failed", "Too long, or too short"),
        _failure("frame_rate_check_failed", "The frame rate is refused"),
        _failure("picture_size_check_failed", "The picture size is refused"),
        _failure("photo_pull_failed", "The photos cannot be fetched"),
        _failure("auth_removed", "The creator removed the app meanwhile"),
        _failure("internal", "TikTok has broken down over it"),
        Trouble(key="never-end", words="It is processed for ever", places=_CLIP, kind=NeverEnd()),
    ),
    "The webhook": (
        Trouble(key="twice", words="Events are told twice", places=_EVENT, kind=SendTwice()),
        Trouble(
            key="late",
            words="Events are told late",
            places=_EVENT,
            kind=SendLate(seconds=60),
            unit="seconds",
        ),
    ),
}
_BY_KEY = {trouble.key: trouble for group in TROUBLES.values() for trouble in group}
MOST_TIMES = 1000


def fault_of(form: Mapping[str, str]) -> Fault:
    """The fault that a form of the panel asks for; raises ValueError, in words, for a wrong one.

    Fields: `place`, `trouble` (a key), `measure` where that needs one, and `times` unless `always`
    is there.
    """
    trouble = _BY_KEY.get(form.get("trouble", ""))
    place = next((each for each in PLACES if each == form.get("place")), None)
    if trouble is None or place is None:
        raise ValueError("Choose where it happens, and what")
    if place not in trouble.places:
        raise ValueError(f"“{trouble.words}” cannot happen to “{PLACES[place]}”")
    measure = 0
    if trouble.unit:
        measure = number(form.get("measure", ""), trouble.unit, *LIMITS[trouble.unit])
    times = None if "always" in form else number(form.get("times", ""), "times", 1, MOST_TIMES)
    return Fault(endpoint=place, kind=trouble.at(place, measure), times=times)


def number(text: str, name: str, least: int, most: int) -> int:
    """The whole number in a field of that name; raises ValueError, in words."""
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise ValueError(f"{name[:1].upper()}{name[1:]}: a number from {least} to {most:,}")
    return int(text)


def words_of(kind: AnyFault) -> str:
    """What a fault does, said shortly."""
    match kind:
        case Refuse():
            return f"refused with {kind.status} {kind.code}"
        case DropBefore():
            return "dropped before anything is done"
        case LoseAnswer():
            return "done, the answer lost"
        case Slow():
            return f"done, answered {kind.seconds:g} s late"
        case Misstate():
            return f"done, answered with {kind.status}"
        case EndToken():
            return "the access token ends"
        case KeepLess():
            return f"only {kind.count:,} bytes kept"
        case FailProcessing():
            return f"fails: {kind.reason}"
        case NeverEnd():
            return "processed for ever"
        case SendTwice():
            return "told twice"
        case SendLate():
            return f"told {kind.seconds:g} s late"
