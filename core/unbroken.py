"""How work ends: what a cancellation must not cut in two, and tasks that are told to stop."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

Result = TypeVar("Result")


async def unbroken(work: Coroutine[Any, Any, Result] | asyncio.Task[Result]) -> Result:
    """Await `work` to its end, whatever happens to the caller; a cancellation is raised after it.

    The work must be bounded in time: whoever cancels waits for it.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return task.result()
    if not task.cancelled():
        task.exception()  # seen: the cancellation is what the caller hears of
    raise cancelled


async def ended(*tasks: asyncio.Task[Any] | None, within: timedelta) -> bool:
    """Cancel the tasks (None is passed over) and wait, `within` at most; whether all have ended.

    A cancellation of the caller is raised at once, and what a task failed with stays in the task.
    """
    asked = {task for task in tasks if task is not None}
    for task in asked:
        task.cancel()
    if not asked:
        return True
    _, running = await asyncio.wait(asked, timeout=within.total_seconds())
    return not running
