"""How long an answer takes, however many posts the creator has: a page of `/posts`, a card's edit.

Two bots, each on a database of its own, answer the same taps in turn: one creator has ten posts,
the other ten thousand. Telegram is a process of its own beside each.
"""

import asyncio
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median

from sqlalchemy import insert

from benchmarks.filled import migrated
from benchmarks.table import Row, note
from benchmarks.updates import telegram_server, variables
from bot.callbacks import CalendarTap, CalendarVerb, ListTap, ListVerb, PostTap, PostVerb, Tap
from core.lists.places import Place
from core.lists.selection import Selection, Tab
from core.states import AccountStatus, PostStatus
from core.store.models import Account, Clip, Post, User
from tests.process.bot_process import BotProcess

SIZES = (10, 10_000)
AT_MOST = 1.5
"""What ten thousand posts may cost, in times of what ten do."""
RUNS = 25
WARM_UP = 3
APART = 0.15
"""Seconds from an answer to the next tap, which goes to the other bot: as a hand taps, for more
than four a second are slowed down.
"""

_STATES = (
    *(PostStatus.PUBLISHED,) * 5,
    *(PostStatus.SCHEDULED,) * 2,
    PostStatus.DRAFT,
    PostStatus.HELD,
    PostStatus.FAILED,
)
"""What ten posts are, and ten of each ten."""
_NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


class _Creator:
    """One creator's taps, and how long their answers took."""

    def __init__(self, telegram: Process, posts: int) -> None:
        self._telegram = telegram
        self._middle = Place(at=_due(posts // 2), post_id=1).name(">")
        self._draft_id = 1 + _STATES.index(PostStatus.DRAFT)
        self._versions = count(1)
        self.took: defaultdict[str, list[float]] = defaultdict(list)

    def taps(self) -> Iterator[tuple[str, Tap]]:
        """What is measured, each with its name."""
        for tab, at in ((Tab.PLANNED, ""), (Tab.PUBLISHED, self._middle), (Tab.ALL, self._middle)):
            yield "a page of /posts", ListTap(ListVerb.PAGE, at, Selection(tab=tab).name)
        for _ in range(2):
            edit = PostTap(self._draft_id, next(self._versions), PostVerb.TOGGLE, "discloses")
            yield "an edit of a card", edit
        yield "a month of /calendar", CalendarTap(CalendarVerb.MONTH, f"{_NOON:%Y-%m}")

    async def tap(self, what: str, tap: Tap) -> None:
        telegram = self._telegram
        assert telegram.stdin is not None and telegram.stdout is not None  # noqa: S101 - both are pipes
        telegram.stdin.write(f"{tap.pack()}\n".encode())
        async with asyncio.timeout(10):
            self.took[what].append(float(await telegram.stdout.readline()) * 1000)
        await asyncio.sleep(APART)


async def measure(folder: Path) -> list[Row]:
    few, many = SIZES
    async with AsyncExitStack() as stack:
        creators = {}
        for posts in SIZES:
            note(f"answers to a creator with {posts:,} posts")
            place = folder / f"answers-{posts}"
            creators[posts] = await stack.enter_async_context(_creator(place, posts))
        for run in range(WARM_UP + RUNS):
            if run == WARM_UP:
                for creator in creators.values():
                    creator.took.clear()
            taps = [creator.taps() for creator in creators.values()]
            for pair in zip(*taps, strict=True):
                for creator, (what, tap) in zip(creators.values(), pair, strict=True):
                    await creator.tap(what, tap)
    return [
        row
        for what, took in creators[many].took.items()
        for row in _rows(what, median(took), median(creators[few].took[what]))
    ]


def _rows(what: str, ours: float, baseline: float) -> list[Row]:
    few, many = SIZES
    return [
        Row(
            what=f"{what}, from tap to answer, {many:,} posts",
            unit="ms",
            ours=ours,
            baseline=baseline,
            against=f"the same with {few} posts",
        ),
        Row(
            what=f"{what}, {many:,} posts against {few}",
            unit="times",
            ours=ours / baseline,
            baseline=AT_MOST,
            against="what it may be at most",
        ),
    ]


@asynccontextmanager
async def _creator(folder: Path, posts: int) -> AsyncIterator[_Creator]:
    """A creator with so many posts, and the bot that answers them."""
    await asyncio.to_thread((folder / "data").mkdir, parents=True)
    await _fill(folder / "data" / "clipcue.db", posts)
    async with (
        telegram_server() as (telegram, url),
        BotProcess(variables(folder, url), folder) as bot,
    ):
        await bot.start()
        yield _Creator(telegram, posts)
        await bot.stop()


async def _fill(path: Path, posts: int) -> None:
    database = await migrated(path)
    async with database.transaction() as change:
        change.add(User(id=1, chat_id=1, locale="en", zone="Europe/Madrid", created_at=_NOON))
        await change.flush()
        account = Account(
            id=1, owner_id=1, open_id="open", nickname="Lena", scopes="video.publish",
            status=AccountStatus.CONNECTED, connected_at=_NOON,
            access_expires_at=_NOON + timedelta(days=1),
            refresh_expires_at=_NOON + timedelta(days=180),
        )  # fmt: skip
        clip = Clip(
            id=1, owner_id=1, storage_key="clip", sha256="", size=1, content_type="video/mp4",
            duration=10, width=720, height=1280, fps=30, video_codec="h264", kind="video",
            created_at=_NOON,
        )  # fmt: skip
        change.add_all([account, clip])
        await change.flush()
        await change.execute(insert(Post), [_post(number) for number in range(posts)])
    await database.close()


def _post(number: int) -> dict[str, object]:
    status = _STATES[number % len(_STATES)]
    return {
        "owner_id": 1, "account_id": 1, "clip_id": 1, "status": status,
        "caption": f"New recipe {number} #food", "zone": "Europe/Madrid", "created_at": _NOON,
        "due_at": None if status is PostStatus.DRAFT else _due(number),
        "published_at": _due(number) if status is PostStatus.PUBLISHED else None,
    }  # fmt: skip


def _due(number: int) -> datetime:
    """An hour apart, from a day ahead on; nothing wakes the scheduler."""
    return _NOON + timedelta(days=1, hours=number)
