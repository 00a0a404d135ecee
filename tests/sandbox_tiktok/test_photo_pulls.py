"""What is found out when photos are fetched, and what goes wrong on the way."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from sandbox.tiktok import (
    DropBefore,
    FailProcessing,
    Fault,
    LoseAnswer,
    NeverEnd,
    TikTok,
)
from sandbox.tiktok.pulls import LARGEST_PHOTO
from tests.sandbox_tiktok.caller import POSTING_SCOPES, Caller, Clock, caller_of, photos
from tests.sandbox_tiktok.shelf import ONE, PREFIX, TWO, Shelf, begin, fetched, picture


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


UNFIT: dict[str, tuple[bytes | httpx.Response | Exception, str]] = {
    "gone": (httpx.Response(404), "photo_pull_failed"),
    "moved": (httpx.Response(302, headers={"Location": ONE}), "photo_pull_failed"),
    "part": (httpx.Response(206, content=picture()), "photo_pull_failed"),
    "broken": (httpx.Response(500), "photo_pull_failed"),
    "no answer": (httpx.ReadTimeout("late"), "photo_pull_failed"),
    "no host": (httpx.ConnectError("nobody"), "photo_pull_failed"),
    "over 20 MB": (b"\xff\xd8\xff" + bytes(LARGEST_PHOTO), "photo_pull_failed"),
    "PNG": (picture(kind="PNG"), "file_format_check_failed"),
    "GIF": (picture(kind="GIF"), "file_format_check_failed"),
    "no picture": (b"<html>Sign in first</html>", "file_format_check_failed"),
    "nothing": (b"", "file_format_check_failed"),
    "half a picture": (picture(400, 400)[:-900], "file_format_check_failed"),
    "too wide": (picture(1081, 1081), "picture_size_check_failed"),
    "too tall": (picture(1200, 1500, "WEBP"), "picture_size_check_failed"),
    "far too long": (picture(1000, 41_000), "picture_size_check_failed"),
}


@pytest.mark.parametrize(("found", "reason"), UNFIT.values(), ids=UNFIT)
async def test_one_unfit_photo_fails_them_all(
    world: TikTok,
    caller: Caller,
    clock: Clock,
    shelf: Shelf,
    found: bytes | httpx.Response | Exception,
    reason: str,
) -> None:
    unfit = shelf.lay("unfit", found)
    token, publish_id = await begin(caller, world, ONE, unfit, TWO)
    clock.forward(1)
    assert await caller.status(token, publish_id) == {"status": "FAILED", "fail_reason": reason}
    assert world.posts == []
    assert [str(request.url) for request in shelf.asked] == [ONE, unfit], "tried once, and no more"


@pytest.mark.parametrize(("width", "height"), [(1080, 3000), (3000, 1080), (1080, 1080), (1, 1)])
async def test_the_shorter_side_counts(
    world: TikTok, caller: Caller, clock: Clock, shelf: Shelf, width: int, height: int
) -> None:
    fit = shelf.lay("fit", picture(width, height))
    await begin(caller, world, fit)
    clock.forward(1)
    (post,) = world.posts
    assert (post.photos[0].width, post.photos[0].height) == (width, height)


# Faults, and a restart


async def test_photos_whose_init_lost_its_answer_are_posted_all_the_same(
    world: TikTok, caller: Caller, clock: Clock
) -> None:
    token = await caller.connect(scope=POSTING_SCOPES)
    for kind, begun in ((DropBefore(), 0), (LoseAnswer(), 1)):
        world.faults.add(Fault(endpoint="content/init", kind=kind))
        with pytest.raises(httpx.RemoteProtocolError):
            await caller.init_photos(token, photos(ONE))
        assert len(world.shares) == begun
    await fetched(world, world.shares[0].publish_id)
    clock.forward(1)
    assert len(world.posts) == 1


async def test_processing_fails_or_never_ends_for_photos_too(
    world: TikTok, caller: Caller, clock: Clock
) -> None:
    world.faults.add(Fault(endpoint="processing", kind=FailProcessing(reason="spam_risk")))
    world.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    token, failed = await begin(caller, world, ONE)
    _, endless = await begin(caller, world, ONE)
    clock.forward(3600)
    assert (await caller.status(token, failed))["fail_reason"] == "spam_risk"
    assert (await caller.status(token, endless))["status"] == "PROCESSING_DOWNLOAD"


async def test_what_a_restart_cuts_short_is_fetched_anew(clock: Clock, tmp_path: Path) -> None:
    hangs, shelf = asyncio.Event(), Shelf()
    shelf.lay("1.jpg", picture())

    async def never(request: httpx.Request) -> httpx.Response:
        hangs.set()
        await asyncio.sleep(60)
        raise AssertionError(request.url)

    first = TikTok(now=clock, folder=tmp_path, pull_transport=httpx.MockTransport(never))
    first.verified_prefixes = [PREFIX]
    async with caller_of(first.app) as caller:
        token = await caller.connect(scope=POSTING_SCOPES)
        answer = await caller.init_photos(token, photos(ONE, ONE))
        publish_id = answer.json()["data"]["publish_id"]
        async with asyncio.timeout(5):
            await hangs.wait()
    await first.aclose()

    second = TikTok(now=clock, folder=tmp_path, pull_transport=shelf.transport)
    async with caller_of(second.app) as caller:
        assert (await caller.status(token, publish_id))["status"] == "PROCESSING_DOWNLOAD"
        await fetched(second, publish_id)
        await second.save()
    clock.forward(1)
    third = TikTok(now=clock, folder=tmp_path)
    assert len(third.posts) == 1
    assert third.posts == second.posts
    places = [third.disk.photo(publish_id, number) for number in range(2)]
    assert [place.read_bytes() for place in places if place] == [picture()] * 2
    await second.aclose()


async def test_photos_come_over_http_and_no_redirect_is_followed() -> None:
    async def photo(_: Request) -> Response:
        return Response(picture())

    async def moved(_: Request) -> Response:
        return RedirectResponse("1.jpg")

    clock = Clock()
    world = TikTok(now=clock)
    site = Starlette(
        routes=[
            Route("/photos/1.jpg", photo),
            Route("/photos/moved.jpg", moved),
            Mount("/tiktok", world.app),
        ]
    )
    config = uvicorn.Config(site, port=0, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(5):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
    home = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    world.verified_prefixes = [f"{home}/photos/"]
    async with httpx.AsyncClient(base_url=f"{home}/tiktok/", timeout=5) as http:
        caller = Caller(http)
        token, good = await begin(caller, world, f"{home}/photos/1.jpg")
        _, bad = await begin(caller, world, f"{home}/photos/moved.jpg")
        clock.forward(1)
        assert (await caller.status(token, good))["status"] == "PUBLISH_COMPLETE"
        assert (await caller.status(token, bad))["fail_reason"] == "photo_pull_failed"
    server.should_exit = True
    await task
    await world.aclose()
    assert [post.publish_id for post in world.posts] == [good]
