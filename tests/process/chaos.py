"""Everything goes wrong at once: TikTok fails in every way it knows, and processes are killed.

`python -m tests.process.chaos` (that is `make chaos`) plays it at length, with one process and with
two on one database, and prints the figures; `test_chaos.py` plays it short. Only the two far ends
and the time are not the real ones. The same seed deals the same blows.
"""

import argparse
import asyncio
import hashlib
import logging
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import select, update

from bot import logs
from core.settings import LogFormat, LogLevel
from core.store.database import Database
from core.store.models import Post
from sandbox.telegram import Person
from sandbox.tiktok import Creator
from tests.databases import ON_POSTGRESQL
from tests.process.aftermath import play_on, settle
from tests.process.blows import raining
from tests.process.bot_process import BotProcess
from tests.process.kept_clock import KeptClock
from tests.process.reckoning import Planned, Reckoning, fates
from tests.stage import Stage, free_port, staged

CHEAP: dict[str, Any] = {"seconds": 1, "width": 360, "height": 640, "fps": 24}
SMALL = 100_000
BIG = 66_000_000
"""Bytes; the big one goes out in six chunks."""
KILLED_EARLY = 0.25
"""So many of the restarts are not waited for: the next kill may come before they are up."""


@dataclass(frozen=True, kw_only=True)
class Plot:
    """How much of it. Each creator has two accounts; `big` of the clips have several chunks."""

    seed: int
    processes: int = 1
    kills: int = 20
    creators: int = 5
    posts_each: int = 4
    """For each account."""
    big: int = 4
    due_within: float = 60
    """Seconds over which the due times are spread."""
    on_postgresql: bool = ON_POSTGRESQL
    rounds: int = 12
    """How many steps of time still bring faults, after the last kill."""


async def play(folder: Path, plot: Plot) -> Reckoning:
    """Schedule the posts, deal the blows, wait for the end, and count."""
    began = monotonic()
    clock = KeptClock(folder / "clock")
    async with (
        staged(folder, clock, local=True, on_postgresql=plot.on_postgresql) as stage,
        AsyncExitStack() as stack,
    ):
        stage.environment |= {
            "TELEGRAM_LOCAL_MODE": "true",
            "LATE_TOLERANCE_MINUTES": str(7 * 24 * 60),  # whatever comes late goes out all the same
        }
        stage.tiktok.access_lifetime = 11 * 60
        await stage.start_bot()
        planned = await schedule(stage, plot)
        await stage.stop_bot()
        stage.tiktok.webhook_url = stage.webhook_url
        database = Database(stage.settings().database)
        stack.push_async_callback(database.close)
        dice = random.Random(plot.seed)  # noqa: S311 - when things happen, not a secret
        await spread(database, stage, plot, dice)
        bots = [
            await stack.enter_async_context(_process(stage, folder / "clock", number))
            for number in range(plot.processes)
        ]
        await asyncio.gather(*(bot.start() for bot in bots))
        async with raining(stage.tiktok, plot.seed):
            await _kill(bots, plot, dice)
            await play_on(database, stage, rounds=plot.rounds)
        await asyncio.gather(*(bot.kill() for bot in bots))
        clock.jump(timedelta(minutes=2))  # what the killed have left is free by now
        await asyncio.gather(*(bot.start() for bot in bots))
        reconnects = await settle(database, stage, planned)
        return Reckoning(
            seed=plot.seed,
            processes=plot.processes,
            planned=planned,
            fates=await fates(database),
            tiktok=stage.tiktok,
            kills=plot.kills + len(bots),
            reconnects=reconnects,
            errors=[line for bot in bots for line in bot.logs.splitlines() if "[error " in line],
            seconds=monotonic() - began,
        )


