"""Everything goes wrong at once: TikTok fails in every way it knows, and the process is killed.

`python -m tests.process.chaos` (that is `make chaos`) plays it at length and prints its figures;
`test_chaos.py` plays it short. The same seed deals the same blows.
"""

import argparse
import asyncio
import hashlib
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from core.states import PostStatus
from core.store.database import Database
from core.store.models import Post
from sandbox.telegram import Person
from sandbox.tiktok import Creator
from sandbox.tiktok.faults import (
    DropBefore,
    EndpointName,
    FailProcessing,
    Fault,
    LoseAnswer,
    Refuse,
    Slow,
)
from tests.clock import Clock
from tests.process.bot_process import BotProcess
from tests.stage import Stage, staged

CALLS: tuple[EndpointName, ...] = (
    "creator_info/query",
    "video/init",
    "upload",
    "status/fetch",
    "oauth/token",
)
BLOWS = (
    Refuse(status=500, code="internal_error"),
    Refuse(status=429, code="rate_limit_exceeded"),
    DropBefore(),
    LoseAnswer(),
    Slow(seconds=0.4),
)
VERDICTS = (FailProcessing(reason="internal"), FailProcessing(reason="spam_risk_text"))
ENDED = {PostStatus.PUBLISHED, PostStatus.FAILED, PostStatus.HELD}
DUE_WITHIN = 20.0
"""Seconds over which the due times are spread."""
SETTLED_WITHIN = 330.0
"""Seconds after the last blow in which every post must have come to an end."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of every post, by title."""

    seed: int
    kills: int
    faults: int
    statuses: dict[str, PostStatus]
    posted: Counter[str]
    told: dict[str, int]
    wrong_bytes: list[str]

    @property
    def complaints(self) -> list[str]:
        """Everything that must not be; empty when all is well."""
        found = [f"wrong bytes: {title}" for title in self.wrong_bytes]
        for title, status in self.statuses.items():
            times = self.posted[title]
            if status not in ENDED:
                found.append(f"stuck: {title} is {status}")
            if times > 1:
                found.append(f"posted {times} times: {title}")
            if (times == 1) != (status is PostStatus.PUBLISHED):
                found.append(f"{title} is {status}, on TikTok {times} times")
            if not self.told[title]:
                found.append(f"nobody was told: {title}")
        return found

    def __str__(self) -> str:
        counted = Counter(self.statuses.values())
        states = ", ".join(f"{count} {status}" for status, count in counted.most_common())
        told_twice = sum(count > 1 for count in self.told.values())
        return (
            f"seed {self.seed}: {len(self.statuses)} posts, {self.kills} kills, "
            f"{self.faults} faults: {states}; on TikTok more than once: "
            f"{sum(count > 1 for count in self.posted.values())}, told more than once: {told_twice}"
        )


async def play(folder: Path, *, seed: int, kills: int, accounts: int, posts_each: int) -> Outcome:
    """Schedule the posts, deal the blows, wait for the end, and count."""
    dice = random.Random(seed)  # noqa: S311 - a schedule of blows, not a secret
    async with staged(folder, Clock()) as stage:
        clip = stage.clip("clip.mp4", seconds=1)
        await stage.start_bot()
        people = [await _with_posts(stage, clip, number, posts_each) for number in range(accounts)]
        await stage.stop_bot()
        await _spread(stage, dice)
        async with BotProcess(stage.variables(), folder) as bot:
            await bot.start()
            faults = await _deal(stage, bot, dice, kills)
            statuses = await _settled(stage)
            await asyncio.sleep(2)  # the last messages
        digest = hashlib.sha256(clip.read_bytes()).hexdigest()
        return Outcome(
            seed=seed,
            kills=kills,
            faults=faults,
            statuses=statuses,
            posted=Counter(post.title for post in stage.tiktok.posts),
            told={title: _told(people, title) for title in statuses},
            wrong_bytes=[post.title for post in stage.tiktok.posts if post.sha256 != digest],
        )


async def _with_posts(stage: Stage, clip: Path, number: int, count: int) -> Person:
    username = f"creator{number}"
    stage.tiktok.add_creator(Creator(username=username, nickname=username))
    person = await stage.creator(100 + number, username, username=username)
    for turn in range(count):
        await stage.scheduled(person, clip, caption=f"clip {number}.{turn}.")
    return person


async def _spread(stage: Stage, dice: random.Random) -> None:
    """Bring the due times forward to the coming seconds, which nobody could type."""
    database = Database(stage.settings().database)
    try:
        async with database.transaction() as change:
            for post_id in await change.scalars(select(Post.id)):
                due = stage.clock() + timedelta(seconds=2 + dice.uniform(0, DUE_WITHIN))
                await change.execute(
                    update(Post).where(Post.id == post_id).values(due_at=due, wake_at=due)
                )
    finally:
        await database.close()


async def _deal(stage: Stage, bot: BotProcess, dice: random.Random, kills: int) -> int:
    """Kill the process again and again while faults rain on TikTok; returns how many fell."""
    dealt = 0

    async def rain() -> None:
        nonlocal dealt
        while True:
            await asyncio.sleep(dice.uniform(0.05, 0.3))
            processing = dice.random() < 0.1
            stage.tiktok.faults.add(
                Fault(
                    endpoint="processing" if processing else dice.choice(CALLS),
                    kind=dice.choice(VERDICTS if processing else BLOWS),
                )
            )
            dealt += 1

    raining = asyncio.create_task(rain())
    for _ in range(kills):
        await asyncio.sleep(dice.uniform(0.3, 1.5))
        await bot.kill()
        await bot.start()
    await asyncio.sleep(DUE_WITHIN / 4)
    raining.cancel()
    with suppress(asyncio.CancelledError):
        await raining
    stage.tiktok.faults.clear()
    return dealt


async def _settled(stage: Stage) -> dict[str, PostStatus]:
    """Each post's state once all have ended, or when the patience has."""
    database = Database(stage.settings().database)
    try:
        for _ in range(int(SETTLED_WITHIN)):
            async with database.reading() as session:
                rows = await session.execute(select(Post.caption, Post.status))
                statuses = {caption: status for caption, status in rows}  # noqa: C416 - rows, not pairs
            if set(statuses.values()) <= ENDED:
                break
            await asyncio.sleep(1)
    finally:
        await database.close()
    return statuses


def _told(people: list[Person], title: str) -> int:
    """How many messages say what became of it; a card of the post says nothing new."""
    outcomes = ("✅ Published on", "❌ Not published on", "✋ Not published yet on")
    return sum(
        message.from_bot and title in message.text and message.text.startswith(outcomes)
        for person in people
        for message in person.chat
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Publish while everything goes wrong.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--accounts", type=int, default=10)
    parser.add_argument("--posts-each", type=int, default=4)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(play(Path(folder), **vars(chosen)))
    complaints = "".join(f"\n  {complaint}" for complaint in outcome.complaints)
    sys.stdout.write(f"{outcome}{complaints}\n")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
