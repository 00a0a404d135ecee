"""Whom connections believe, and which way they go."""

import ssl
from functools import cache
from typing import Any

import httpx

_HERE = ("all://127.0.0.1", "all://localhost", "all://[::1]")


@cache
def trusted() -> ssl.SSLContext:
    """httpx's own choice, for all clients: to read it anew takes each 16 ms and a megabyte."""
    return httpx.create_ssl_context()


def connections() -> dict[str, Any]:
    """What each httpx client of ours is given.

    A proxy named in the environment is for the world outside: it cannot reach this machine's own
    loopback, where the sandbox is.
    """
    return {"verify": trusted(), "mounts": dict.fromkeys(_HERE)}
