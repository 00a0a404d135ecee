"""What operators are told, and who counts as one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from bot.web.operators import OVERDUE_FOR, SILENT_FOR, STUCK_FOR, add_operators_pages, readiness
from core.backlog import Backlog
from core.metrics import Metrics
from core.publishing.claims import Claims
from core.settings import Settings, SettingsError
from core.store.database import Database
from core.workers import Worker
from tests.clock import Clock

TOKEN = "a-token-of-the-operators"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
A_LITTLE = timedelta(seconds=1)
HERE = "http://127.0.0.1:8080"


@dataclass(kw_only=True)
class Heard:
    """How well Telegram is heard, as the test has it."""

    polls: bool = True
    silent_seconds: float = 3.0
    stuck_seconds: float = 0.0


@asynccontextmanager
async def asking(
    folder: Path,
    heard: Heard,
    *,
    token: str | None = TOKEN,
    peer: str = "127.0.0.1",
    broken: bool = False,
) -> AsyncIterator[httpx.AsyncClient]:
    """A program at `peer` that asks the pages of a bot."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'clipcue.db'}")
    if not broken:  # without its tables it can be opened, and not be read
        await database.migrate()
    worker, clock = Worker(folder / "workers"), Clock()
    claims = Claims(database=database, worker=worker, clock=clock)
    site = FastAPI()
    add_operators_pages(
        site,
        backlog=Backlog(database=database, claims=claims, clock=clock),
        hearing=heard,
        metrics=Metrics(),
        token=SecretStr(token) if token else None,
        instance=worker.instance,
    )
    transport = httpx.ASGITransport(app=site, client=(peer, 50_000))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as program:
            yield program
    finally:
        await database.close()
        worker.close()


FORWARDED = [
    {"X-Forwarded-For": "203.0.113.7"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-Host": "clips.example.com"},
    {"X-Forwarded-Proto": "https"},
    {"Forwarded": "for=203.0.113.7"},
    {"X-Real-IP": "203.0.113.7"},
    {"Via": "1.1 proxy"},
    {"CF-Connecting-IP": "203.0.113.7"},
    {"CF-Ray": "8c1"},
    {"True-Client-IP": "203.0.113.7"},
    {"Host": "clips.example.com"},
    {"Host": "localhost.example.com"},
    {"Host": "[::1"},
    {"Host": ""},
]
"""What a request has that came through a proxy, or from a page that was lured here."""


async def test_this_machine_is_told(tmp_path: Path) -> None:
    async with asking(tmp_path, Heard(), token=None) as program:
        page = await program.get("/metrics")
        assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert "clipcue_telegram_silent_seconds 3.0" in page.text
        assert (await program.get("/readyz")).json() == {
            "status": "ready",
            "reasons": [],
            "database": True,
            "overdue_seconds": 0.0,
            "updates_by": "polling",
            "silent_seconds": 3.0,
        }
        for name in ("localhost:8080", "[::1]:8080"):
            assert (await program.get("/metrics", headers={"Host": name})).status_code == 200


@pytest.mark.parametrize("headers", FORWARDED, ids=str)
async def test_whoever_comes_through_a_proxy_is_not_of_this_machine(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    async with asking(tmp_path, Heard()) as program:
        missing = await program.get("/metrics", headers=headers)
        assert missing.status_code == 404
        assert missing.json() == (await program.get("/no/such/page")).json()
        assert (await program.get("/readyz", headers=headers)).json() == {"status": "ready"}
        assert (await program.get("/metrics", headers=headers | BEARER)).status_code == 200
        assert len((await program.get("/readyz", headers=headers | BEARER)).json()) > 1


@pytest.mark.parametrize("peer", ["192.0.2.7", "2001:db8::7", "10.0.0.2", "", "localhost.evil"])
async def test_other_machines_need_the_token(tmp_path: Path, peer: str) -> None:
    async with asking(tmp_path, Heard(), peer=peer) as program:
        assert (await program.get("/metrics")).status_code == 404
        for wrong in (TOKEN, f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ", "Bearer ë"):
            shown = {b"Authorization": wrong.encode()}
            assert (await program.get("/metrics", headers=shown)).status_code == 404, wrong
        assert (await program.get("/metrics", headers=BEARER)).status_code == 200


async def test_where_there_is_no_token_none_opens(tmp_path: Path) -> None:
    async with asking(tmp_path, Heard(), token=None, peer="192.0.2.7") as program:
        for shown in ("Bearer ", "Bearer None", "Bearer", ""):
            answer = await program.get("/metrics", headers={"Authorization": shown})
            assert answer.status_code == 404


@pytest.mark.parametrize("token", ["short", "x" * 15, "with a space in it", f"{TOKEN}\n", "ë" * 20])
def test_a_token_that_is_easily_guessed_or_cannot_be_sent_stops_the_start(token: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load(_env_file=None, metrics_token=token)
    assert "METRICS_TOKEN must be 16 or more characters" in str(refused.value)
    assert token not in str(refused.value)
    assert TOKEN not in repr(Settings.load(_env_file=None, metrics_token=TOKEN))


async def test_health_is_for_everybody(tmp_path: Path) -> None:
    async with asking(tmp_path, Heard(), peer="192.0.2.7") as program:
        for path, said in (("/healthz", "ok"), ("/readyz", "ready")):
            answer = await program.get(path)
            assert (answer.status_code, answer.json()) == (200, {"status": said})


async def test_a_database_that_cannot_be_read_is_neither_alive_nor_ready(tmp_path: Path) -> None:
    async with asking(tmp_path, Heard(), broken=True) as program:
        assert (await program.get("/healthz")).status_code == 503
        assert (await program.get("/metrics")).status_code == 503
        ready = await program.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["reasons"] == ["The database does not answer."]
        assert ready.json()["overdue_seconds"] is None


@pytest.mark.parametrize(
    ("heard", "alive", "ready"),
    [
        (Heard(silent_seconds=SILENT_FOR.total_seconds() - 1), 200, 200),
        (Heard(silent_seconds=SILENT_FOR.total_seconds() + 1), 200, 503),
        # An hour without updates is no trouble where Telegram brings them.
        (Heard(silent_seconds=3600, polls=False), 200, 200),
        # Telegram is away, and is asked: to start anew would not help.
        (Heard(silent_seconds=3600), 200, 503),
        (Heard(stuck_seconds=STUCK_FOR.total_seconds() - 1), 200, 200),
        (Heard(stuck_seconds=STUCK_FOR.total_seconds() + 1, silent_seconds=999), 503, 503),
    ],
)
async def test_what_is_heard_of_telegram(
    tmp_path: Path, heard: Heard, alive: int, ready: int
) -> None:
    async with asking(tmp_path, heard) as program:
        assert (await program.get("/healthz")).status_code == alive
        assert (await program.get("/readyz")).status_code == ready


@pytest.mark.parametrize(
    ("overdue", "reasons"),
    [
        (timedelta(), 0),
        (OVERDUE_FOR - A_LITTLE, 0),
        (OVERDUE_FOR + A_LITTLE, 1),
        (None, 1),
    ],
)
def test_a_post_that_nobody_takes_up_is_a_reason(overdue: timedelta | None, reasons: int) -> None:
    assert len(readiness(overdue, Heard()).reasons) == reasons
    webhook = readiness(overdue, Heard(polls=False))
    assert (len(webhook.reasons), webhook.updates_by) == (reasons, "webhook")
