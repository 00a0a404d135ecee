"""Getting a clip from Telegram onto our disk: streamed, never whole in memory.

python-telegram-bot's own download holds the file in memory, so the bytes are fetched here. A Bot
API server in local mode has the file on this machine, and it is taken over there. The address of a
file, or its path, contains the bot token: it is used and forgotten, never logged or kept.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import httpx
import structlog
from telegram import Bot, File
from telegram.error import TelegramError

from bot.shared_folder import NotShared, SharedFolder
from bot.telegram_errors import Trouble, trouble
from core.media.files.filestore import FileStore, StoredFile

CLOUD_LIMIT_BYTES = 20 << 20  # what Telegram's own server hands a bot (getFile)
AT_ONCE = 4
TRIES = 3
PIECE_BYTES = 1 << 18
GET_FILE_TIMEOUT = 30.0
LOCAL_GET_FILE_TIMEOUT = 900.0  # a local server answers only when it has the whole file
LOCAL_AT_ONCE = 16
"""Files that a local server is asked for at a time: waiting for one takes a connection only."""
PATIENCE = 1.0
"""Seconds of silence after which a creator is told that it goes on."""
TOLD_EVERY = 15.0
TIMEOUT = httpx.Timeout(30, connect=10)

log = structlog.get_logger()

Progress = Callable[[int], Awaitable[None]]
Waiting = Callable[[timedelta], Awaitable[None]]

_Result = TypeVar("_Result")


class TooBig(Exception):
    """Telegram's server does not hand out files of this size."""


class DownloadFailed(Exception):
    """Telegram did not hand over the file."""


class Downloads:
    """`shared` is the folder of a server in local mode; None for Telegram's own server."""

    def __init__(
        self, *, http: httpx.AsyncClient, store: FileStore, shared: SharedFolder | None
    ) -> None:
        self._http = http
        self._store = store
        self._shared = shared
        self._places = asyncio.Semaphore(AT_ONCE)
        self._asking = asyncio.Semaphore(LOCAL_AT_ONCE)

    @property
    def limit(self) -> int | None:
        """The largest file that can be had, in bytes; None without a limit."""
        return CLOUD_LIMIT_BYTES if self._shared is None else None

    async def fetch(
        self, bot: Bot, file_id: str, *, progress: Progress, waiting: Waiting
    ) -> StoredFile:
        """Bring a file into the clip store; `progress` hears the bytes so far.

        A server in local mode tells nothing before it has the whole file: `waiting` then hears for
        how long it has been. Raises `TooBig`, `NotShared`, `DownloadFailed`, or OSError when the
        disk refuses.
        """
        fetching = self._fetch(bot, file_id, progress)
        return await (fetching if self._shared is None else _telling(fetching, waiting))

    async def _fetch(self, bot: Bot, file_id: str, progress: Progress) -> StoredFile:
        for attempt in range(1, TRIES + 1):
            try:
                return await self._fetch_once(bot, file_id, progress)
            except TelegramError as error:
                kind = trouble(error)
                if kind is Trouble.FILE_TOO_BIG:
                    raise TooBig from None
                if kind not in {Trouble.PASSING, Trouble.SLOW_DOWN}:
                    log.warning("get_file_refused", trouble=kind)
                    raise DownloadFailed from None
            except (httpx.HTTPError, DownloadFailed):
                pass
            log.info("download_interrupted", attempt=attempt)
            if attempt < TRIES:
                await asyncio.sleep(attempt)
        raise DownloadFailed

    async def read(self, bot: Bot, file_id: str) -> bytes:
        """A small file, whole in memory; whoever asks has looked at its size.

        Raises `DownloadFailed`.
        """
        try:
            file = await bot.get_file(file_id, read_timeout=GET_FILE_TIMEOUT)
            if self._shared is not None:
                return await asyncio.to_thread(_taken, await self._path(self._shared, bot, file))
            return bytes(await file.download_as_bytearray(read_timeout=GET_FILE_TIMEOUT))
        except (TelegramError, OSError, NotShared):
            raise DownloadFailed from None

    async def _fetch_once(self, bot: Bot, file_id: str, progress: Progress) -> StoredFile:
        """One try. A place is held only while this machine has work with it."""
        if self._shared is None:
            async with self._places:
                file = await bot.get_file(file_id, read_timeout=GET_FILE_TIMEOUT)
                return await self._stream(file, progress)
        async with self._asking:
            file = await bot.get_file(file_id, read_timeout=LOCAL_GET_FILE_TIMEOUT)
        async with self._places:
            path = await self._path(self._shared, bot, file)
            # The server gets a file anew that is not there any more, so it may be moved away.
            return await self._store.adopt(path, may_move=True)

    async def _path(self, shared: SharedFolder, bot: Bot, file: File) -> Path:
        """Where a server in local mode has the file; raises `NotShared`, `DownloadFailed`."""
        # Of a path that it does not see python-telegram-bot makes an address.
        named = (file.file_path or "").removeprefix(f"{bot.base_file_url}/")
        try:
            return await asyncio.to_thread(shared.file, named)
        except NotShared as error:
            log.warning("file_not_shared", why=str(error))
            raise
        except FileNotFoundError:
            log.warning("file_not_shared", why="it is not there: does ClipCue see the same folder?")
            raise DownloadFailed from None

    async def _stream(self, file: File, progress: Progress) -> StoredFile:
        async with (
            self._store.receive() as incoming,
            self._http.stream("GET", file.file_path or "", timeout=TIMEOUT) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise DownloadFailed
            async for piece in response.aiter_bytes(PIECE_BYTES):
                await incoming.write(piece)
                await progress(incoming.size)
            if file.file_size is not None and incoming.size != file.file_size:
                raise DownloadFailed
            return await self._store.keep(incoming)


async def _telling(work: Coroutine[Any, Any, _Result], waiting: Waiting) -> _Result:
    """What `work` comes to; while that takes long, `waiting` hears of it now and then."""
    begun, pause = monotonic(), PATIENCE
    task = asyncio.create_task(work)
    try:
        while not (await asyncio.wait({task}, timeout=pause))[0]:
            await waiting(timedelta(seconds=monotonic() - begun))
            pause = TOLD_EVERY
        return await task
    finally:
        task.cancel()
        await asyncio.wait({task})


def _taken(path: Path) -> bytes:
    """The bytes of a small file, which goes."""
    content = path.read_bytes()
    with suppress(OSError):  # theirs to tidy up where we may only read
        path.unlink()
    return content
