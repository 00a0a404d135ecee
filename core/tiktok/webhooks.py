"""What TikTok reports by itself: the signature of a webhook, and the event in it.

Mirrors the pages Webhooks Overview, Webhooks Events and Webhooks Verification. An event may come
late, more than once, before an earlier one, or never: it hurries what polling finds out anyway.
"""

import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from .answers import Fields
from .errors import EventMalformed, SignatureRefused

_SIGNATURE = re.compile(r"t=([0-9]{1,10}),s=([0-9a-f]{64})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class WebhookKind(StrEnum):
    """`event` of a webhook, as far as it concerns posts and consent (Webhooks Events)."""

    PUBLISH_FAILED = "post.publish.failed"
    PUBLISH_COMPLETE = "post.publish.complete"
    INBOX_DELIVERED = "post.publish.inbox_delivered"
    PUBLICLY_AVAILABLE = "post.publish.publicly_available"
    NO_LONGER_PUBLICLY_AVAILABLE = "post.publish.no_longer_publicaly_available"  # TikTok's spelling
    AUTHORIZATION_REMOVED = "authorization.removed"


_KINDS: dict[str, WebhookKind] = {kind.value: kind for kind in WebhookKind}


@dataclass(frozen=True, kw_only=True)
class WebhookEvent:
    """Something that happened to an account or to one of its posts.

    `user_openid` is the `open_id` of the account's tokens, `created_at` aware UTC. `publish_id` is
    there for every kind but AUTHORIZATION_REMOVED. `reason` tells why a post failed: one of
    `FailReason` or a newer word. `post_id` is the public post of the two kinds that speak of one.
    `removal_reason` tells why consent ended: 0 unknown, 1 by the creator, 2 account deleted, 3 age
    changed, 4 account banned, 5 by the developer. Whatever TikTok left out is None.
    """

    kind: WebhookKind
    user_openid: str
    created_at: datetime
    publish_id: str | None = None
    reason: str | None = None
    post_id: str | None = None
    removal_reason: int | None = None


def verify_signature(
    header: str | None,
    body: bytes,
    *,
    client_secret: str,
    now: datetime,
    tolerance: timedelta = timedelta(minutes=5),
) -> None:
    """Make sure that TikTok sent `body`, the raw bytes, within `tolerance` of `now` (aware).

    `header` is `TikTok-Signature`, None when absent. Raises SignatureRefused; a stale signature is
    a right one of another time, such as a repetition that TikTok did not sign anew. Raises
    ValueError for an empty secret, with which anyone could sign.
    """
    if not client_secret:
        raise ValueError("no webhook can be verified without the client secret")
    if not header:
        raise SignatureRefused(reason="missing")
    match = _SIGNATURE.fullmatch(header.strip())
    if match is None:
        raise SignatureRefused(reason="malformed")
    signed = match[1].encode() + b"." + body
    right = hmac.new(client_secret.encode(), signed, "sha256").hexdigest()
    if not hmac.compare_digest(right, match[2]):
        raise SignatureRefused(reason="wrong")
    if abs(now - datetime.fromtimestamp(int(match[1]), UTC)) > tolerance:
        raise SignatureRefused(reason="stale")


def read_event(body: bytes) -> WebhookEvent | None:
    """The event in a verified webhook, None for a kind that is none of `WebhookKind`.

    Raises EventMalformed, and nothing else, for what the documentation does not describe.
    """
    event = _json_object(body, "body")
    kind = _KINDS.get(event.required("event", str))
    if kind is None:
        return None
    # The content is a JSON text within the JSON.
    content = _json_object(event.required("content", str), "content")
    user_openid, created_at = event.required("user_openid", str), _created_at(event)
    if kind is WebhookKind.AUTHORIZATION_REMOVED:
        return WebhookEvent(
            kind=kind,
            user_openid=user_openid,
            created_at=created_at,
            removal_reason=content.optional("reason", int),
        )
    return WebhookEvent(
        kind=kind,
        user_openid=user_openid,
        created_at=created_at,
        publish_id=content.required("publish_id", str),
        # Documented as the first, known to clients as the second as well.
        reason=content.optional("reason", str) or content.optional("fail_reason", str) or None,
        post_id=_post_id(content),
    )


@dataclass(frozen=True, kw_only=True)
class _EventFields(Fields):
    """One JSON object of a webhook, which is no answer and so has no HTTP status of its own."""

    http_status: int = 0

    def malformed(self, name: str) -> EventMalformed:
        return EventMalformed(f"TikTok's webhook has no usable {name}.")


def _json_object(text: bytes | str, name: str) -> _EventFields:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None  # refused below, so that the parser's copy of the text does not come along
    if not isinstance(values, dict):
        raise EventMalformed(f"The {name} of TikTok's webhook is not a JSON object.")
    return _EventFields(values=values)


def _created_at(event: Fields) -> datetime:
    try:
        return _EPOCH + timedelta(seconds=event.required("create_time", int))
    except OverflowError:
        raise event.malformed("create_time") from None


def _post_id(content: Fields) -> str | None:
    """The id as text; whether it comes as text or as a 64-bit number is not documented."""
    value = content.values.get("post_id")
    if value is None or value == "":
        return None
    if not (isinstance(value, str) or type(value) is int):
        raise content.malformed("post_id")
    return str(value)
