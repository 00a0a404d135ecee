"""Getting a clip from Telegram onto our disk: streamed, never whole in memory.

python-telegram-bot's own download holds the file in memory, so the bytes are fetched here. The
address of a file contains the bot token: it is used and forgotten, never logged or kept.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import structlog
from telegram import Bot, File
from telegram.error import TelegramError

from bot.telegram_errors import Trouble, trouble
from core.media.storage import ClipStore, StoredFile

CLOUD_LIMIT_BYTES = 20 << 20  # what Telegram's own server hands a bot (getFile)
AT_ONCE = 4
TRIES = 3
PIECE_BYTES = 1 << 18
GET_FILE_TIMEOUT = 30.0
LOCAL_GET_FILE_TIMEOUT = 900.0  # a local server answers only when it has the whole file
TIMEOUT = httpx.Timeout(30, connect=10)

log = structlog.get_logger()

Progress = Callable[[int], Awaitable[None]]


class TooBig(Exception):
    """Telegram's server does not hand out files of this size."""


class DownloadFailed(Exception):
    """Telegram did not hand over the file."""


class Downloads:
    def __init__(self, *, http: httpx.AsyncClient, store: ClipStore, local: bool) -> None:
        self._http = http
        self._store = store
        self._local = local
        self._places = asyncio.Semaphore(AT_ONCE)

    @property
    def limit(self) -> int | None:
        """The largest file that can be had, in bytes; None without a limit."""
        return None if self._local else CLOUD_LIMIT_BYTES

    async def fetch(self, bot: Bot, file_id: str, *, progress: Progress) -> StoredFile:
        """Bring a file into the clip store; `progress` hears the bytes so far.

        Raises `TooBig`, `DownloadFailed`, or OSError when the disk refuses.
        """
        async with self._places:
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
            return bytes(await file.download_as_bytearray(read_timeout=GET_FILE_TIMEOUT))
        except (TelegramError, OSError):
            raise DownloadFailed from None

    async def _fetch_once(self, bot: Bot, file_id: str, progress: Progress) -> StoredFile:
        timeout = LOCAL_GET_FILE_TIMEOUT if self._local else GET_FILE_TIMEOUT
        file = await bot.get_file(file_id, read_timeout=timeout)
        if self._local:
            return await self._store.adopt(Path(file.file_path or ""))
        return await self._stream(file, progress)

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
