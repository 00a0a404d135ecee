"""TikTok as a server, whose clock stands until it is put forward, and two photos to be fetched."""

from collections.abc import AsyncIterator

import pytest

from sandbox.tiktok import TikTok
from tests.sandbox_tiktok.caller import Caller, Clock, caller_of
from tests.sandbox_tiktok.shelf import PREFIX, Shelf


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="shelf")
def _shelf() -> Shelf:
    return Shelf.of_two()


@pytest.fixture(name="world")
async def _world(clock: Clock, shelf: Shelf) -> AsyncIterator[TikTok]:
    world = TikTok(now=clock, pull_transport=shelf.transport)
    world.verified_prefixes = [PREFIX]
    yield world
    await world.aclose()


@pytest.fixture(name="caller")
async def _caller(world: TikTok) -> AsyncIterator[Caller]:
    async with caller_of(world.app) as caller:
        yield caller
