"""ClipCue publishing bursts of posts: `python -m benchmarks.clipcue FOLDER TIKTOK_URL`.

Its scheduler and all that brings a post to TikTok, put together as its composition root does, on a
database file of its own and with its logs on; only Telegram and the web side are left out.
"""

import asyncio
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import insert

from benchmarks.bursts import CLIP_BYTES, Burst, Instants, announce, bursts, report_when_asked
from bot import logs
from bot.app import KEPT_OPEN
from core import tiktok
from core.accounts.accounts import Accounts
from core.accounts.tokens import Tokens
from core.clock import system_clock
from core.engine import EmbeddedEngine
from core.limits import Limits
from core.media.files.storage import ClipStore
from core.metrics import Metrics
from core.notifications import Outbox
from core.publishing.attempts import Attempts
from core.publishing.claims import Claim, Claims
from core.publishing.photo_links import PhotoLinks
from core.publishing.progress import Progress
from core.publishing.scheduling import Scheduler
from core.publishing.way_to_tiktok import way_to_tiktok
from core.settings import LogFormat, LogLevel, Settings
from core.states import AccountStatus, PostStatus
from core.store.database import Database
from core.store.models import Account, Clip, Post, User
from core.store.vault import Vault
from core.workers import Worker


class _TimedClaims(Claims):
    """Claims that note when they were durable, under the name of the post's burst."""

    names: dict[int, str]
    taken: Instants

    async def take(self, limit: int) -> list[Claim]:
        claimed = await super().take(limit)
        now = time.time()
        for claim in claimed:
            self.taken[self.names[claim.post_id]].append(now)
        return claimed


async def main(folder: Path, url: str) -> None:
    logs.configure(LogLevel.INFO, LogFormat.JSON, secrets=[])
    database = Database(f"sqlite+aiosqlite:///{folder / 'clipcue.db'}")
    await database.migrate()
    vault, store = Vault([bytes(32)]), ClipStore(folder / "clips")
    await asyncio.to_thread(store.prepare)
    async with httpx.AsyncClient(limits=KEPT_OPEN) as http:
        claims = _TimedClaims(
            database=database, worker=Worker(folder / "workers"), clock=system_clock
        )
        claims.taken = defaultdict(list)
        scheduler = Scheduler(
            claims=claims,
            attempts=_attempts(folder, database, vault, store, claims, http, url),
            engine=EmbeddedEngine(clock=system_clock),
        )
        count = sum(burst.posts for burst in bursts())
        await _connect_accounts(database, vault, count)
        await _keep_clips(database, store, count)
        planned = bursts()
        claims.names = await _schedule(database, planned)
        await scheduler.start()
        announce(planned)
        await report_when_asked(claims.taken)
        await scheduler.stop()
    await database.close()


def _attempts(
    folder: Path,
    database: Database,
    vault: Vault,
    store: ClipStore,
    claims: Claims,
    http: httpx.AsyncClient,
    url: str,
) -> Attempts:
    client = tiktok.Client(client_key="", client_secret="", http=http, api_base_url=url)
    tokens = Tokens(
        database=database, vault=vault, client=client, clock=system_clock, on_loss=_no_loss
    )
    accounts = Accounts(
        database=database,
        tokens=tokens,
        limits=Limits(database=database, clock=system_clock),
        client=client,
        clock=system_clock,
    )
    return way_to_tiktok(
        Settings.load(_env_file=None, data_dir=folder),
        database=database,
        vault=vault,
        store=store,
        client=client,
        accounts=accounts,
        tokens=tokens,
        claims=claims,
        outbox=Outbox(database=database, clock=system_clock),
        photo_links=PhotoLinks(
            database=database, vault=vault, store=store, clock=system_clock, base_url=url
        ),
        progress=Progress(),
        metrics=Metrics(),
        clock=system_clock,
    )


async def _no_loss(_change: object, _account: object) -> None:
    """No account is lost here."""


async def _connect_accounts(database: Database, vault: Vault, count: int) -> None:
    now = datetime.now(UTC)
    accounts = []
    for number in range(1, count + 1):
        account = Account(
            id=number, owner_id=1, open_id=f"open-{number}", nickname="Lena",
            scopes="video.publish", status=AccountStatus.CONNECTED, connected_at=now,
            access_expires_at=now + timedelta(hours=2),
            refresh_expires_at=now + timedelta(days=180),
        )  # fmt: skip
        vault.seal(account, "access_token", f"act.{number:064}")
        vault.seal(account, "refresh_token", f"rft.{number:064}")
        accounts.append(account)
    async with database.transaction() as change:
        change.add(User(id=1, chat_id=1, created_at=now))
        await change.flush()
        change.add_all(accounts)


async def _keep_clips(database: Database, store: ClipStore, count: int) -> None:
    clips = [
        {
            "id": number, "owner_id": 1, "storage_key": f"{number:032}.mp4", "sha256": "",
            "size": CLIP_BYTES, "content_type": "video/mp4", "duration": 10, "width": 720,
            "height": 1280, "fps": 30, "video_codec": "h264", "kind": "video",
            "created_at": datetime.now(UTC),
        }
        for number in range(1, count + 1)
    ]  # fmt: skip
    for clip in clips:
        path = store.path(str(clip["storage_key"]))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(CLIP_BYTES))
    async with database.transaction() as change:
        await change.execute(insert(Clip), clips)


async def _schedule(database: Database, planned: list[Burst]) -> dict[int, str]:
    """Each post with an account and a clip of its own; returns the burst of each post."""
    names = dict(enumerate((burst.name for burst in planned for _ in range(burst.posts)), start=1))
    dues = [burst.due for burst in planned for _ in range(burst.posts)]
    posts = [
        {
            "id": number, "owner_id": 1, "account_id": number, "clip_id": number,
            "status": PostStatus.SCHEDULED, "caption": names[number], "privacy": "SELF_ONLY",
            "due_at": due, "wake_at": due, "created_at": datetime.now(UTC),
        }
        for number, due in enumerate(dues, start=1)
    ]  # fmt: skip
    async with database.transaction() as change:
        await change.execute(insert(Post), posts)
    return names


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
