"""Two processes on one database: each post goes out once, whoever takes it."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import update

from core.media.files.storage import ClipStore
from core.store.database import Database
from core.store.models import Post
from sandbox.telegram import Person
from sandbox.tiktok import Creator
from tests.process.bot_process import UP_WITHIN, BotProcess
from tests.stage import Stage, free_port

OWNERS = ("lena", "ben", "chidi", "dora")
POSTS_EACH = 3
POSTS = sorted(f"{owner} {number}" for owner in OWNERS for number in range(POSTS_EACH))


async def test_posts_due_at_one_instant_go_out_once_each(stage: Stage) -> None:
    await stage.start_bot()
    people = await asyncio.gather(
        *(_with_posts(stage, number, name) for number, name in enumerate(OWNERS, 101))
    )
    await stage.stop_bot()
    await _move_all(stage, due_at=stage.clock() + timedelta(seconds=4))

    def told() -> list[int]:
        return [person.count("Published on") for person in people]

    async with _process(stage, "first") as first, _process(stage, "second") as second:
        await asyncio.gather(first.start(), second.start())
        await stage.until(lambda: sum(told()) >= len(POSTS), timeout=30)
        assert not any(await asyncio.gather(first.stop(), second.stop()))

    assert sorted(post.title for post in stage.tiktok.posts) == POSTS
    assert stage.tiktok.uploads == [], "nothing was begun beside what was posted"
    assert told() == [POSTS_EACH] * len(OWNERS)


async def test_a_second_start_leaves_alone_what_the_first_is_receiving(stage: Stage) -> None:
    store = ClipStore(stage.folder / "data" / "clips")
    store.prepare()
    async with store.receive() as incoming, _process(stage, "second") as second:
        await incoming.write(b"the first half")
        await second.start()
        assert stage.clips_on_disk == [incoming.path]


async def test_what_telegram_sends_is_taken_by_whichever_process_is_left(stage: Stage) -> None:
    """One of them polls, so that Telegram ends no poll; the other does as soon as that is gone."""
    async with _process(stage, "first") as first, _process(stage, "second") as second:
        await asyncio.gather(first.start(), second.start())
        await stage.until(
            lambda: "polling_left_to_another_process" in first.logs + second.logs,
            timeout=UP_WITHIN,
        )
        ana = await stage.meet()

        for answers, (gone, left) in enumerate(((first, second), (second, first)), start=1):
            await gone.kill()
            sent = await ana.send("/help")
            await ana.see("How it works", after=sent, timeout=10)
            await gone.start()
            assert ana.count("How it works") == answers
            assert "[error " not in left.logs
        assert "another_process_polls" not in first.logs + second.logs


def _process(stage: Stage, name: str) -> BotProcess:
    """One of several on the same database and far ends; one of them polls Telegram."""
    port = free_port()
    environment = {
        **stage.variables(),
        "WEB_PORT": str(port),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
    }
    return BotProcess(environment, stage.folder, name=name)


async def _with_posts(stage: Stage, number: int, name: str) -> Person:
    """A creator with an account and posts of their own on the schedule."""
    stage.tiktok.add_creator(Creator(username=name, nickname=name))
    person = await stage.creator(number, name, username=name)
    clip = stage.clip(f"{name}.mp4", seconds=3)
    for count in range(POSTS_EACH):
        await stage.scheduled(person, clip, caption=f"{name} {count}")
    return person


async def _move_all(stage: Stage, *, due_at: datetime) -> None:
    """Bring the posts forward, past what a creator could type."""
    database = Database(stage.settings().database)
    try:
        async with database.transaction() as change:
            await change.execute(update(Post).values(due_at=due_at, wake_at=due_at))
    finally:
        await database.close()
