"""The web server, on the same event loop as everything else."""

import asyncio
import errno
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

CLOSE_WITHIN = 3
"""Seconds that open connections get at the end."""


class PortTaken(Exception):
    """The port cannot be listened on, mostly because another program does."""


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the composition root: it stops things in their order."""
        yield


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """A request that a stop cuts off is no fault; uvicorn counts such requests in a line anyway."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError)


class WebServer:
    """Serves an app until stopped."""

    def __init__(self, app: ASGIApp, *, host: str, port: int) -> None:
        self._address = host, port
        logging.getLogger("uvicorn.error").addFilter(_is_worth_a_line)
        self._server = _Server(
            uvicorn.Config(
                app,
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
        # A socket of our own: uvicorn would log in its words that it cannot listen, and exit.
        ours = await asyncio.to_thread(listener, *self._address)
        self._serving = asyncio.create_task(self._server.serve(sockets=[ours]))
        while not self._server.started:
            if self._serving.done():
                await self._serving  # raises what it failed with
                return
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._serving:
            await self._serving


def listener(host: str, port: int) -> socket.socket:
    """A socket that listens there; raises `PortTaken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "is it in use?" if taken else (error.strerror or str(error)).lower()
        raise PortTaken(f"cannot listen on {host}:{port}: {why}") from None
