"""TikTok reports by itself: sooner than it would be asked, and never believed blindly."""

import hmac
import json
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.web.tiktok_webhook import LONGEST_BODY
from sandbox.telegram import Person
from sandbox.tiktok import Fault, NeverEnd, SendLate, SendTwice
from tests.creator.test_accounts import ask_to_disconnect
from tests.stage import TIKTOK_SECRET, Stage, a_browser


def event(name: str, at: datetime, *, open_id: str = "nobody", **content: object) -> bytes:
    body = {
        "client_key": "sandbox-key",
        "event": name,
        "create_time": int(at.timestamp()),
        "user_openid": open_id,
        "content": json.dumps(content),
    }
    return json.dumps(body).encode()


def sign(body: bytes, at: datetime, *, secret: str = TIKTOK_SECRET) -> str:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, "sha256").hexdigest()
    return f"t={stamp},s={digest}"


async def post(stage: Stage, body: bytes, signature: str | None) -> httpx.Response:
    headers = {"TikTok-Signature": signature} if signature is not None else {}
    async with a_browser() as far_end:
        return await far_end.post(stage.webhook_url, content=body, headers=headers)


def open_id(stage: Stage) -> str:
    return stage.tiktok.creators["lena.cooks"].open_id


def questions(stage: Stage) -> int:
    return sum(call.endpoint == "status/fetch" for call in stage.tiktok.calls)


# Who may report


@pytest.mark.parametrize("fault", ["missing", "malformed", "wrong", "another body", "stale"])
async def test_what_tiktok_did_not_sign_is_refused_and_changes_nothing(
    stage: Stage, lena: Person, fault: str
) -> None:
    now = stage.clock()
    body = event(
        "authorization.removed", now + timedelta(seconds=2), open_id=open_id(stage), reason=1
    )
    signature = {
        "missing": None,
        "malformed": "t=1,s=nonsense",
        "wrong": sign(body, now, secret="another"),
        "another body": sign(body + b" ", now),
        "stale": sign(body, now - timedelta(minutes=6)),
    }[fault]

    assert (await post(stage, body, signature)).status_code == 403

    await lena.send("/accounts")
    await lena.see("✅ connected")


async def test_a_body_longer_than_any_event_is_not_read(stage: Stage) -> None:
    body = b" " * (LONGEST_BODY + 1)
    assert (await post(stage, body, sign(body, stage.clock()))).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"not json", id="no json"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"event":"post.publish.complete","content":"{}"}', id="fields missing"),
        pytest.param(b'{"event":"portability.download.ready"}', id="another product"),
        pytest.param(b'{"event":"post.publish.reconsidered"}', id="not invented yet"),
    ],
)
async def test_an_event_we_can_do_nothing_with_is_taken_and_passed_over(
    stage: Stage, body: bytes
) -> None:
    assert (await post(stage, body, sign(body, stage.clock()))).status_code == 200


async def test_an_event_about_somebody_else_is_passed_over(stage: Stage, lena: Person) -> None:
    later = stage.clock() + timedelta(seconds=2)
    for body in (
        event("authorization.removed", later, reason=1),
        event("post.publish.complete", later, open_id=open_id(stage), publish_id="v_pub_file~x"),
    ):
        assert (await post(stage, body, sign(body, stage.clock()))).status_code == 200
    await lena.send("/accounts")
    await lena.see("✅ connected")


# What became of a post


async def test_a_report_brings_the_question_forward(stage: Stage, lena: Person, clip: Path) -> None:
    """TikTok works for 40 minutes; after 35 it is asked, and would be again after 43."""
    stage.tiktok.webhook_url = stage.webhook_url
    stage.tiktok.processing_delay = 40 * 60
    await stage.posted_now(lena, clip)
    await stage.until(lambda: bool(questions(stage)))
    stage.clock.jump(timedelta(minutes=35))
    await lena.see("❓ Not confirmed")

    stage.clock.jump(timedelta(minutes=5, seconds=10))

    await lena.see("✅ Published on @lena.cooks")


