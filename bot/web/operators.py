"""What operators and their machines ask: is it alive, is it ready, and how much of everything.

Whether it is alive and ready anybody may know. Details and metrics are for programs of this very
machine, and for those that show `METRICS_TOKEN`; to others there is no such page.
"""

import hmac
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import SecretStr

from core.backlog import Backlog
from core.metrics import CONTENT_TYPE, Metrics
from core.settings import is_loopback

STUCK_FOR = timedelta(minutes=5)
"""After that a poller that stands still will not come back by itself: the process is dead."""
SILENT_FOR = timedelta(minutes=2)
"""Without an answer to a poll for longer, nothing that creators say gets here."""
OVERDUE_FOR = timedelta(minutes=2)
"""A post nobody takes up for longer is late by a fault of ours."""
DATABASE_FAILS = "The database does not answer."

INSTANCE_HEADER = "ClipCue-Instance"
"""By it `clipcue doctor` sees whether a public address leads to this process: it names the file
that the process holds in the data folder, and is of no use to anybody else."""

PROXY_HEADERS = (
    "forwarded",
    "x-forwarded",
    "x-real-ip",
    "x-client-ip",
    "true-client",
    "via",
    "cf-",
)
"""How the names of headers begin that proxies and tunnels add: behind one, everybody in the world
seems to be on this machine."""


class Hearing(Protocol):
    """How well Telegram is heard; `bot.receiving.Receiver` knows."""

    @property
    def polls(self) -> bool: ...
    @property
    def silent_seconds(self) -> float: ...
    @property
    def stuck_seconds(self) -> float: ...


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What `/readyz` tells operators; it is ready where there are no `reasons`."""

    reasons: list[str]
    database: bool
    overdue_seconds: float | None
    """Age of the oldest post that is due and not claimed; null where the database fails."""
    updates_by: str
    silent_seconds: float
    """Since the last poll that went well, or the last update that was brought."""


def add_operators_pages(
    site: FastAPI,
    *,
    backlog: Backlog,
    hearing: Hearing,
    metrics: Metrics,
    token: SecretStr | None,
    instance: str,
) -> None:
    """Put `/healthz`, `/readyz` and `/metrics` on the site; `instance` names this very process."""
    named = {INSTANCE_HEADER: instance}

    @site.get("/healthz")
    async def alive(response: Response) -> dict[str, str]:
        response.headers.update(named)
        if await backlog.overdue() is None:
            raise HTTPException(503, DATABASE_FAILS, headers=named)
        if hearing.stuck_seconds > STUCK_FOR.total_seconds():
            raise HTTPException(503, "Telegram is no longer asked for updates.", headers=named)
        return {"status": "ok"}

    @site.get("/readyz")
    async def ready(request: Request) -> JSONResponse:
        found = readiness(await backlog.overdue(), hearing)
        status = {"status": "not ready" if found.reasons else "ready"}
        details = asdict(found) if _is_operator(request, token) else {}
        return JSONResponse(status | details, status_code=503 if found.reasons else 200)

    @site.get("/metrics")
    async def measures(request: Request) -> Response:
        if not _is_operator(request, token):
            raise HTTPException(404)
        waiting = await backlog.waiting()
        if waiting is None:
            raise HTTPException(503, DATABASE_FAILS)
        page = metrics.page(waiting, silent_seconds=hearing.silent_seconds)
        return Response(page, media_type=CONTENT_TYPE)


def readiness(overdue: timedelta | None, hearing: Hearing) -> Readiness:
    """What speaks against being ready; `overdue` is None where the database does not answer."""
    reasons = []
    if overdue is None:
        reasons.append(DATABASE_FAILS)
    elif overdue > OVERDUE_FOR:
        reasons.append("A post is due and nobody takes it up.")
    if hearing.polls and hearing.silent_seconds > SILENT_FOR.total_seconds():
        reasons.append("Telegram answers no poll.")
    return Readiness(
        reasons=reasons,
        database=overdue is not None,
        overdue_seconds=None if overdue is None else round(overdue.total_seconds(), 1),
        updates_by="polling" if hearing.polls else "webhook",
        silent_seconds=round(hearing.silent_seconds, 1),
    )


def _is_operator(request: Request, token: SecretStr | None) -> bool:
    shown = request.headers.get("authorization", "").encode()
    if token and hmac.compare_digest(shown, b"Bearer " + token.get_secret_value().encode()):
        return True
    peer = request.client.host if request.client else ""
    return (
        is_loopback(peer)
        and is_loopback(_name_asked_for(request))
        and not any(name.startswith(PROXY_HEADERS) for name in request.headers)
    )


def _name_asked_for(request: Request) -> str:
    """Checked as well as the peer: a page in a browser here can make any name lead here."""
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""
