"""Bursts of posts that come due, and how a process that publishes them talks to who measures it.

It prints when the posts are due, works until its standard input is closed, and prints when it took
up each post. Both are JSON objects of a burst's name and instants, in seconds since 1970.
"""

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SINGLES = 10
SINGLES_APART = timedelta(milliseconds=150)
PAUSE = timedelta(seconds=1)
"""Before the first burst and after each: longer than one post, or a hundred, take."""
CLIP_BYTES = 1000

Instants = dict[str, list[float]]


@dataclass(frozen=True, kw_only=True)
class Burst:
    """Posts due at one instant; bursts of one name are counted together."""

    name: str
    posts: int
    due: datetime


def bursts(begin_in: timedelta = PAUSE) -> list[Burst]:
    """Single posts one after another, then a hundred, then a thousand at once."""
    first = datetime.now(UTC) + begin_in
    hundred = first + SINGLES * SINGLES_APART + PAUSE
    singles = [
        Burst(name="1", posts=1, due=first + number * SINGLES_APART) for number in range(SINGLES)
    ]
    return [
        *singles,
        Burst(name="100", posts=100, due=hundred),
        Burst(name="1,000", posts=1000, due=hundred + PAUSE),
    ]


def announce(planned: Iterable[Burst]) -> None:
    """Tell who measures when posts are due."""
    due: defaultdict[str, list[float]] = defaultdict(list)
    for burst in planned:
        due[burst.name] += [burst.due.timestamp()] * burst.posts
    _say(due)


async def report_when_asked(taken: Instants) -> None:
    """Work on until the measuring is over, then tell when posts were taken up."""
    await asyncio.to_thread(sys.stdin.read)
    _say(taken)


def _say(instants: Instants) -> None:
    print(json.dumps(instants), flush=True)
