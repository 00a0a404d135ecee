"""ClipCue as a newcomer starts it: no credentials, both far ends its own, and the control panel."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode

from bot.app import running
from core.settings import Settings
from tests.clock import Clock
from tests.stage import BreakableDownloads, Stage, a_browser, free_port


@asynccontextmanager
async def alone(folder: Path, clock: Clock) -> AsyncIterator[Stage]:
    """It runs, with this as the real time; the stage has its own far ends and no other bot."""
    port = free_port()
    settings = Settings.load(
        _env_file=None,
        web_port=port,
        public_base_url=f"http://127.0.0.1:{port}",
        data_dir=folder / "data",
    )
    async with running(settings, clock=clock) as app:
        telegram, tiktok = app.far_ends.sandbox_telegram, app.far_ends.sandbox_tiktok
        assert telegram is not None
        assert tiktok is not None
        yield Stage(
            folder=folder,
            clock=clock,
            database=settings.database,
            telegram=telegram,
            tiktok=tiktok,
            ends_url=f"http://127.0.0.1:{port}",
            downloads=BreakableDownloads(telegram.app),
            bot_port=port,
        )


async def press(stage: Stage, action: str, **form: str) -> str:
    """Send a form of the control panel and return the page that follows."""
    async with a_browser() as browser:
        answer = await browser.post(
            f"{stage.bot_url}/sandbox/tiktok/panel/{action}",
            content=urlencode(form),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": stage.bot_url,
            },
            follow_redirects=True,
        )
        assert answer.status_code == 200, answer.text
        return answer.text
