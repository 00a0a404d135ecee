"""When a creator's posts do best, from their own numbers alone.

Views of posts lie orders of magnitude apart, so their logarithms are compared: a post that went
through the roof is one good post, not the answer. Young posts are left out, for they are still
being seen. What one hour of the week has shown is drawn towards what that time of day has shown,
and that towards what all posts have shown, as if `HELD_BACK` typical posts had been there too: two
lucky posts on a Friday do not make a rule.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ENOUGH_POSTS = 20
"""Counted posts below which nothing is said."""
ENOUGH_IN_BLOCK = 3
"""Posts that a block of the week must have to be recommended."""
HELD_BACK = 3
"""Typical posts that are thought to stand beside those of an hour."""
BLOCK_HOURS = 3
"""The week is looked at in blocks of so many hours."""
BLOCKS = 24 // BLOCK_HOURS
RECOMMENDED = 3
STANDS_OUT = 1.1
"""How many times the typical views a block must promise to be recommended."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A post that has been seen for a while: when it came out, on the creator's clock, and views.

    `weekday` is 0 for Monday.
    """

    weekday: int
    hour: int
    views: int


@dataclass(frozen=True, kw_only=True)
class Block:
    """A block of the week's hours, and how its posts are expected to do."""

    weekday: int
    hour: int
    """The first of its `BLOCK_HOURS`."""
    posts: int
    times_typical: float
    """Expected views as a multiple of what the creator's posts typically get."""


@dataclass(frozen=True, kw_only=True)
class BestHours:
    """What the numbers say; without `ENOUGH_POSTS` there are no blocks."""

    posts: int
    blocks: tuple[Block, ...] = ()
    """All of the week, Monday's first hours first."""

    @property
    def known(self) -> bool:
        """Whether there are numbers enough to say anything."""
        return bool(self.blocks)

    @property
    def recommended(self) -> tuple[Block, ...]:
        """The few blocks that stand out, the best first; none where none does."""
        good = [
            block
            for block in self.blocks
            if block.posts >= ENOUGH_IN_BLOCK and block.times_typical >= STANDS_OUT
        ]
        return tuple(sorted(good, key=lambda block: -block.times_typical)[:RECOMMENDED])


def best_hours(seen: Sequence[Seen]) -> BestHours:
    """When these posts did best."""
    if len(seen) < ENOUGH_POSTS:
        return BestHours(posts=len(seen))
    by_time: defaultdict[int, list[float]] = defaultdict(list)
    by_block: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for post in seen:
        time, size = post.hour // BLOCK_HOURS, math.log1p(post.views)
        by_time[time].append(size)
        by_block[post.weekday, time].append(size)
    typical = sum(map(math.log1p, (post.views for post in seen))) / len(seen)
    usual = [_drawn(by_time[time], towards=typical) for time in range(BLOCKS)]
    return BestHours(
        posts=len(seen),
        blocks=tuple(
            Block(
                weekday=weekday,
                hour=time * BLOCK_HOURS,
                posts=len(by_block[weekday, time]),
                times_typical=math.exp(
                    _drawn(by_block[weekday, time], towards=usual[time]) - typical
                ),
            )
            for weekday in range(7)
            for time in range(BLOCKS)
        ),
    )


def _drawn(sizes: Iterable[float], *, towards: float) -> float:
    """The mean of what was seen, with `HELD_BACK` of the expected beside it."""
    found = list(sizes)
    return (sum(found) + HELD_BACK * towards) / (len(found) + HELD_BACK)
