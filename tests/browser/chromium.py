"""The machine's own Chromium, driven by Playwright: no browser is downloaded."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from playwright.async_api import Browser, async_playwright, expect

from tests.browser.report import BROWSERS, NO_BROWSER

PATIENCE = 20_000
"""Milliseconds that a person waits for something to appear, on a busy machine."""


@cache
def find_chromium() -> str | None:
    """Where the browser is; None where there is none that starts.

    Some systems have a script of that name which only asks for a package.
    """
    paths = (shutil.which(name) for name in BROWSERS)
    return next((path for path in paths if path and _starts(path)), None)


def _starts(path: str) -> bool:
    return subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser that runs until the block is left; raises `LookupError` where there is none."""
    path = find_chromium()
    if path is None:
        raise LookupError(NO_BROWSER)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            chromium_sandbox=os.geteuid() != 0,  # it refuses to be sandboxed as root
            args=["--disable-gpu", "--disable-quic", "--autoplay-policy=no-user-gesture-required"],
        )
        expect.set_options(timeout=PATIENCE)
        async with browser:
            yield browser
