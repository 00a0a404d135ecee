"""Creators, accounts and posts, put straight into the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.publishing.claims import Claims
from core.states import AccountStatus, PostStatus
from core.store.database import Database
from core.store.models import Account, Clip, Post, User
from core.workers import Worker
from tests.clock import Clock


async def add_user(database: Database, clock: Clock, user_id: int = 1) -> int:
    async with database.transaction() as change:
        change.add(User(id=user_id, chat_id=1000 + user_id, created_at=clock()))
    return user_id


async def add_accounts(database: Database, clock: Clock, count: int = 1) -> list[int]:
    """Accounts of user 1, who has to be there."""
    accounts = [
        Account(
            owner_id=1,
            open_id=f"open-{number}",
            nickname=f"Lena {number}",
            scopes="",
            status=AccountStatus.CONNECTED,
            access_expires_at=clock() + timedelta(hours=2),
            refresh_expires_at=clock() + timedelta(days=180),
            connected_at=clock(),
        )
        for number in range(count)
    ]
    async with database.transaction() as change:
        change.add_all(accounts)
        await change.flush()
        return [account.id for account in accounts]


async def add_post(
    database: Database,
    account_id: int | None,
    *,
    wake_at: datetime | None,
    status: PostStatus = PostStatus.SCHEDULED,
) -> int:
    """A post of user 1 with a clip of its own."""
    async with database.transaction() as change:
        clip = Clip(
            owner_id=1, storage_key="", sha256="", size=1, content_type="video/mp4", duration=1,
            width=720, height=1280, fps=30, video_codec="h264", kind="video",
            created_at=wake_at or datetime.fromisoformat("2026-11-22T12:00Z"),
        )  # fmt: skip
        change.add(clip)
        await change.flush()
        clip.storage_key = f"clip-{clip.id}"
        post = Post(
            owner_id=1, account_id=account_id, clip_id=clip.id, status=status,
            due_at=wake_at, wake_at=wake_at, created_at=clip.created_at,
        )  # fmt: skip
        change.add(post)
        await change.flush()
        return post.id


async def get_post(database: Database, post_id: int) -> Post:
    """The row as it stands, for looking at only."""
    async with database.reading() as session:
        return await session.get_one(Post, post_id)


async def set_post(database: Database, post_id: int, **values: object) -> None:
    """Change the row, as somebody else would."""
    async with database.transaction() as change:
        post = await change.get_one(Post, post_id)
        for name, value in values.items():
            setattr(post, name, value)


@dataclass(frozen=True, kw_only=True)
class Process:
    """What a process has of its own; both look at one file, with one clock."""

    database: Database
    worker: Worker
    claims: Claims