async def test_a_report_without_a_verdict_behind_it_changes_nothing(
    stage: Stage, lena: Person, clip: Path
) -> None:
    """Only TikTok's answer counts: a report may be forged by a leaked secret, or be old."""
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    await stage.posted_now(lena, clip)
    await stage.until(lambda: bool(questions(stage)))
    (upload,) = stage.tiktok.uploads
    asked = questions(stage)
    for name in ("post.publish.complete", "post.publish.failed", "post.publish.complete"):
        body = event(name, stage.clock(), open_id=open_id(stage), publish_id=upload.publish_id)
        assert (await post(stage, body, sign(body, stage.clock()))).status_code == 200

    await stage.until(lambda: questions(stage) > asked)
    assert lena.count("Published on") == lena.count("Not published") == 0


@pytest.mark.parametrize("kind", [SendTwice(), SendLate(seconds=200)])
async def test_twice_or_late_it_is_told_once(
    stage: Stage, lena: Person, clip: Path, kind: SendTwice | SendLate
) -> None:
    stage.tiktok.webhook_url = stage.webhook_url
    stage.tiktok.faults.add(Fault(endpoint="webhook", kind=kind))
    stage.tiktok.post_id_delay = 5
    await stage.posted_now(lena, clip)
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    stage.clock.jump(timedelta(seconds=210))
    sent = await lena.send("/posts")
    await lena.see("Nothing is planned", after=sent)
    assert lena.count("✅ Published on") == 1
    assert len(stage.tiktok.posts) == 1


async def test_a_post_is_not_asked_about_by_the_report_on_another_account(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    await stage.posted_now(lena, clip)
    await stage.until(lambda: bool(questions(stage)))
    (upload,) = stage.tiktok.uploads
    body = event("post.publish.complete", stage.clock(), publish_id=upload.publish_id)
    assert (await post(stage, body, sign(body, stage.clock()))).status_code == 200


# The end of a consent


async def test_a_permission_taken_away_is_known_at_once(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.webhook_url = stage.webhook_url
    await stage.scheduled(lena, clip, caption="Soup", when="tomorrow 18:00")
    stage.clock.jump(timedelta(seconds=2))

    stage.tiktok.remove_app("lena.cooks")

    told = await lena.see("⚠️ Disconnected: @lena.cooks")
    assert "On hold until then: 1 post." in told.text
    sent = await lena.send("/accounts")
    await lena.see("⚠️ has to be connected again", after=sent)
    connected = await stage.connect(lena)
    assert any("Resume 1 post" in label for label in connected.labels)


async def test_an_old_end_of_consent_does_not_touch_a_new_connection(
    stage: Stage, lena: Person
) -> None:
    removed = event(
        "authorization.removed", stage.clock() + timedelta(seconds=1),
        open_id=open_id(stage), reason=1,
    )  # fmt: skip
    stage.clock.jump(timedelta(seconds=30))
    await stage.connect(lena)

    assert (await post(stage, removed, sign(removed, stage.clock()))).status_code == 200

    sent = await lena.send("/accounts")
    await lena.see("✅ connected", after=sent)
    assert lena.count("Disconnected:") == 0


async def test_letting_an_account_go_oneself_is_no_news(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.tiktok.webhook_url = stage.webhook_url
    await stage.scheduled(lena, clip)
    stage.clock.jump(timedelta(seconds=2))
    asked = await ask_to_disconnect(lena)
    await lena.tap("Disconnect", message=asked)
    await lena.see("Disconnected @lena.cooks.", after=asked)
    await lena.see("✋ On hold: 1 post")
    await stage.until(lambda: not stage.tiktok.webhooks._waiting)

    assert lena.count("⚠️ Disconnected:") == 0
    await lena.send("/accounts")
    await lena.see("No TikTok account is connected yet")


async def test_the_same_end_of_consent_twice_is_told_once(stage: Stage, lena: Person) -> None:
    stage.clock.jump(timedelta(seconds=2))
    body = event("authorization.removed", stage.clock(), open_id=open_id(stage), reason=2)
    for _ in range(2):
        assert (await post(stage, body, sign(body, stage.clock()))).status_code == 200
    await lena.see("⚠️ Disconnected: @lena.cooks")
    sent = await lena.send("/accounts")
    await lena.see("has to be connected again", after=sent)
    assert lena.count("⚠️ Disconnected:") == 1
