"""The web server, on the same event loop as everything else."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

CLOSE_WITHIN = 3
"""Seconds that open connections get at the end."""


class PortTaken(Exception):
    """Another program listens on the port."""


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the composition root: it stops things in their order."""
        yield


class WebServer:
    """Serves an app until stopped."""

    def __init__(self, app: ASGIApp, *, host: str, port: int) -> None:
        self._address = f"{host}:{port}"
        self._server = _Server(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,  # addresses hold codes and upload tokens
                server_header=False,
                timeout_graceful_shutdown=CLOSE_WITHIN,
                lifespan="off",
            )
        )
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return once it listens; raises `PortTaken`."""
        self._serving = asyncio.create_task(self._serve())
        while not self._server.started:
            if self._serving.done():
                await self._serving
                raise PortTaken(f"cannot listen on {self._address}")
            await asyncio.sleep(0.01)

    async def _serve(self) -> None:
        try:
            await self._server.serve()
        except SystemExit:  # how uvicorn says that it cannot listen
            raise PortTaken(f"cannot listen on {self._address}: is it in use?") from None

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._serving:
            await self._serving