async def schedule(stage: Stage, plot: Plot) -> list[Planned]:
    """Every creator connects two accounts, and agrees to the posts of each."""
    planned: list[Planned] = []
    for number in range(plot.creators):
        owner = await stage.meet(100 + number, f"Creator {number}")
        await stage.set_zone(owner)
        for username in (f"one.{number}", f"two.{number}"):
            stage.tiktok.add_creator(Creator(username=username, nickname=username.title()))
            await stage.connect(owner, username=username)
            for turn in range(plot.posts_each):
                is_big = turn == 0 and len(planned) < plot.big * plot.posts_each
                size = (BIG if is_big else SMALL) + len(planned)  # no two clips alike
                clip = stage.clip(f"{len(planned)}.mp4", **CHEAP, pad_to=size)
                title = f"[{username} {turn}]"
                await _agree(stage, owner, username, clip, title)
                sha256 = await asyncio.to_thread(_sha256, clip)
                planned.append(Planned(title=title, owner=owner, username=username, sha256=sha256))
    return planned


async def _agree(stage: Stage, owner: Person, username: str, clip: Path, title: str) -> None:
    card = await stage.draft(owner, clip, caption=f"in 2h {title}")
    if "no account chosen yet" in card.text:
        chooser = await stage.open(owner, "Account", "Which account does it go to?")
        await owner.tap(f"@{username}", message=chooser)
        await owner.see(f"(@{username})", after=chooser)
    await stage.write_post(owner)
    await stage.schedule(owner)


def _sha256(clip: Path) -> str:
    return hashlib.sha256(clip.read_bytes()).hexdigest()


async def spread(database: Database, stage: Stage, plot: Plot, dice: random.Random) -> None:
    """Bring the due times forward to coming seconds, which nobody could type."""
    async with database.transaction() as change:
        for post_id in (await change.scalars(select(Post.id))).all():
            due = stage.clock() + timedelta(seconds=2 + dice.uniform(0, plot.due_within))
            moved = update(Post).where(Post.id == post_id).values(due_at=due, wake_at=due)
            await change.execute(moved)


def _process(stage: Stage, clock: Path, number: int) -> BotProcess:
    """One of several on the same database and far ends, behind one public address."""
    port = stage.bot_port if number == 0 else free_port()
    environment = {**stage.variables(), "WEB_PORT": str(port)}
    return BotProcess(environment, stage.folder, name=f"bot{number}", clock=clock)


async def _kill(bots: Sequence[BotProcess], plot: Plot, dice: random.Random) -> None:
    """Kill one or the other at any moment, and start it again at once."""
    for _ in range(plot.kills):
        await asyncio.sleep(dice.uniform(0.2, 2.5))
        bot = dice.choice(bots)
        await bot.kill()
        if dice.random() < KILLED_EARLY:
            await bot.launch()
        else:
            await bot.start()


def main(arguments: Sequence[str] | None = None) -> int:
    """Play it at full length; returns the exit code, 1 where something was not as it must be."""
    parser = argparse.ArgumentParser(description="Publish while everything goes wrong.")
    parser.add_argument("--seed", type=int, default=1, help="what goes wrong, and when")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--processes", type=int, choices=(1, 2), help="without it: one, then two")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, not on SQLite")
    chosen = parser.parse_args(arguments)
    logs.configure(LogLevel.ERROR, LogFormat.CONSOLE, secrets=[])
    logging.disable()  # what the far ends log is what was done to them
    is_well = True
    for processes in (chosen.processes,) if chosen.processes else (1, 2):
        folder = Path(tempfile.mkdtemp(prefix="clipcue-chaos-"))
        plot = Plot(
            seed=chosen.seed,
            processes=processes,
            kills=chosen.kills,
            on_postgresql=chosen.postgresql,
        )
        reckoning = asyncio.run(play(folder, plot))
        sys.stdout.write(f"{reckoning}\n\n")
        if reckoning.complaints:
            is_well = False
            sys.stdout.write(f"WRONG (the logs are in {folder}):\n")
            sys.stdout.writelines(f"  {complaint}\n" for complaint in reckoning.complaints)
        else:
            shutil.rmtree(folder)
    return not is_well


if __name__ == "__main__":
    sys.exit(main())
