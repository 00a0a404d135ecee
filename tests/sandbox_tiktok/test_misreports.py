"""Receipts of chunks that do not say what was sent."""

import hashlib

import pytest

from sandbox.tiktok import DropBefore, Fault, KeepLess, Misstate, TikTok
from tests.sandbox_tiktok.caller import Clock, caller_of

VIDEO = bytes(range(256)) * 40
SIZE = len(VIDEO)


async def test_another_status_than_the_true_one() -> None:
    clock = Clock()
    world = TikTok(now=clock)
    world.faults.add(Fault(endpoint="upload", kind=Misstate(status=206)))
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        publish_id, upload_url = await caller.start(token, SIZE)
        answer = await caller.put(upload_url, VIDEO, 0, SIZE - 1, SIZE)
        assert answer.status_code == 206
        clock.forward(1)
        assert (await caller.status(token, publish_id))["status"] == "PUBLISH_COMPLETE"


@pytest.mark.parametrize("count", [0, 1000, SIZE, 2 * SIZE])
async def test_less_is_kept_than_was_sent(count: int) -> None:
    clock = Clock()
    world = TikTok(now=clock)
    world.faults.add(Fault(endpoint="storage", kind=KeepLess(count=count)))
    kept = min(count, SIZE)
    async with caller_of(world.app) as caller:
        token = await caller.connect()
        publish_id, upload_url = await caller.start(token, SIZE)
        answer = await caller.put(upload_url, VIDEO, 0, SIZE - 1, SIZE)
        assert answer.status_code == (201 if kept == SIZE else 206)
        assert (await caller.status(token, publish_id))["uploaded_bytes"] == kept
        if kept < SIZE:
            rest = await caller.put(upload_url, VIDEO[kept:], kept, SIZE - 1, SIZE)
            assert rest.status_code == 201
    clock.forward(1)
    assert [post.sha256 for post in world.posts] == [hashlib.sha256(VIDEO).hexdigest()]


def test_only_what_is_stored_can_be_kept_in_part() -> None:
    for endpoint, kind in (("storage", DropBefore()), ("upload", KeepLess(count=1))):
        with pytest.raises(ValueError, match="cannot happen"):
            Fault(endpoint=endpoint, kind=kind)  # type: ignore[arg-type]  # the mistake
