"""`python -m tests.process.timed_bot FILE`: the product, under the clock that is kept in the file.

All else is as in `python -m bot`, but for a quicker sweep: it is what notices a clock that was put
forward.
"""

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path

from bot import logs
from bot.app import running
from core.settings import Settings
from tests.process.kept_clock import kept_in

SWEEP = timedelta(milliseconds=100)


async def _serve(settings: Settings, clock_file: Path) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with running(settings, clock=kept_in(clock_file), sweep_every=SWEEP):
        await stop.wait()


if __name__ == "__main__":
    chosen = Settings.load()
    logs.configure(chosen.log_level, chosen.log_format, secrets=[])
    asyncio.run(_serve(chosen, Path(sys.argv[1])))
