"""The bytes of an upload that TikTok has opened: chunk after chunk, and on from where it stopped.

Chunks go in order, each after the one before it was stored as acknowledged. After an answer that
leaves open what TikTok holds, its status decides, and so it does after a restart. What an answer
means:

- 206 with the receipt that fits: the next chunk. 201: TikTok has them all.
- 206 with another receipt, 416, 5xx or none: ask what TikTok holds, and go on from there.
- 403 or 404: the upload URL has ended. Only if TikTok then says that it lacks bytes is it certain
  that nothing was posted.
- Anything else ends the attempt, and `core.publishing.outcomes` knows how.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog

from core import tiktok, verdicts
from core.clock import Clock
from core.metrics import Metrics
from core.posts import uploads
from core.publishing.asking import Asking
from core.publishing.claims import Claim, Claims
from core.publishing.outcomes import Outcomes
from core.publishing.post_files import PostFile, trouble_with
from core.publishing.progress import Progress
from core.store.database import Database
from core.verdicts import Action

ROUNDS = 4
"""How often sending is taken up again within one attempt."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Upload:
    """Where it is sent: an upload that TikTok opened for a claimed post.

    `url` is empty once nothing more may go there.
    """

    claim: Claim
    account_id: int
    publish_id: str
    url: str | None = field(repr=False)
    initialised_at: datetime


class Sender:
    """Sends the bytes of open uploads, `uploads_at_once` chunks at a time."""

    def __init__(
        self,
        *,
        database: Database,
        client: tiktok.Client,
        claims: Claims,
        asking: Asking,
        outcomes: Outcomes,
        progress: Progress,
        metrics: Metrics,
        clock: Clock,
        uploads_at_once: int,
    ) -> None:
        self._database = database
        self._client = client
        self._claims = claims
        self._asking = asking
        self._outcomes = outcomes
        self._progress = progress
        self._metrics = metrics
        self._clock = clock
        self._turns = asyncio.Semaphore(uploads_at_once)

    async def send(self, upload: Upload, file: PostFile, *, from_byte: int = 0) -> None:
        """Send what is missing; after an unclear answer ask TikTok what it holds, and go on.

        Ends with the outcome written, or raises TikTok's error.
        """
        for round_ in range(1, ROUNDS + 1):
            ended = False
            try:
                if await self._send_chunks(upload, file, from_byte):
                    await self._outcomes.sent(upload.claim)
                    return
                log.warning("receipt_does_not_fit", round=round_)
            except (tiktok.UploadError, tiktok.TransportError) as error:
                if round_ == ROUNDS or verdicts.of_error(error).action is not Action.RETRY:
                    raise
                log.info("sending_interrupted", code=error.code, round=round_)
                ended = isinstance(error, tiktok.UploadExpired | tiktok.UploadNotFound)
            await asyncio.sleep(round_)
            held = await self._bytes_held(upload, file, ended=ended)
            if held is None:
                return
            from_byte = held
        raise tiktok.UploadUnavailable("TikTok keeps less of the clip than it is sent.")

    async def resume_at(self, upload: Upload, file: PostFile) -> int | None:
        """From which byte to go on with an upload that an earlier attempt began.

        None where it is over and its outcome written.
        """
        over = upload.url is None or await trouble_with_clip(file) is not None
        held = await self._bytes_held(upload, file, ended=over)
        if held is not None:
            log.info("resuming", from_byte=held)
        return held

    async def _send_chunks(self, upload: Upload, file: PostFile, from_byte: int) -> bool:
        """Send chunk after chunk, as long as TikTok's receipts fit; whether it has them all.

        Each chunk takes its own turn, so that a large clip holds up no small one.
        """
        assert upload.url is not None  # noqa: S101 - `_bytes_held` lets nobody here without one
        async with file.store.local(file.key) as path:
            for chunk in tiktok.plan_chunks(file.size).chunks(from_byte):
                async with self._turns:
                    receipt = await self._client.send_chunk(
                        upload.url,
                        path,
                        chunk,
                        total=file.size,
                        content_type=file.content_type,
                        on_sent=partial(self._progress.sent, upload.claim.post_id, total=file.size),
                    )
                self._metrics.chunk_taken(chunk.size)
                if receipt.complete:
                    return True
                if receipt.uploaded_bytes != chunk.last + 1:
                    return False
                await self._acknowledge(upload, receipt.uploaded_bytes)
        return False

    async def _bytes_held(self, upload: Upload, file: PostFile, *, ended: bool) -> int | None:
        """How many bytes TikTok holds; None when the upload is over and its outcome written.

        `ended` says that no more bytes can be sent, whatever the age of the upload URL.
        """
        status = await self._asking.status(upload.account_id, upload.publish_id)
        ended = ended or uploads.has_ended(upload.initialised_at, self._clock())
        if await self._asking.is_decided(upload.claim, status):
            return None
        held = status.uploaded_bytes if status is not None else None
        if status is None or held == file.size or (held is None and ended):
            # Not known to lack a byte, so it may yet be posted: only time tells.
            await self._outcomes.sent(upload.claim)
            return None
        if ended:
            await self._outcomes.upload_ended(upload.claim)
            return None
        if held is None:
            return await self._acknowledged(upload)
        await self._acknowledge(upload, held)
        return held

    async def _acknowledge(self, upload: Upload, count: int) -> None:
        async with self._database.transaction() as change:
            post = await self._claims.held(change, upload.claim)
            # Never less: a chunk once begun counts, whatever a status that lags behind says.
            post.bytes_acknowledged = max(post.bytes_acknowledged, count)

    async def _acknowledged(self, upload: Upload) -> int:
        async with self._database.transaction() as change:
            return (await self._claims.held(change, upload.claim)).bytes_acknowledged


async def trouble_with_clip(file: PostFile) -> str | None:
    """What is the matter with a clip's file, if it cannot be sent: a code of `verdicts`."""
    changed = tiktok.FileChanged.default_code
    return await trouble_with([file], missing="clip_missing", changed=changed)
