"""Everything that TikTok can do to a post, dealt out for as long as the test lasts.

Each endpoint has a deck of its own. Its next card is laid down when the one before has happened,
and happens a few calls later: so the calls decide how much goes wrong, and not the machine.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from sandbox.tiktok import (
    DropBefore,
    EndToken,
    FailProcessing,
    Fault,
    KeepLess,
    LoseAnswer,
    Misstate,
    NeverEnd,
    Refuse,
    SendLate,
    SendTwice,
    Slow,
    TikTok,
)
from sandbox.tiktok.faults import AnyFault, Place

LOOK_EVERY = 0.02
MOST_PASS = 3
"""So many calls of an endpoint go well, at the most, between two cards."""


@dataclass(frozen=True, kw_only=True)
class Deck:
    """What happens to an endpoint: `once` comes in the first round only, `again` in each."""

    again: Sequence[AnyFault] = ()
    once: Sequence[AnyFault] = ()

    def dealt(self, dice: random.Random) -> Iterator[AnyFault]:
        first = [*self.again, *self.once]
        yield from dice.sample(first, len(first))
        while self.again:
            yield from dice.sample(self.again, len(self.again))


ANY_CALL = (
    Refuse(status=500),
    Refuse(status=429, code="rate_limit_exceeded"),
    DropBefore(),
    LoseAnswer(),
    Slow(seconds=0.4),
)
DAILY_CAP = "spam_risk_too_many_posts"

DECKS: Mapping[Place, Deck] = {
    "creator_info/query": Deck(
        again=(*ANY_CALL, EndToken()), once=(Refuse(status=200, code=DAILY_CAP),)
    ),
    "video/init": Deck(again=(*ANY_CALL, EndToken())),
    "upload": Deck(
        again=(
            *ANY_CALL,
            Refuse(status=403, code="upload_url_expired"),
            Refuse(status=404, code="not_found"),
            Refuse(status=416, code="range_mismatch"),
            Misstate(status=200),
            Misstate(status=206),
        )
    ),
    "storage": Deck(again=(KeepLess(count=0), KeepLess(count=1000))),
    "status/fetch": Deck(again=(*ANY_CALL, EndToken())),
    "oauth/token": Deck(
        again=(Refuse(status=500, code="server_error"), DropBefore(), Slow(seconds=0.4)),
        once=(LoseAnswer(), LoseAnswer()),
    ),
    "processing": Deck(
        once=(
            FailProcessing(reason="internal"),
            FailProcessing(reason="internal"),
            FailProcessing(reason="spam_risk_text"),
            FailProcessing(reason="file_format_check_failed"),
            FailProcessing(reason=DAILY_CAP),
            NeverEnd(),
            NeverEnd(),
        )
    ),
    "webhook": Deck(again=(SendTwice(), SendLate(seconds=5))),
}


@asynccontextmanager
async def raining(tiktok: TikTok, seed: int) -> AsyncIterator[None]:
    """Within the block all of it happens to TikTok, after it nothing does any more."""
    rain = asyncio.create_task(_rain(tiktok, seed))
    try:
        yield
    finally:
        rain.cancel()
        with suppress(asyncio.CancelledError):
            await rain
        tiktok.faults.clear()


async def _rain(tiktok: TikTok, seed: int) -> None:
    dice = {endpoint: random.Random(f"{seed} {endpoint}") for endpoint in DECKS}  # noqa: S311 - no secrets
    cards = {endpoint: deck.dealt(dice[endpoint]) for endpoint, deck in DECKS.items()}
    while True:
        lying = {fault.endpoint for fault in tiktok.faults.waiting}
        for endpoint in DECKS.keys() - lying:
            if card := next(cards[endpoint], None):
                passing = dice[endpoint].randint(0, MOST_PASS)
                tiktok.faults.add(Fault(endpoint=endpoint, kind=card, after=passing))
        await asyncio.sleep(LOOK_EVERY)
