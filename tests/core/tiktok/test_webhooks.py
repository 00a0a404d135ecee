"""Webhooks: what proves that TikTok sent one, and what is read from it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import tiktok

SECRET = "secret_test"
SIGNED_AT = datetime.fromtimestamp(1_700_000_001, UTC)
BODY = (
    rb'{"client_key":"ck_test","event":"post.publish.complete","create_time":1700000000,'
    rb'"user_openid":"open-1","content":"{\"publish_id\":\"v_pub_file~v2.1\"}"}'
)
DIGEST = "ea5ce6c7eeafb3d041474f9599f938319d709e1ef05a050324bcaae2b6236b66"
HEADER = f"t=1700000001,s={DIGEST}"


def refusal(
    header: str | None, body: bytes = BODY, *, late: float = 0, secret: str = SECRET
) -> str:
    """Why the signature is refused when looked at `late` seconds after it was made."""
    now = SIGNED_AT + timedelta(seconds=late)
    with pytest.raises(tiktok.SignatureRefused) as caught:
        tiktok.verify_signature(header, body, client_secret=secret, now=now)
    error = caught.value
    shown = f"{error} {error!r}"
    assert DIGEST not in shown
    assert secret not in shown
    return error.reason


def event(kind: str, content: object, /, **changes: object) -> bytes:
    """A webhook as TikTok writes it; `content` is written as text unless it already is."""
    text = content if isinstance(content, str) else json.dumps(content)
    whole: dict[str, Any] = {
        "client_key": "ck_test",
        "event": kind,
        "create_time": 1_700_000_000,
        "user_openid": "open-1",
        "content": text,
        **changes,
    }
    return json.dumps(whole).encode()


# The signature


@pytest.mark.parametrize("late", [0, 300, -300, 299.9])
def test_the_signature_of_tiktok_is_taken(late: float) -> None:
    now = SIGNED_AT + timedelta(seconds=late)
    tiktok.verify_signature(HEADER, BODY, client_secret=SECRET, now=now)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "missing"),
        ("", "missing"),
        (DIGEST, "malformed"),
        (f"s={DIGEST}", "malformed"),
        (f"t=,s={DIGEST}", "malformed"),
        (f"t=-1700000001,s={DIGEST}", "malformed"),
        (f"t=99999999999,s={DIGEST}", "malformed"),  # beyond every calendar
        (f"t=١٧٠٠٠٠٠٠٠١,s={DIGEST}", "malformed"),  # noqa: RUF001 - digits, but not ours
        (f"t=1700000001,s={DIGEST[:-1]}", "malformed"),
        (f"t=1700000001,s={'é' * 64}", "malformed"),
        (f"{HEADER},s={DIGEST}", "malformed"),
        (f"t=1700000002,s={DIGEST}", "wrong"),
        (f"t=1700000001,s={'0' * 64}", "wrong"),
    ],
)
def test_other_signatures_are_refused(header: str | None, reason: str) -> None:
    assert refusal(header) == reason


def test_the_signature_holds_for_these_very_bytes_and_this_secret() -> None:
    assert refusal(HEADER, BODY + b"\n") == "wrong"
    assert refusal(HEADER, json.dumps(json.loads(BODY)).encode()) == "wrong"
    assert refusal(HEADER, secret="secret_other") == "wrong"


@pytest.mark.parametrize("late", [301, -301, 10**8])
def test_an_old_signature_is_stale_and_a_wrong_one_still_wrong(late: float) -> None:
    assert refusal(HEADER, late=late) == "stale"
    assert refusal(HEADER, b"{}", late=late) == "wrong"


def test_how_old_is_too_old_can_be_told() -> None:
    now = SIGNED_AT + timedelta(hours=1)
    tiktok.verify_signature(
        HEADER, BODY, client_secret=SECRET, now=now, tolerance=timedelta(hours=1)
    )


def test_an_empty_secret_verifies_nothing() -> None:
    with pytest.raises(ValueError, match="client secret"):
        tiktok.verify_signature(HEADER, BODY, client_secret="", now=SIGNED_AT)


@given(header=st.text(), body=st.binary())
def test_whatever_arrives_is_refused_in_the_tree(header: str, body: bytes) -> None:
    assert refusal(header, body) in {"missing", "malformed", "wrong"}


# The event


def test_the_event_of_the_documentation() -> None:
    assert tiktok.read_event(BODY) == tiktok.WebhookEvent(
        kind=tiktok.WebhookKind.PUBLISH_COMPLETE,
        user_openid="open-1",
        created_at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        publish_id="v_pub_file~v2.1",
    )


@pytest.mark.parametrize(
    ("kind", "content", "read"),
    [
        (
            "post.publish.failed",
            {"publish_id": "v", "reason": "spam_risk"},
            {"reason": "spam_risk"},
        ),
        ("post.publish.failed", {"publish_id": "v", "fail_reason": "new"}, {"reason": "new"}),
        ("post.publish.failed", {"publish_id": "v", "reason": ""}, {}),
        ("post.publish.complete", {"publish_id": "v", "publish_type": "INBOX_SHARE"}, {}),
        ("post.publish.inbox_delivered", {"publish_id": "v"}, {}),
        (
            "post.publish.publicly_available",
            {"publish_id": "v", "post_id": 7312345678901234567},
            {"post_id": "7312345678901234567"},
        ),
        (
            "post.publish.no_longer_publicaly_available",
            {"publish_id": "v", "post_id": "7312345678901234567"},
            {"post_id": "7312345678901234567"},
        ),
        ("post.publish.publicly_available", {"publish_id": "v", "post_id": ""}, {}),
    ],
)
def test_what_happened_to_a_post(kind: str, content: object, read: dict[str, Any]) -> None:
    found = tiktok.read_event(event(kind, content))
    assert found == tiktok.WebhookEvent(
        kind=tiktok.WebhookKind(kind),
        user_openid="open-1",
        created_at=datetime.fromtimestamp(1_700_000_000, UTC),
        publish_id="v",
        **read,
    )


@pytest.mark.parametrize(
    ("content", "reason"), [({"reason": 0}, 0), ({"reason": 4}, 4), ({}, None)]
)
def test_what_happened_to_the_consent(content: object, reason: int | None) -> None:
    found = tiktok.read_event(event("authorization.removed", content))
    assert found is not None
    assert found.kind is tiktok.WebhookKind.AUTHORIZATION_REMOVED
    assert (found.removal_reason, found.reason, found.publish_id) == (reason, None, None)


@pytest.mark.parametrize("kind", ["video.upload.failed", "video.publish.completed", "of.next.year"])
def test_other_kinds_are_nobodys_business(kind: str) -> None:
    assert tiktok.read_event(event(kind, {"share_id": "s"})) is None
    assert tiktok.read_event(event(kind, "no JSON at all", user_openid=None)) is None


DONE, GONE = "post.publish.complete", "authorization.removed"


@pytest.mark.parametrize(
    ("body", "at_fault"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"\xff\xfe", "body"),
        (b"[" * 100_000, "body"),
        (b'{"create_time":' + b"9" * 5000 + b"}", "body"),
        (b"{}", "event"),
        (event(DONE, {"publish_id": "v"}, event=["list"]), "event"),
        (event(DONE, {"publish_id": "v"}, user_openid=""), "user_openid"),
        (event(DONE, {"publish_id": "v"}, create_time=None), "create_time"),
        (event(DONE, {"publish_id": "v"}, create_time=True), "create_time"),
        (event(DONE, {"publish_id": "v"}, create_time=1.5), "create_time"),
        (event(DONE, {"publish_id": "v"}, create_time=-1), "create_time"),
        (event(DONE, {"publish_id": "v"}, create_time=2**63 - 1), "create_time"),
        (event(DONE, "", content={"publish_id": "v"}), "content"),  # parsed once is once too often
        (event(DONE, '"text"'), "content"),
        (event(DONE, "{"), "content"),
        (event(DONE, {}), "publish_id"),
        (event(DONE, {"publish_id": 7}), "publish_id"),
        (event(DONE, {"publish_id": "v", "reason": 7}), "reason"),
        (event(DONE, {"publish_id": "v", "post_id": True}), "post_id"),
        (event(DONE, {"publish_id": "v", "post_id": 7.0}), "post_id"),
        (event(GONE, {"reason": "1"}), "reason"),
    ],
)
def test_what_the_documentation_does_not_describe(body: bytes, at_fault: str) -> None:
    with pytest.raises(tiktok.EventMalformed, match=rf"\b{at_fault}\b") as caught:
        tiktok.read_event(body)
    assert caught.value.http_status is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
CONTENTS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("publish_id", "reason", "fail_reason", "post_id"), ANYTHING)
)


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises(tiktok.EventMalformed):
        tiktok.read_event(body)


@given(
    kind=st.sampled_from(tiktok.WebhookKind),
    content=CONTENTS | st.text(),
    changes=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("event", "create_time", "user_openid", "content"), ANYTHING)
    ),
)
def test_any_object_is_read_or_refused(kind: str, content: object, changes: dict[str, Any]) -> None:
    try:
        found = tiktok.read_event(event(kind, content, **changes))
    except tiktok.EventMalformed:
        return
    if found is not None:
        assert found.user_openid
        assert found.created_at.utcoffset() == timedelta()
        assert (found.publish_id is None) is (found.kind == GONE)
        assert all(text != "" for text in (found.publish_id, found.reason, found.post_id))
