"""A backup taken while posts go out, and ClipCue brought back from it elsewhere.

Nothing is lost and nothing published twice, whether the first ClipCue went on or died; TikTok's
sandbox counts.
"""

import asyncio
import random
import sqlite3
import tarfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from core import verdicts
from core.backups.taking import take
from core.states import PostStatus
from core.store.database import Database
from sandbox.telegram import ChatMessage, Person
from tests.commands.running import run
from tests.process.bot_process import BotProcess
from tests.process.chaos import Plot, schedule, spread
from tests.process.kept_clock import KeptClock
from tests.process.reckoning import Fate, Planned, fates
from tests.stage import Stage, staged

pytestmark = pytest.mark.timeout(300)  # twenty posts are agreed to in the chat first

PLOT = Plot(seed=5, creators=2, posts_each=5, big=1, due_within=10)
POSTS = 20
MINUTE = timedelta(minutes=1)
GOING_OUT = {"publishing", "processing"}


@dataclass(kw_only=True)
class Scene:
    """Twenty posts about to go out, and the process that is to publish them."""

    stage: Stage
    planned: Sequence[Planned]
    bot: BotProcess

    @property
    def live(self) -> Counter[str]:
        """How often each title is on TikTok."""
        return Counter(post.title for post in self.stage.tiktok.posts)

    async def back_up_amid(self) -> Path:
        """Take a backup once some posts are out and others are on their way."""
        settings = self.stage.settings()
        await self.stage.until(lambda: len(self.live) > POSTS // 5, timeout=60)
        for number in range(20):
            path = self.stage.folder / f"backup-{number}.tar"
            # Here, not by the command: that takes seconds to start on a busy machine.
            await asyncio.to_thread(take, settings, path, with_keys=True, now=self.stage.clock())
            found = await asyncio.to_thread(_statuses, path, self.stage.folder / "looked-at.db")
            if found["published"] and found["scheduled"] and found.keys() & GOING_OUT:
                return path
            await asyncio.sleep(0.1)
        raise AssertionError(f"never amid them: {found}")

    async def restored(self, path: Path) -> BotProcess:
        """ClipCue elsewhere, brought back from the backup."""
        folder = self.stage.folder / "elsewhere"
        code, out, err = await run(self.stage, "restore", str(path), "--into", str(folder))
        assert code == 0, err
        assert "STOP THE OTHER ONE FIRST" in err
        assert "wait for their creators' word" in out
        environment = {**self.stage.variables(), "DATA_DIR": str(folder)}
        clock = self.stage.folder / "clock"
        return BotProcess(environment, self.stage.folder, name="restored", clock=clock)

    async def at_rest(self) -> dict[str, Fate]:
        """By title, what became of the posts once the restored ClipCue has nothing left to do."""
        database = Database(f"sqlite+aiosqlite:///{self.stage.folder / 'elsewhere' / 'clipcue.db'}")
        try:
            async with asyncio.timeout(60):
                while True:
                    found = await fates(database)
                    if all(fate.status in _SETTLED for fate in found.values()):
                        return found
                    await asyncio.sleep(0.2)
        finally:
            await database.close()


_SETTLED = {PostStatus.PUBLISHED, PostStatus.HELD}


def _statuses(path: Path, copy: Path) -> Counter[str]:
    """The states of the posts in a backup, which is a plain tar of a plain database."""
    with tarfile.open(path) as tar:
        content = tar.extractfile("clipcue.db")
        assert content is not None
        copy.write_bytes(content.read())
    with closing(sqlite3.connect(copy)) as database:
        return Counter(status for (status,) in database.execute("SELECT status FROM posts"))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    clock = KeptClock(tmp_path / "clock")
    async with staged(tmp_path, clock, local=True) as stage, AsyncExitStack() as stack:
        stage.environment["TELEGRAM_LOCAL_MODE"] = "true"
        await stage.start_bot()
        planned = await schedule(stage, PLOT)
        assert len(planned) == POSTS
        await stage.stop_bot()
        stage.tiktok.processing_delay = 1.5
        process = BotProcess(stage.variables(), stage.folder, clock=tmp_path / "clock")
        bot = await stack.enter_async_context(process)
        await bot.start()
        clock.jump(MINUTE)  # what was asked of TikTok until now counts no more
        database = Database(stage.settings().database)
        await spread(database, stage, PLOT, random.Random(PLOT.seed))  # noqa: S311 - no secret
        await database.close()
        yield Scene(stage=stage, planned=planned, bot=bot)
        stage.telegram.updates.end_poll("the end of the test")


async def test_the_first_one_went_on_after_the_backup(scene: Scene) -> None:
    path = await scene.back_up_amid()
    await scene.stage.until(lambda: len(scene.live) == POSTS, timeout=60)
    await scene.bot.stop()

    async with await scene.restored(path) as bot:
        await bot.start()
        found = await scene.at_rest()
        await _told(scene.planned)
        assert await bot.stop() == 0

    assert len(found) == POSTS, "nothing is lost"
    assert set(scene.live.values()) == {1}, "nothing is published twice"
    held = [title for title, fate in found.items() if fate.status is PostStatus.HELD]
    assert held, "what had not begun by then may have gone out"
    assert {found[title].code for title in held} == {verdicts.RESTORED}
    assert "Traceback" not in bot.logs


async def test_the_first_one_died_with_its_disk(scene: Scene) -> None:
    """What was held is posted by its creators, after a look at TikTok."""
    path = await scene.back_up_amid()
    await scene.bot.kill()
    out_before = set(scene.live)

    async with await scene.restored(path) as bot:
        await bot.start()
        found = await scene.at_rest()
        for plan in scene.planned:
            if found[plan.title].status is PostStatus.HELD and plan.title not in scene.live:
                await _post_now(plan.owner, plan.title)
                scene.stage.clock.jump(MINUTE)  # they take their time; TikTok counts by it
        await scene.stage.until(lambda: len(scene.live) == POSTS, timeout=60)
        await asyncio.sleep(1)
        assert await bot.stop() == 0

    assert len(out_before) < POSTS, "killed too late for what is tested here"
    assert set(scene.live.values()) == {1}
    wanted = {plan.title: (plan.username, plan.sha256) for plan in scene.planned}
    assert {post.title: (post.username, post.sha256) for post in scene.stage.tiktok.posts} == wanted


async def _told(planned: Sequence[Planned]) -> None:
    for owner in {plan.owner.id: plan.owner for plan in planned}.values():
        told = await owner.see("brought back from a backup", timeout=20)
        assert "wait for you" in told.text


async def _post_now(owner: Person, title: str) -> None:
    """Tap "Post now" on the post's card, which says by now why it waits, and agree."""
    card = await _card(owner, title)
    await owner.tap("Post now", message=card)
    async with asyncio.timeout(30):
        while not (asked := _agreeing(owner, title)):  # noqa: ASYNC110 - the chat tells nobody
            await asyncio.sleep(0.05)
    await owner.tap("Agree and post", message=asked)


async def _card(owner: Person, title: str) -> ChatMessage:
    async with asyncio.timeout(30):
        while True:
            for message in reversed(owner.chat):
                waits = "was brought back from a backup" in message.text
                if waits and title in message.text and "🚀 Post now" in message.labels:
                    return message
            await asyncio.sleep(0.1)


def _agreeing(owner: Person, title: str) -> ChatMessage | None:
    asked = (
        each for each in owner.chat if title in each.text and "Agree and post" in str(each.labels)
    )
    return next(asked, None)
